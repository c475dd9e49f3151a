"""What one home expects: its past, what was learned of it, and what follows.

Puts the engine's parts together.  Knows no Home Assistant and asks no clock, so that
the demo can drive it by simulated time; learning blocks for up to a second.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Protocol

from ..engine.devices import DeviceId
from ..engine.forecast import PeriodEnergy, Site
from ..engine.forecast.calendar import Calendar
from ..engine.forecast.energy_forecast import EnergyForecast
from ..engine.forecast.load import LearnedLoad, Prior, forecast_load, learn_load
from ..engine.forecast.paths import Path, paths
from ..engine.forecast.series import PERIODS_KEPT, PERIODS_PER_DAY, Series
from ..engine.forecast.solar import LearnedSun, forecast_sun, learn_sun
from ..engine.forecast.solar.clear_sky import clear_sky_w_per_m2
from ..engine.model.period import (
    HOUR_MS,
    PERIOD_MS,
    PERIODS_PER_HOUR,
    DeliveryPeriod,
    Instant,
    after,
)
from .cars import CarBook, CarPast
from .meter import UNKNOWN, PeriodMeter, Powers
from .series import Estimate, energy_between, overlay

COUNT: Final = 2 * PERIODS_PER_DAY + 2 * PERIODS_PER_HOUR
"""Two days, and what a plan and a clock change may add to them."""

PATHS: Final = 5
"""From four on a hedge can do without the expected one, a day that never comes: over 75
recorded days that saved nearly twice as much as three paths."""


NO_CARS: Final[Mapping[DeviceId, CarPast]] = MappingProxyType({})


class LocalDays(Calendar, Protocol):
    """A calendar that also finds its days again."""

    def midnight(self, day: int) -> DeliveryPeriod:
        """Return the first period of a local day."""
        ...

    def day_of(self, now: Instant) -> int:
        """Return the number of the local day of ``now``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What is expected now; None is unknown."""

    made_at: Instant
    load: EnergyForecast | None = None
    sun: EnergyForecast | None = None
    paths: tuple[Path, ...] = ()
    """The ways the coming days may go, from the first period of ``load`` on."""


class Foresight:
    """Learns from the past of one home, and tells what comes."""

    def __init__(
        self,
        calendar: LocalDays,
        site: Site,
        *,
        load: Series,
        sun: Series,
        has_panels: bool,
        cars: Mapping[DeviceId, CarPast] = NO_CARS,
        neighbours_sun: Series | None = None,
        sky_ahead: int = 0,
    ) -> None:
        """Take ``sky_ahead`` periods, whole days, where the sky has its own season."""
        self.calendar: Final = calendar
        self.load = load
        """Measured, in Wh, without what can be steered."""

        self.sun = sun
        self.has_panels = has_panels
        self.neighbours_sun = neighbours_sun or Series.of({})
        """What the panels of at least five others fed in together."""

        self.cars: Final = CarBook(dict(cars))
        self.providers: tuple[Series, ...] = ()
        """What solar forecasts say, and have said before each past day."""

        self.learned_load: LearnedLoad | None = None
        self.learned_sun: LearnedSun | None = None
        self.powers = UNKNOWN
        self.expected: Expected | None = None
        self._said_of_sun: dict[DeliveryPeriod, float] = {}
        """What was last said of periods before they began."""

        self._site: Final = site
        self._sky_ahead: Final = sky_ahead
        self._meter: Final = PeriodMeter()

    # ------------------------------------------------------------------ the past

    def is_dark(self, now: Instant) -> bool:
        """Tell whether the sun is down."""
        return clear_sky_w_per_m2(self._site, self._in_the_sky(now)) <= 0

    def observe(self, powers: Powers, at: Instant) -> bool:
        """Take in what flows now; tell whether a period has come to its end."""
        self.powers = powers
        ended = tuple(self._meter.observe(powers, at))
        for measured in ended:
            if measured.load_wh is not None:
                self.load = self.load.put(measured.period, measured.load_wh)
            if measured.sun_wh is not None and self.has_panels:
                self.sun = self.sun.put(measured.period, measured.sun_wh)
        return bool(ended)

    def hear(self, period: DeliveryPeriod, sun_wh: int) -> bool:
        """Take in what the neighbours' panels fed in; tell whether that helps now."""
        self.neighbours_sun = self.neighbours_sun.put(period, sun_wh)
        learned = self.learned_sun
        return learned is not None and learned.nowcast is not None

    def fill(self, *, load: Series, sun: Series) -> None:
        """Take from statistics what was not measured here."""
        self.load = _recent(overlay(load, self.load))
        self.sun = _recent(overlay(sun, self.sun))
        self.has_panels = self.has_panels or bool(len(self.sun.energy_wh))

    # ---------------------------------------------------------------- the future

    def learn(self, now: Instant, prior: Prior | None = None) -> None:
        """Learn from all whole days before ``now``; at most a second."""
        self.learned_load = learn_load(self.load, self.calendar, now=now, prior=prior)
        self.learned_sun = None
        if self.has_panels:
            self.learned_sun = learn_sun(
                self._above(self.sun),
                site=self._site,
                providers=tuple(map(self._above, self.providers)),
                neighbours=self._above(self.neighbours_sun),
                now=self._in_the_sky(now),
            )

    def look_ahead(self, now: Instant) -> Expected:
        """Return what to expect from the period of ``now`` on; milliseconds."""
        load, sun = None, self._sun_from(now)
        learned_load, learned_sun = self.learned_load, self.learned_sun
        if learned_load is not None:
            load = forecast_load(
                learned_load, self.load, self.calendar, now=now, count=COUNT
            )
        ways: tuple[Path, ...] = ()
        if load is not None and learned_load is not None and self._is_sun_known(sun):
            ways = paths(
                load,
                learned_load.errors,
                sun,
                None if learned_sun is None else self._below(learned_sun.errors),
                count=PATHS,
            )
        self._remember_saying(sun)
        self.expected = Expected(made_at=now, load=load, sun=sun, paths=ways)
        return self.expected

    def _remember_saying(self, sun: EnergyForecast | None) -> None:
        """Keep of the last day what was said, as far as it is over or said anew."""
        if sun is None:
            return
        oldest = sun.first.next(-PERIODS_PER_DAY)
        fresh = {sun.first.next(i): float(wh) for i, wh in enumerate(sun.mean_wh)}
        said = self._said_of_sun | fresh
        self._said_of_sun = {p: wh for p, wh in said.items() if p >= oldest}

    def _sun_from(self, now: Instant) -> EnergyForecast | None:
        if self.learned_sun is None:
            return None
        found = forecast_sun(
            self.learned_sun,
            self._above(self.sun),
            providers=tuple(map(self._above, self.providers)),
            neighbours=self._above(self.neighbours_sun),
            now=self._in_the_sky(now),
            count=COUNT,
        )
        if found is None:
            return None
        return replace(found, first=DeliveryPeriod.containing(now))

    def _in_the_sky(self, now: Instant) -> Instant:
        return after(now, self._sky_ahead * PERIOD_MS)

    def _above(self, series: Series) -> Series:
        return Series(series.first.next(self._sky_ahead), series.energy_wh)

    def _below(self, series: Series) -> Series:
        return Series(series.first.next(-self._sky_ahead), series.energy_wh)

    def _is_sun_known(self, sun: EnergyForecast | None) -> bool:
        return sun is not None or not self.has_panels

    def energy(self, period: DeliveryPeriod) -> PeriodEnergy | None:
        """Return what to expect in a period: what a node bids by."""
        expected = self.expected
        if expected is None or expected.load is None:
            return None
        load_wh = expected.load.at(period)
        sun_wh = 0.0 if expected.sun is None else expected.sun.at(period)
        if load_wh is None or sun_wh is None or not self._is_sun_known(expected.sun):
            return None
        return PeriodEnergy(load_wh=round(load_wh), production_wh=round(sun_wh))

    # --------------------------------------------------------------- days of people

    def load_of_day(self, ahead: int) -> Estimate | None:
        """Return the load of today (0) or tomorrow (1): as measured, then expected."""
        expected = self.expected
        return None if expected is None else self._day(self.load, expected.load, ahead)

    def sun_of_day(self, ahead: int) -> Estimate | None:
        """Return the production of today (0) or tomorrow (1)."""
        expected = self.expected
        return None if expected is None else self._day(self.sun, expected.sun, ahead)

    def load_next_hour(self) -> Estimate | None:
        """Return the load of the hour that begins with the present period."""
        expected = self.expected
        return None if expected is None else _next_hour(expected.load)

    def sun_next_hour(self) -> Estimate | None:
        """Return the production of the hour that begins with the present period."""
        expected = self.expected
        return None if expected is None else _next_hour(expected.sun)

    def sun_by_hour(self) -> Mapping[Instant, float]:
        """Return the production of whole hours, in order: as forecast, past or not."""
        hours: dict[Instant, list[float]] = {}
        for period, wh in sorted(self._said_of_sun.items()):
            start = Instant(period.start // HOUR_MS * HOUR_MS)
            hours.setdefault(start, []).append(wh)
        return {
            start: sum(parts)
            for start, parts in hours.items()
            if len(parts) == PERIODS_PER_HOUR
        }

    def _day(
        self, measured: Series, forecast: EnergyForecast | None, ahead: int
    ) -> Estimate | None:
        if forecast is None:
            return None
        day = self.calendar.day_of(forecast.first.start) + ahead
        first, end = self.calendar.midnight(day), self.calendar.midnight(day + 1)
        return energy_between(measured, forecast, first, end)


def _next_hour(forecast: EnergyForecast | None) -> Estimate | None:
    if forecast is None:
        return None
    return Estimate(
        wh=float(forecast.mean_wh[:PERIODS_PER_HOUR].sum()),
        low_wh=float(forecast.p10_wh[:PERIODS_PER_HOUR].sum()),
        high_wh=float(forecast.p90_wh[:PERIODS_PER_HOUR].sum()),
    )


def _recent(series: Series) -> Series:
    first = max(series.first, series.end.next(-PERIODS_KEPT))
    return series.between(first, series.end)
