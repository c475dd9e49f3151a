"""The simulated devices of the user's demo home, as the home reads them."""

from collections.abc import Mapping
from typing import Final

from ..device_settings import DeviceConfig, ModbusAddress, ModbusSettings
from ..drivers.modbus import SUNSPEC
from ..drivers.simulated import (
    CHARGER_UNIT,
    INVERTER_UNIT,
    LOOPBACK,
    METER_UNIT,
)
from ..engine.devices import DeviceId, DeviceKind

_UNITS: Final[Mapping[DeviceKind, tuple[int, str]]] = {
    DeviceKind.METER: (METER_UNIT, SUNSPEC),
    DeviceKind.INVERTER: (INVERTER_UNIT, SUNSPEC),
    DeviceKind.BATTERY: (INVERTER_UNIT, SUNSPEC),
    DeviceKind.CHARGER: (CHARGER_UNIT, "keba_p30"),
}
"""Unit id and driver of each; the battery is behind the hybrid inverter."""


def device_configs(*, port: int, names: Mapping[str, str]) -> tuple[DeviceConfig, ...]:
    """Return the devices that answer at ``port`` of this machine."""
    return tuple(
        DeviceConfig(
            id=DeviceId(f"demo_{kind}"),
            kind=kind,
            name=names[f"demo_device_{kind}"],
            settings=ModbusSettings(
                address=ModbusAddress(host=LOOPBACK, port=port, unit_id=unit_id),
                driver=driver,
            ),
            subentry_id=None,
        )
        for kind, (unit_id, driver) in _UNITS.items()
    )
