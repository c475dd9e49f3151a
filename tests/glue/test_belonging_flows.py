"""Belongings of a home: each form filled in, refused, changed and shown again."""

from collections.abc import Mapping
from typing import Final

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    SubentryFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.commonwatt.engine.devices import DeviceKind
from tests.glue.forms import Form, fill_in_device, suggested
from tests.glue.homes import add_home, adopted

TANK: Final[Form] = {
    "name": "Boiler",
    "temperature": "water_heater.boiler",
    "volume_l": 300,
    "lowest_mk": 42,
    "highest_mk": 58.5,
    "power_w_max": 1.8,
    "power_w_min": 0.4,
    "cop_ppm": 3.4,
    "cop_frost_ppm": 2.1,
    "outdoor": "weather.home",
    "daily_wh": 7.5,
}
HYDROGEN: Final[Form] = {
    "name": "Gas",
    "capacity_wh": 300,
    "stored": "sensor.gas",
    "make_w_max": 5,
    "make_w_min": 1,
    "make_ppm": 62,
    "use_w_max": 3,
    "use_w_min": 0.5,
    "use_ppm": 50,
    "value_micro_per_kwh": 0.12,
    "forms_island": True,
}
GENERATOR: Final[Form] = {
    "name": "Engine",
    "power_w_max": 20,
    "power_w_min": 8,
    "cost_micro_per_kwh": 0.11,
    "start_micro": 0.5,
    "heat_ppm": 150,
}
GRID: Final[Form] = {
    "name": "Connection",
    "import_w_max": 9,
    "export_w_max": 0,
    "capacity_micro_per_kw": 4.2,
    "peak": "sensor.peak",
}
CAR: Final[Form] = {
    "name": "Zoe",
    "soc": "sensor.zoe",
    "capacity_wh": 52,
    "week": [
        {
            "leaves": "07:30:00",
            "back": "18:00:00",
            "target": 80,
            "days": ["mon", "tue"],
        },
        {"leaves": "10:00:00", "target": 60, "days": []},
    ],
    "calendar": "calendar.family",
    "target_ppm": 90,
    "discharge_w_max": 3.6,
    "reserve_ppm": 40,
}
FORMS: Final[Mapping[str, Form]] = {
    "tank": TANK,
    "hydrogen": HYDROGEN,
    "generator": GENERATOR,
    "grid": GRID,
    "car": CAR,
}


@pytest.fixture
async def home(hass: HomeAssistant) -> MockConfigEntry:
    """Return a home with two chargers, and entities of all kinds."""
    hass.states.async_set("water_heater.boiler", "eco", {"current_temperature": 51})
    hass.states.async_set("weather.home", "sunny", {"temperature": 4})
    hass.states.async_set("sensor.gas", "40", {"unit_of_measurement": "%"})
    hass.states.async_set("sensor.zoe", "26", {"unit_of_measurement": "kWh"})
    hass.states.async_set("sensor.peak", "4.5", {"unit_of_measurement": "kW"})
    hass.states.async_set("sensor.power", "0", {"unit_of_measurement": "W"})
    hass.states.async_set("sensor.text", "warm", {"unit_of_measurement": "°C"})
    return await add_home(
        hass,
        [
            adopted(DeviceKind.CHARGER, {"power": "sensor.power"}),
            adopted(DeviceKind.CHARGER, {"power": "sensor.other"}),
        ],
    )


def values(home: MockConfigEntry, kind: str) -> Form:
    """Return the form of a kind, filled in."""
    if kind != "car":
        return FORMS[kind]
    chargers = home.get_subentries_of_type(DeviceKind.CHARGER)
    return {**CAR, "charger": next(iter(chargers)).subentry_id}


async def open_form(
    hass: HomeAssistant, home: MockConfigEntry, kind: str
) -> SubentryFlowResult:
    """Start to add something."""
    return await hass.config_entries.subentries.async_init(
        (home.entry_id, kind), context={"source": SOURCE_USER}
    )


async def add(hass: HomeAssistant, home: MockConfigEntry, kind: str) -> str:
    """Add something and return its id."""
    form = await open_form(hass, home, kind)
    result = await fill_in_device(hass, form, values(home, kind))
    assert result["type"] is FlowResultType.CREATE_ENTRY, result.get("errors")
    (added,) = home.get_subentries_of_type(kind)
    return added.subentry_id


async def change(
    hass: HomeAssistant, home: MockConfigEntry, kind: str, subentry_id: str
) -> SubentryFlowResult:
    """Start to change something."""
    return await hass.config_entries.subentries.async_init(
        (home.entry_id, kind),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": subentry_id},
    )


