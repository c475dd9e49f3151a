"""Devices over Modbus, from register to entity, through silence and back."""

from datetime import timedelta
import logging
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.modbus.connection import async_get_connection_info
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.coordinator import ModbusCoordinator
from custom_components.commonwatt.drivers.modbus import PollError, PollFault
from custom_components.commonwatt.engine.devices import DeviceKind
from custom_components.commonwatt.home import HomeRuntime
from tests.glue.homes import add_home, modbus, settle
from tests.glue.simulated_home import SimulatedHome, simulated_home

__all__ = ["simulated_home"]


def home_of(entry: MockConfigEntry) -> HomeRuntime:
    """Return the running home."""
    home: HomeRuntime = entry.runtime_data.home
    return home


async def add_everything(hass: HomeAssistant, port: int) -> MockConfigEntry:
    """Add a home with all four kinds of devices."""
    return await add_home(
        hass,
        [
            modbus(DeviceKind.METER, port, 200),
            modbus(DeviceKind.INVERTER, port, 1),
            modbus(DeviceKind.BATTERY, port, 1),
            modbus(DeviceKind.CHARGER, port, 255, driver="keba_p30"),
        ],
    )


def shown(hass: HomeAssistant, entity_id: str) -> str:
    """Return what an entity shows."""
    state = hass.states.get(entity_id)
    assert state is not None, entity_id
    return state.state


async def later(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, *, seconds: int
) -> None:
    """Let time pass for Home Assistant."""
    freezer.tick(timedelta(seconds=seconds))
    async_fire_time_changed(hass)
    await settle(hass)


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what of ours is in the log that an owner would worry about."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith(f"custom_components.{DOMAIN}")
        and record.levelno >= logging.WARNING
    ]


async def test_the_image_is_what_the_home_does(
    hass: HomeAssistant, simulated_home: SimulatedHome
) -> None:
    entry = await add_everything(hass, simulated_home.port)
    state = simulated_home.state

    image = home_of(entry).image()

    (meter,) = image.meters.values()
    (inverter,) = image.inverters.values()
    (battery,) = image.batteries.values()
    (charger,) = image.chargers.values()
    assert meter.power_w == state.grid_w
    assert inverter.power_w is not None
    assert battery.power_w is not None
    # What is lost on the way through the battery is the hybrid's own business.
    assert inverter.power_w + battery.power_w == state.pv_w + state.battery_w
    assert battery.power_w == pytest.approx(state.battery_w, rel=0.06)
    assert charger.power_w == state.charger_w
    consumption_w = state.grid_w + state.pv_w + state.battery_w
    assert home_of(entry).consumption_w() == consumption_w


async def test_a_hybrid_is_read_once_for_all_its_parts(
    hass: HomeAssistant, simulated_home: SimulatedHome
) -> None:
    entry = await add_everything(hass, simulated_home.port)
    meter, inverter, battery, charger = home_of(entry).devices

    assert inverter.coordinator is battery.coordinator
    assert len({meter.coordinator, inverter.coordinator, charger.coordinator}) == 3
    # One connection for all units, shared with everybody else in Home Assistant.
    (connection,) = async_get_connection_info(hass)
    assert connection.units == {entry.entry_id: [1, 200, 255]}

    await hass.config_entries.async_unload(entry.entry_id)
    assert async_get_connection_info(hass) == []


async def test_devices_hang_below_the_hub_of_their_home(
    hass: HomeAssistant,
    simulated_home: SimulatedHome,
    device_registry: dr.DeviceRegistry,
) -> None:
    entry = await add_everything(hass, simulated_home.port)
    devices = dr.async_entries_for_config_entry(device_registry, entry.entry_id)
    hub = home_of(entry).hub

    below = [device for device in devices if device.id != hub.id]
    assert hub.entry_type is dr.DeviceEntryType.SERVICE
    assert {device.via_device_id for device in below} == {hub.id}
    assert {device.config_subentry_id for device in below} == {*entry.subentries}
    assert all(device.manufacturer and device.model for device in below)


