"""Forecasts of the demo's home: learned from simulated weeks, led by simulated time.

Belongs in the executor and moves only when the node looks at the home, so that how fast
the clock runs changes no forecast.
"""

from datetime import UTC, datetime
from typing import Final

from ..engine.devices import ProcessImage
from ..engine.forecast import Site
from ..engine.forecast.series import PERIODS_PER_DAY, Series
from ..engine.model.period import (
    DAY_MS,
    DeliveryPeriod,
    Instant,
    instant_from_datetime,
)
from ..engine.simulation.homes import HomeSpec, HomeState, Traces, assign_recordings
from ..engine.simulation.homes.calendar import Calendar, weekday
from ..engine.simulation.homes.past import past_of
from ..engine.simulation.homes.weather import LATITUDE_DEG
from ..forecasting.foresight import Foresight
from ..forecasting.meter import Powers, powers_of

DAYS_LIVED: Final = 15
"""How long the home has been lived in before the demo starts."""

SPRING: Final = DeliveryPeriod.containing(
    instant_from_datetime(datetime(2029, 3, 26, tzinfo=UTC))
)
"""The sky of the neighbourhood is always that of the end of March."""


class DemoDays:
    """The calendar of the neighbourhood's wall clocks."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar: Final = calendar

    def local(self, period: DeliveryPeriod) -> tuple[int, int]:
        """Return number and minute of the local day at which ``period`` starts."""
        return self._calendar.local(period.start)

    def kind(self, day: int) -> int:
        """Return 0 (Monday) to 6; nobody here has public holidays."""
        return weekday(day)

    def midnight(self, day: int) -> DeliveryPeriod:
        """Return the first period of a local day."""
        begins = self._calendar.instant(local_day=day, local_minute=0)
        return DeliveryPeriod.containing(begins)

    def day_of(self, now: Instant) -> int:
        """Return the number of the local day of ``now``."""
        return self._calendar.local(now)[0]


class DemoForesight:
    """Lets the home of the demo look ahead."""

    def __init__(
        self,
        specs: tuple[HomeSpec, ...],
        *,
        seed: int,
        started_at: Instant,
        traces: Traces | None,
    ) -> None:
        """Live the weeks before the demo, and learn from them (blocking)."""
        spec = specs[0]
        calendar = Calendar.of(started_at)
        _, suns = assign_recordings(specs, traces)
        past = past_of(
            spec,
            seed=seed,
            started_at=started_at,
            days=DAYS_LIVED,
            solar_recording=suns.get(spec.key),
        )
        start = DeliveryPeriod(calendar.midnight // DAY_MS * PERIODS_PER_DAY)
        self.foresight: Final = Foresight(
            DemoDays(calendar),
            Site(latitude_deg=LATITUDE_DEG, longitude_deg=0.0),
            load=Series.of({one.period: one.load_wh for one in past}),
            sun=Series.of({one.period: one.sun_wh for one in past}),
            has_panels=spec.pv is not None,
            sky_ahead=SPRING.number - start.number,
        )
        self._day = self.foresight.calendar.day_of(started_at)
        self.foresight.learn(started_at)
        self.foresight.look_ahead(started_at)

    def observe(self, image: ProcessImage, state: HomeState) -> None:
        """Take in what the devices show; learn at midnight, look in every period."""
        foresight, now = self.foresight, image.taken_at
        foresight.cars.observe(image)
        if not foresight.observe(_powers(image, state), now):
            return
        day = foresight.calendar.day_of(now)
        if day != self._day:
            self._day = day
            foresight.learn(now)
        foresight.look_ahead(now)


def _powers(image: ProcessImage, state: HomeState) -> Powers:
    """Return the powers of the home; its hydrogen store speaks no Modbus."""
    powers = powers_of(image, silent={}, dark=False)
    if powers.load_w is None:
        return powers
    return Powers(load_w=powers.load_w + state.hydrogen_w, sun_w=powers.sun_w)
