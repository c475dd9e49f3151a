"""The Energy dashboard: two sources in the place of one, so that nothing counts twice.

A home's meter counts what neighbours supply along with what the retailer does.  Nothing
is changed here unless the owner has read what will be, and said yes.
"""

from dataclasses import dataclass
from typing import Final

from homeassistant.components.energy.data import (
    EnergyPreferencesUpdate,
    GridSourceType,
    SourceType,
    async_get_manager,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir

from ..const import DOMAIN
from ..data import CommonWattConfigEntry
from ..device_settings import AdoptedSettings
from ..engine.devices import DeviceKind
from ..references import resolve
from .flows import Flow
from .statistics import statistic_id

ISSUE: Final = "energy_dashboard"
CONF_ENTRY: Final = "entry_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What would be taken out of the dashboard, by its place among the sources."""

    index: int
    source: GridSourceType

    @property
    def removed(self) -> str:
        """The statistics of the source, as the owner knows them."""
        ids = (self.source["stat_energy_from"], self.source["stat_energy_to"])
        return ", ".join(one for one in ids if one is not None)


async def async_offer(hass: HomeAssistant, entry: CommonWattConfigEntry) -> None:
    """Offer to show neighbours in the dashboard where its owner uses it without."""
    if not _is_without(await _sources(hass), entry):
        ir.async_delete_issue(hass, DOMAIN, issue_id(entry))
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id(entry),
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key="energy_dashboard",
        translation_placeholders={"home": entry.title},
        data={CONF_ENTRY: entry.entry_id},
    )


async def async_find(hass: HomeAssistant, entry: CommonWattConfigEntry) -> Offer | None:
    """Return the grid connection that is the home's meter; None: nobody can tell."""
    grids = [
        Offer(index=index, source=source)
        for index, source in enumerate(await _sources(hass))
        if source["type"] == "grid"
    ]
    if len(grids) == 1:
        return grids[0]
    own = _meter_statistics(hass, entry)
    found = [one for one in grids if one.source["stat_energy_from"] in own]
    return found[0] if len(found) == 1 else None


async def async_set_up(
    hass: HomeAssistant, entry: CommonWattConfigEntry, offer: Offer
) -> None:
    """Put retailer and neighbours in the place of the meter."""
    manager = await async_get_manager(hass)
    sources: list[SourceType] = list(await _sources(hass))
    sources[offer.index : offer.index + 1] = _pair(entry, offer.source)
    assert manager.data is not None, "it had a source"
    devices = manager.data["device_consumption"]
    update = EnergyPreferencesUpdate(energy_sources=sources, device_consumption=devices)
    await manager.async_update(update)
    ir.async_delete_issue(hass, DOMAIN, issue_id(entry))


def issue_id(entry: CommonWattConfigEntry) -> str:
    """Return the id of the issue that offers it."""
    return f"{ISSUE}_{entry.entry_id}"


async def _sources(hass: HomeAssistant) -> list[SourceType]:
    manager = await async_get_manager(hass)
    return [] if manager.data is None else manager.data["energy_sources"]


def _is_without(sources: list[SourceType], entry: CommonWattConfigEntry) -> bool:
    ours = statistic_id(entry.entry_id, Flow.NEIGHBOURS_BOUGHT)
    grids = [one["stat_energy_from"] for one in sources if one["type"] == "grid"]
    return bool(grids) and ours not in grids


def _meter_statistics(hass: HomeAssistant, entry: CommonWattConfigEntry) -> set[str]:
    """Return what may stand in the dashboard for the home's meters."""
    registry = er.async_get(hass)
    entities = er.async_entries_for_config_entry(registry, entry.entry_id)
    own = {one.entity_id for one in entities}
    for device in entry.runtime_data.home.devices:
        settings = device.config.settings
        if device.config.kind is DeviceKind.METER and isinstance(
            settings, AdoptedSettings
        ):
            found = (resolve(hass, one) for one in settings.entities.values())
            own |= {entity_id for entity_id in found if entity_id is not None}
    return own


def _pair(
    entry: CommonWattConfigEntry, meter: GridSourceType
) -> tuple[GridSourceType, GridSourceType]:
    """Return retailer and neighbours; the power of the meter is shown once."""
    retailer = _grid(
        entry,
        bought=Flow.RETAILER_IMPORT,
        cost=Flow.RETAILER_COST,
        sold=Flow.RETAILER_EXPORT,
        compensation=Flow.RETAILER_COMPENSATION,
    )
    retailer["cost_adjustment_day"] = meter["cost_adjustment_day"]
    if "stat_rate" in meter:
        retailer["stat_rate"] = meter["stat_rate"]
    if "power_config" in meter:
        retailer["power_config"] = meter["power_config"]
    neighbours = _grid(
        entry,
        bought=Flow.NEIGHBOURS_BOUGHT,
        cost=Flow.NEIGHBOURS_COST,
        sold=Flow.NEIGHBOURS_SOLD,
        compensation=Flow.NEIGHBOURS_EARNINGS,
    )
    return retailer, neighbours


def _grid(
    entry: CommonWattConfigEntry,
    *,
    bought: Flow,
    cost: Flow,
    sold: Flow,
    compensation: Flow,
) -> GridSourceType:
    place = entry.entry_id
    return GridSourceType(
        type="grid",
        stat_energy_from=statistic_id(place, bought),
        stat_energy_to=statistic_id(place, sold),
        stat_cost=statistic_id(place, cost),
        stat_compensation=statistic_id(place, compensation),
        entity_energy_price=None,
        number_energy_price=None,
        entity_energy_price_export=None,
        number_energy_price_export=None,
        cost_adjustment_day=0,
    )