async def test_a_device_that_dies_is_unavailable_and_comes_back(
    hass: HomeAssistant,
    simulated_home: SimulatedHome,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    entry = await add_everything(hass, simulated_home.port)
    await home_of(entry).async_refresh()
    power = "sensor.meter_grid_power"
    assert shown(hass, power) == str(simulated_home.state.grid_w)
    produced = shown(hass, "sensor.inverter_produced_energy")

    await simulated_home.stop()
    for _ in range(12):
        await later(hass, freezer, seconds=10)
    assert shown(hass, power) == STATE_UNAVAILABLE
    assert shown(hass, "binary_sensor.meter_answers") == STATE_OFF
    # What the sun gave stays given.
    assert shown(hass, "sensor.inverter_produced_energy") == produced
    assert shown(hass, "sensor.inverter_solar_power") == STATE_UNAVAILABLE

    await simulated_home.start()
    for _ in range(7):
        await later(hass, freezer, seconds=10)
    assert shown(hass, power) == str(simulated_home.state.grid_w)
    assert shown(hass, "binary_sensor.meter_answers") == STATE_ON
    assert entry.state is ConfigEntryState.LOADED
    assert caplog.text.count("Meter of Home does not answer") == 1
    assert caplog.text.count("Meter of Home answers again") == 1


async def test_a_silent_device_is_read_less_and_less_often(
    hass: HomeAssistant, simulated_home: SimulatedHome
) -> None:
    entry = await add_home(hass, [modbus(DeviceKind.METER, simulated_home.port, 200)])
    (device,) = home_of(entry).devices
    await simulated_home.stop()

    pauses = []
    for _ in range(6):
        await device.coordinator.async_refresh()
        pauses.append(device.coordinator.update_interval)

    assert [pause.total_seconds() for pause in pauses if pause is not None] == [
        10,
        20,
        40,
        60,
        60,
        60,
    ]
    await simulated_home.start()
    await device.coordinator.async_refresh()
    assert device.coordinator.update_interval == timedelta(seconds=5)


async def test_a_dead_device_keeps_nobody_waiting_and_may_appear_later(
    hass: HomeAssistant,
    simulated_home: SimulatedHome,
    freezer: FrozenDateTimeFactory,
) -> None:
    port = simulated_home.port
    await simulated_home.stop()
    hass.states.async_set("sensor.grid", "120", {"unit_of_measurement": "W"})
    entry = await add_home(hass, [modbus(DeviceKind.METER, port, 200)])
    assert entry.state is ConfigEntryState.LOADED
    assert hass.states.get("sensor.meter_grid_power") is None
    assert shown(hass, "binary_sensor.meter_answers") == STATE_OFF

    await simulated_home.start()
    await later(hass, freezer, seconds=15)

    assert shown(hass, "sensor.meter_grid_power") == str(simulated_home.state.grid_w)


async def test_another_device_at_the_same_address_is_not_taken_for_ours(
    hass: HomeAssistant,
    simulated_home: SimulatedHome,
    caplog: pytest.LogCaptureFixture,
) -> None:
    meter = modbus(DeviceKind.METER, simulated_home.port, 200, serial="another")
    entry = await add_home(hass, [meter])

    assert home_of(entry).image().meters == {}
    assert "does not answer: other_device" in caplog.text


async def test_a_map_that_shifted_is_found_again(
    hass: HomeAssistant, simulated_home: SimulatedHome
) -> None:
    entry = await add_everything(hass, simulated_home.port)
    (coordinator,) = {
        device.coordinator
        for device in home_of(entry).devices
        if device.config.kind is DeviceKind.BATTERY
    }
    assert isinstance(coordinator, ModbusCoordinator)
    first = coordinator.device

    with patch.object(first, "poll", side_effect=PollError(PollFault.MAP_SHIFTED)):
        await coordinator.async_refresh()
    await coordinator.async_refresh()
    await settle(hass)

    assert first is not None
    assert coordinator.device is not first
    assert coordinator.fresh


async def test_a_home_with_nothing_is_a_good_citizen(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    entry = await add_home(hass)

    assert entry.state is ConfigEntryState.LOADED
    assert home_of(entry).consumption_w() is None
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert await hass.config_entries.async_remove(entry.entry_id)
    ours = [
        r for r in caplog.records if r.name.startswith(f"custom_components.{DOMAIN}")
    ]
    assert [r for r in ours if r.levelname not in {"DEBUG", "INFO"}] == []


async def test_a_home_with_only_a_meter_is_a_good_citizen(
    hass: HomeAssistant,
    simulated_home: SimulatedHome,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await add_home(hass, [modbus(DeviceKind.METER, simulated_home.port, 200)])

    consumption = shown(hass, "sensor.home_consumption")
    assert consumption == str(simulated_home.state.grid_w)
    ours = [
        r for r in caplog.records if r.name.startswith(f"custom_components.{DOMAIN}")
    ]
    assert [r for r in ours if r.levelname not in {"DEBUG", "INFO"}] == []


async def test_a_removed_device_takes_its_entities_along(
    hass: HomeAssistant,
    simulated_home: SimulatedHome,
    entity_registry: er.EntityRegistry,
) -> None:
    entry = await add_everything(hass, simulated_home.port)
    (charger_id,) = (
        subentry.subentry_id
        for subentry in entry.subentries.values()
        if subentry.subentry_type == DeviceKind.CHARGER
    )

    hass.config_entries.async_remove_subentry(entry, charger_id)
    await settle(hass)

    assert [device.config.kind for device in home_of(entry).devices] == [
        DeviceKind.METER,
        DeviceKind.INVERTER,
        DeviceKind.BATTERY,
    ]
    assert not [
        entity
        for entity in er.async_entries_for_config_entry(entity_registry, entry.entry_id)
        if entity.config_subentry_id == charger_id
    ]
