"""The round of one delivery period, as one member sees it.

Commit, reveal, book by a rotating proposer, recompute, agree.  Owns what was said and
what is to be said next; clears nothing, signs nothing, sends nothing.

Safety is that of :class:`.agreement.Agreement`: no two results of a period are ever
decided.  Liveness: time-outs only hand the turn to the next proposer; a round without a
quorum stays open.
"""

from typing import Final

from ..model.party import PartyId
from ..model.period import DeliveryPeriod, Instant
from ..wire.envelope import Envelope
from ..wire.messages import BookProposal, ResultVote
from .agreement import Agreement
from .book import Book, RevealedOrder, assemble, is_readable
from .course import trigger_of
from .fault import Fault, Misdeed, bad_book, contradiction
from .inquiries import Inquiries
from .orders import Orders
from .phase import TRANSITIONS, Phase, Trigger
from .proposals import VOID, Offer, Proposals
from .receipts import Omission, Receipts
from .rules import RoundRules
from .steps import (
    Answer,
    CastVote,
    ClearBook,
    Enter,
    ProposeBook,
    Repeat,
    RevealOrder,
    SignReceipt,
    Step,
)
from .tally import Quorum, Vote


class Round:
    """State machine of one delivery period: ``take`` messages, then ask ``next_step``.

    Steps follow from what is known, not from what just happened.
    """

    def __init__(
        self, period: DeliveryPeriod, rules: RoundRules, *, witness: bool
    ) -> None:
        """Begin; a ``witness`` was there from the start and can tell what is whole."""
        self.period: Final = period
        self.phase = Phase.COMMITTING
        self.orders: Final = Orders(period, rules, witness=witness)
        self._rules: Final = rules
        self._witness: Final = witness
        self.receipts: Final = Receipts(rules.electorate)
        self._proposals: Final = Proposals()
        self._agreement: Final = Agreement(me=rules.me, electorate=rules.electorate)
        self._own: Vote | None = None
        self._attempt = 0
        self._attempts_idle = 0
        self._repeated_in: int | None = None
        self._inquiries: Final = Inquiries()
        self.shown: Final[set[bytes]] = set()
        """Digests of results of which this member was shown its own part."""

    # -- what the node may ask ---------------------------------------------------

    @property
    def decision(self) -> Quorum | None:
        """What was decided, as soon as a quorum has; the book may still be missing."""
        return self._agreement.decision

    @property
    def vote(self) -> Vote | None:
        """This member's own latest vote."""
        return self._own

    @property
    def standing(self) -> bytes | None:
        """Digest of the result to act on: decided, or else provisional; None: none."""
        decision, lock = self.decision, self._agreement.lock
        if decision is not None and self.phase.decided:
            digest = decision.digest
        elif lock is not None:
            digest = lock.digest
        elif self._own is not None:
            digest = self._own.digest
        elif self._rules.is_voter:
            return None
        else:
            proposal = self._proposals.proposal(self._attempt)
            digest = VOID if proposal is None else proposal.digest
        return None if digest == VOID else digest

    def book_for(self, result_digest: bytes) -> Book | None:
        """Return a book whose clearing has that digest."""
        return self._proposals.for_result(result_digest)

    @property
    def proof(self) -> tuple[bytes, ...]:
        """Envelopes that show anyone what was decided; empty while nothing is."""
        decision = self.decision
        if decision is None or not self.phase.decided:
            return ()
        book = self.book_for(decision.digest)
        return decision.votes if book is None else (book.data, *decision.votes)

    @property
    def wrong_voters(self) -> tuple[PartyId, ...]:
        """Members whose vote follows from no book this member has seen, ascending."""
        wrong = {
            party
            for party, vote in self._agreement.tally.firsts()
            if not self._is_known(vote.digest)
        }
        return tuple(sorted(wrong))

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

    def take_book(
        self,
        envelope: Envelope,
        reveals: tuple[RevealedOrder | None, ...],
        now: Instant,
    ) -> Misdeed | None:
        """Take what the proposer of an attempt would have decided.

        ``reveals`` are the opened envelopes of the proposal, None where one is void.
        The first proposal of an attempt is the one to vote on; the book of another one
        is kept as well, since others may have voted on that.
        """
        message = envelope.message
        assert isinstance(message, BookProposal), "a book"
        if self._is_out_of_turn(envelope, message, now):
            return Misdeed(party=envelope.author, fault=Fault.OUT_OF_TURN)
        known = self._proposals.of(message.attempt)
        if known is not None and known.data == envelope.data:
            return None
        book = None
        if message.reveals is not None:
            book = assemble(envelope, reveals, self._rules.charter)
            if book is None:
                whole = is_readable(message.reveals, reveals, self._rules.charter)
                return bad_book(envelope, is_readable=whole)
        misdeed = self._enter(envelope, message, book)
        return misdeed if known is None else contradiction(envelope, known.data)

    def take_vote(self, envelope: Envelope) -> Misdeed | None:
        """Count a vote."""
        message, party = envelope.message, envelope.author
        assert isinstance(message, ResultVote), "a vote"
        if party not in self._rules.electorate.voters:
            return Misdeed(party=party, fault=Fault.OUT_OF_TURN)
        vote = Vote(
            attempt=message.attempt,
            stage=message.stage,
            digest=message.digest,
            data=envelope.data,
        )
        if party == self._rules.me:
            self._note_own(vote)
        elif self.phase.decided and self._is_uninformed(party, vote):
            self._inquiries.add(party)
        earlier = self._agreement.take_vote(party, vote)
        return None if earlier is None else contradiction(envelope, earlier.data)

    def take_result(self, book: Book, result_digest: bytes) -> None:
        """Learn what the clearing of a book comes to."""
        self._proposals.clear(book, result_digest)

    # -- what comes next ---------------------------------------------------------

    def next_step(self, now: Instant, *, quorum_online: bool) -> Step | None:
        """Return the one thing to do next, None if the round waits.

        Ask again after doing it: each step changes what the round knows.
        """
        trigger = trigger_of(
            self.phase,
            now,
            period=self.period,
            timing=self._rules.timing,
            decided=self._decided(),
            has_voted=self.vote is not None,
        )
        if trigger is not None:
            self.phase = TRANSITIONS[self.phase, trigger]
            return Enter(phase=self.phase)
        if self.phase is Phase.COMMITTING:
            return None
        if self.phase.decided:
            return self._answer(now)
        if self._owes_reveal(now):
            return RevealOrder()
        if not self.phase.seeks_book:
            return None
        self._follow_attempts(now, quorum_online=quorum_online)
        return self._clear() or self._sign() or self._seek_decision()

    def _seek_decision(self) -> Step | None:
        return self._vote() or self._propose() or self._repeat()

    def _decided(self) -> Trigger | None:
        decision = self.decision
        if decision is None:
            return None
        if decision.digest == VOID:
            return Trigger.VOID_AGREED
        known = self._is_known(decision.digest)
        return Trigger.RESULT_AGREED if known else None

    def _owes_reveal(self, now: Instant) -> bool:
        in_time = now < self._rules.timing.reveal_closure(self.period)
        return in_time and self.orders.owes_reveal(self._rules.me)

    def _follow_attempts(self, now: Instant, *, quorum_online: bool) -> None:
        attempt = self._rules.timing.attempt(self.period, now)
        if attempt <= self._attempt:
            return
        self._attempt = attempt
        self._agreement.forget_before(attempt)
        is_free = self._agreement.lock is None
        in_vain = self.phase is Phase.OPEN and is_free and quorum_online
        self._attempts_idle = self._attempts_idle + 1 if in_vain else 0

    def _clear(self) -> ClearBook | None:
        book = self._proposals.uncleared
        return None if book is None else ClearBook(book=book)

    def _sign(self) -> SignReceipt | None:
        if not self._witness or not self.receipts.is_owed(self._rules.me):
            return None
        return SignReceipt(parties=self.orders.revealed_by)

    def _vote(self) -> CastVote | None:
        choice = self._agreement.next_vote(
            self._attempt,
            self._proposals.proposal(self._attempt),
            is_known=self._is_known,
            is_acceptable=self._is_acceptable,
        )
        if choice is None:
            return None
        valid = self._agreement.valid
        is_lock = valid is not None and valid.attempt == choice.attempt
        return CastVote(choice=choice, proof=valid.votes if valid and is_lock else ())

    def _answer(self, now: Instant) -> Answer | None:
        """Answer who has not heard of the decision; of all voters one does, in turn."""
        attempt = self._rules.timing.attempt(self.period, now)
        if not self._rules.is_my_turn(self.period, attempt):
            self._inquiries.clear()
        party = self._inquiries.next(attempt)
        return None if party is None else Answer(to=party, proof=self.proof)

    def _propose(self) -> ProposeBook | None:
        my_turn = self._rules.is_my_turn(self.period, self._attempt)
        if not my_turn or self._proposals.of(self._attempt) is not None:
            return None
        valid = self._agreement.valid
        is_behind = valid is not None and valid.attempt >= self._attempt
        if self.decision is not None or is_behind:
            return None
        if valid is not None and self._is_known(valid.digest):
            return ProposeBook(
                attempt=self._attempt,
                reveals=self._sealed(valid.digest),
                valid_attempt=valid.attempt,
                proof=valid.votes,
            )
        return self._propose_afresh()

    def _propose_afresh(self) -> ProposeBook | None:
        mine = self._own_choice()
        if mine is None and self._is_in_vain:
            return ProposeBook(attempt=self._attempt, reveals=None)
        if mine is not None:
            return ProposeBook(attempt=self._attempt, reveals=self._sealed(mine))
        if not self._witness:
            return None
        sealed = tuple(reveal.data for reveal in self.orders.reveals)
        return ProposeBook(attempt=self._attempt, reveals=sealed)

    def _own_choice(self) -> bytes | None:
        """Return what we are bound to, or have voted for and would vote for again."""
        lock, own = self._agreement.lock, self._own
        if lock is not None:
            return lock.digest if self._is_known(lock.digest) else None
        if self._is_in_vain:
            return None
        if own is not None and self._is_acceptable(own.digest):
            return own.digest
        known = (self._proposals.result_of(book) for book in self._proposals)
        return next((d for d in known if d and self._is_acceptable(d)), None)

    def _repeat(self) -> Repeat | None:
        if self._own is None:
            return None
        last = self._own.attempt if self._repeated_in is None else self._repeated_in
        if self._attempt <= last:
            return None
        self._repeated_in = self._attempt
        return Repeat(data=self._own.data)

    # -- what to think of what members say -----------------------------------------

    @property
    def _is_in_vain(self) -> bool:
        """Whether everybody but those who may be away has had a turn, for nothing."""
        electorate = self._rules.electorate
        return self._attempts_idle > len(electorate.voters) - electorate.quorum + 1

    def _is_known(self, digest: bytes) -> bool:
        return digest in {VOID, *self.shown} or self.book_for(digest) is not None

    def _is_acceptable(self, digest: bytes) -> bool:
        """Tell whether we would have a result decided that nobody has voted for yet.

        Its book has all that was revealed, nothing that was not committed to in our
        hearing, and nothing of those who signed two orders.  Once delivery has begun, a
        member that was away takes the word of those who signed: the orders cannot be
        bettered any more.  There is no result if everybody had a turn to propose one,
        in vain.
        """
        if digest == VOID:
            return self._is_in_vain
        book = self.book_for(digest)
        if book is None or self.orders.bind_otherwise(book):
            return False
        if self.orders.omitted(book):
            return False
        was_away = self.phase is Phase.OPEN and not self._witness
        return was_away or self.orders.were_committed(book)

    def _sealed(self, digest: bytes) -> tuple[bytes, ...] | None:
        if digest == VOID:
            return None
        book = self.book_for(digest)
        assert book is not None, "only what is known is proposed"
        return tuple(reveal.data for reveal in book.reveals)

    def _note_own(self, vote: Vote) -> None:
        own = self._own
        if own is None or (vote.attempt, vote.stage) > (own.attempt, own.stage):
            self._own = vote

    def _is_uninformed(self, party: PartyId, vote: Vote) -> bool:
        """Tell whether a vote shows that its author has not heard of the decision."""
        decision = self.decision
        if decision is not None and vote.attempt > decision.attempt:
            return True
        return self._agreement.tally.of(party, vote.attempt, vote.stage) is not None

    def _enter(
        self, envelope: Envelope, message: BookProposal, book: Book | None
    ) -> Misdeed | None:
        """Take a proposal for what it is; say what is wrong with it."""
        offer = Offer(
            data=envelope.data,
            seed=None if book is None else book.seed,
            valid_attempt=message.valid_attempt,
        )
        self._proposals.enter(message.attempt, offer)
        if book is None:
            return None
        unmasked = self.orders.compare(book)
        self._proposals.add(book, keep=self._kept)
        is_fresh = unmasked is None and message.valid_attempt is None
        if is_fresh and self.orders.omitted(book):
            self.receipts.note(Omission.of(book, self._rules.charter))
            return Misdeed(party=envelope.author, fault=Fault.OMISSION)
        return unmasked

    @property
    def _kept(self) -> frozenset[bytes]:
        """Digests of results whose book must not be dropped."""
        agreement = self._agreement
        holders = (self.decision, agreement.valid, agreement.lock, self._own)
        return frozenset(holder.digest for holder in holders if holder is not None)

    def _is_out_of_turn(
        self, envelope: Envelope, message: BookProposal, now: Instant
    ) -> bool:
        attempt_max = self._rules.timing.attempt(self.period, now) + 1
        proposer = self._rules.proposer(self.period, message.attempt)
        return proposer != envelope.author or message.attempt > attempt_max
