"""The home's hybrid inverter with battery, as a SunSpec device one can steer."""

from collections.abc import Mapping, Sequence
from typing import Final

from ...engine.simulation.homes import BatterySpec, HomeState, PVSpec
from ..modbus.sunspec.facts import ModelFacts
from .encoding import signed
from .inverter_models import inverter_contents
from .storage_control import WRITABLE, StorageControl
from .sunspec_map import BASE, SunSpecImage, build_image, map_length
from .unit import Function, Refusal, Span

CONTROL_MODELS: Final = (123, 124)


class HybridInverter:
    """Models 1, 103, 120, 121, 123, 124, 160 and 802; 123 and 124 can be written."""

    def __init__(
        self,
        state: HomeState,
        facts: Mapping[int, ModelFacts],
        *,
        pv: PVSpec,
        battery: BatterySpec,
        unit_id: int,
    ) -> None:
        self.unit_id = unit_id
        self.control = StorageControl(output_w_max=pv.output_w_max, battery=battery)
        self._pv = pv
        self._battery = battery
        self._state = state
        self._facts = facts
        self._image = self._build()
        self._is_old = False
        self._writable = self._writable_points()

    def spans(self) -> tuple[Span, ...]:
        """Return where the device has registers."""
        return (Span(BASE, len(self._image.registers)),)

    def show(self, state: HomeState) -> None:
        """Let the registers, and timers that run out, follow the home."""
        self._state = state
        self.control.pass_time(state.at)
        self._is_old = True

    def read(self, function: int, address: int, count: int) -> Sequence[int] | Refusal:
        """Answer a request to read holding registers."""
        if function != Function.READ_HOLDING:
            return Refusal.ILLEGAL_FUNCTION
        if self._is_old:
            self._image, self._is_old = self._build(), False
        registers = self._image.read(address, count)
        return Refusal.ILLEGAL_ADDRESS if registers is None else registers

    def write(
        self, function: int, address: int, values: Sequence[int]
    ) -> Refusal | None:
        """Change points of models 123 and 124."""
        if function not in (Function.WRITE_SINGLE, Function.WRITE_MULTIPLE):
            return Refusal.ILLEGAL_FUNCTION
        changes: dict[str, int] = {}
        for offset, register in enumerate(values):
            if address + offset not in self._writable:
                return Refusal.ILLEGAL_ADDRESS
            name = self._writable[address + offset]
            negative = WRITABLE[name].start < 0
            changes[name] = signed(register) if negative else register
        refusal = self.control.write(changes, self._state.at)
        self._is_old = True
        return refusal

    def _build(self) -> SunSpecImage:
        contents = inverter_contents(
            self._state,
            pv=self._pv,
            battery=self._battery,
            control=self.control,
            unit_id=self.unit_id,
        )
        image = build_image(contents, self._facts)
        assert len(image.registers) == map_length(contents), "the map is complete"
        return image

    def _writable_points(self) -> Mapping[int, str]:
        """Return the addresses of the points that can be written."""
        return {
            self._image.starts[model] + point.offset: point.name
            for model in CONTROL_MODELS
            for point in self._facts[model].points
            if point.name in WRITABLE
        }
