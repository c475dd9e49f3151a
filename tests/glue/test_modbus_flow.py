"""Adding devices that speak Modbus: real ones on loopback, and every way to fail."""

import asyncio
from collections.abc import AsyncIterator
import time
from unittest.mock import patch

from homeassistant.components.modbus import async_get_temporary_unit
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from modbus_connection import ModbusSerialParams, ModbusTcpParams
import pytest

from custom_components.commonwatt.device_settings import ModbusSettings
from custom_components.commonwatt.drivers.modbus import PollError, PollFault
from custom_components.commonwatt.drivers.modbus.sunspec import SunSpecDevice
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
from tests.glue.homes import add_home, adopted, modbus
from tests.glue.simulated_home import SimulatedHome, simulated_home

__all__ = ["simulated_home"]


def address(port: int, unit_id: int, changes: Form | None = None) -> Form:
    """Return the form as somebody would fill it in."""
    form: Form = {"host": "127.0.0.1", "port": port, "unit_id": unit_id}
    return form | {"driver": "auto"} | (changes or {})


@pytest.mark.parametrize(
    ("kind", "unit_id", "driver"),
    [
        (DeviceKind.METER, 200, "sunspec"),
        (DeviceKind.METER, 2, "sdm630"),
        (DeviceKind.INVERTER, 1, "sunspec"),
        (DeviceKind.BATTERY, 1, "sunspec"),
        (DeviceKind.CHARGER, 255, "keba_p30"),
    ],
)
async def test_a_device_is_found_and_shown_before_it_is_saved(
    hass: HomeAssistant,
    simulated_home: SimulatedHome,
    kind: DeviceKind,
    unit_id: int,
    driver: str,
) -> None:
    entry = await add_home(hass)
    form = await add_device(hass, entry, kind, "modbus")
    confirm = await fill_in_device(hass, form, address(simulated_home.port, unit_id))

    assert confirm["step_id"] == "modbus_confirm", confirm["errors"]
    assert not entry.subentries
    shown = confirm["description_placeholders"]
    assert shown is not None
    assert shown["manufacturer"]
    assert shown["power"].endswith("W")

    name = preset(confirm)["name"]
    result = await fill_in_device(hass, confirm, {**preset(confirm)})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (subentry,) = entry.subentries.values()
    assert subentry.title == name
    settings = ModbusSettings.from_data(subentry.data)
    assert settings.driver == driver
    assert settings.address.unit_id == unit_id


async def test_the_parts_of_a_hybrid_are_told_apart_by_name(
    hass: HomeAssistant, simulated_home: SimulatedHome
) -> None:
    entry = await add_home(hass)
    names = {}
    for kind, unit_id in (
        (DeviceKind.METER, 200),
        (DeviceKind.INVERTER, 1),
        (DeviceKind.BATTERY, 1),
    ):
        form = await add_device(hass, entry, kind, "modbus")
        entered = address(simulated_home.port, unit_id)
        names[kind] = preset(await fill_in_device(hass, form, entered))["name"]

    assert names == {
        DeviceKind.METER: "CommonWatt Simulated meter",
        DeviceKind.INVERTER: "CommonWatt Simulated hybrid solar inverter",
        DeviceKind.BATTERY: "CommonWatt Simulated hybrid battery",
    }


async def test_a_driver_can_be_chosen(
    hass: HomeAssistant, simulated_home: SimulatedHome
) -> None:
    entry = await add_home(hass)
    form = await add_device(hass, entry, DeviceKind.METER, "modbus")
    port = simulated_home.port

    result = await fill_in_device(hass, form, address(port, 2, {"driver": "sunspec"}))
    assert result["errors"] == {"base": "not_supported"}

    result = await fill_in_device(hass, result, address(port, 2, {"driver": "sdm630"}))
    assert result["step_id"] == "modbus_confirm"


async def test_a_chosen_driver_must_fit_the_kind(
    hass: HomeAssistant, simulated_home: SimulatedHome
) -> None:
    entry = await add_home(hass)
    form = await add_device(hass, entry, DeviceKind.BATTERY, "modbus")
    entered = address(simulated_home.port, 200, {"driver": "sunspec"})

    result = await fill_in_device(hass, form, entered)

    assert result["errors"] == {"base": "wrong_kind"}


