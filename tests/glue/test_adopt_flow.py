"""Adopting devices from existing entities, with every way to get it wrong."""

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.commonwatt.device_settings import AdoptedSettings
from custom_components.commonwatt.engine.devices import DeviceKind
from tests.glue.forms import (
    Form,
    add_device,
    change_device,
    fill_in_device,
    preset,
    question,
    suggested,
)
from tests.glue.homes import add_home, adopted


@pytest.fixture(autouse=True)
def entities(hass: HomeAssistant) -> None:
    """Let other integrations show some devices."""
    shown = {
        "sensor.grid": ("1.234", "kW"),
        "sensor.grid_back": ("300", "W"),
        "sensor.imported": ("4021.7", "kWh"),
        "sensor.exported": ("1.2", "MWh"),
        "sensor.battery": ("-850", "W"),
        "sensor.soc": ("55.5", "%"),
        "sensor.wallbox": ("0", "W"),
        "sensor.percent_power": ("12", "%"),
        "sensor.text": ("much", "W"),
        "sensor.gone": ("unavailable", "W"),
    }
    for entity_id, (state, unit) in shown.items():
        name = entity_id.removeprefix("sensor.").capitalize()
        attributes = {"unit_of_measurement": unit, "friendly_name": name}
        hass.states.async_set(entity_id, state, attributes)
    hass.states.async_set("binary_sensor.plug", "on", {"friendly_name": "Plug"})


