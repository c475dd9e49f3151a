"""A member that lies: a real node, and somebody who rewrites its letters.

What its node signs is honest.  What others hear of it is not.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from typing import Final

from ...model.community import Recollection
from ...model.party import Charter, PartyId
from ...model.period import MINUTE_MS, Instant
from ...model.vote import VoteStage
from ...node import NodeConfig, Outgoing
from ...wire.envelope import Envelope, peek
from ...wire.messages import (
    BookProposal,
    Message,
    OrderCommitment,
    OrderReveal,
    ReadingReport,
    Receipt,
    ResultVote,
)
from ..homes.dice import Dice
from .plot import Plot
from .post import Letter
from .seal import Seal

FLOOD: Final = 60
"""Envelopes of a flood: enough to be one, few enough to simulate thousands."""

HEARD_MAX: Final = 200
LATE_MS_MAX: Final = 6 * MINUTE_MS


class Trick(StrEnum):
    """Every way to lie."""

    TWO_BOOKS = "two_books"
    """One book for one half, another for the other, and votes for both."""

    OMIT_ORDER = "omit_order"
    LATE_ORDER = "late_order"
    WRONG_RESULT = "wrong_result"
    DOUBLE_VOTE = "double_vote"
    DOUBLE_ORDER = "double_order"
    DOUBLE_READING = "double_reading"
    FORGED_READING = "forged_reading"
    """It says it metered what it did not; the same to everybody."""

    FORGED_RECEIPT = "forged_receipt"
    USED_SEQUENCE = "used_sequence"
    REPLAY = "replay"
    FLOOD = "flood"
    GARBAGE = "garbage"
    SILENCE = "silence"
    FALSE_MEMORY = "false_memory"
    """It tells who wakes that it has heard nothing from it, or the impossible."""


class Liar:
    """What becomes of the letters of one node."""

    def __init__(
        self,
        seal: Seal,
        *,
        tricks: Iterable[Trick],
        plot: Plot,
        charter_at: Callable[[Instant], Charter],
        config: NodeConfig,
        dice: Dice,
    ) -> None:
        """Take a member's key."""
        self.tricks: Final = frozenset(tricks)
        self._seal: Final = seal
        self._plot: Final = plot
        self._charter_at: Final = charter_at
        self._config: Final = config
        self._dice: Final = dice
        self._heard: Final[list[bytes]] = []
        plot.join(seal)

    def hear(self, data: bytes) -> None:
        """Remember what others say, to say it again one day."""
        self._heard.append(data)
        del self._heard[:-HEARD_MAX]

    def rewrite(
        self, outgoing: Outgoing, now: Instant
    ) -> Iterator[tuple[PartyId, Letter]]:
        """Yield who sends what in place of a letter of the node."""
        self._seal.now = now
        to = None if outgoing.to is None else frozenset({outgoing.to})
        plain = Letter(data=outgoing.data, to=to)
        envelope = peek(outgoing.data)
        assert isinstance(envelope, Envelope), "the liar's node is an honest one"
        if envelope.author != self._seal.party:
            yield self._seal.party, plain
            return
        if Trick.USED_SEQUENCE in self.tricks and self._dice.between(0, 3) == 0:
            other = Recollection(sequence=now)
            data = self._seal.sign(other, sequence=envelope.sequence)
            yield self._seal.party, Letter(data=data)
        yield from self._rewritten(envelope, plain)

    def make_noise(self, now: Instant) -> Iterator[tuple[PartyId, Letter]]:
        """Yield what nobody has asked for."""
        self._seal.now = now
        me = self._seal.party
        if Trick.REPLAY in self.tricks and self._heard:
            for _ in range(10):
                data = self._heard[self._dice.between(0, len(self._heard) - 1)]
                yield me, Letter(data=data)
        if Trick.GARBAGE in self.tricks:
            for _ in range(10):
                yield me, Letter(data=self._garbage())
        if Trick.FLOOD in self.tricks:
            for number in range(FLOOD):
                data = self._seal.sign(Recollection(sequence=number))
                yield me, Letter(data=data, delay_ms=number)

    def _rewritten(
        self, envelope: Envelope, plain: Letter
    ) -> Iterator[tuple[PartyId, Letter]]:
        me, message = self._seal.party, envelope.message
        if isinstance(message, BookProposal) and Trick.TWO_BOOKS in self.tricks:
            charter = self._charter_at(message.period.start)
            config = replace(self._config, charter=charter)
            for seal, letter in self._plot.split(message, charter, config, self._seal):
                yield seal.party, letter
            return
        for lie in self._lies(message, plain):
            yield me, lie

    def _lies(self, message: Message, plain: Letter) -> Iterator[Letter]:
        match message:
            case BookProposal(reveals=reveals) if reveals and self._is_fond_of(
                Trick.OMIT_ORDER
            ):
                yield self._instead(replace(message, reveals=reveals[1:]), plain)
            case OrderCommitment():
                yield from self._ordered(message, plain)
            case OrderReveal() if self._is_fond_of(Trick.LATE_ORDER):
                yield self._held_back(plain)
            case ResultVote():
                yield from self._voted(message, plain)
            case ReadingReport():
                yield from self._metered(message, plain)
            case Receipt() if self._is_fond_of(Trick.FORGED_RECEIPT):
                everybody = self._charter_at(message.period.start).members
                parties = tuple(sorted(member.party for member in everybody))
                yield self._instead(replace(message, parties=parties), plain)
            case Recollection() if self._is_fond_of(Trick.FALSE_MEMORY):
                memory = None if self._dice.between(0, 1) else 1 << 60
                yield self._instead(Recollection(sequence=memory), plain)
            case _:
                yield from () if self._is_fond_of(Trick.SILENCE) else (plain,)

    def _ordered(self, message: OrderCommitment, plain: Letter) -> Iterator[Letter]:
        if self._is_fond_of(Trick.LATE_ORDER):
            yield self._held_back(plain)
            return
        yield plain
        if self._is_fond_of(Trick.DOUBLE_ORDER):
            yield self._instead(replace(message, digest=self._bytes(32)), plain)

    def _voted(self, message: ResultVote, plain: Letter) -> Iterator[Letter]:
        if self._is_fond_of(Trick.SILENCE):
            return
        wrong = replace(message, digest=self._bytes(32))
        if self._is_fond_of(Trick.WRONG_RESULT):
            yield self._instead(wrong, plain)
            return
        yield plain
        if self._is_fond_of(Trick.DOUBLE_VOTE):
            void = replace(message, digest=bytes(32))
            yield self._instead(void, plain)
            yield self._instead(wrong, plain)
            other = next(stage for stage in VoteStage if stage != message.stage)
            yield self._instead(replace(message, stage=other), plain)

    def _metered(self, message: ReadingReport, plain: Letter) -> Iterator[Letter]:
        reading = message.reading
        forged = ReadingReport(
            reading=replace(
                reading, import_wh=0, export_wh=reading.export_wh + reading.import_wh
            ),
            revision=message.revision,
            salt=message.salt,
        )
        if self._is_fond_of(Trick.DOUBLE_READING):
            everybody = [m.party for m in self._charter_at(self._seal.now).members]
            half = frozenset(everybody[::2])
            yield replace(plain, to=half)
            rest = frozenset(everybody[1::2])
            yield Letter(data=self._seal.sign(forged), to=rest)
        elif self._is_fond_of(Trick.FORGED_READING):
            yield self._instead(forged, plain)
        else:
            yield plain

    def _is_fond_of(self, trick: Trick) -> bool:
        return trick in self.tricks

    def _instead(self, message: Message, plain: Letter) -> Letter:
        return replace(plain, data=self._seal.sign(message))

    def _held_back(self, plain: Letter) -> Letter:
        return replace(plain, delay_ms=self._dice.between(MINUTE_MS, LATE_MS_MAX))

    def _garbage(self) -> bytes:
        data = self._bytes(self._dice.between(0, 300))
        if self._heard and self._dice.between(0, 1):
            whole = self._heard[-1]
            data = whole[: self._dice.between(0, len(whole))]
        return data

    def _bytes(self, count: int) -> bytes:
        return bytes(self._dice.between(0, 255) for _ in range(count))
