"""Voltages, currents and frequency that go with the powers of a home at one instant."""

from dataclasses import dataclass
from math import hypot
from typing import Final

from ...engine.model.period import MINUTE_MS, SECOND_MS
from ...engine.simulation.homes import HomeState
from ...engine.simulation.homes.dice import derive_seed, unit

NOMINAL_V: Final = 232.0
SERVICE_LINE_OHM: Final = 0.22
"""From the transformer to the meter: why a charging car dims the light."""

REACTIVE_SHARE: Final = 0.14
"""Reactive power of appliances, in parts of their active power."""

NOMINAL_HZ: Final = 50.0


@dataclass(frozen=True, slots=True)
class PhaseValues:
    """One phase at the meter; power + is import."""

    voltage_v: float
    power_w: int
    reactive_var: float

    @property
    def apparent_va(self) -> float:
        """Geometric sum of active and reactive power."""
        return hypot(self.power_w, self.reactive_var)

    @property
    def current_a(self) -> float:
        """Effective current, without a direction."""
        return self.apparent_va / self.voltage_v

    @property
    def power_factor(self) -> float:
        """Active over apparent power, with the direction of the active power."""
        return self.power_w / self.apparent_va if self.apparent_va else 1.0


@dataclass(frozen=True, slots=True)
class Electrical:
    """The meter's node."""

    phases: tuple[PhaseValues, PhaseValues, PhaseValues]
    frequency_hz: float

    @property
    def apparent_va(self) -> float:
        """Sum over the phases."""
        return sum(phase.apparent_va for phase in self.phases)

    @property
    def reactive_var(self) -> float:
        """Sum over the phases."""
        return sum(phase.reactive_var for phase in self.phases)

    @property
    def voltages_v(self) -> tuple[float, float, float]:
        """Between each phase and neutral."""
        first, second, third = self.phases
        return first.voltage_v, second.voltage_v, third.voltage_v


def electrical(state: HomeState) -> Electrical:
    """Return the values at the meter; their last digits change every second."""
    seed = derive_seed(state.key, "grid")
    first, second, third = (
        PhaseValues(
            voltage_v=_voltage_v(state, power_w, derive_seed(seed, number)),
            power_w=power_w,
            reactive_var=state.load_w * REACTIVE_SHARE / 3,
        )
        for number, power_w in enumerate(state.grid_phases_w)
    )
    return Electrical(
        phases=(first, second, third),
        frequency_hz=NOMINAL_HZ
        + 0.03 * _swing(seed, state.at // MINUTE_MS)
        + 0.004 * _swing(seed, state.at // SECOND_MS),
    )


def _voltage_v(state: HomeState, power_w: int, seed: int) -> float:
    open_circuit_v = (
        NOMINAL_V
        + 1.2 * _swing(seed, state.at // (10 * MINUTE_MS))
        + 0.25 * _swing(seed, state.at // SECOND_MS)
    )
    return open_circuit_v - SERVICE_LINE_OHM * power_w / NOMINAL_V


def _swing(seed: int, index: int) -> float:
    return 2 * unit(seed, index) - 1