@pytest.mark.parametrize(
    ("kind", "entered", "power", "asked"),
    [
        (DeviceKind.METER, {"power": "sensor.grid"}, "1.2 kW", "meter_sign_positive"),
        (
            DeviceKind.BATTERY,
            {"power": "sensor.battery", "state_of_charge": "sensor.soc"},
            "-850 W",
            "battery_sign_negative",
        ),
        (DeviceKind.CHARGER, {"power": "sensor.wallbox"}, "0 W", "charger_sign_idle"),
        (
            DeviceKind.INVERTER,
            {"power": "sensor.grid"},
            "1.2 kW",
            "inverter_sign_positive",
        ),
    ],
)
async def test_the_sign_is_asked_for_with_what_happens_now(
    hass: HomeAssistant, kind: DeviceKind, entered: Form, power: str, asked: str
) -> None:
    entry = await add_home(hass)
    form = await add_device(hass, entry, kind, "entities")
    confirm = await fill_in_device(hass, form, entered)

    assert confirm["step_id"] == "entities_confirm"
    assert confirm["description_placeholders"] == {"power": power}
    assert question(confirm, "sign") == asked

    result = await fill_in_device(hass, confirm, {"name": "It", "sign": "reversed"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (subentry,) = entry.subentries.values()
    assert subentry.title == "It"
    assert AdoptedSettings.from_data(subentry.data).reversed_power


async def test_two_sensors_need_no_sign(hass: HomeAssistant) -> None:
    entry = await add_home(hass)
    form = await add_device(hass, entry, DeviceKind.METER, "entities")
    entered: Form = {
        "power": "sensor.grid",
        "power_back": "sensor.grid_back",
        "imported": "sensor.imported",
        "exported": "sensor.exported",
    }
    confirm = await fill_in_device(hass, form, entered)

    assert confirm["description_placeholders"] == {"power": "934 W"}
    assert preset(confirm) == {"name": "Grid"}
    result = await fill_in_device(hass, confirm, {"name": "Grid"})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_counters_alone_need_no_sign(hass: HomeAssistant) -> None:
    entry = await add_home(hass)
    form = await add_device(hass, entry, DeviceKind.METER, "entities")
    confirm = await fill_in_device(hass, form, {"imported": "sensor.imported"})

    assert confirm["description_placeholders"] == {"power": "?"}
    assert preset(confirm) == {"name": "Imported"}


async def test_a_name_is_needed_and_the_answer_about_the_sign_is_kept(
    hass: HomeAssistant,
) -> None:
    entry = await add_home(hass)
    form = await add_device(hass, entry, DeviceKind.METER, "entities")
    confirm = await fill_in_device(hass, form, {"power": "sensor.grid"})

    result = await fill_in_device(hass, confirm, {"name": " ", "sign": "reversed"})

    assert result["errors"] == {"name": "name_invalid"}
    assert suggested(result) == {"name": " ", "sign": "reversed"}


@pytest.mark.parametrize(
    ("kind", "entered", "errors"),
    [
        (DeviceKind.METER, {}, {"base": "nothing_selected"}),
        (DeviceKind.METER, {"power": "sensor.none"}, {"power": "entity_not_found"}),
        (
            DeviceKind.METER,
            {"power": "sensor.text"},
            {"power": "entity_without_number"},
        ),
        (
            DeviceKind.METER,
            {"power": "sensor.gone"},
            {"power": "entity_without_number"},
        ),
        (
            DeviceKind.METER,
            {"power": "sensor.percent_power"},
            {"power": "entity_wrong_unit"},
        ),
        (
            DeviceKind.METER,
            {"imported": "sensor.grid"},
            {"imported": "entity_wrong_unit"},
        ),
        (DeviceKind.METER, {"power_back": "sensor.grid"}, {"power": "power_missing"}),
        (
            DeviceKind.METER,
            {"power": "sensor.grid", "power_back": "sensor.grid"},
            {"base": "entity_twice"},
        ),
        (
            DeviceKind.BATTERY,
            {"state_of_charge": "sensor.soc", "capacity_kwh": 0},
            {"capacity_kwh": "capacity_invalid"},
        ),
        (
            DeviceKind.BATTERY,
            {"state_of_charge": "sensor.grid"},
            {"state_of_charge": "entity_wrong_unit"},
        ),
        (
            DeviceKind.CHARGER,
            {"connected": "sensor.text"},
            {"connected": "entity_without_number"},
        ),
        (
            DeviceKind.CHARGER,
            {"connected": "binary_sensor.none"},
            {"connected": "entity_not_found"},
        ),
    ],
)
async def test_a_wrong_entity_is_explained_and_nothing_is_lost(
    hass: HomeAssistant, kind: DeviceKind, entered: Form, errors: dict[str, str]
) -> None:
    entry = await add_home(hass)
    form = await add_device(hass, entry, kind, "entities")

    result = await fill_in_device(hass, form, entered)

    assert result["step_id"] == "entities"
    assert result["errors"] == errors
    assert suggested(result) == entered

    right: dict[DeviceKind, Form] = {
        DeviceKind.METER: {"power": "sensor.grid"},
        DeviceKind.BATTERY: {"state_of_charge": "sensor.soc", "capacity_kwh": 10.5},
        DeviceKind.CHARGER: {"connected": "binary_sensor.plug"},
    }
    confirm = await fill_in_device(hass, result, right[kind])
    assert confirm["step_id"] == "entities_confirm"


async def test_a_device_is_adopted_once(hass: HomeAssistant) -> None:
    meter = adopted(DeviceKind.METER, {"power": "sensor.grid"})
    battery = adopted(DeviceKind.BATTERY, {"state_of_charge": "sensor.soc"})
    await add_home(hass, [battery, meter], name="Farm")
    entry = await add_home(hass)
    form = await add_device(hass, entry, DeviceKind.METER, "entities")

    result = await fill_in_device(hass, form, {"power": "sensor.grid"})

    assert result["errors"] == {"base": "duplicate_device"}
    assert result["description_placeholders"] == {"other": "Meter"}


async def test_an_adopted_device_can_be_changed(
    hass: HomeAssistant, entity_registry: er.EntityRegistry
) -> None:
    soc = entity_registry.async_get_or_create("sensor", "test", "soc")
    hass.states.async_set(soc.entity_id, "20", {"unit_of_measurement": "%"})
    battery = adopted(
        DeviceKind.BATTERY,
        {"power": "sensor.battery", "state_of_charge": soc.id},
        reversed_power=True,
        capacity_wh=10_000,
    )
    entry = await add_home(hass, [battery])
    (subentry_id,) = entry.subentries
    # It has fallen silent: that was accepted before, so it does not stand in the way.
    hass.states.async_set(soc.entity_id, "unavailable", {"unit_of_measurement": "%"})

    form = await change_device(hass, entry, subentry_id)
    assert suggested(form) == {
        "power": "sensor.battery",
        "state_of_charge": soc.entity_id,
        "capacity_kwh": 10,
    }
    changed = {**suggested(form), "capacity_kwh": 12.5, "charged": "sensor.imported"}
    confirm = await fill_in_device(hass, form, changed)
    assert preset(confirm) == {"name": "Battery", "sign": "reversed"}

    result = await fill_in_device(hass, confirm, {"name": "Cellar", "sign": "as_ours"})
    assert result["reason"] == "reconfigure_successful"
    subentry = entry.subentries[subentry_id]
    assert subentry.title == "Cellar"
    settings = AdoptedSettings.from_data(subentry.data)
    assert settings.capacity_wh == 12_500
    assert not settings.reversed_power
    assert settings.entities["state_of_charge"] == soc.id
    # The running home works with what was changed.
    (device,) = entry.runtime_data.home.devices
    assert device.config.settings == settings


async def test_a_removed_entity_is_shown_as_it_was_stored(hass: HomeAssistant) -> None:
    ref = "0" * 32
    entry = await add_home(hass, [adopted(DeviceKind.METER, {"power": ref})])
    (subentry_id,) = entry.subentries

    form = await change_device(hass, entry, subentry_id)

    assert suggested(form) == {"power": ref}
