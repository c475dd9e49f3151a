"""The home's charging point as a KEBA KeContact P30 on Modbus TCP.

One datapoint of two registers per request to read (FC3), one register per request to
write (FC6).  The current that was set holds until the device restarts; the failsafe
current takes over when no write came for the failsafe timeout, counted on the simulated
clock, and the next write ends it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ...engine.model.period import SECOND_MS, Instant, after
from ...engine.simulation.homes import CarSpec, CarState, ChargerCommand, HomeState
from .electrical import electrical
from .encoding import uint32
from .lifetime import LIFETIME
from .unit import Function, Refusal, Span

SERIAL: Final = 25_118_804
PRODUCT: Final = 312_110
"""P30 with a cable, 16 A, c-series, plain energy meter, no card reader."""

FIRMWARE: Final = 0x030A1000
"""3.10.16."""

CURRENT_MA: Final = range(6_000, 63_001)
FAILSAFE_CURRENT_MA: Final = range(6_000, 32_001)
FAILSAFE_TIMEOUT_S: Final = range(10, 601)

READABLE: Final = Span(1000, 604)
WRITABLE: Final = Span(5004, 15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What can be written."""

    current_ma: int = CURRENT_MA[-1]
    failsafe_ma: int = 0
    failsafe_s: int = 0
    enabled: bool = True
    written_at: Instant | None = None

    @property
    def failsafe_at(self) -> Instant | None:
        """When the failsafe current takes over, if nothing is written until then."""
        if self.written_at is None or self.failsafe_s == 0:
            return None
        return after(self.written_at, self.failsafe_s * SECOND_MS)


class KebaCharger:
    """The charging point; the car is the home's."""

    def __init__(self, state: HomeState, car: CarSpec, *, unit_id: int) -> None:
        self.unit_id = unit_id
        self._car = car
        self._state = state
        self._settings = Settings()
        self._values: Mapping[int, int] | None = None

    def spans(self) -> tuple[Span, ...]:
        """Return where the device has registers."""
        return READABLE, WRITABLE

    def show(self, state: HomeState) -> None:
        """Let the registers follow the home."""
        self._state, self._values = state, None

    def command(self) -> ChargerCommand:
        """Return what the settings mean for the charging point."""
        settings = self._settings
        return ChargerCommand(
            current_ma=settings.current_ma if settings.enabled else 0,
            expires_at=settings.failsafe_at,
            fallback_ma=settings.failsafe_ma if settings.enabled else 0,
        )

    def read(self, function: int, address: int, count: int) -> Sequence[int] | Refusal:
        """Answer a request for exactly one datapoint."""
        if function != Function.READ_HOLDING:
            return Refusal.ILLEGAL_FUNCTION
        if self._values is None:
            self._values = self._read_values()
        if count != 2 or address not in self._values:  # noqa: PLR2004  # two words
            return Refusal.ILLEGAL_ADDRESS
        return uint32(self._values[address])

    def write(
        self, function: int, address: int, values: Sequence[int]
    ) -> Refusal | None:
        """Take one setting; every write is a sign of life."""
        if function != Function.WRITE_SINGLE:
            return Refusal.ILLEGAL_FUNCTION
        changed = _changed(self._settings, address, values[0])
        if isinstance(changed, Refusal):
            return changed
        self._settings = replace(changed, written_at=self._state.at)
        self._values = None
        return None

    def _offered_ma(self) -> int:
        """Return the current offered now; it follows a setting without delay."""
        command, now = self.command(), self._state.at
        failsafe = command.expires_at is not None and command.expires_at <= now
        wanted_ma = self._settings.failsafe_ma if failsafe else command.current_ma
        offered_ma = min(wanted_ma, self._car.current_ma_max)
        paused = not self._settings.enabled or offered_ma < CURRENT_MA[0]
        return 0 if paused else offered_ma

    def _read_values(self) -> Mapping[int, int]:
        car, settings = self._state.car, self._settings
        assert car is not None, "a charging point belongs to a car"
        voltages_v = electrical(self._state).voltages_v
        phase_w = self._state.charger_w / self._car.phases
        amperes = [
            phase_w / voltage if phase < self._car.phases else 0.0
            for phase, voltage in enumerate(voltages_v)
        ]
        first_a, second_a, third_a = (round(1000 * ampere) for ampere in amperes)
        first_v, second_v, third_v = map(round, voltages_v)
        energy_wh = LIFETIME.charger_wh + self._state.counters.charger_wh
        return {
            1000: _charging_state(car, self._state.charger_w),
            1004: 7 if car.is_connected else 3,
            1006: 0,
            1008: first_a,
            1010: second_a,
            1012: third_a,
            1014: SERIAL,
            1016: PRODUCT,
            1018: FIRMWARE,
            1020: self._state.charger_w * 1000,
            1036: energy_wh * 10,
            1040: first_v,
            1042: second_v,
            1044: third_v,
            1046: 1000,
            1100: self._offered_ma(),
            1110: self._car.current_ma_max,
            1500: 0,
            1502: car.session_wh * 10,
            1600: settings.failsafe_ma,
            1602: settings.failsafe_s,
        }


def _charging_state(car: CarState, charger_w: int) -> int:
    """Return 1 no car, 2 waiting for the car, 3 charging, 5 suspended."""
    if not car.is_connected:
        return 1
    if car.offered_ma == 0:
        return 5
    return 3 if charger_w > 0 else 2


def _changed(settings: Settings, address: int, value: int) -> Settings | Refusal:
    """Return the settings with one value changed, or why not."""
    match address:
        case 5004 if value in CURRENT_MA:
            return replace(settings, current_ma=value)
        case 5014 if value in (0, 1):
            return replace(settings, enabled=value == 1)
        case 5016 if value == 0 or value in FAILSAFE_CURRENT_MA:
            return replace(settings, failsafe_ma=value)
        case 5018 if value == 0 or value in FAILSAFE_TIMEOUT_S:
            return replace(settings, failsafe_s=value)
        case 5004 | 5014 | 5016 | 5018:
            return Refusal.ILLEGAL_VALUE
        case _:
            return Refusal.ILLEGAL_ADDRESS
