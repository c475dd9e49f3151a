"""A download tells everything but who: and becomes a test of its own."""

from collections.abc import Mapping
import json

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from modbus_connection.mock import MockModbusConnection
from pytest_homeassistant_custom_component.common import get_system_health_info
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.diagnostics import BLOT, blot_out
from custom_components.commonwatt.drivers.modbus import open_device
from custom_components.commonwatt.engine.devices import DeviceKind
from custom_components.commonwatt.engine.model.period import Instant
from tests.glue.homes import add_home, adopted, modbus
from tests.glue.simulated_home import SimulatedHome, simulated_home
from tests.glue.statuses import STATUS

__all__ = ["simulated_home"]

type Report = Mapping[str, object]


async def download(
    hass: HomeAssistant, client: ClientSessionGenerator, port: int
) -> list[Report]:
    """Return what is reported of the devices of a home, as a file would hold it."""
    hass.states.async_set("sensor.soc", "50", {"unit_of_measurement": "%"})
    entry = await add_home(
        hass,
        [
            modbus(DeviceKind.INVERTER, port, 1),
            modbus(DeviceKind.BATTERY, port, 1),
            modbus(DeviceKind.CHARGER, port, 255, driver="keba_p30"),
            adopted(DeviceKind.BATTERY, {"state_of_charge": "sensor.soc"}),
        ],
    )
    return await reports(hass, client, entry)


async def reports(
    hass: HomeAssistant, client: ClientSessionGenerator, entry: ConfigEntry
) -> list[Report]:
    """Return the part about devices, as it comes out of a file."""
    report = await get_diagnostics_for_config_entry(hass, client, entry)
    devices = json.loads(json.dumps(report["devices"]))
    assert isinstance(devices, list)
    return devices


async def test_a_download_becomes_a_test(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    simulated_home: SimulatedHome,
) -> None:
    inverter, battery, *_ = await download(hass, hass_client, simulated_home.port)
    assert "registers" not in battery, "a hybrid is read once"
    registers = inverter["registers"]
    assert isinstance(registers, dict)

    unit = MockModbusConnection().for_unit(1)
    unit.load_raw(registers)
    replayed = await open_device(unit, "sunspec")
    snapshot = await replayed.poll(Instant(0))

    values = inverter["values"]
    assert isinstance(values, dict)
    assert {**snapshot.values} == values


async def test_a_download_gives_nobody_away(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    simulated_home: SimulatedHome,
) -> None:
    devices = await download(hass, hass_client, simulated_home.port)

    text = json.dumps(devices)
    assert "127.0.0.1" not in text
    serials = [
        device.coordinator.identity.serial
        for entry in hass.config_entries.async_entries(DOMAIN)
        for device in entry.runtime_data.home.devices
        if device.coordinator.identity is not None
    ]
    assert len(serials) == 3
    assert all(serial and serial not in text for serial in serials)
    registers = devices[0]["registers"]
    assert isinstance(registers, dict)
    assert BLOT in registers["holding"].values()


async def test_a_device_that_does_not_answer_is_reported_too(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    simulated_home: SimulatedHome,
) -> None:
    entry = await add_home(hass, [modbus(DeviceKind.METER, simulated_home.port, 200)])
    await simulated_home.stop()

    (meter,) = await reports(hass, hass_client, entry)

    assert meter["registers"] == {"error": "link_down"}


def test_serial_numbers_are_found_however_they_are_spelled() -> None:
    registers: Mapping[str, Mapping[int, int | bool]] = {
        "holding": {10: 0x4142, 11: 0x3100, 20: 0x0001, 21: 0xE240, 30: 0x4142},
        "coil": {1: True},
    }

    assert blot_out(registers, "AB1") == {
        "holding": {10: BLOT, 11: BLOT, 20: 0x0001, 21: 0xE240, 30: 0x4142},
        "coil": {1: True},
    }
    assert blot_out(registers, "123456") == {
        "holding": {10: 0x4142, 11: 0x3100, 20: BLOT, 21: BLOT, 30: 0x4142},
        "coil": {1: True},
    }


async def test_the_health_of_the_system_counts_homes_and_devices(
    hass: HomeAssistant, simulated_home: SimulatedHome
) -> None:
    assert await async_setup_component(hass, "system_health", {})
    hass.states.async_set("sensor.soc", "unavailable")
    entry = await add_home(
        hass,
        [
            modbus(DeviceKind.METER, simulated_home.port, 200),
            adopted(DeviceKind.BATTERY, {"state_of_charge": "sensor.soc"}),
        ],
    )

    assert await get_system_health_info(hass, DOMAIN) == {
        "homes": 1,
        "devices_answering": "1/2",
        "devices_armed": 0,
        "members_online": "1/1",
        "last_settled": None,
    }
    entry.runtime_data.market.publish(STATUS)
    known = await get_system_health_info(hass, DOMAIN)
    assert known["members_online"] == f"{STATUS.members_online}/{STATUS.members}"
    assert known["last_settled"] == str(STATUS.last_settled)
