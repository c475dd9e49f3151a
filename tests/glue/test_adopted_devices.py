"""Adopted devices: our units and signs, and nothing where nothing is known."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.commonwatt.engine.devices import DeviceId, DeviceKind
from custom_components.commonwatt.home import HomeRuntime
from tests.glue.homes import add_home, adopted, settle


def show(hass: HomeAssistant, entity_id: str, state: str, unit: str = "W") -> None:
    """Let another integration show a state."""
    hass.states.async_set(entity_id, state, {"unit_of_measurement": unit})


def home_of(entry: MockConfigEntry) -> HomeRuntime:
    """Return the running home."""
    home: HomeRuntime = entry.runtime_data.home
    return home


def device_ids(entry: MockConfigEntry) -> list[DeviceId]:
    """Return the devices in the order they were added."""
    return [DeviceId(subentry_id) for subentry_id in entry.subentries]


async def test_states_arrive_in_our_units_and_signs(hass: HomeAssistant) -> None:
    show(hass, "sensor.grid", "-1.5", "kW")
    show(hass, "sensor.imported", "4021.75", "kWh")
    show(hass, "sensor.exported", "1.25", "MWh")
    show(hass, "sensor.sun", "2000")
    show(hass, "sensor.made", "31.4", "kWh")
    show(hass, "sensor.battery", "800")
    show(hass, "sensor.soc", "55.5", "%")
    show(hass, "sensor.car", "7.4", "kW")
    hass.states.async_set("binary_sensor.plug", STATE_ON)
    meter = {
        "power": "sensor.grid",
        "imported": "sensor.imported",
        "exported": "sensor.exported",
    }
    battery = {"power": "sensor.battery", "state_of_charge": "sensor.soc"}
    charger = {"power": "sensor.car", "connected": "binary_sensor.plug"}
    entry = await add_home(
        hass,
        [
            adopted(DeviceKind.METER, meter, reversed_power=True),
            adopted(
                DeviceKind.INVERTER, {"power": "sensor.sun", "energy": "sensor.made"}
            ),
            adopted(
                DeviceKind.BATTERY, battery, reversed_power=True, capacity_wh=10_000
            ),
            adopted(DeviceKind.CHARGER, charger),
        ],
    )
    # A counter is believed when it has been read twice.
    await home_of(entry).async_refresh()

    image = home_of(entry).image()
    meter_id, inverter_id, battery_id, charger_id = device_ids(entry)
    assert image.meters[meter_id].power_w == 1500
    assert image.meters[meter_id].import_wh == 4_021_750
    assert image.meters[meter_id].export_wh == 1_250_000
    assert image.inverters[inverter_id].power_w == 2000
    assert image.inverters[inverter_id].energy_wh == 31_400
    assert image.batteries[battery_id].power_w == -800
    assert image.batteries[battery_id].soc_ppm == 555_000
    assert image.batteries[battery_id].stored_wh == 5550
    assert image.chargers[charger_id].power_w == 7400
    assert image.chargers[charger_id].connected is True
    # 1500 from the grid and 2000 from the sun, 800 of it into the battery.
    assert home_of(entry).consumption_w() == 2700


async def test_two_sensors_make_one_power(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    show(hass, "sensor.import_power", "0")
    show(hass, "sensor.export_power", "700")
    meter = {"power": "sensor.import_power", "power_back": "sensor.export_power"}
    entry = await add_home(hass, [adopted(DeviceKind.METER, meter)])
    (meter_id,) = device_ids(entry)

    assert home_of(entry).image().meters[meter_id].power_w == -700

    show(hass, "sensor.export_power", STATE_UNAVAILABLE)
    await later(hass, freezer, seconds=60)
    assert home_of(entry).consumption_w() is None


async def test_a_change_is_seen_at_once(hass: HomeAssistant) -> None:
    show(hass, "sensor.grid", "100")
    entry = await add_home(
        hass, [adopted(DeviceKind.METER, {"power": "sensor.grid"}, reversed_power=True)]
    )
    seen: list[int | None] = []
    remove = home_of(entry).async_add_listener(
        lambda: seen.append(home_of(entry).consumption_w())
    )

    show(hass, "sensor.grid", "250")
    await settle(hass)
    remove()
    show(hass, "sensor.grid", "400")
    await settle(hass)

    assert seen == [-250]


async def test_what_is_unknown_is_unavailable_and_never_zero(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    show(hass, "sensor.grid", "100")
    entry = await add_home(
        hass, [adopted(DeviceKind.METER, {"power": "sensor.grid"}, reversed_power=True)]
    )
    (meter_id,) = device_ids(entry)
    assert state_of(hass, "sensor.meter_grid_power") == "-100"
    assert state_of(hass, "binary_sensor.meter_answers") == STATE_ON

    show(hass, "sensor.grid", STATE_UNAVAILABLE)
    await later(hass, freezer, seconds=60)

    assert state_of(hass, "sensor.meter_grid_power") == STATE_UNAVAILABLE
    assert state_of(hass, "sensor.home_consumption") == STATE_UNAVAILABLE
    assert state_of(hass, "binary_sensor.meter_answers") == STATE_OFF
    image = home_of(entry).image()
    assert image.age_ms(image.meters[meter_id]) == 60_000

    show(hass, "sensor.grid", "300")
    await settle(hass)
    assert state_of(hass, "sensor.meter_grid_power") == "-300"
    assert state_of(hass, "binary_sensor.meter_answers") == STATE_ON


async def test_nothing_is_shown_twice(
    hass: HomeAssistant, entity_registry: er.EntityRegistry
) -> None:
    show(hass, "sensor.grid", "100")
    entry = await add_home(hass, [adopted(DeviceKind.METER, {"power": "sensor.grid"})])
    (meter_id,) = device_ids(entry)

    of_the_meter = [
        entity.entity_id
        for entity in er.async_entries_for_config_entry(entity_registry, entry.entry_id)
        if entity.config_subentry_id == meter_id
    ]
    assert of_the_meter == ["binary_sensor.meter_answers"]


async def test_a_renamed_entity_is_followed(
    hass: HomeAssistant, entity_registry: er.EntityRegistry
) -> None:
    grid = entity_registry.async_get_or_create("sensor", "test", "grid")
    show(hass, grid.entity_id, "100")
    entry = await add_home(hass, [adopted(DeviceKind.METER, {"power": grid.id})])
    (meter_id,) = device_ids(entry)

    entity_registry.async_update_entity(grid.entity_id, name="Mains")
    entity_registry.async_update_entity(grid.entity_id, new_entity_id="sensor.mains")
    show(hass, "sensor.mains", "500")
    await settle(hass)

    assert home_of(entry).image().meters[meter_id].power_w == 500


async def test_an_absurd_counter_is_held_back(hass: HomeAssistant) -> None:
    show(hass, "sensor.imported", "4000", "kWh")
    entry = await add_home(
        hass, [adopted(DeviceKind.METER, {"imported": "sensor.imported"})]
    )
    await home_of(entry).async_refresh()
    show(hass, "sensor.imported", "9999999", "kWh")
    await settle(hass)

    (meter_id,) = device_ids(entry)
    assert home_of(entry).image().meters[meter_id].import_wh == 4_000_000


async def test_a_removed_entity_leaves_the_device_silent(hass: HomeAssistant) -> None:
    entry = await add_home(hass, [adopted(DeviceKind.METER, {"power": "0" * 32})])

    assert home_of(entry).image().meters == {}
    assert state_of(hass, "binary_sensor.meter_answers") == STATE_OFF


async def later(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, *, seconds: int
) -> None:
    """Let time pass."""
    freezer.tick(timedelta(seconds=seconds))
    async_fire_time_changed(hass)
    await settle(hass)


def state_of(hass: HomeAssistant, entity_id: str) -> str:
    """Return what an entity shows."""
    state = hass.states.get(entity_id)
    assert state is not None, entity_id
    return state.state
