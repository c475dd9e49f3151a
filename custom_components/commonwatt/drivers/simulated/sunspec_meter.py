"""The home's meter as a SunSpec three-phase meter: model 203, import is positive."""

from collections.abc import Mapping, Sequence
from typing import Final

from ...engine.simulation.homes import HomeState
from ..modbus.sunspec.facts import ModelFacts
from .common import common_model
from .electrical import electrical
from .lifetime import LIFETIME
from .sunspec_map import BASE, ModelContent, SunSpecImage, build_image, map_length
from .unit import Function, Refusal, Span

LENGTH: Final = 105
SERIAL: Final = "CW-METER-0001"
PHASES: Final = ("A", "B", "C")
SQRT_3: Final = 3**0.5

SCALES: Final = {
    "A_SF": -2,
    "V_SF": -1,
    "Hz_SF": -2,
    "W_SF": 0,
    "VA_SF": 0,
    "VAR_SF": 0,
    "PF_SF": -2,
    "TotWh_SF": 0,
}


class SunSpecMeter:
    """Reads only; nothing in it can be set."""

    def __init__(
        self, state: HomeState, facts: Mapping[int, ModelFacts], *, unit_id: int
    ) -> None:
        self.unit_id = unit_id
        self._state = state
        self._facts = facts
        self._image: SunSpecImage | None = None

    def spans(self) -> tuple[Span, ...]:
        """Return where the device has registers."""
        return (Span(BASE, map_length(self._contents())),)

    def show(self, state: HomeState) -> None:
        """Let the registers follow the home."""
        self._state, self._image = state, None

    def read(self, function: int, address: int, count: int) -> Sequence[int] | Refusal:
        """Answer a request to read holding registers."""
        if function != Function.READ_HOLDING:
            return Refusal.ILLEGAL_FUNCTION
        if self._image is None:
            self._image = build_image(self._contents(), self._facts)
        registers = self._image.read(address, count)
        return Refusal.ILLEGAL_ADDRESS if registers is None else registers

    def write(
        self, function: int, address: int, values: Sequence[int]
    ) -> Refusal | None:
        """Refuse: there is nothing to set."""
        del function, address, values
        return Refusal.ILLEGAL_FUNCTION

    def _contents(self) -> tuple[ModelContent, ...]:
        common = common_model(
            name="Simulated meter", serial=SERIAL, unit_id=self.unit_id
        )
        values = SCALES | _totals(self._state) | _phases(self._state)
        return common, ModelContent(model=203, length=LENGTH, values=values)


def _totals(state: HomeState) -> dict[str, float | str]:
    values = electrical(state)
    mean_v = sum(values.voltages_v) / len(PHASES)
    apparent_va = values.apparent_va
    return {
        "A": sum(phase.current_a for phase in values.phases),
        "PhV": mean_v,
        "PPV": mean_v * SQRT_3,
        "Hz": values.frequency_hz,
        "W": state.grid_w,
        "VA": apparent_va,
        "VAR": values.reactive_var,
        "PF": 100 * state.grid_w / apparent_va if apparent_va else 100,
        "TotWhExp": LIFETIME.export_wh + state.counters.export_wh,
        "TotWhImp": LIFETIME.import_wh + state.counters.import_wh,
    }


def _phases(state: HomeState) -> dict[str, float | str]:
    values: dict[str, float | str] = {}
    for letter, phase in zip(PHASES, electrical(state).phases, strict=True):
        values[f"Aph{letter}"] = phase.current_a
        values[f"PhVph{letter}"] = phase.voltage_v
        values[f"Wph{letter}"] = phase.power_w
        values[f"VAph{letter}"] = phase.apparent_va
        values[f"VARph{letter}"] = phase.reactive_var
        values[f"PFph{letter}"] = 100 * phase.power_factor
    imports = zip(PHASES, state.import_phases_wh, strict=True)
    for letter, energy_wh in imports:
        values[f"TotWhImpPh{letter}"] = LIFETIME.phase_import_wh + energy_wh
    exports = zip(PHASES, state.export_phases_wh, strict=True)
    for letter, energy_wh in exports:
        values[f"TotWhExpPh{letter}"] = LIFETIME.phase_export_wh + energy_wh
    return values
