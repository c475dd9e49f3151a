"""Members around a table: rounds that hear each other, or do not.  No crypto."""

from collections.abc import Iterable
import hashlib

from custom_components.commonwatt.engine.model.order import Order, Side, Step
from custom_components.commonwatt.engine.model.party import (
    Charter,
    CommunityId,
    FaultModel,
    Member,
    PartyId,
)
from custom_components.commonwatt.engine.model.period import DeliveryPeriod, Instant
from custom_components.commonwatt.engine.model.zone import FeeTree
from custom_components.commonwatt.engine.peer import (
    Answer,
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
    RoundTiming,
    SignReceipt,
    electorate_of,
)
from custom_components.commonwatt.engine.wire.digests import order_digest
from custom_components.commonwatt.engine.wire.envelope import Envelope
from custom_components.commonwatt.engine.wire.messages import (
    BookProposal,
    Message,
    OrderCommitment,
    OrderReveal,
    Receipt,
    ResultVote,
)

PERIOD = DeliveryPeriod(1_999_992)  # a multiple of 2, 3, 4 and 12: member 0 proposes
TIMING = RoundTiming()
SALT = bytes(16)
COMMUNITY = CommunityId("c0" * 32)

BIDDING = TIMING.bidding(PERIOD)
GATE = TIMING.gate_closure(PERIOD)
CLOSURE = TIMING.reveal_closure(PERIOD)


def attempt_begins(attempt: int) -> Instant:
    """Return when an attempt begins, before or after delivery has begun."""
    late = attempt - TIMING.attempts_before_delivery
    if late < 0:
        return Instant(CLOSURE + attempt * TIMING.attempt_ms)
    return Instant(PERIOD.start + late * TIMING.open_attempt_ms)


def charter_of(count: int, fault_model: FaultModel) -> Charter:
    """Return a charter whose members are called 00.., 01.., in that order."""
    tree = FeeTree.single()
    return Charter(
        members=tuple(
            Member(
                party=PartyId(f"{number:02}" * 20),
                zone=tree.root.id,
                household_key=bytes(33),
            )
            for number in range(count)
        ),
        fee_tree=tree,
        fault_model=fault_model,
    )


def proposal_of(step: ProposeBook) -> BookProposal:
    """Return the message a member sends when it proposes."""
    return BookProposal(
        period=PERIOD,
        attempt=step.attempt,
        reveals=step.reveals,
        valid_attempt=step.valid_attempt,
    )


def result_digest(seed: bytes) -> bytes:
    """Stand in for the market: one book, one result."""
    return hashlib.sha256(b"result" + seed).digest()


