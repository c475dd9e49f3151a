"""One round in this node's hands: clears, signs and sends what the round asks for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, assert_never

from ..ledger.journal import EntryKind
from ..model.clearing import ClearingResult
from ..model.period import DeliveryPeriod, Instant
from ..peer import (
    Answer,
    Book,
    CastVote,
    ClearBook,
    Enter,
    Fault,
    Misdeed,
    Phase,
    ProposeBook,
    Repeat,
    RevealedOrder,
    RevealOrder,
    Round,
    RoundRules,
    Step,
)
from ..wire.envelope import Envelope
from ..wire.messages import BookProposal, OrderCommitment, OrderReveal, ResultVote
from .cleared import Cleared, cleared
from .config import NodeConfig
from .door import Door
from .events import PeriodFinal, PhaseChanged, TradeMatched
from .outbox import Outbox
from .records import final_body

type RoundMessage = OrderCommitment | OrderReveal | BookProposal | ResultVote
type OwnReading = Callable[[DeliveryPeriod], bytes | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is known about the result of a period."""

    phase: Phase
    cleared: Cleared | None
    """Provisional until the phase is final; None: void, or nothing known yet."""

    @property
    def result(self) -> ClearingResult | None:
        """The result of the auction."""
        return None if self.cleared is None else self.cleared.result


class Case:
    """The round of one delivery period, and this node's part in it."""

    def __init__(
        self,
        period: DeliveryPeriod,
        config: NodeConfig,
        outbox: Outbox,
        door: Door,
        *,
        own_reading: OwnReading,
        witness: bool,
        abstains: bool,
    ) -> None:
        """Begin with nothing said; whoever ``abstains`` will say nothing."""
        rules = RoundRules(
            me=config.party, charter=config.charter, timing=config.timing
        )
        self.round: Final = Round(period, rules, witness=witness)
        self.own_order: OrderReveal | None = None
        self.abstains = abstains
        self.deadline: Instant | None = self.round.deadline(period.start)
        """When time alone moves the round on."""

        self._config: Final = config
        self._outbox: Final = outbox
        self._door: Final = door
        self._own_reading: Final = own_reading
        self._results: Final[dict[bytes, Cleared]] = {}

    @property
    def outcome(self) -> Outcome:
        """What is known about the result: agreed, or else voted for."""
        agreement, vote = self.round.agreement, self.round.vote
        digest = None if vote is None else vote.digest
        if agreement is not None and self.round.phase.decided:
            digest = agreement.digest
        known = None if digest is None else self._results.get(digest)
        return Outcome(phase=self.round.phase, cleared=known)

    def take(self, envelope: Envelope, message: RoundMessage, now: Instant) -> None:
        """Take what a member says, this one included."""
        match message:
            case OrderCommitment():
                misdeed = self.round.take_commitment(envelope, now)
            case OrderReveal():
                misdeed = self.round.take_reveal(envelope, now)
            case BookProposal():
                reveals = tuple(self._opened(message, now))
                misdeed = self.round.take_book(envelope, reveals, now)
            case ResultVote():
                misdeed = self.round.take_vote(envelope)
            case _:
                assert_never(message)
        self._door.blame(misdeed, now)

    def drive(self, now: Instant, *, quorum_online: bool) -> None:
        """Do everything the round asks for now."""
        while True:
            step = self.round.next_step(now, quorum_online=quorum_online)
            silent = isinstance(step, Enter | ClearBook)
            is_quiet = self.abstains or self._outbox.is_muted
            if step is None or (is_quiet and not silent):
                self.deadline = self.round.deadline(now)
                return
            self._do(step, now)

    def _do(self, step: Step, now: Instant) -> None:
        period = self.round.period
        match step:
            case Enter(phase=phase):
                self._enter(phase, now)
            case RevealOrder():
                assert self.own_order is not None, "committed to an order we know"
                self._say(self.own_order, now)
            case ProposeBook(attempt=attempt, reveals=reveals):
                book = BookProposal(period=period, attempt=attempt, reveals=reveals)
                self._say(book, now)
            case ClearBook(book=book):
                self._clear(book, now)
            case CastVote(attempt=attempt, digest=digest):
                vote = ResultVote(period=period, attempt=attempt, digest=digest)
                self._say(vote, now)
                self._repeat_reading(now)
            case Repeat(data=data):
                self._outbox.pass_on(data, now)
                self._repeat_reading(now)
            case Answer(to=party, proof=proof):
                for data in proof:
                    self._outbox.pass_on(data, now, to=party)
            case _:
                assert_never(step)

    def _say(self, message: RoundMessage, now: Instant) -> None:
        self.take(self._outbox.say(message, now), message, now)

    def _repeat_reading(self, now: Instant) -> None:
        """Say once more what our meter counted: somebody may have missed it."""
        reading = self._own_reading(self.round.period)
        if reading is not None:
            self._outbox.pass_on(reading, now)

    def _enter(self, phase: Phase, now: Instant) -> None:
        period = self.round.period
        self._outbox.report(PhaseChanged(period=period, phase=phase))
        if not phase.decided:
            return
        agreement = self.round.agreement
        assert agreement is not None, "only a quorum decides"
        body = final_body(period, agreement)
        self._outbox.keep(EntryKind.FINAL, body, now)
        for party in self.round.wrong_voters if phase is Phase.FINAL else ():
            self._door.blame(Misdeed(party=party, fault=Fault.WRONG_RESULT), now)
        result = self.outcome.result
        self._outbox.report(PeriodFinal(period=period, result=result))
        for trade in () if result is None else result.trades:
            if self._config.party in {trade.seller, trade.buyer}:
                self._outbox.report(TradeMatched(period=period, trade=trade))

    def _clear(self, book: Book, now: Instant) -> None:
        result = cleared(book, self._config)
        self._results[result.digest] = result
        if book.proposer != self._config.party:
            self._outbox.keep(EntryKind.RECEIVED, book.data, now)
        self.round.take_result(book, result.digest)

    def _opened(
        self, message: BookProposal, now: Instant
    ) -> Iterator[RevealedOrder | None]:
        """Yield the orders of a book; None for an envelope that is not one."""
        for data in message.reveals:
            known = self.round.revealed(data)
            if known is None:
                envelope = self._door.open(data, now)
                known = None if envelope is None else RevealedOrder.of(envelope)
            yield known
