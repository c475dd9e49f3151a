"""One round in this node's hands: clears, signs and sends what the round asks for."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final, assert_never

from ..ledger.journal import EntryKind
from ..model.clearing import ClearingResult
from ..model.extract import ResultExtract
from ..model.party import PartyId
from ..model.period import DeliveryPeriod, Instant
from ..model.vote import VoteStage
from ..peer import (
    Answer,
    Book,
    CastVote,
    Choice,
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
    SignReceipt,
    Step,
    electorate_of,
)
from ..wire.envelope import Envelope, peek
from ..wire.messages import (
    BookProposal,
    OrderCommitment,
    OrderReveal,
    Receipt,
    ResultVote,
)
from ..wire.rejection import Rejected
from .cleared import Cleared, cleared, shown
from .config import NodeConfig
from .disclosure import Disclosure, root_shown
from .door import Door
from .events import PeriodFinal, PhaseChanged, TradeMatched
from .outbox import Outbox
from .records import quorum_body, votes_body
from .result_extracts import read_result

type RoundMessage = (
    OrderCommitment | OrderReveal | BookProposal | ResultVote | Receipt | ResultExtract
)
type OwnReading = Callable[[DeliveryPeriod], bytes | None]

PARTS_EACH_MAX: Final = 2
"""Contradicting parts taken of each member of the committee; honest ones show one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is known about the result of a period."""

    phase: Phase
    cleared: Cleared | None
    """Provisional until the phase is final; None: void, or nothing known yet."""

    is_bound: bool = False
    """This node signs nothing here any more: it may have lost what it signed, or has
    signed it under an earlier charter."""

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
        charter = config.charter_at(period)
        rules = RoundRules(
            me=config.party,
            charter=charter,
            electorate=electorate_of(charter, config.community, period),
            timing=config.timing,
        )
        self.round: Final = Round(period, rules, witness=witness)
        self.own_order: OrderReveal | None = None
        self.abstains = abstains
        self.has_signed = False
        """This node has said something in the round."""

        self.deadline: Instant | None = self.round.deadline(period.start)
        """When time alone moves the round on."""

        self._config: Final = config
        self._outbox: Final = outbox
        self._door: Final = door
        self._own_reading: Final = own_reading
        self._results: Final[dict[bytes, Cleared]] = {}
        self._shown_by: Final[Counter[PartyId]] = Counter()
        """How many parts members of the committee have shown us."""

        self._published: Final[set[PartyId]] = set()
        self._others_voting: Final = tuple(
            voter for voter in rules.electorate.voters if voter != config.party
        )
        self._disclosure: Final = Disclosure(config.committee, outbox)

    @property
    def outcome(self) -> Outcome:
        """What is known about the result: agreed, or else voted for."""
        digest = self.round.standing
        known = None if digest is None else self._results.get(digest)
        return Outcome(phase=self.round.phase, cleared=known)

    def take(self, envelope: Envelope, message: RoundMessage, now: Instant) -> None:
        """Take what a member says, this one included."""
        self.has_signed |= envelope.author == self._config.party
        match message:
            case OrderCommitment():
                misdeed = self.round.orders.take_commitment(envelope, now)
            case OrderReveal():
                misdeed = self.round.orders.take_reveal(envelope, now)
            case BookProposal():
                reveals = tuple(self._opened(message, now))
                misdeed = self.round.take_book(envelope, reveals, now)
            case ResultVote():
                misdeed = self.round.take_vote(envelope)
            case Receipt():
                self.round.receipts.take(envelope.author, message, envelope.data)
                misdeed = None
            case ResultExtract():
                misdeed = self._take_extract(envelope, message, now)
            case _:
                assert_never(message)
        self._door.blame(misdeed, now)
        self._publish(now)
        excused = self.round.orders.contradicted.keys()
        self._door.blame(self.round.receipts.verdict(excused), now)

    def drive(self, now: Instant, *, quorum_online: bool, frozen: bool = False) -> None:
        """Do everything the round asks for now; sign nothing while ``frozen``."""
        while True:
            step = self.round.next_step(now, quorum_online=quorum_online)
            silent = isinstance(step, Enter | ClearBook)
            is_mute = self._outbox.is_muted or self._outbox.is_waking
            is_quiet = self.abstains or frozen or is_mute
            if step is None or (is_quiet and not silent):
                self.deadline = self.round.deadline(now)
                return
            self._do(step, now)

    def _publish(self, now: Instant) -> None:
        """Show the voters who has signed two orders, that they leave it out alike."""
        for party, evidence in self.round.orders.contradicted.items():
            if party in self._published:
                continue
            self._published.add(party)
            for voter in self._others_voting:
                for data in evidence:
                    self._outbox.pass_on(data, now, to=voter)

    def _do(self, step: Step, now: Instant) -> None:
        match step:
            case Enter(phase=phase):
                self._enter(phase, now)
            case RevealOrder():
                assert self.own_order is not None, "committed to an order we know"
                self.say(self.own_order, now)
            case SignReceipt(parties=parties):
                self.say(Receipt(period=self.round.period, parties=parties), now)
            case ProposeBook():
                self._propose(step, now)
            case ClearBook(book=book):
                self._clear(book, now)
            case CastVote(choice=choice, proof=proof):
                self._cast(choice, proof, now)
            case Repeat(data=data):
                self._outbox.pass_on(data, now)
                self._repeat_reading(now)
            case Answer(to=party, proof=proof):
                for data in proof:
                    self._outbox.pass_on(data, now, to=party)
            case _:
                assert_never(step)

    def _propose(self, step: ProposeBook, now: Instant) -> None:
        """Propose, and show on what grounds if it has been proposed before."""
        for data in step.proof:
            self._outbox.pass_on(data, now)
        message = BookProposal(
            period=self.round.period,
            attempt=step.attempt,
            reveals=step.reveals,
            valid_attempt=step.valid_attempt,
        )
        self.say(message, now)

    def _cast(self, choice: Choice, proof: tuple[bytes, ...], now: Instant) -> None:
        """Vote; what a precommit rests on is in the journal before it."""
        period = self.round.period
        if choice.stage is VoteStage.PRECOMMIT:
            body = votes_body(period, choice.digest, proof)
            self._outbox.keep(EntryKind.LOCKED, body, now)
        vote = ResultVote(
            period=period,
            attempt=choice.attempt,
            stage=choice.stage,
            digest=choice.digest,
        )
        self.say(vote, now)
        if self.round.phase is Phase.OPEN:
            self._repeat_reading(now)

    def say(self, message: RoundMessage, now: Instant) -> None:
        """Tell whom it concerns: what decides all members, all else the committee."""
        decides = isinstance(message, ResultVote) and (
            message.stage is VoteStage.PRECOMMIT
        )
        circle = None if decides else self._circle
        self.take(self._outbox.say_to(message, now, circle), message, now)

    def show_result(self, now: Instant, *, to: Collection[PartyId] | None) -> None:
        """Show members their part in what was decided, if this is a committee."""
        known = self.outcome.cleared
        if known is not None:
            self._disclosure.show(
                ResultExtract, self.round.period, known.records, now, to=to
            )

    def _take_extract(
        self, envelope: Envelope, message: ResultExtract, now: Instant
    ) -> Misdeed | None:
        """Keep our part in a result until that result is decided, or another one."""
        period, me = self.round.period, self._config.party
        committee, root = self._config.committee, root_shown(message.proved)
        circle, author = committee.circle(period), envelope.author
        if root is None:
            return Misdeed(party=author, fault=Fault.OUT_OF_BOUNDS)
        if circle is None or author not in circle or committee.settles(period):
            return None  # by another charter, or on its way to somebody outside
        if root in self._results or self._shown_by[author] >= PARTS_EACH_MAX:
            return None
        try:
            part = read_result(message.proved.record, me=me, period=period)
        except ValueError:
            return None  # somebody else's, which anybody may have passed on
        self._shown_by[author] += 1
        self._outbox.keep(EntryKind.RECEIVED, envelope.data, now)
        self._results[root] = shown(part, root, self._config.charter_at(period))
        self.round.shown.add(root)
        return None

    def _repeat_reading(self, now: Instant) -> None:
        """Say once more what our meter counted: somebody may have missed it."""
        reading = self._own_reading(self.round.period)
        if reading is not None:
            self._outbox.pass_round(reading, now, self._circle)

    @property
    def _circle(self) -> tuple[PartyId, ...] | None:
        return self._config.committee.circle(self.round.period)

    def _enter(self, phase: Phase, now: Instant) -> None:
        period = self.round.period
        self._outbox.report(PhaseChanged(period=period, phase=phase))
        if not phase.decided:
            return
        decision = self.round.decision
        assert decision is not None, "only a quorum decides"
        body = quorum_body(period, decision)
        self._outbox.keep(EntryKind.FINAL, body, now)
        # Outside the committee nobody sees the books that votes follow from.
        judges = phase is Phase.FINAL and self._config.committee.settles(period)
        for party in self.round.wrong_voters if judges else ():
            self._door.blame(Misdeed(party=party, fault=Fault.WRONG_RESULT), now)
        result = self.outcome.result
        self._outbox.report(PeriodFinal(period=period, result=result))
        for trade in () if result is None else result.trades:
            if self._config.party in {trade.seller, trade.buyer}:
                self._outbox.report(TradeMatched(period=period, trade=trade))
        self.show_result(now, to=None)

    def _clear(self, book: Book, now: Instant) -> None:
        result = cleared(book, self._config)
        self._results[result.digest] = result
        envelope = peek(book.data)
        assert not isinstance(envelope, Rejected), "it was taken"
        self._outbox.keep_heard(envelope, now)
        self.round.take_result(book, result.digest)

    def _opened(
        self, message: BookProposal, now: Instant
    ) -> Iterator[RevealedOrder | None]:
        """Yield the orders of a book; None for an envelope that is not one."""
        for data in message.reveals or ():
            known = self.round.orders.revealed(data)
            if known is None:
                envelope = self._door.open(data, now)
                known = None if envelope is None else RevealedOrder.of(envelope)
            yield known
