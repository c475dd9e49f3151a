"""What the home will use and produce: learned from what its devices show.

The plain forecast of the engine over powers averaged in each delivery period; kept on
disk, so that a restart does not start from nothing.
"""

from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from ..const import DOMAIN
from ..engine.devices import ProcessImage
from ..engine.devices.balance import consumption_w
from ..engine.dispatch.home import Horizon, Scenario
from ..engine.forecast import History, PeriodEnergy
from ..engine.forecast.history import DAYS_KEPT, PERIODS_PER_DAY
from ..engine.model.period import (
    HOUR_MS,
    PERIODS_PER_HOUR,
    DeliveryPeriod,
    Instant,
)

STORE_VERSION: Final = 1
SAVE_DELAY_S: Final = 10 * 60
SUN_KNOWN_MS: Final = 2 * HOUR_MS
"""How long the sun is expected to go on as now where no day before is known."""

type _Saved = dict[str, list[list[int]]]
type _Mean = tuple[int, int, int]
"""Readings, and the sums of load and production in W."""


class Expectation:
    """Load and production of one home."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        self._store: Final[Store[_Saved]] = Store(
            hass, STORE_VERSION, f"{DOMAIN}.expectation.{entry_id}"
        )
        self._history: Final = History()
        self._known: Final[dict[DeliveryPeriod, PeriodEnergy]] = {}
        self._period: DeliveryPeriod | None = None
        self._mean: _Mean = (0, 0, 0)

    async def load(self) -> None:
        """Read what an earlier run learned."""
        saved = await self._store.async_load()
        for number, load_wh, production_wh in (saved or {}).get("periods", []):
            energy = PeriodEnergy(load_wh=load_wh, production_wh=production_wh)
            self._learn(DeliveryPeriod(number), energy)

    async def remove(self) -> None:
        """Delete the file of a home that is gone."""
        await self._store.async_remove()

    def observe(self, image: ProcessImage) -> None:
        """Take in what the devices show now."""
        powers = powers_w(image)
        period = DeliveryPeriod.containing(image.taken_at)
        if period != self._period:
            self._close()
            self._period, self._mean = period, (0, 0, 0)
        if powers is not None:
            count, load_w, production_w = self._mean
            self._mean = (count + 1, load_w + powers[0], production_w + powers[1])

    def scenario(self, horizon: Horizon) -> Scenario:
        """Return what to expect in every step; None where nothing is known."""
        expected = [self._expect(at, horizon.start) for at in horizon.boundaries[:-1]]
        return Scenario(
            load_w=tuple(None if e is None else e[0] for e in expected),
            production_w=tuple(None if e is None else e[1] for e in expected),
        )

    def _expect(self, at: Instant, now: Instant) -> tuple[int, int] | None:
        period = DeliveryPeriod.containing(at)
        energy = self._history.forecast(period)
        if energy is None:
            return self._present()
        load_w = energy.load_wh * PERIODS_PER_HOUR
        production_w = energy.production_wh * PERIODS_PER_HOUR
        seen = any(
            period.next(-day * PERIODS_PER_DAY) in self._known
            for day in range(1, DAYS_KEPT + 1)
        )
        known = seen or at - now < SUN_KNOWN_MS
        return load_w, production_w if known else 0

    def _present(self) -> tuple[int, int] | None:
        """Return the mean of the period under way: better than nothing at all."""
        count, load_w, production_w = self._mean
        return (load_w // count, production_w // count) if count else None

    def _close(self) -> None:
        mean = self._present()
        if self._period is None or mean is None:
            return
        energy = PeriodEnergy(
            load_wh=mean[0] // PERIODS_PER_HOUR,
            production_wh=mean[1] // PERIODS_PER_HOUR,
        )
        self._learn(self._period, energy)
        self._store.async_delay_save(self._as_data, SAVE_DELAY_S)

    def _learn(self, period: DeliveryPeriod, energy: PeriodEnergy) -> None:
        self._history.learn(period, energy)
        self._known[period] = energy
        oldest = period.next(-DAYS_KEPT * PERIODS_PER_DAY)
        for known in [known for known in self._known if known < oldest]:
            del self._known[known]

    def _as_data(self) -> _Saved:
        return {
            "periods": [
                [period.number, energy.load_wh, energy.production_wh]
                for period, energy in sorted(self._known.items())
            ]
        }


def powers_w(image: ProcessImage) -> tuple[int, int] | None:
    """Return load without cars, and production; None while a part is unknown."""
    used_w = consumption_w(image)
    cars = [state.power_w for state in image.chargers.values()]
    made = [state.power_w for state in image.inverters.values()]
    if used_w is None or None in made:
        return None
    car_w = sum(power_w or 0 for power_w in cars)
    return max(0, used_w - car_w), sum(max(0, power_w or 0) for power_w in made)
