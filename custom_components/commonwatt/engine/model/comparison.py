"""What members say when they compare their ledgers: marks, which name what one holds.

Two homes with the same mark hold the same; a mark says nothing else.  Clauses: section
7 of ``docs/reference/agreement.md``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .period import DeliveryPeriod

MARK_BYTES: Final = 16
PERIODS_COMPARED_MAX: Final = 32
READINGS_COMPARED_MAX: Final = 800
"""Members of a community that compares; a larger one trades in districts."""

NOTHING: Final = bytes(MARK_BYTES)
"""The mark of what is lacking."""

CLOSED: Final = b"\xff" * MARK_BYTES
"""The mark of a period that is not ours, or settled too long ago to be corrected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Of ``count`` periods from ``first`` on I hold this.

    ``marks``: one for each period, or a single one for all of them together.
    """

    first: DeliveryPeriod
    count: int
    marks: bytes

    def __post_init__(self) -> None:
        """Refuse too many periods, and another number of marks."""
        if not 1 <= self.count <= PERIODS_COMPARED_MAX:
            raise ValueError(f"{self.count} periods are not compared")
        if len(self.marks) not in {MARK_BYTES, MARK_BYTES * self.count}:
            raise ValueError("one mark for all, or one for each")

    @property
    def is_rough(self) -> bool:
        """Tell whether several periods share one mark."""
        return self.count > 1 and len(self.marks) == MARK_BYTES

    @property
    def periods(self) -> tuple[DeliveryPeriod, ...]:
        """The periods it is about, ascending."""
        return tuple(self.first.next(number) for number in range(self.count))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingMarks:
    """Of the readings of a settled period I hold these, a mark for each member.

    In ascending order of members.
    """

    period: DeliveryPeriod
    marks: bytes

    def __post_init__(self) -> None:
        """Refuse what is no whole number of marks."""
        count, rest = divmod(len(self.marks), MARK_BYTES)
        if rest or not 1 <= count <= READINGS_COMPARED_MAX:
            raise ValueError("a mark for each member")


type ComparisonMessage = Comparison | ReadingMarks


def split(marks: bytes) -> Sequence[bytes]:
    """Return the single marks."""
    return [marks[at : at + MARK_BYTES] for at in range(0, len(marks), MARK_BYTES)]
