"""Who takes part in the trainings: said by the hour, forgotten after two and a half."""

from collections.abc import Sequence
from typing import Final

from ...model.federation import Enrolment
from ...model.party import PartyId
from ...model.period import HOUR_MS, MINUTE_MS, Instant
from .secrets_of_a_sum import digest

SAID_EVERY_MS: Final = HOUR_MS
LIVES_MS: Final = 150 * MINUTE_MS
ANSWERERS: Final = 3
ANSWERED_EVERY_MS: Final = 10 * MINUTE_MS


class Enrolments:
    """What members said last, and who was answered when."""

    __slots__ = ("_answered", "_heard")

    def __init__(self) -> None:
        self._heard: Final[dict[PartyId, Instant]] = {}
        self._answered: Final[dict[PartyId, Instant]] = {}

    def hear(self, author: PartyId, enrolment: Enrolment, now: Instant) -> bool:
        """Take note of who takes part, or no longer does; tell whether that is news."""
        before = self._heard.pop(author, None)
        if enrolment.takes_part:
            self._heard[author] = now
        return enrolment.takes_part and (before is None or now - before >= LIVES_MS)

    def live(self, now: Instant) -> tuple[PartyId, ...]:
        """Return who takes part, ascending."""
        return tuple(
            sorted(party for party, at in self._heard.items() if now - at < LIVES_MS)
        )

    def is_mine_to_answer(
        self, me: PartyId, asker: PartyId, about: tuple[int, int], now: Instant
    ) -> bool:
        """Tell whether it is this member's turn to answer, which it then has been.

        Three answer, so that two can agree; nobody is answered too often.
        """
        answered = self._answered.get(asker)
        if answered is not None and now - answered < ANSWERED_EVERY_MS:
            return False
        turn = _turn(self.live(now), asker, about)
        if me not in turn[:ANSWERERS]:
            return False
        self._answered[asker] = now
        return True


def _turn(
    parties: Sequence[PartyId], asker: PartyId, about: tuple[int, int]
) -> list[PartyId]:
    others = (party for party in parties if party != asker)
    return sorted(others, key=lambda party: digest("answers", about, asker, party))
