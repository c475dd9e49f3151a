"""A dashboard for the demo, of plain Home Assistant cards and whatever entities exist.

Made through the WebSocket as a person would make it in the browser.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from .hass import JSON, Hass

URL_PATH: Final = "common-watt"

NEIGHBOURHOOD: Final = (
    "clearing_price",
    "neighbour_power",
    "saved_today",
    "round_phase",
    "members_online",
    "trade",
)
SHARES: Final = ("local_share", "self_sufficiency")
MY_HOME: Final = (
    "inverter_power",
    "battery_power",
    "battery_state_of_charge",
    "meter_power",
    "charger_power",
    "charger_status",
)
HOURS: Final = {
    "Between neighbours, kWh an hour": ("demo_bought", "demo_sold"),
    "Roof, grid and car, kWh an hour": (
        "demo_solar",
        "demo_retailer_import",
        "demo_retailer_export",
        "demo_charger",
    ),
}


async def entity_ids(hass: Hass) -> dict[str, str]:
    """Return our entities by translation key; the first of each."""
    registered = await hass.command("config/entity_registry/list")
    assert isinstance(registered, list), "a list of entities"
    found: dict[str, str] = {}
    for entity in registered:
        assert isinstance(entity, dict), "an entity is an object"
        if entity["platform"] == "commonwatt":
            found.setdefault(str(entity["translation_key"]), str(entity["entity_id"]))
    return found


async def statistic_ids(hass: Hass) -> set[str]:
    """Return the ids of the statistics that exist."""
    listed = await hass.command("recorder/list_statistic_ids")
    assert isinstance(listed, list), "a list of statistics"
    return {str(one["statistic_id"]) for one in listed if isinstance(one, dict)}


def heading(text: str, icon: str) -> JSON:
    """Return a heading card."""
    return {"type": "heading", "heading": text, "icon": icon}


def tiles(keys: Iterable[str], found: Mapping[str, str]) -> list[JSON]:
    """Return a tile for each entity there is."""
    return [{"type": "tile", "entity": found[key]} for key in keys if key in found]


def gauges(keys: Iterable[str], found: Mapping[str, str]) -> list[JSON]:
    """Return a gauge for each share there is."""
    return [
        {
            "type": "gauge",
            "entity": found[key],
            "needle": True,
            "severity": {"green": 50, "yellow": 20, "red": 0},
            "grid_options": {"columns": 6},
        }
        for key in keys
        if key in found
    ]


def graph(title: str, names: Sequence[str], known: set[str]) -> list[JSON]:
    """Return bars of energy by hour, of the statistics there are."""
    ids = [f"commonwatt:{name}" for name in names]
    there: list[JSON] = [one for one in ids if one in known]
    if not there:
        return []
    return [
        {
            "type": "statistics-graph",
            "title": title,
            "entities": there,
            "stat_types": ["change"],
            "chart_type": "bar",
            "period": "hour",
            "days_to_show": 4,
            "grid_options": {"columns": "full"},
        }
    ]


def section(title: str, icon: str, cards: Sequence[JSON]) -> list[JSON]:
    """Return a section, or nothing without cards."""
    if not cards:
        return []
    return [{"type": "grid", "cards": [heading(title, icon), *cards]}]


def neighbours(found: Mapping[str, str]) -> list[JSON]:
    """Return a tile for each neighbour."""
    keys = sorted(key for key in found if key.startswith("neighbour_power_"))
    return tiles(keys, found)


async def create_dashboard(hass: Hass) -> None:
    """Add the dashboard to the sidebar."""
    found = await entity_ids(hass)
    known = await statistic_ids(hass)
    graphs = [
        card for title, names in HOURS.items() for card in graph(title, names, known)
    ]
    sections: list[JSON] = [
        *section(
            "The neighbourhood",
            "mdi:home-group",
            [*tiles(NEIGHBOURHOOD, found), *gauges(SHARES, found)],
        ),
        *section("My home", "mdi:home-lightning-bolt", tiles(MY_HOME, found)),
        *section("The neighbours now", "mdi:account-group", neighbours(found)),
        *section("Simulated days", "mdi:chart-bar", graphs),
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