@pytest.mark.parametrize("kind", FORMS)
async def test_what_was_entered_comes_back_to_be_changed(
    hass: HomeAssistant, home: MockConfigEntry, kind: str
) -> None:
    subentry_id = await add(hass, home, kind)

    form = await change(hass, home, kind, subentry_id)
    assert suggested(form) == values(home, kind)

    changed = {**values(home, kind), "name": " Another "}
    result = await fill_in_device(hass, form, changed)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    assert home.subentries[subentry_id].title == "Another"


@pytest.mark.parametrize(
    ("kind", "changes", "errors"),
    [
        ("tank", {"name": " "}, {"name": "name_invalid"}),
        (
            "tank",
            {"temperature": "sensor.power"},
            {"temperature": "entity_wrong_unit"},
        ),
        (
            "tank",
            {"temperature": "sensor.text"},
            {"temperature": "entity_without_number"},
        ),
        ("tank", {"outdoor": "weather.none"}, {"outdoor": "entity_not_found"}),
        ("tank", {"highest_mk": 42}, {"highest_mk": "not_warmer"}),
        ("tank", {"power_w_max": 0.3}, {"power_w_max": "power_too_small"}),
        ("hydrogen", {"stored": "sensor.power"}, {"stored": "entity_wrong_unit"}),
        ("hydrogen", {"capacity_wh": 0}, {"capacity_wh": "capacity_invalid"}),
        ("hydrogen", {"make_w_max": 0}, {"make_w_max": "power_too_small"}),
        ("hydrogen", {"use_w_max": 0.4}, {"use_w_max": "power_too_small"}),
        ("generator", {"power_w_min": 21}, {"power_w_max": "power_too_small"}),
        ("grid", {"peak": "sensor.gas"}, {"peak": "entity_wrong_unit"}),
        ("car", {"soc": "sensor.power"}, {"soc": "entity_wrong_unit"}),
        ("car", {"capacity_wh": 0}, {"capacity_wh": "capacity_invalid"}),
        (
            "car",
            {"week": [{"leaves": "07:30:00", "target": 80}] * 22},
            {"week": "week_too_long"},
        ),
    ],
)
async def test_a_wrong_answer_is_explained_and_nothing_is_lost(
    hass: HomeAssistant,
    home: MockConfigEntry,
    kind: str,
    changes: Form,
    errors: dict[str, str],
) -> None:
    right = values(home, kind)
    form = await open_form(hass, home, kind)
    result = await fill_in_device(hass, form, {**right, **changes})

    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == errors
    assert suggested(result) == {**right, **changes}
    result = await fill_in_device(hass, result, right)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_car_that_never_leaves_is_refused(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    form = await open_form(hass, home, "car")
    right = values(home, "car")
    idle = {k: v for k, v in right.items() if k not in {"week", "calendar"}}

    result = await fill_in_device(hass, form, idle)

    assert result["errors"] == {"base": "never_leaves"}


async def test_two_cars_are_never_at_one_charger(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    await add(hass, home, "car")
    form = await open_form(hass, home, "car")

    result = await fill_in_device(hass, form, values(home, "car"))
    assert result["errors"] == {"charger": "charger_taken"}

    other = list(home.get_subentries_of_type(DeviceKind.CHARGER))[1]
    result = await fill_in_device(
        hass, result, {**values(home, "car"), "charger": other.subentry_id}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_without_a_charger_there_is_no_car(hass: HomeAssistant) -> None:
    form = await open_form(hass, await add_home(hass), "car")

    assert form["type"] is FlowResultType.ABORT
    assert form["reason"] == "no_charger"


async def test_a_home_has_one_connection(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    await add(hass, home, "grid")

    form = await open_form(hass, home, "grid")

    assert form["type"] is FlowResultType.ABORT
    assert form["reason"] == "already_configured"


async def test_an_entity_that_fell_silent_stands_in_nobodys_way(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    subentry_id = await add(hass, home, "hydrogen")
    hass.states.async_set("sensor.gas", "unavailable")

    form = await change(hass, home, "hydrogen", subentry_id)
    result = await fill_in_device(hass, form, {**HYDROGEN, "use_ppm": 55})

    assert result["reason"] == "reconfigure_successful"


async def test_a_generator_may_warm_a_tank_until_it_is_gone(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    tank = await add(hass, home, "tank")
    form = await open_form(hass, home, "generator")
    result = await fill_in_device(hass, form, {**GENERATOR, "warms": tank})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (engine,) = home.get_subentries_of_type("generator")
    form = await change(hass, home, "generator", engine.subentry_id)
    assert suggested(form)["warms"] == tank

    hass.config_entries.async_remove_subentry(home, tank)
    await hass.async_block_till_done()

    form = await change(hass, home, "generator", engine.subentry_id)
    assert suggested(form) == GENERATOR
