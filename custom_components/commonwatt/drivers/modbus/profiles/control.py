"""Driving a device as its profile says."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from modbus_connection.model import ManualComponent

from ....engine.devices import ControlFacts, ControlReading
from ..driving import ControlRefusedError
from ..link import Link
from .control_schema import ControlProfile, Step, StepValue
from .schema import Profile

_LIMIT: Final = "limit"
_FALLBACK: Final = "fallback"
_TIMEOUT: Final = "timeout"


class ProfilePort:
    """The control registers of a device that is described by a profile.

    Such a device tells neither who set its limit nor, while it is paused, which one.
    What is ours is recognised by the watchdog: we write an odd time, and whoever else
    controls the device writes another.
    """

    def __init__(
        self, link: Link, profile: Profile, control: ControlProfile, facts: ControlFacts
    ) -> None:
        self._link: Final = link
        self._control: Final = control
        self._facts: Final = facts
        self._readings: Final = ManualComponent(
            link.unit,
            max_gap=profile.requests.gap_max,
            max_span=profile.requests.registers_max,
        )
        for key, register in control.readings.items():
            self._readings.add(key, register.field(), space="holding")
        self._engaged = False

    @property
    def facts(self) -> ControlFacts:
        """What the device allows."""
        return self._facts

    async def inspect(self) -> ControlReading:
        """Read the control registers."""
        return self._interpret(await self._registers())

    async def apply(self, value: int) -> ControlReading:
        """Write the steps of the profile in their order and read back."""
        paused = value == self._facts.pause
        for step in self._control.apply:
            if step.applies(paused=paused):
                await self._write(step, self._resolve(step.value, value, {}))
        self._engaged = True
        registers = await self._registers()
        if registers[_TIMEOUT] != self._timeout_s:
            raise ControlRefusedError(f"its watchdog waits {registers[_TIMEOUT]} s")
        reading = self._interpret(registers)
        return reading if paused else replace(reading, value=registers[_LIMIT])

    async def release(self, found: Mapping[str, int]) -> ControlReading:
        """Write the steps that give the device back and read back."""
        for step in self._control.release:
            await self._write(step, self._resolve(step.value, 0, found))
        self._engaged = False
        return await self.inspect()

    @property
    def _timeout_s(self) -> int:
        return self._facts.watchdog_ms // 1000

    def _interpret(self, registers: Mapping[str, int]) -> ControlReading:
        limit, timeout = registers[_LIMIT], registers[_TIMEOUT]
        lowered = limit < self._facts.value_max and limit != registers[_FALLBACK]
        return ControlReading(
            active=timeout != 0 and (self._engaged or lowered),
            value=None,
            alien=timeout not in {0, self._timeout_s},
            registers=registers,
        )

    def _resolve(
        self, value: int | StepValue, setpoint: int, found: Mapping[str, int]
    ) -> int:
        if not isinstance(value, StepValue):
            return value
        fallback = self._facts.fallback
        assert fallback is not None, "a profile has a fallback"
        limit = found.get(_LIMIT, 0)
        unlimited = limit < self._facts.value_min
        return {
            StepValue.SETPOINT: setpoint,
            StepValue.FALLBACK: fallback,
            StepValue.TIMEOUT: self._timeout_s,
            StepValue.FOUND_LIMIT: self._facts.value_max if unlimited else limit,
            StepValue.FOUND_FALLBACK: found.get(_FALLBACK, 0),
            StepValue.FOUND_TIMEOUT: found.get(_TIMEOUT, 0),
        }[value]

    async def _registers(self) -> Mapping[str, int]:
        decoded = await self._link.ask(self._readings.async_update)
        return {
            key: round(float(decoded[key] or 0) * register.scale)
            for key, register in self._control.readings.items()
        }

    async def _write(self, step: Step, word: int) -> None:
        unit = self._link.unit
        await self._link.ask(lambda: unit.write_register(step.address, word))
