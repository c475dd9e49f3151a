"""Every entity of every device, and the Energy dashboard's opinion of them."""

from unittest.mock import patch

from homeassistant.components.recorder import Recorder
from homeassistant.components.sensor import SensorEntity
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_recorder_block_till_done,
    async_trigger_db_commit,
    do_adhoc_statistics,
    get_start_time,
)
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
from syrupy.assertion import SnapshotAssertion

from custom_components.commonwatt.engine.devices import DeviceKind
from custom_components.commonwatt.home_sensor import home_sensors
from custom_components.commonwatt.sensor import device_sensors
from tests.glue.homes import add_home, modbus, settle
from tests.glue.simulated_home import SimulatedHome, simulated_home

__all__ = ["simulated_home"]


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Return snapshots that know Home Assistant's values."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)


async def add_everything(hass: HomeAssistant, port: int) -> MockConfigEntry:
    """Add a home with a device of every kind and driver, all entities enabled."""
    entry = await add_home(
        hass,
        [
            modbus(DeviceKind.METER, port, 200),
            modbus(DeviceKind.METER, port, 2, driver="sdm630"),
            modbus(DeviceKind.INVERTER, port, 1),
            modbus(DeviceKind.BATTERY, port, 1),
            modbus(DeviceKind.CHARGER, port, 255, driver="keba_p30"),
        ],
    )
    registry = er.async_get(hass)
    for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
        if entity.disabled_by is not None:
            registry.async_update_entity(entity.entity_id, disabled_by=None)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await settle(hass)
    await entry.runtime_data.home.async_refresh()
    return entry


def shape(hass: HomeAssistant, entity: er.RegistryEntry) -> dict[str, object]:
    """Return what does not depend on when or where a test runs."""
    state = hass.states.get(entity.entity_id)
    assert state is not None, entity.entity_id
    return {
        "has_value": state.state not in {STATE_UNAVAILABLE, STATE_UNKNOWN},
        "attributes": {str(key): value for key, value in state.attributes.items()},
        "category": entity.entity_category,
        "translation_key": entity.translation_key,
        "key": entity.unique_id.partition("_")[2],
    }


async def test_every_entity_is_as_it_was(
    hass: HomeAssistant,
    simulated_home: SimulatedHome,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    entry = await add_everything(hass, simulated_home.port)

    shapes = {
        entity.entity_id: shape(hass, entity)
        for entity in er.async_entries_for_config_entry(entity_registry, entry.entry_id)
        if entity.config_subentry_id is not None
    }

    assert {key: shapes[key] for key in sorted(shapes)} == snapshot


async def test_what_changes_all_the_time_and_tells_little_is_off_by_default(
    hass: HomeAssistant,
    simulated_home: SimulatedHome,
    entity_registry: er.EntityRegistry,
) -> None:
    port = simulated_home.port
    entry = await add_home(hass, [modbus(DeviceKind.METER, port, 2, driver="sdm630")])
    entities = er.async_entries_for_config_entry(entity_registry, entry.entry_id)
    of_the_meter = [e for e in entities if e.config_subentry_id is not None]

    assert {e.translation_key for e in of_the_meter if not e.disabled} == {
        "answers",
        "meter_power",
        "meter_import",
        "meter_export",
    }


async def test_a_simulated_home_stays_out_of_the_statistics(
    hass: HomeAssistant, simulated_home: SimulatedHome
) -> None:
    entry = await add_everything(hass, simulated_home.port)
    home = entry.runtime_data.home
    real = [
        state.entity_id
        for state in hass.states.async_all("sensor")
        if "state_class" in state.attributes
    ]
    assert len(real) > 30

    with patch.object(home, "simulated", new=True):
        built = [e for d in home.devices for e in device_sensors(home, d)]
        built += list(home_sensors(home))
        shown = [entity for entity in built if isinstance(entity, SensorEntity)]

    assert len(shown) > 30
    assert {sensor.state_class for sensor in shown} == {None}


async def test_the_energy_dashboard_accepts_the_devices(
    recorder_mock: Recorder,  # noqa: ARG001  # before everything else
    hass: HomeAssistant,
    simulated_home: SimulatedHome,
    hass_ws_client: WebSocketGenerator,
) -> None:
    assert await async_setup_component(hass, "energy", {})
    port = simulated_home.port
    await add_home(
        hass,
        [
            modbus(DeviceKind.METER, port, 200),
            modbus(DeviceKind.INVERTER, port, 1),
            modbus(DeviceKind.BATTERY, port, 1),
            modbus(DeviceKind.CHARGER, port, 255, driver="keba_p30"),
        ],
    )
    client = await hass_ws_client(hass)

    async def ask(message: dict[str, object]) -> object:
        await client.send_json_auto_id(message)
        answer = await client.receive_json()
        assert answer["success"], answer
        return answer["result"]

    await ask({"type": "energy/save_prefs", **PREFERENCES})
    # A statistic exists once it has been compiled for the first time.
    async_trigger_db_commit(hass)
    await async_recorder_block_till_done(hass)
    do_adhoc_statistics(hass, start=get_start_time(dt_util.utcnow()))
    await async_recorder_block_till_done(hass)
    verdict = await ask({"type": "energy/validate"})

    assert verdict == {
        "energy_sources": [[], [], []],
        "device_consumption": [[]],
        "device_consumption_water": [],
    }


PREFERENCES: dict[str, object] = {
    "energy_sources": [
        {
            "type": "grid",
            "stat_energy_from": "sensor.meter_imported_energy",
            "stat_energy_to": "sensor.meter_exported_energy",
            "stat_cost": None,
            "stat_compensation": None,
            "entity_energy_price": None,
            "number_energy_price": 0.25,
            "entity_energy_price_export": None,
            "number_energy_price_export": 0.08,
            "stat_rate": "sensor.meter_grid_power",
            "cost_adjustment_day": 0,
        },
        {
            "type": "solar",
            "stat_energy_from": "sensor.inverter_produced_energy",
            "stat_rate": "sensor.inverter_solar_power",
            "config_entry_solar_forecast": None,
        },
        {
            "type": "battery",
            "stat_energy_from": "sensor.battery_discharged_energy",
            "stat_energy_to": "sensor.battery_charged_energy",
            "stat_rate": "sensor.battery_power",
        },
    ],
    "device_consumption": [
        {
            "stat_consumption": "sensor.charger_charged_energy",
            "stat_rate": "sensor.charger_charging_power",
        }
    ],
}
