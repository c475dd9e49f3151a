"""The home's meter as an Eastron SDM630: input registers, floats of two words."""

from collections.abc import Sequence
from typing import Final

from ...engine.simulation.homes import HomeState
from .electrical import Electrical, PhaseValues, electrical
from .encoding import float32
from .lifetime import LIFETIME
from .unit import Function, Refusal, Span

READ_MAX: Final = 80
"""40 values in one request, as the device's documentation has it."""

SPANS: Final = (Span(0x0000, 0x50), Span(0x0156, 2), Span(0x015A, 12))


class EastronMeter:
    """Values exist at even addresses; registers in between hold nothing (0)."""

    def __init__(self, state: HomeState, *, unit_id: int) -> None:
        self.unit_id = unit_id
        self._state = state
        self._registers: dict[int, int] | None = None

    def spans(self) -> tuple[Span, ...]:
        """Return where the device has registers."""
        return SPANS

    def show(self, state: HomeState) -> None:
        """Let the registers follow the home."""
        self._state, self._registers = state, None

    def read(self, function: int, address: int, count: int) -> Sequence[int] | Refusal:
        """Answer a request; whole values only, at most 40 of them."""
        if function != Function.READ_INPUT:
            return Refusal.ILLEGAL_FUNCTION
        if count > READ_MAX or count % 2 or address % 2:
            return Refusal.ILLEGAL_ADDRESS
        if self._registers is None:
            self._registers = _registers(self._state)
        return [self._registers.get(address + offset, 0) for offset in range(count)]

    def write(
        self, function: int, address: int, values: Sequence[int]
    ) -> Refusal | None:
        """Refuse: there is nothing to set."""
        del function, address, values
        return Refusal.ILLEGAL_FUNCTION


def _registers(state: HomeState) -> dict[int, int]:
    values = electrical(state)
    numbers = _by_phase(values) | _totals(state, values) | _energies(state)
    registers: dict[int, int] = {}
    for address, number in numbers.items():
        registers[address], registers[address + 1] = float32(number)
    return registers


def _by_phase(values: Electrical) -> dict[int, float]:
    numbers: dict[int, float] = {}
    for index, phase in enumerate(values.phases):
        for first, number in zip(
            (0x00, 0x06, 0x0C, 0x12, 0x18, 0x1E), _of_phase(phase), strict=True
        ):
            numbers[first + 2 * index] = number
    return numbers


def _of_phase(phase: PhaseValues) -> tuple[float, ...]:
    return (
        phase.voltage_v,
        phase.current_a,
        phase.power_w,
        phase.apparent_va,
        phase.reactive_var,
        phase.power_factor,
    )


def _totals(state: HomeState, values: Electrical) -> dict[int, float]:
    currents = [phase.current_a for phase in values.phases]
    apparent_va = values.apparent_va
    return {
        0x2A: sum(values.voltages_v) / 3,
        0x2E: sum(currents) / 3,
        0x30: sum(currents),
        0x34: state.grid_w,
        0x38: apparent_va,
        0x3C: values.reactive_var,
        0x3E: state.grid_w / apparent_va if apparent_va else 1.0,
        0x46: values.frequency_hz,
    }


def _energies(state: HomeState) -> dict[int, float]:
    import_wh = LIFETIME.import_wh + state.counters.import_wh
    export_wh = LIFETIME.export_wh + state.counters.export_wh
    numbers = {
        0x48: import_wh / 1000,
        0x4A: export_wh / 1000,
        0x156: (import_wh + export_wh) / 1000,
    }
    for index, phase_wh in enumerate(state.import_phases_wh):
        numbers[0x15A + 2 * index] = (LIFETIME.phase_import_wh + phase_wh) / 1000
    for index, phase_wh in enumerate(state.export_phases_wh):
        numbers[0x160 + 2 * index] = (LIFETIME.phase_export_wh + phase_wh) / 1000
    return numbers
