"""Solar forecasts of other integrations, by the platform the Energy dashboard uses.

Keeps what each said before a day began: only such forecasts can be learned from.
Entries of one integration are parts of one roof and add up; integrations are not added
up but weighed by the engine.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from statistics import median_low
from typing import Final

from homeassistant.components.energy.data import async_get_manager
from homeassistant.components.energy.websocket_api import async_get_energy_platforms
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..const import DOMAIN, LOGGER
from ..engine.forecast.series import PERIODS_PER_DAY, Series
from ..engine.model.period import (
    DAY_MS,
    HOUR_MS,
    PERIOD_MS,
    DeliveryPeriod,
    Instant,
    instant_from_datetime,
)
from .series import overlay

type Said = Mapping[DeliveryPeriod, float]

STEPS_MS: Final = (PERIOD_MS, 2 * PERIOD_MS, HOUR_MS)
VALUES_MAX: Final = 4_000
ENERGY_WH_MAX: Final = 1_000_000.0
"""In one value: more is an error, whoever says it."""


class ProviderBook:
    """What integrations say of the sun, and said before each day of UTC."""

    def __init__(self, issued: Mapping[str, Series] | None = None) -> None:
        """Take what was kept of earlier days, by the integration's domain."""
        self.issued: Final[dict[str, Series]] = dict(issued or {})
        self._latest: Final[dict[str, Series]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The integrations that say something now, in an order that stays."""
        return tuple(sorted(self._latest))

    def take(self, name: str, said: Said, now: Instant) -> None:
        """Note a forecast; of a day that has begun only if nothing was known of it."""
        latest = Series.of(said)
        self._latest[name] = latest
        today = DeliveryPeriod(now // DAY_MS * PERIODS_PER_DAY)
        before = self.issued.get(name, Series.of({}))
        tomorrow = today.next(PERIODS_PER_DAY)
        coming = latest.between(tomorrow, max(latest.end, tomorrow))
        begun = latest.between(today, tomorrow)
        self.issued[name] = overlay(overlay(begun, before), coming)

    def forget(self, name: str) -> None:
        """An integration has nothing to say any more."""
        self._latest.pop(name, None)

    def series(self, now: Instant) -> tuple[Series, ...]:
        """Return what each said before past days, and says now of today and after."""
        today = DeliveryPeriod(now // DAY_MS * PERIODS_PER_DAY)
        found = []
        for name in self.names:
            issued, latest = self.issued[name], self._latest[name]
            ahead = latest.between(today, max(latest.end, today))
            found.append(overlay(issued, ahead))
        return tuple(found)


async def async_ask_providers(hass: HomeAssistant) -> Mapping[str, Said]:
    """Ask every solar forecast there is, as the Energy dashboard does.

    Those chosen in the dashboard; all there are, where none is chosen.
    """
    platforms = await async_get_energy_platforms(hass)
    said: dict[str, dict[DeliveryPeriod, float]] = {}
    for entry in await _entries(hass, platforms.keys() - {DOMAIN}):
        try:
            answer = await platforms[entry.domain](hass, entry.entry_id)
        except Exception:  # noqa: BLE001  # other people's code: their bug, not our end
            LOGGER.debug("%s gives no solar forecast", entry.title, exc_info=True)
            continue
        if answer is None:
            continue
        sums = said.setdefault(entry.domain, {})
        for period, wh in _periods(answer.get("wh_hours", {})):
            sums[period] = sums.get(period, 0.0) + wh
    return {domain: values for domain, values in said.items() if values}


async def _entries(
    hass: HomeAssistant, domains: frozenset[str] | set[str]
) -> list[ConfigEntry]:
    chosen = set(await _chosen(hass))
    every = [
        entry
        for entry in hass.config_entries.async_entries()
        if entry.domain in domains and entry.state is ConfigEntryState.LOADED
    ]
    return [entry for entry in every if entry.entry_id in chosen] or every


async def _chosen(hass: HomeAssistant) -> list[str]:
    preferences = (await async_get_manager(hass)).data
    if preferences is None:
        return []
    found: list[str] = []
    for source in preferences["energy_sources"]:
        if source["type"] == "solar":
            found.extend(source.get("config_entry_solar_forecast") or ())
    return found


def _periods(wh_hours: Mapping[str, float]) -> Iterator[tuple[DeliveryPeriod, float]]:
    """Yield the energy of delivery periods.

    How long a value holds, nobody says: as long as most of them.  Values at sunrise or
    sunset belong to the step they lie in.
    """
    known = sorted(_parsed(wh_hours))[:VALUES_MAX]
    gaps = [b - a for (a, _), (b, _) in pairwise(known) if b > a]
    usual_ms = median_low(gaps) if gaps else HOUR_MS
    step_ms = next((step for step in STEPS_MS if usual_ms <= step), HOUR_MS)
    for start, wh in known:
        first = DeliveryPeriod.containing(Instant(start // step_ms * step_ms))
        count = step_ms // PERIOD_MS
        for index in range(count):
            yield first.next(index), wh / count


def _parsed(wh_hours: Mapping[str, float]) -> Iterator[tuple[Instant, float]]:
    for key, wh in wh_hours.items():
        moment: datetime | None = dt_util.parse_datetime(key)
        if moment is None or not 0 <= wh <= ENERGY_WH_MAX:
            continue
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt_util.get_default_time_zone())
        yield instant_from_datetime(moment), float(wh)