@pytest.mark.parametrize(
    ("fault", "error"),
    [(PollFault.SILENT, "no_answer"), (PollFault.GARBLED, "no_readings")],
)
async def test_a_device_that_gives_no_readings_is_not_saved(
    hass: HomeAssistant, simulated_home: SimulatedHome, fault: PollFault, error: str
) -> None:
    entry = await add_home(hass)
    form = await add_device(hass, entry, DeviceKind.METER, "modbus")
    entered = address(simulated_home.port, 200)

    with patch.object(SunSpecDevice, "poll", side_effect=PollError(fault)):
        result = await fill_in_device(hass, form, entered)
    assert result["errors"] == {"base": error}

    result = await fill_in_device(hass, result, entered)
    assert result["step_id"] == "modbus_confirm"


async def test_a_meter_is_asked_which_way_power_flows(
    hass: HomeAssistant, simulated_home: SimulatedHome
) -> None:
    entry = await add_home(hass)
    form = await add_device(hass, entry, DeviceKind.METER, "modbus")
    confirm = await fill_in_device(hass, form, address(simulated_home.port, 200))
    flows = "positive" if simulated_home.state.grid_w > 0 else "negative"
    assert question(confirm, "sign") == f"meter_sign_{flows}"

    result = await fill_in_device(hass, confirm, {"name": " ", "sign": "reversed"})
    assert result["errors"] == {"name": "name_invalid"}
    await fill_in_device(hass, result, {"name": "Mains", "sign": "reversed"})

    (device,) = entry.runtime_data.home.devices
    image = entry.runtime_data.home.image()
    assert image.meters[device.config.id].power_w == -simulated_home.state.grid_w


@pytest.mark.parametrize(
    ("kind", "changes", "errors"),
    [
        (DeviceKind.METER, {"host": " "}, {"host": "host_invalid"}),
        (DeviceKind.METER, {"host": "tcp://it"}, {"host": "host_invalid"}),
        (DeviceKind.METER, {"port": 0}, {"port": "port_invalid"}),
        (DeviceKind.METER, {"port": 502.5}, {"port": "port_invalid"}),
        (DeviceKind.METER, {"unit_id": 256}, {"unit_id": "unit_id_invalid"}),
        (DeviceKind.METER, {"unit_id": 77}, {"base": "wrong_unit"}),
        (DeviceKind.METER, {"unit_id": 255}, {"base": "not_supported"}),
        (DeviceKind.BATTERY, {"unit_id": 200}, {"base": "wrong_kind"}),
        (DeviceKind.METER, {"unit_id": 1}, {"base": "wrong_kind"}),
        (DeviceKind.CHARGER, {"unit_id": 2}, {"base": "not_supported"}),
    ],
)
async def test_a_wrong_address_is_explained_and_nothing_is_lost(
    hass: HomeAssistant,
    simulated_home: SimulatedHome,
    kind: DeviceKind,
    changes: Form,
    errors: dict[str, str],
) -> None:
    entry = await add_home(hass)
    form = await add_device(hass, entry, kind, "modbus")
    entered = address(simulated_home.port, 200, changes)

    result = await fill_in_device(hass, form, entered)

    assert result["step_id"] == "modbus"
    assert result["errors"] == errors
    assert suggested(result) == entered


async def test_nobody_listens_there(
    hass: HomeAssistant, simulated_home: SimulatedHome
) -> None:
    await simulated_home.stop()
    entry = await add_home(hass)
    form = await add_device(hass, entry, DeviceKind.METER, "modbus")
    entered = address(simulated_home.port, 200)

    result = await fill_in_device(hass, form, entered)
    assert result["errors"] == {"base": "no_connection"}

    await simulated_home.start()
    result = await fill_in_device(hass, result, entered)
    assert result["step_id"] == "modbus_confirm"


