"""The round of one delivery period, as one member sees it.

Commit, reveal, book by a rotating proposer, recompute, vote, final with a quorum.  Owns
what was said and what is to be said next; clears nothing, signs nothing, sends nothing.

Safety: a member votes once and then only repeats itself, so no two results of a period
can both find a quorum.  Liveness: time-outs only hand the turn to the next proposer; a
round without a quorum stays open.
"""

from dataclasses import dataclass
from typing import Final

from ..model.party import PartyId
from ..model.period import DeliveryPeriod, Instant
from ..wire.envelope import Envelope
from ..wire.messages import BookProposal, OrderCommitment, ResultVote
from .ballot import Agreement, Ballot, Vote
from .book import Book, RevealedOrder, assemble, is_oversized
from .fault import Fault, Misdeed
from .inquiries import Inquiries
from .phase import TRANSITIONS, Phase, Trigger
from .proposals import Proposals
from .rules import RoundRules
from .steps import (
    Answer,
    CastVote,
    ClearBook,
    Enter,
    ProposeBook,
    Repeat,
    RevealOrder,
    Step,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Commitment:
    digest: bytes
    data: bytes


class Round:
    """State machine of one delivery period: ``take`` messages, then ask ``next_step``.

    Steps follow from what is known, not from what just happened: a round rebuilt from
    the journal asks for what is still undone and for nothing twice.
    """

    def __init__(
        self, period: DeliveryPeriod, rules: RoundRules, *, witness: bool
    ) -> None:
        """Begin; a ``witness`` was there from the start and can tell what is whole."""
        self.period: Final = period
        self.phase = Phase.COMMITTING
        self._rules: Final = rules
        self._witness: Final = witness
        self._commitments: Final[dict[PartyId, _Commitment]] = {}
        self._reveals: Final[dict[PartyId, RevealedOrder]] = {}
        self._proposals: Final = Proposals()
        self._ballot: Final = Ballot(rules.charter.quorum)
        self._attempt = 0
        self._attempts_idle = 0
        self._repeated_in: int | None = None
        self._inquiries: Final = Inquiries()

    # -- what the node may ask ---------------------------------------------------

    @property
    def agreement(self) -> Agreement | None:
        """What a quorum voted for; None without a quorum."""
        return self._ballot.agreement

    @property
    def vote(self) -> Vote | None:
        """This member's own vote."""
        return self.vote_of(self._rules.me)

    def vote_of(self, party: PartyId) -> Vote | None:
        """Return the vote of ``party``, None while it has not voted."""
        return self._ballot.of(party)

    def has_committed(self, party: PartyId) -> bool:
        """Tell whether ``party`` is bound to an order."""
        return party in self._commitments

    def book_for(self, result_digest: bytes) -> Book | None:
        """Return a book whose clearing has that digest."""
        return self._proposals.for_result(result_digest)

    def revealed(self, data: bytes) -> RevealedOrder | None:
        """Return the reveal of exactly these sealed bytes, if it was taken before."""
        return next((r for r in self._reveals.values() if r.data == data), None)

    @property
    def proof(self) -> tuple[bytes, ...]:
        """Envelopes that show anyone what was decided; empty while nothing is."""
        agreement = self.agreement
        if agreement is None or not self.phase.decided:
            return ()
        book = None if agreement.digest is None else self.book_for(agreement.digest)
        return agreement.votes if book is None else (book.data, *agreement.votes)

    @property
    def wrong_voters(self) -> tuple[PartyId, ...]:
        """Members whose vote follows from no book this member has seen, ascending."""
        return tuple(
            party
            for party, vote in self._ballot.votes
            if vote.digest is not None and self.book_for(vote.digest) is None
        )

    def deadline(self, now: Instant) -> Instant | None:
        """Return when time alone moves the round on; None once it is decided."""
        timing = self._rules.timing
        match self.phase:
            case Phase.COMMITTING:
                return timing.gate_closure(self.period)
            case Phase.REVEALING:
                return timing.reveal_closure(self.period)
            case Phase.PROPOSING | Phase.VOTING | Phase.OPEN:
                return timing.attempt_ends(self.period, now)
            case Phase.FINAL | Phase.VOID:
                return None

    # -- what members say --------------------------------------------------------

    def take_commitment(self, envelope: Envelope, now: Instant) -> Misdeed | None:
        """Bind the author to an order."""
        message = envelope.message
        assert isinstance(message, OrderCommitment), "a commitment"
        party = envelope.author
        known = self._commitments.get(party)
        if known is not None:
            same = known.digest == message.digest
            return None if same else _contradiction(envelope, known.data)
        if now >= self._rules.timing.gate_closure(self.period):
            return Misdeed(party=party, fault=Fault.TOO_LATE)
        self._commitments[party] = _Commitment(
            digest=message.digest, data=envelope.data
        )
        return None

    def take_reveal(self, envelope: Envelope, now: Instant) -> Misdeed | None:
        """Take the order its author is bound to."""
        reveal = RevealedOrder.of(envelope)
        assert reveal is not None, "a reveal"
        party = envelope.author
        commitment = self._commitments.get(party)
        if commitment is None:
            was_away = not self._witness
            return None if was_away else Misdeed(party=party, fault=Fault.UNCOMMITTED)
        if reveal.digest != commitment.digest:
            evidence = (commitment.data, envelope.data)
            return Misdeed(party=party, fault=Fault.UNCOMMITTED, evidence=evidence)
        if is_oversized(reveal.order, self._rules.charter):
            return Misdeed(party=party, fault=Fault.OUT_OF_BOUNDS)
        in_time = now < self._rules.timing.reveal_closure(self.period)
        if in_time:
            self._reveals.setdefault(party, reveal)
        known = party in self._reveals
        return None if known else Misdeed(party=party, fault=Fault.TOO_LATE)

    def take_book(
        self,
        envelope: Envelope,
        reveals: tuple[RevealedOrder | None, ...],
        now: Instant,
    ) -> Misdeed | None:
        """Take what the proposer of an attempt found.

        ``reveals`` are the opened envelopes of the proposal, None where one is void.
        """
        message = envelope.message
        assert isinstance(message, BookProposal), "a book"
        if self._is_out_of_turn(envelope, message, now):
            return Misdeed(party=envelope.author, fault=Fault.OUT_OF_TURN)
        known = self._proposals.of(message.attempt)
        if known is not None:
            same = known.data == envelope.data
            return None if same else _contradiction(envelope, known.data)
        book = assemble(envelope, reveals, self._rules.charter)
        if book is None or self._binds_otherwise(book):
            evidence = (envelope.data,)
            return Misdeed(
                party=envelope.author, fault=Fault.BAD_BOOK, evidence=evidence
            )
        fair = self._reveals.keys() <= book.digests.keys()
        mine = None if self.vote is None else self.vote.digest
        self._proposals.add(book, fair=fair, keep=mine)
        return None if fair else Misdeed(party=envelope.author, fault=Fault.OMISSION)

    def take_vote(self, envelope: Envelope) -> Misdeed | None:
        """Count a vote."""
        message = envelope.message
        assert isinstance(message, ResultVote), "a vote"
        vote = Vote(attempt=message.attempt, digest=message.digest, data=envelope.data)
        is_other = envelope.author != self._rules.me
        if is_other and self.phase.decided and self.vote_of(envelope.author):
            self._inquiries.add(envelope.author)
        earlier = self._ballot.cast(envelope.author, vote)
        return None if earlier is None else _contradiction(envelope, earlier.data)

    def take_result(self, book: Book, result_digest: bytes) -> None:
        """Learn what the clearing of a book comes to."""
        self._proposals.clear(book, result_digest)

    # -- what comes next ---------------------------------------------------------

    def next_step(self, now: Instant, *, quorum_online: bool) -> Step | None:
        """Return the one thing to do next, None if the round waits.

        Ask again after doing it: the steps come to an end, because each changes what
        the round knows.
        """
        trigger = self._trigger(now)
        if trigger is not None:
            self.phase = TRANSITIONS[self.phase, trigger]
            return Enter(phase=self.phase)
        if self.phase is Phase.COMMITTING:
            return None
        if self.phase.decided:
            return self._second() or self._answer(now)
        if self._owes_reveal(now):
            return RevealOrder()
        if not self.phase.seeks_book:
            return None
        self._follow_attempts(now, quorum_online=quorum_online)
        return self._clear() or self._vote() or self._propose() or self._repeat()

    def _trigger(self, now: Instant) -> Trigger | None:
        timing = self._rules.timing
        match self.phase:
            case Phase.COMMITTING:
                closed = now >= timing.gate_closure(self.period)
                return Trigger.GATE_CLOSED if closed else None
            case Phase.REVEALING:
                closed = now >= timing.reveal_closure(self.period)
                return Trigger.REVEALS_CLOSED if closed else None
            case Phase.PROPOSING | Phase.VOTING | Phase.OPEN:
                return self._decision() or self._drift(now)
            case Phase.FINAL | Phase.VOID:
                return None

    def _decision(self) -> Trigger | None:
        agreement = self.agreement
        if agreement is None:
            return None
        if agreement.digest is None:
            return Trigger.VOID_AGREED
        known = self.book_for(agreement.digest) is not None
        return Trigger.RESULT_AGREED if known else None

    def _drift(self, now: Instant) -> Trigger | None:
        if self.phase is Phase.OPEN:
            return None
        if now >= self.period.start:
            return Trigger.DELIVERY_BEGAN
        voted = self.phase is Phase.PROPOSING and self.vote is not None
        return Trigger.VOTED if voted else None

    def _owes_reveal(self, now: Instant) -> bool:
        me = self._rules.me
        in_time = now < self._rules.timing.reveal_closure(self.period)
        return in_time and me in self._commitments and me not in self._reveals

    def _follow_attempts(self, now: Instant, *, quorum_online: bool) -> None:
        attempt = self._rules.timing.attempt(self.period, now)
        if attempt == self._attempt:
            return
        self._attempt = attempt
        in_vain = self.phase is Phase.OPEN and self.vote is None and quorum_online
        self._attempts_idle = self._attempts_idle + 1 if in_vain else 0

    def _clear(self) -> ClearBook | None:
        book = self._proposals.uncleared
        return None if book is None else ClearBook(book=book)

    def _vote(self) -> CastVote | None:
        if self.vote is not None:
            return None
        for book in self._proposals.fair:
            if self._was_committed(book):
                digest = self._proposals.result_of(book)
                return CastVote(attempt=self._attempt, digest=digest)
        if self._attempts_idle > len(self._rules.charter.members):
            return CastVote(attempt=self._attempt, digest=None)
        return None

    def _second(self) -> CastVote | None:
        """Vote with the quorum if it was there before us: others may lack a vote."""
        if self.vote is not None or self.agreement is None:
            return None
        return CastVote(attempt=self._attempt, digest=self.agreement.digest)

    def _answer(self, now: Instant) -> Answer | None:
        """Answer who repeats its vote; of all members one does, in turn."""
        attempt = self._rules.timing.attempt(self.period, now)
        if not self._rules.is_my_turn(self.period, attempt):
            self._inquiries.clear()
        party = self._inquiries.next(attempt)
        return None if party is None else Answer(to=party, proof=self.proof)

    def _was_committed(self, book: Book) -> bool:
        """Whether all orders of a book were committed to in our hearing.

        Once delivery has begun, a member that was away takes the word of those who
        signed: the orders cannot be bettered any more without the others' votes.
        """
        if self.phase is Phase.OPEN and not self._witness:
            return True
        return book.digests.keys() <= self._commitments.keys()

    def _propose(self) -> ProposeBook | None:
        my_turn = self._rules.is_my_turn(self.period, self._attempt)
        if not my_turn or self._attempt in self._proposals:
            return None
        reveals = self._reveals_to_propose()
        if reveals is None:
            return None
        sealed = tuple(reveal.data for reveal in reveals)
        return ProposeBook(attempt=self._attempt, reveals=sealed)

    def _reveals_to_propose(self) -> tuple[RevealedOrder, ...] | None:
        if self.vote is None:
            in_order = tuple(self._reveals[party] for party in sorted(self._reveals))
            return in_order if self._witness else None
        if self.vote.digest is None:
            return None
        book = self.book_for(self.vote.digest)
        return None if book is None else book.reveals

    def _repeat(self) -> Repeat | None:
        if self.vote is None:
            return None
        last = self.vote.attempt if self._repeated_in is None else self._repeated_in
        if self._attempt <= last:
            return None
        self._repeated_in = self._attempt
        return Repeat(data=self.vote.data)

    # -- what is wrong with what members say ---------------------------------------

    def _is_out_of_turn(
        self, envelope: Envelope, message: BookProposal, now: Instant
    ) -> bool:
        attempt_max = self._rules.timing.attempt(self.period, now) + 1
        proposer = self._rules.proposer(self.period, message.attempt)
        return proposer != envelope.author or message.attempt > attempt_max

    def _binds_otherwise(self, book: Book) -> bool:
        return any(
            commitment.digest != book.digests[party]
            for party, commitment in self._commitments.items()
            if party in book.digests
        )


def _contradiction(envelope: Envelope, earlier: bytes) -> Misdeed:
    return Misdeed(
        party=envelope.author,
        fault=Fault.CONTRADICTION,
        evidence=(earlier, envelope.data),
    )
