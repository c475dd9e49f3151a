"""Driving a battery through model 124: rates in percent, and a timer that ends them.

A power is set by naming it as both limits: discharging 30 % means "discharge at most
30 %" and "charge at most -30 %", which leaves the device one choice.  A negative rate
forces the other direction (so documented by Fronius for its GEN24 inverters).
"""

from collections.abc import Mapping
import math
from typing import Final, Self

from modbus_connection.model.sunspec import SunSpecComponent

from ....engine.devices import (
    ControlFacts,
    ControlReading,
    DeviceKind,
    Persistence,
    WatchdogKind,
)
from ..driving import ControlRefusedError
from ..link import Link
from .components import value_of

WATCHDOG_S: Final = 120
"""How long a setpoint outlives its controller."""

WATCHDOG_S_MAX: Final = 0xFFFE
SCALE_MIN: Final = -10
"""Finest power of ten of the standard; coarser than whole percents drives nothing."""

_TIMER: Final = "InOutWRte_RvrtTms"
_DISCHARGE: Final = "OutWRte"
_CHARGE: Final = "InWRte"
_FROM_GRID: Final = "ChaGriSet"
_MODE: Final = "StorCtl_Mod"
_CONTROLLED: Final = (_TIMER, _DISCHARGE, _CHARGE, _FROM_GRID, _MODE)
_SCALE: Final = "InOutWRte_SF"
_BASE: Final = "WChaMax"

_BOTH_LIMITS: Final = 0b11
_GRID: Final = 1
_UNSET: Final = 0xFFFF


class StoragePort:
    """The control registers of one model 124."""

    def __init__(
        self, link: Link, component: SunSpecComponent, facts: ControlFacts, scale: int
    ) -> None:
        self._link = link
        self._component = component
        self._facts = facts
        self._scale = scale

    @classmethod
    def of(
        cls,
        link: Link,
        component: SunSpecComponent,
        *,
        charge_w_max: float | None,
        discharge_w_max: float | None,
        watchdog_s: int,
    ) -> Self | None:
        """Return the port; None where the device cannot be driven safely.

        It needs both rates, their scale and base, the mode, and a timer of its own.
        """
        base_w, scale = value_of(component, _BASE), value_of(component, _SCALE)
        needed = (value_of(component, n) for n in (_TIMER, _DISCHARGE, _CHARGE, _MODE))
        if not isinstance(base_w, int | float) or base_w <= 0 or None in needed:
            return None
        if not isinstance(scale, int) or not SCALE_MIN <= scale <= 0:
            return None
        limits = (charge_w_max or base_w, discharge_w_max or base_w)
        facts = ControlFacts(
            kind=DeviceKind.BATTERY,
            value_min=-math.floor(min(limits[0], base_w)),
            value_max=math.floor(min(limits[1], base_w)),
            value_step=math.ceil(base_w * 10.0**scale / 100),
            pause=None,
            persistence=Persistence.VOLATILE,
            write_interval_ms=10_000,
            writes_per_day_max=2_000,
            watchdog=WatchdogKind.REWRITE,
            watchdog_ms=watchdog_s * 1000,
            fallback=None,
            effect_ms=60_000,
            effect_tolerance=max(200, round(base_w / 10)),
        )
        return cls(link, component, facts, scale)

    @property
    def facts(self) -> ControlFacts:
        """What the device allows."""
        return self._facts

    async def inspect(self) -> ControlReading:
        """Read the control registers."""
        return _interpret(await self._registers(), self._percent_w)

    async def apply(self, value: int) -> ControlReading:
        """Write timer, both limits at once, grid charging and mode; read back.

        Both limits travel in one request, so that there is no moment in which they
        contradict each other.
        """
        rate = round(value / self._percent_w)
        now = await self._registers()
        timer = self._facts.watchdog_ms // 1000
        await self._write(_TIMER, timer)
        await self._write(_DISCHARGE, rate, -rate)
        if value < 0 and now[_FROM_GRID] not in {_GRID, _UNSET}:
            await self._write(_FROM_GRID, _GRID)
        if now[_MODE] != _BOTH_LIMITS:
            await self._write(_MODE, _BOTH_LIMITS)
        after = await self._registers()
        if not 0 < after[_TIMER] <= timer:
            raise ControlRefusedError(f"the timer stays at {after[_TIMER]} s")
        return _interpret(after, self._percent_w)

    async def release(self, found: Mapping[str, int]) -> ControlReading:
        """End the limits first, then restore the rest; read back."""
        now = await self._registers()
        for name in reversed(_CONTROLLED):
            if now[name] != found[name]:
                await self._write(name, found[name])
        return await self.inspect()

    @property
    def _percent_w(self) -> float:
        """Watts in one step of a rate."""
        base_w = value_of(self._component, _BASE)
        assert isinstance(base_w, int | float), "it was there when we began"
        return float(base_w * 10.0**self._scale / 100)

    async def _registers(self) -> Mapping[str, int]:
        """Read the model, header and all, and return what we may have to restore."""
        raw = await self._link.ask(self._component.async_read_raw)
        words = raw["holding"]
        return {name: int(words[self._address(name)]) for name in _CONTROLLED}

    async def _write(self, name: str, *values: int) -> None:
        address = self._address(name)
        words = [value & 0xFFFF for value in values]
        unit = self._link.unit
        if len(words) == 1:
            await self._link.ask(lambda: unit.write_register(address, words[0]))
        else:
            await self._link.ask(lambda: unit.write_registers(address, words))

    def _address(self, name: str) -> int:
        return self._component.resolved_fields[name].address


def _interpret(registers: Mapping[str, int], percent_w: float) -> ControlReading:
    """Say in watts what the control registers mean."""
    mode = registers[_MODE]
    active = mode not in {0, _UNSET}
    discharge, charge = (_signed(registers[name]) for name in (_DISCHARGE, _CHARGE))
    ours = mode == _BOTH_LIMITS and discharge == -charge
    return ControlReading(
        active=active,
        value=round(discharge * percent_w) if active and ours else None,
        alien=active and not ours,
        registers=registers,
    )


def _signed(word: int) -> int:
    return word - 0x10000 if word & 0x8000 else word
