"""What was said within a sum is said again: networks lose, and sums need everybody."""

from dataclasses import dataclass
from typing import Final

from ...model.federation import MaskedVector, SealedShares, TrainingMessage
from ...model.party import PartyId
from ...model.period import MINUTE_MS, Instant, after

REPEATED_AFTER_MS: Final = (2 * MINUTE_MS, 4 * MINUTE_MS)
"""Before those who keep lists close them."""

LONG_REPEATED_AFTER_MS: Final = (3 * MINUTE_MS,)
"""Once is enough for what takes kilobytes."""


@dataclass(frozen=True, slots=True)
class Letter:
    """Something to say, and to whom; None is everybody."""

    message: TrainingMessage
    to: tuple[PartyId, ...] | None


class Repeats:
    """What is to be said again, and when."""

    __slots__ = ("_planned",)

    def __init__(self) -> None:
        self._planned: list[tuple[Instant, Letter]] = []

    def plan(self, letter: Letter, now: Instant) -> None:
        """Say a letter again later."""
        is_long = isinstance(letter.message, MaskedVector | SealedShares)
        delays = LONG_REPEATED_AFTER_MS if is_long else REPEATED_AFTER_MS
        self._planned += [(after(now, delay), letter) for delay in delays]

    def due(self, now: Instant) -> list[Letter]:
        """Return what is to be said again now, once."""
        due = [letter for at, letter in self._planned if at <= now]
        self._planned = [(at, letter) for at, letter in self._planned if at > now]
        return due

    def deadline(self) -> Instant | None:
        """Return when something is to be said again."""
        return min((at for at, _ in self._planned), default=None)

    def clear(self) -> None:
        """Say nothing again: it is over."""
        self._planned.clear()
