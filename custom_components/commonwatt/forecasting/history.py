"""The past of a home as the recorder and the Energy dashboard know it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from homeassistant.components.energy.data import EnergyPreferences, async_get_manager
from homeassistant.core import HomeAssistant

from ..const import CONF_KIND, DOMAIN, EntryKind
from ..device_settings import DeviceConfig
from ..engine.devices import DeviceId, DeviceKind
from ..engine.forecast.series import Series
from ..engine.model.period import Instant
from .series import overlay
from .sources import (
    Sources,
    TermKind,
    sources_of_dashboard,
    sources_of_devices,
    statistics_of,
)
from .statistics import RECORDER, Grain, async_known, async_read

KINDS_IN_DASHBOARD: Final = {
    "solar": DeviceKind.INVERTER,
    "battery": DeviceKind.BATTERY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What statistics know of a home, in Wh per delivery period."""

    load: Series
    sun: Series
    cars: Mapping[DeviceId, Series] = field(default_factory=dict)
    """What each charging point has given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ways:
    """Two ways to the same sums, the better one last."""

    dashboard: Sources
    devices: Sources


class Statistics:
    """Reads what the recorder knows of one home."""

    def __init__(self, hass: HomeAssistant, devices: Iterable[DeviceConfig]) -> None:
        self._hass: Final = hass
        self._devices: Final = tuple(devices)

    async def async_read(self, grain: Grain, since: Instant) -> Past:
        """Return the past from ``since`` on, as far as statistics tell."""
        if RECORDER not in self._hass.config.components:
            return Past(load=Series.of({}), sun=Series.of({}))
        ways = await self._ways(grain)
        every = ways.dashboard.terms | ways.devices.terms
        table = await async_read(self._hass, every, grain=grain, since=since)
        return await self._hass.async_add_executor_job(
            lambda: Past(
                load=overlay(
                    table.add_up(ways.dashboard.load), table.add_up(ways.devices.load)
                ),
                sun=overlay(
                    table.add_up(ways.dashboard.sun), table.add_up(ways.devices.sun)
                ),
                cars={d: table.add_up(terms) for d, terms in ways.devices.cars.items()},
            )
        )

    async def async_sees_all(self) -> bool:
        """Tell whether our devices include all the dashboard knows to feed the home.

        Where they do not, what they show together is not the home's load.
        """
        preferences = await self._preferences()
        if preferences is None:
            return True
        ours = {device.kind for device in self._devices}
        theirs = {source["type"] for source in preferences["energy_sources"]}
        kinds = (KINDS_IN_DASHBOARD.get(kind) for kind in theirs)
        return ours.issuperset(kind for kind in kinds if kind is not None)

    async def _ways(self, grain: Grain) -> _Ways:
        roles = {d.id: statistics_of(self._hass, d) for d in self._devices}
        candidates = {
            statistic for found in roles.values() for statistic in found.values()
        }
        known = await async_known(self._hass, candidates)
        # Counters are exact over an hour, but may take one step in it.
        prefer = TermKind.ENERGY if grain is Grain.HOUR else TermKind.POWER
        devices = sources_of_devices(self._devices, roles, known, prefer=prefer)
        dashboard = sources_of_dashboard(await self._preferences(), devices.cars)
        if not await self.async_sees_all():
            devices = Sources(sun=devices.sun, cars=devices.cars)
        return _Ways(dashboard=dashboard, devices=devices)

    async def _preferences(self) -> EnergyPreferences | None:
        """Return what the dashboard is made of, if it can only be of this home."""
        homes = [
            entry
            for entry in self._hass.config_entries.async_entries(DOMAIN)
            if entry.data[CONF_KIND] == EntryKind.HOME
        ]
        if len(homes) != 1:
            return None
        return (await async_get_manager(self._hass)).data
