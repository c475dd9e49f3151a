"""A device of a home: what was configured, what it says, and control over it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from .adopted import EntityCoordinator
from .control import ArmedDevice
from .control_store import ClaimStore
from .coordinator import Clock, DeviceCoordinator, ModbusCoordinator
from .device_settings import AdoptedSettings, DeviceConfig, ModbusSettings
from .drivers.modbus import ModbusDevice
from .engine.devices import (
    BatteryState,
    ChargerState,
    DeviceKind,
    DeviceState,
    InverterState,
    MeterState,
    Point,
)

INTERVALS_S: Final[Mapping[DeviceKind, int]] = {
    DeviceKind.METER: 5,
    DeviceKind.INVERTER: 10,
    DeviceKind.BATTERY: 10,
    DeviceKind.CHARGER: 10,
}
"""How often each kind is read."""


@dataclass(kw_only=True)
class HomeDevice:
    """One device of the home."""

    config: DeviceConfig
    coordinator: DeviceCoordinator
    control: ArmedDevice | None = field(default=None, init=False)
    """None while it is not known, and for ever where the device is read-only."""

    _opened: ModbusDevice | None = field(default=None, init=False)

    @property
    def points(self) -> tuple[Point, ...]:
        """What this part of the device offers; empty until it has answered once."""
        kind = self.config.kind
        return tuple(point for point in self.coordinator.points if point.kind is kind)

    @property
    def state(self) -> DeviceState | None:
        """What the engine sees of it; None before it has answered once."""
        snapshot = self.coordinator.data
        if snapshot is None:
            return None
        match self.config.kind:
            case DeviceKind.METER:
                return MeterState.of(snapshot)
            case DeviceKind.INVERTER:
                return InverterState.of(snapshot)
            case DeviceKind.BATTERY:
                return BatteryState.of(snapshot)
            case DeviceKind.CHARGER:
                return ChargerState.of(snapshot)

    @callback
    def take_over(self, claims: ClaimStore) -> None:
        """Get hold of the control of a device that was opened (again)."""
        coordinator = self.coordinator
        if not isinstance(coordinator, ModbusCoordinator):
            return
        opened = coordinator.device
        if opened is None or opened is self._opened:
            return
        self._opened = opened
        control = opened.control(
            self.config.kind,
            self.config.id,
            claims.get(self.config.id),
            partial(claims.put, self.config.id),
        )
        if control is None:
            return
        if self.control is None:
            self.control = ArmedDevice(
                coordinator.hass,
                coordinator.entry,
                self.config,
                control=control,
                clock=coordinator.clock,
                changed=coordinator.async_update_listeners,
            )
            self.control.start()
        else:
            self.control.replace(control)


def build_devices(
    hass: HomeAssistant,
    entry: ConfigEntry,
    configs: Sequence[DeviceConfig],
    *,
    clock: Clock,
    interval_s: int | None,
) -> tuple[HomeDevice, ...]:
    """Give every device its coordinator; the parts of a hybrid share one.

    ``interval_s`` overrides what each kind needs.
    """

    def interval(kinds: Iterable[DeviceKind]) -> int:
        return interval_s or min(INTERVALS_S[kind] for kind in kinds)

    def coordinator_of(parts: Sequence[DeviceConfig]) -> DeviceCoordinator:
        first = parts[0]
        name = f"{' and '.join(part.name for part in parts)} of {entry.title}"
        seconds = interval(part.kind for part in parts)
        match first.settings:
            case ModbusSettings() as modbus:
                return ModbusCoordinator(
                    hass, entry, modbus, name=name, interval_s=seconds, clock=clock
                )
            case AdoptedSettings() as adopted:
                return EntityCoordinator(
                    hass,
                    entry,
                    adopted,
                    kind=first.kind,
                    name=name,
                    interval_s=seconds,
                    clock=clock,
                )

    parts_of: dict[str, list[DeviceConfig]] = {}
    for config in configs:
        settings = config.settings
        shared = isinstance(settings, ModbusSettings)
        parts_of.setdefault(repr(settings) if shared else config.id, []).append(config)
    coordinators = {key: coordinator_of(parts) for key, parts in parts_of.items()}
    return tuple(
        HomeDevice(config=config, coordinator=coordinators[key])
        for key, parts in parts_of.items()
        for config in parts
    )
