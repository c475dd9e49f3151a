"""A dashboard for the demo, of plain Home Assistant cards and whatever entities exist.

Made through the WebSocket as a person would make it in the browser.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from .hass import JSON, Hass

URL_PATH: Final = "common-watt"

NEIGHBOURHOOD: Final = (
    "clearing_price",
    "neighbour_power",
    "saved_today",
    "round_state",
    "energy_bought",
    "energy_sold",
    "members_online",
    "trade",
)
SHARES: Final = ("local_share", "self_sufficiency")
MY_HOME: Final = {
    "inverter_power": "Sun",
    "battery_power": "Battery",
    "battery_state_of_charge": "Charge of the battery",
    "meter_power": "Grid",
    "charger_power": "Car",
    "charger_status": "Charging point",
    "hydrogen_power": "Hydrogen",
    "wind_share": "My share of the wind",
}
"""What is shown of the home's devices, each under a name of its own."""

NEIGHBOURS: Final = ("street_power",)
HOURS: Final = {
    "Energy between neighbours and me": ("neighbours_bought", "neighbours_sold"),
    "My roof, my car and the retailer": (
        "solar",
        "charger",
        "retailer_import",
        "retailer_export",
    ),
}


DEVICE_SECONDS_MAX: Final = 30


@dataclass(frozen=True, slots=True)
class Shown:
    """One of our entities, with the name it has without its device's."""

    entity_id: str
    name: str


type Found = Mapping[str, Sequence[Shown]]
"""Our entities by translation key."""


async def our_entities(hass: Hass) -> Found:
    """Return what is shown of us: enabled entities, by translation key."""
    registered = await hass.command("config/entity_registry/list")
    assert isinstance(registered, list), "a list of entities"
    found: dict[str, list[Shown]] = {}
    for entity in registered:
        assert isinstance(entity, dict), "an entity is an object"
        if entity["platform"] == "commonwatt" and entity["disabled_by"] is None:
            shown = Shown(str(entity["entity_id"]), str(entity["original_name"]))
            found.setdefault(str(entity["translation_key"]), []).append(shown)
    return found


async def settled_in(hass: Hass) -> Found:
    """Return our entities once the devices have answered for the first time."""
    for _ in range(DEVICE_SECONDS_MAX):
        found = await our_entities(hass)
        if all(key in found for key in MY_HOME):
            return found
        await asyncio.sleep(1)
    return await our_entities(hass)


def heading(text: str, icon: str) -> JSON:
    """Return a heading card."""
    return {"type": "heading", "heading": text, "icon": icon}


def tiles(keys: Iterable[str], found: Found) -> list[JSON]:
    """Return a tile for each entity there is, under its own name."""
    return [
        {"type": "tile", "entity": shown.entity_id, "name": shown.name}
        for key in keys
        for shown in found.get(key, ())
    ]


def named_tiles(names: Mapping[str, str], found: Found) -> list[JSON]:
    """Return a tile for each entity there is, under the name given."""
    return [
        {"type": "tile", "entity": shown.entity_id, "name": name}
        for key, name in names.items()
        for shown in found.get(key, ())
    ]


def gauges(keys: Iterable[str], found: Found) -> list[JSON]:
    """Return a gauge for each share there is."""
    return [
        {
            "type": "gauge",
            "entity": shown.entity_id,
            "name": shown.name,
            "needle": True,
            "severity": {"green": 50, "yellow": 20, "red": 0},
            "grid_options": {"columns": 6, "rows": "auto"},
        }
        for key in keys
        for shown in found.get(key, ())
    ]


def graph(title: str, names: Sequence[str]) -> JSON:
    """Return bars of energy by hour, of the statistics of simulated time."""
    return {
        "type": "statistics-graph",
        "title": title,
        "entities": [f"commonwatt:demo_{name}" for name in names],
        "stat_types": ["change"],
        "chart_type": "bar",
        "period": "hour",
        "days_to_show": 3,
        "grid_options": {"columns": 18},
    }


def section(
    title: str, icon: str, cards: Sequence[JSON], *, column_span: int = 1
) -> list[JSON]:
    """Return a section, or nothing without cards."""
    if not cards:
        return []
    return [
        {
            "type": "grid",
            "column_span": column_span,
            "cards": [heading(title, icon), *cards],
        }
    ]


async def create_dashboard(hass: Hass) -> None:
    """Add the dashboard to the sidebar."""
    found = await settled_in(hass)
    graphs = [graph(title, names) for title, names in HOURS.items()]
    sections: list[JSON] = [
        *section(
            "The neighbourhood",
            "mdi:home-group",
            [*gauges(SHARES, found), *tiles(NEIGHBOURHOOD, found)],
        ),
        *section("My home", "mdi:home-lightning-bolt", named_tiles(MY_HOME, found)),
        *section("The neighbours now", "mdi:account-group", tiles(NEIGHBOURS, found)),
        *section("Simulated days", "mdi:chart-bar", graphs, column_span=3),
    ]
    view: JSON = {
        "title": "CommonWatt",
        "path": "home",
        "type": "sections",
        "max_columns": 3,
        "sections": sections,
    }
    await hass.command(
        "lovelace/dashboards/create",
        url_path=URL_PATH,
        title="CommonWatt",
        icon="mdi:home-group",
        mode="storage",
        show_in_sidebar=True,
    )
    await hass.command(
        "lovelace/config/save", url_path=URL_PATH, config={"views": [view]}
    )
