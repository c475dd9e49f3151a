"""Everything needed to understand a problem from afar, and nothing personal.

Raw registers come out in the form ``MockModbusUnit.load_raw`` takes in, so that a
download becomes a test. Serial numbers are blotted out in them, too.
"""

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Final

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant

from .chain.settings import CONF_URLS
from .chain.view import chain_section
from .coordinator import ModbusCoordinator
from .data import CommonWattConfigEntry
from .device_settings import CONF_SERIAL
from .drivers.modbus import ModbusDevice, PollError
from .forecasting.answer import forecast_diagnostics
from .home_device import HomeDevice
from .node_diagnostics import node_diagnostics
from .replay_diagnostics import async_replay_diagnostics

type Registers = Mapping[str, Mapping[int, int | bool]]

TO_REDACT: Final = {CONF_HOST, CONF_SERIAL, CONF_URLS, "account", "certificates"}
"""Addresses of a chain often have a key of their owner in them, and an account on it
says what its owner has."""

BLOT: Final = 0x5858
"""Two letters X in place of two characters of a serial number."""


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: CommonWattConfigEntry
) -> dict[str, object]:
    """Return what is known of a home and its devices."""
    home, settler = entry.runtime_data.home, entry.runtime_data.chain
    read: set[ModbusCoordinator] = set()
    return {
        "entry": async_redact_data(entry.data, TO_REDACT),
        "consumption_w": home.consumption_w(),
        "tariff": _plain(home.tariff()),
        "devices": [await _device(device, read) for device in home.devices],
        "node": node_diagnostics(entry),
        "replay": await async_replay_diagnostics(hass, entry),
        "chain": async_redact_data(
            None if settler is None else chain_section(settler), TO_REDACT
        ),
        "plan": _plain(entry.runtime_data.plans.plan),
        "forecast": forecast_diagnostics(entry.runtime_data.forecasts.foresight),
    }


async def _device(
    device: HomeDevice, read: set[ModbusCoordinator]
) -> dict[str, object]:
    coordinator = device.coordinator
    identity, control = coordinator.identity, device.control
    report: dict[str, object] = {
        "kind": device.config.kind,
        "settings": async_redact_data(device.config.settings.as_data(), TO_REDACT),
        "identity": async_redact_data(_plain(identity) or {}, TO_REDACT),
        "fresh": coordinator.fresh,
        "interval_s": coordinator.interval_s,
        "points": [point.key for point in device.points],
        "state": _plain(device.state),
        "values": dict(coordinator.data.values) if coordinator.data else None,
        "control": None if control is None else _plain(control.status),
    }
    if isinstance(coordinator, ModbusCoordinator) and coordinator.device is not None:
        # The parts of a hybrid share their registers: once is enough.
        if coordinator not in read:
            report["registers"] = await read_registers(coordinator.device)
        read.add(coordinator)
    return report


async def read_registers(device: ModbusDevice) -> object:
    """Return all registers without the serial number, or why there are none."""
    try:
        registers = await device.read_raw()
    except PollError as err:
        return {"error": err.fault}
    serial = device.identity.serial
    return registers if serial is None else blot_out(registers, serial)


def blot_out(registers: Registers, serial: str) -> Registers:
    """Return registers in which a serial number can no longer be read.

    It may be spelled in characters, two in a register, or be a number of 32 bits.
    """
    spelled = serial.encode().ljust(len(serial) + len(serial) % 2, b"\0")
    wanted = [
        [int.from_bytes(spelled[i : i + 2]) for i in range(0, len(spelled), 2)],
    ]
    if serial.isdecimal():
        high, low = divmod(int(serial), 1 << 16)
        wanted += [[high, low], [low, high]]
    clean = {space: dict(values) for space, values in registers.items()}
    for values in clean.values():
        for words in wanted:
            for address in _places(values, words):
                values.update({address + i: BLOT for i in range(len(words))})
    return clean


def _places(values: Mapping[int, int | bool], words: list[int]) -> list[int]:
    """Return every address at which ``words`` begin."""
    return [
        address
        for address in values
        if all(values.get(address + i) == word for i, word in enumerate(words))
    ]


def _plain(value: object) -> dict[str, object] | None:
    """Return a frozen value as plain data; None stays None."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return None
