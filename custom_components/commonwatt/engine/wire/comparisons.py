"""Bodies of comparisons.

Clauses: section 4 of ``docs/reference/wire-format.md``.
"""

from collections.abc import Callable, Mapping
from typing import Final

from ..model.comparison import (
    PERIODS_COMPARED_MAX,
    Comparison,
    ComparisonMessage,
    ReadingMarks,
)
from ..model.party import PartyId
from .canonical import Value
from .fields import array_of, byte_string, integer, period


def comparison_value(message: ComparisonMessage) -> Value:
    """Return the body of ``message``."""
    if isinstance(message, Comparison):
        return (message.first.number, message.count, message.marks)
    return (message.period.number, message.marks)


def _comparison(value: Value, _author: PartyId) -> Comparison:
    first, count, marks = array_of(value, 3)
    return Comparison(
        first=period(first),
        count=integer(count, least=1, most=PERIODS_COMPARED_MAX),
        marks=byte_string(marks),
    )


def _reading_marks(value: Value, _author: PartyId) -> ReadingMarks:
    number, marks = array_of(value, 2)
    return ReadingMarks(period=period(number), marks=byte_string(marks))


COMPARISON_PARSERS: Final[
    Mapping[type[ComparisonMessage], Callable[[Value, PartyId], ComparisonMessage]]
] = {
    Comparison: _comparison,
    ReadingMarks: _reading_marks,
}
