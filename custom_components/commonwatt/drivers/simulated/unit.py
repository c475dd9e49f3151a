"""What a simulated Modbus unit is: registers to read, and some to write.

Answers are values, never waiting: a server that waits inside a request would give its
answer to the wrong one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from ...engine.simulation.homes import HomeState


class Function(IntEnum):
    """Modbus function codes that simulated devices know."""

    READ_HOLDING = 3
    READ_INPUT = 4
    WRITE_SINGLE = 6
    WRITE_MULTIPLE = 16


class Refusal(IntEnum):
    """Modbus exception codes they answer with."""

    ILLEGAL_FUNCTION = 1
    ILLEGAL_ADDRESS = 2
    ILLEGAL_VALUE = 3
    NO_RESPONSE = 11
    """A gateway's: the unit behind it does not answer."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Consecutive register addresses."""

    first: int
    count: int


class SimulatedUnit(Protocol):
    """One device on the connection."""

    unit_id: int

    def spans(self) -> tuple[Span, ...]:
        """Return where the device has registers at all."""

    def show(self, state: HomeState) -> None:
        """Let the registers follow the home."""

    def read(self, function: int, address: int, count: int) -> Sequence[int] | Refusal:
        """Answer a request to read."""

    def write(
        self, function: int, address: int, values: Sequence[int]
    ) -> Refusal | None:
        """Take a request to write, all of it or nothing."""