@pytest.fixture
async def silent_port(
    socket_enabled: None,  # noqa: ARG001  # opens loopback
) -> AsyncIterator[int]:
    """Return a port where connections are accepted and nothing is ever said."""
    hush = asyncio.Event()

    async def say_nothing(
        _reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await hush.wait()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    yield port
    hush.set()
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize("kind", [DeviceKind.METER, DeviceKind.CHARGER])
async def test_a_silent_unit_is_given_up_within_three_seconds(
    hass: HomeAssistant, silent_port: int, kind: DeviceKind
) -> None:
    entry = await add_home(hass)
    form = await add_device(hass, entry, kind, "modbus")

    started = time.monotonic()
    result = await fill_in_device(hass, form, address(silent_port, 1))

    assert result["errors"] == {"base": "no_answer"}
    assert time.monotonic() - started < 3


async def test_an_address_in_use_as_a_serial_line_is_explained(
    hass: HomeAssistant, simulated_home: SimulatedHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = await add_home(hass)
    form = await add_device(hass, entry, DeviceKind.METER, "modbus")
    # Another integration holds the same endpoint with other settings.
    theirs = ModbusSerialParams(device="/dev/ttyUSB0")
    ours = ModbusTcpParams(host="127.0.0.1", port=simulated_home.port)
    monkeypatch.setattr(ModbusSerialParams, "endpoint", ours.endpoint)

    async with async_get_temporary_unit(hass, theirs, 1):
        result = await fill_in_device(hass, form, address(simulated_home.port, 200))

    assert result["errors"] == {"base": "link_in_use"}


async def test_a_device_is_added_once(
    hass: HomeAssistant, simulated_home: SimulatedHome
) -> None:
    port = simulated_home.port
    await add_home(hass, [modbus(DeviceKind.METER, port, 200)], name="Farm")
    entry = await add_home(hass)
    form = await add_device(hass, entry, DeviceKind.METER, "modbus")

    result = await fill_in_device(hass, form, address(port, 200))
    assert result["errors"] == {"base": "duplicate_device"}
    assert result["description_placeholders"] == {"other": "Meter"}


async def test_the_parts_of_a_hybrid_are_no_duplicates(
    hass: HomeAssistant, simulated_home: SimulatedHome
) -> None:
    port = simulated_home.port
    soc = adopted(DeviceKind.BATTERY, {"state_of_charge": "sensor.another"})
    entry = await add_home(hass, [modbus(DeviceKind.INVERTER, port, 1), soc])
    form = await add_device(hass, entry, DeviceKind.BATTERY, "modbus")

    result = await fill_in_device(hass, form, address(port, 1))

    assert result["step_id"] == "modbus_confirm"


async def test_a_device_can_move_to_another_address(
    hass: HomeAssistant, simulated_home: SimulatedHome
) -> None:
    entry = await add_home(hass)
    port = simulated_home.port
    form = await add_device(hass, entry, DeviceKind.INVERTER, "modbus")
    confirm = await fill_in_device(hass, form, address(port, 1))
    await fill_in_device(hass, confirm, {"name": "Roof"})
    (subentry_id,) = entry.subentries

    form = await change_device(hass, entry, subentry_id)
    assert suggested(form) == address(port, 1, {"driver": "sunspec"})
    moved = address(port, 1, {"host": "localhost"})
    confirm = await fill_in_device(hass, form, moved)
    assert preset(confirm) == {"name": "Roof"}
    result = await fill_in_device(hass, confirm, {"name": "Roof south"})

    assert result["reason"] == "reconfigure_successful"
    subentry = entry.subentries[subentry_id]
    assert subentry.title == "Roof south"
    assert ModbusSettings.from_data(subentry.data).address.host == "localhost"


async def test_another_device_does_not_take_the_place_of_the_first(
    hass: HomeAssistant, simulated_home: SimulatedHome
) -> None:
    port = simulated_home.port
    meter = modbus(DeviceKind.METER, port, 200, serial="another")
    entry = await add_home(hass, [meter])
    (subentry_id,) = entry.subentries

    form = await change_device(hass, entry, subentry_id)
    result = await fill_in_device(hass, form, address(port, 200))

    assert result["errors"] == {"base": "other_device"}