class Assembly:
    """Rounds of all members of one community, and who can hear whom."""

    def __init__(
        self,
        count: int,
        *,
        fault_model: FaultModel = FaultModel.BYZANTINE,
        absent: Iterable[int] = (),
    ) -> None:
        """Seat ``count`` members; those ``absent`` at first are no witnesses."""
        self.charter = charter_of(count, fault_model)
        self.parties = [member.party for member in self.charter.members]
        self.rounds = [
            Round(
                PERIOD,
                RoundRules(
                    me=party,
                    charter=self.charter,
                    electorate=electorate_of(self.charter, COMMUNITY, PERIOD),
                    timing=TIMING,
                ),
                witness=number not in set(absent),
            )
            for number, party in enumerate(self.parties)
        ]
        self.deaf: set[tuple[int, int]] = set()
        self.silent: set[int] = set(absent)
        self.misdeeds: list[tuple[int, Misdeed]] = []
        self.entered: list[list[Phase]] = [[] for _ in self.parties]
        self.said: list[tuple[int, Message]] = []
        self.sealed: dict[bytes, tuple[int, Message]] = {}
        self.repeated: list[tuple[int, Message]] = []
        self.quorum_online = True
        self._sequence = 0

    def envelope(self, author: int, message: Message) -> Envelope:
        """Put a message into an envelope nobody needs to open."""
        self._sequence += 1
        digest = hashlib.sha256(repr((author, message)).encode()).digest()
        self.sealed[digest] = (author, message)
        return Envelope(
            author=self.parties[author],
            sequence=self._sequence,
            sent_at=Instant(0),
            message=message,
            data=digest,
        )

    def order(self, number: int, energy_wh: int = 500) -> Order:
        """Return an order of one member: even ones sell, odd ones buy."""
        side = Side.SELL if number % 2 == 0 else Side.BUY
        step = Step(side=side, price_micro_per_kwh=100_000, energy_wh=energy_wh)
        return Order.of(self.parties[number], PERIOD, step)

    def reveal(self, number: int) -> OrderReveal:
        """Return what a member reveals."""
        return OrderReveal(order=self.order(number), salt=SALT)

    def revealed(self, number: int) -> RevealedOrder:
        """Return a revealed order, out of its envelope."""
        revealed = RevealedOrder.of(self.envelope(number, self.reveal(number)))
        assert revealed is not None
        return revealed

    def commitment(self, number: int) -> OrderCommitment:
        """Return what a member commits to."""
        digest = order_digest(self.order(number), SALT)
        return OrderCommitment(period=PERIOD, digest=digest)

    def book(self, *members: int, attempt: int = 0) -> BookProposal:
        """Return a book of the orders of these members, in this order."""
        reveals = tuple(self.revealed(member).data for member in members)
        return BookProposal(period=PERIOD, attempt=attempt, reveals=reveals)

    @property
    def faults(self) -> list[tuple[int, Fault]]:
        """Who noticed which fault, in the order of noticing."""
        return [(number, misdeed.fault) for number, misdeed in self.misdeeds]

    def everybody_commits(self, now: Instant = BIDDING) -> None:
        """Let all members that are there commit to their orders."""
        for number in range(len(self.parties)):
            if number not in self.silent:
                self.say(number, self.commitment(number), now)

    def say(self, author: int, message: Message, now: Instant) -> None:
        """Let everybody who can hear it take a message, its author first."""
        self.said.append((author, message))
        envelope = self.envelope(author, message)
        self.hear(author, envelope, now)
        for number in range(len(self.parties)):
            if number != author and self._hears(number, author):
                self.hear(number, envelope, now)

    def hear(self, number: int, envelope: Envelope, now: Instant) -> None:
        """Let one member take an envelope."""
        round_, message = self.rounds[number], envelope.message
        match message:
            case OrderCommitment():
                misdeed = round_.orders.take_commitment(envelope, now)
            case OrderReveal():
                misdeed = round_.orders.take_reveal(envelope, now)
            case BookProposal():
                reveals = tuple(self._opened(data) for data in message.reveals or ())
                misdeed = round_.take_book(envelope, reveals, now)
            case ResultVote():
                misdeed = round_.take_vote(envelope)
            case Receipt():
                round_.receipts.take(envelope.author, message, envelope.data)
                misdeed = round_.receipts.verdict()
            case _:
                raise AssertionError(message)
        if misdeed is not None:
            self.misdeeds.append((number, misdeed))

    def run(self, now: Instant) -> None:
        """Let everybody do what there is to do, until nobody has anything left."""
        busy = True
        while busy:
            steps = [self._step(number, now) for number in range(len(self.parties))]
            busy = any(steps)

    def decided(self) -> set[bytes]:
        """Return everything that any member holds for decided."""
        return {
            round_.decision.digest
            for round_ in self.rounds
            if round_.phase.decided and round_.decision is not None
        }

    def phases(self) -> list[Phase]:
        """Return everybody's phase."""
        return [round_.phase for round_ in self.rounds]

    def _show(
        self, speaker: int, listener: int, proof: tuple[bytes, ...], now: Instant
    ) -> None:
        if self._hears(listener, speaker):
            for who, said in (self.sealed[data] for data in proof):
                self.hear(listener, self.envelope(who, said), now)

    def _pass_on(self, speaker: int, data: bytes, now: Instant) -> None:
        who, said = self.sealed[data]
        self.repeated.append((speaker, said))
        for number in range(len(self.parties)):
            if number != speaker and self._hears(number, speaker):
                self.hear(number, self.envelope(who, said), now)

    def _hears(self, listener: int, speaker: int) -> bool:
        return (listener, speaker) not in self.deaf and not {
            listener,
            speaker,
        } & self.silent

    def _opened(self, data: bytes) -> RevealedOrder | None:
        for number in range(len(self.parties)):
            revealed = self.revealed(number)
            if revealed.data == data:
                return revealed
        return None

    def _step(self, number: int, now: Instant) -> bool:  # noqa: C901  # one for each step
        step = self.rounds[number].next_step(now, quorum_online=self.quorum_online)
        match step:
            case None:
                return False
            case Enter(phase=phase):
                self.entered[number].append(phase)
            case SignReceipt(parties=parties):
                self.say(number, Receipt(period=PERIOD, parties=parties), now)
            case RevealOrder():
                self.say(number, self.reveal(number), now)
            case ProposeBook():
                for data in step.proof:
                    self._pass_on(number, data, now)
                self.say(number, proposal_of(step), now)
            case ClearBook(book=book):
                self.rounds[number].take_result(book, result_digest(book.seed))
            case CastVote(choice=choice):
                vote = ResultVote(
                    period=PERIOD,
                    attempt=choice.attempt,
                    stage=choice.stage,
                    digest=choice.digest,
                )
                self.say(number, vote, now)
            case Answer(to=party, proof=proof):
                self._show(number, self.parties.index(party), proof, now)
            case Repeat(data=data):
                self._pass_on(number, data, now)
        return True


def play(assembly: Assembly, *instants: Instant) -> None:
    """Commit, close the gate, close the reveals, then go through ``instants``."""
    assembly.everybody_commits()
    for now in (GATE, CLOSURE, *instants):
        assembly.run(now)
