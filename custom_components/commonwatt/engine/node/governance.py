"""The community as this node sees it: motions, ballots, enactments, the next charter.

Members vote on motions until a deadline; what enough of them want is then enacted by
:class:`..peer.Agreement`, one charter after the other.  Clauses: sections 3 and 5 of
``docs/reference/community.md``.
"""

from collections.abc import Callable
from typing import Final, assert_never

from ..ledger.journal import EntryKind
from ..model.community import (
    Ballot,
    CharterRecord,
    CharterVote,
    Enactment,
    Motion,
)
from ..model.period import SECOND_MS, DeliveryPeriod, Instant
from ..model.vote import VoteStage
from ..peer import Agreement, Choice, Electorate, Fault, Misdeed, OpenMotion, Vote
from ..peer.agreement import Proposal
from ..wire.canonical import encode
from ..wire.community import record_value
from ..wire.digests import enactment_digest
from ..wire.envelope import Envelope
from .config import NodeConfig
from .door import Door
from .events import CharterChanged, MotionClosed, MotionOpened
from .lawful import is_lawful
from .motion_views import ClosedMotions
from .outbox import Outbox
from .records import quorum_body

ATTEMPT_MS: Final = 30 * SECOND_MS
MOTIONS_MAX: Final = 64
MOTIONS_OF_ONE_MAX: Final = 8
PERIODS_AHEAD: Final = 2
"""A charter comes into force so many periods after it is proposed for enactment."""

PERIODS_AHEAD_MAX: Final = 8

type OnCharter = Callable[[DeliveryPeriod, Instant], None]
"""Called with the first period of a new charter."""


class Governance:
    """Open motions, and the question what the next charter is."""

    def __init__(
        self,
        config: NodeConfig,
        outbox: Outbox,
        door: Door,
        *,
        latest_signed: Callable[[], DeliveryPeriod],
        on_charter: OnCharter,
    ) -> None:
        """Begin without motions.

        ``latest_signed`` is the latest period in whose round this node has signed
        anything.
        """
        self._config: Final = config
        self._outbox: Final = outbox
        self._door: Final = door
        self._latest_signed: Final = latest_signed
        self._on_charter: Final = on_charter
        self._motions: Final[dict[bytes, OpenMotion]] = {}
        self._enactments: Final[dict[bytes, Enactment]] = {}
        self._proposals: Final[dict[int, Proposal]] = {}
        self._agreement = self._next_question()
        self.closed: Final = ClosedMotions(config.party)
        self.frozen_from: DeliveryPeriod | None = None
        """First period this node signs nothing for until the next charter is known."""

        self.is_behind = False
        """Somebody votes on a charter after the next one: we have missed something."""

    @property
    def motions(self) -> tuple[OpenMotion, ...]:
        """The open motions, those first that close first."""
        return tuple(
            sorted(self._motions.values(), key=lambda m: (m.motion.deadline, m.digest))
        )

    def motion(self, digest: bytes) -> OpenMotion | None:
        """Return an open motion."""
        return self._motions.get(digest)

    def deadline(self, now: Instant) -> Instant | None:
        """Return when time alone moves something on."""
        charter = self._config.statutes.latest
        if self._is_voting or any(m.is_carried(charter) for m in self.motions):
            return Instant((now // ATTEMPT_MS + 1) * ATTEMPT_MS)
        ahead = (m.motion.deadline for m in self.motions if m.motion.deadline > now)
        return min(ahead, default=None)

    # -- what members say ------------------------------------------------------------

    def take_motion(self, envelope: Envelope, now: Instant) -> None:
        """Take a motion, if it can be carried at all."""
        known = OpenMotion.of(envelope)
        charter = self._config.statutes.latest
        if known.digest in self._motions or known.has_lapsed(charter, now):
            return
        of_author = [m for m in self.motions if m.author == known.author]
        full = len(self._motions) >= MOTIONS_MAX or len(of_author) >= MOTIONS_OF_ONE_MAX
        lawful = is_lawful(
            known, envelope, statutes=self._config.statutes, door=self._door
        )
        if full or not lawful:
            self._blame(envelope, now)
            return
        self._motions[known.digest] = known
        self._outbox.keep_heard(envelope, now)
        self._outbox.report(MotionOpened(motion=known.digest, change=known.motion))

    def take_ballot(self, envelope: Envelope, message: Ballot, now: Instant) -> None:
        """Take somebody's word on a motion; the first one counts."""
        known = self._motions.get(message.motion)
        party = envelope.author
        if known is None or self._config.statutes.latest.member(party) is None:
            return
        if envelope.sent_at >= known.motion.deadline:
            return
        first = known.ballots.get(party)
        if first is None:
            known.ballots[party] = (message.in_favour, envelope.data)
            self._outbox.keep_heard(envelope, now)
        elif first[0] != message.in_favour:
            evidence = (first[1], envelope.data)
            misdeed = Misdeed(party=party, fault=Fault.CONTRADICTION, evidence=evidence)
            self._door.blame(misdeed, now)

    def take_enactment(
        self, envelope: Envelope, message: Enactment, now: Instant
    ) -> None:
        """Take what the proposer of an attempt would have enacted."""
        number = self._config.statutes.number + 1
        if message.number != number:
            self.is_behind |= message.number > number
            return
        turn = self._electorate.proposer(number=number, attempt=message.attempt)
        if turn != envelope.author or message.attempt > _attempt(now) + 1:
            self._blame(envelope, now)
            return
        digest = enactment_digest(message)
        self._enactments.setdefault(digest, message)
        self._proposals.setdefault(
            message.attempt,
            Proposal(
                attempt=message.attempt,
                digest=digest,
                valid_attempt=message.valid_attempt,
            ),
        )
        self._outbox.keep_heard(envelope, now)

    def take_vote(self, envelope: Envelope, message: CharterVote, now: Instant) -> bool:
        """Count a vote; tell whether its author lacks a charter that we know."""
        number = self._config.statutes.number + 1
        if message.number != number:
            self.is_behind |= message.number > number
            return message.number < number
        if envelope.author not in self._electorate.voters:
            self._blame(envelope, now)
            return False
        vote = Vote(
            attempt=message.attempt,
            stage=message.stage,
            digest=message.digest,
            data=envelope.data,
        )
        if envelope.author == self._config.party:
            self._freeze(message.digest)
        earlier = self._agreement.take_vote(envelope.author, vote)
        if earlier is not None:
            misdeed = Misdeed(
                party=envelope.author,
                fault=Fault.CONTRADICTION,
                evidence=(earlier.data, envelope.data),
            )
            self._door.blame(misdeed, now)
        return False

    def take_record(self, record: CharterRecord, now: Instant) -> bool:
        """Take the next charter with its proof; tell whether it follows."""
        statutes = self._config.statutes
        if statutes.extend(record, verify=self._door.verify) is None:
            return False
        self._outbox.keep(EntryKind.CHARTER, encode(record_value(record)), now)
        self._begin_again(record, now)
        return True

    def recall(
        self,
        envelope: Envelope,
        message: Motion | Ballot | Enactment | CharterVote,
        at: Instant,
    ) -> None:
        """Take what the journal holds."""
        match message:
            case Motion():
                self.take_motion(envelope, at)
            case Ballot():
                self.take_ballot(envelope, message, at)
            case Enactment():
                self.take_enactment(envelope, message, at)
            case CharterVote():
                self.take_vote(envelope, message, at)
            case _:
                assert_never(message)

    # -- what comes next ---------------------------------------------------------------

    def drive(self, now: Instant) -> None:
        """Drop what lapsed; propose, vote, and enact what is decided."""
        charter = self._config.statutes.latest
        for motion in self.motions:
            if motion.has_lapsed(charter, now) and not self._is_voting:
                self._close(motion, adopted=False)
        if charter.member(self._config.party) is None or self._outbox.is_waking:
            return
        attempt = _attempt(now)
        self._agreement.forget_before(attempt)
        for old in [a for a in self._proposals if a < attempt]:
            del self._proposals[old]
        self._propose(attempt, now)
        while (choice := self._choice(attempt, now)) is not None:
            self._cast(choice, now)
            self._propose(attempt, now)
        self._enact(now)

    def _propose(self, attempt: int, now: Instant) -> None:
        number = self._config.statutes.number + 1
        turn = self._electorate.proposer(number=number, attempt=attempt)
        if turn != self._config.party or attempt in self._proposals:
            return
        valid = self._agreement.valid
        if valid is not None and valid.attempt >= attempt:
            return
        wanted = None if valid is None else self._enactments.get(valid.digest)
        if valid is not None and wanted is not None:
            for data in valid.votes:
                self._outbox.pass_on(data, now)
        else:
            valid, wanted = None, self._wanted(attempt, now)
        if wanted is None:
            return
        message = Enactment(
            number=number,
            attempt=attempt,
            since=wanted.since,
            motion=wanted.motion,
            valid_attempt=None if valid is None else valid.attempt,
        )
        self._show(wanted.motion, now)
        self.take_enactment(self._outbox.say(message, now), message, now)

    def _wanted(self, attempt: int, now: Instant) -> Enactment | None:
        """Return what to enact first of all that is carried."""
        lock = self._agreement.lock
        if lock is not None:
            return self._enactments.get(lock.digest)
        charter = self._config.statutes.latest
        carried = (m for m in self.motions if m.is_carried(charter))
        first = next(carried, None)
        if first is None:
            return None
        since = DeliveryPeriod.containing(now).next(PERIODS_AHEAD)
        since = max(since, self._latest_signed().next(), self._config.statutes.since)
        number = self._config.statutes.number + 1
        return Enactment(
            number=number, attempt=attempt, since=since, motion=first.digest
        )

    def _choice(self, attempt: int, now: Instant) -> Choice | None:
        return self._agreement.next_vote(
            attempt,
            self._proposals.get(attempt),
            is_known=self._is_known,
            is_acceptable=lambda digest: self._is_acceptable(digest, now),
        )

    def _is_known(self, digest: bytes) -> bool:
        enactment = self._enactments.get(digest)
        return enactment is not None and enactment.motion in self._motions

    def _is_acceptable(self, digest: bytes, now: Instant) -> bool:
        """Tell whether an enactment is of a carried motion, and not too soon.

        Whoever votes for it signs nothing under the old charter from then on, so it
        must not have done so already.
        """
        if not self._is_known(digest):
            return False
        enactment, statutes = self._enactments[digest], self._config.statutes
        current = DeliveryPeriod.containing(now)
        ahead = enactment.since.number - current.number
        if not 1 <= ahead <= PERIODS_AHEAD_MAX or enactment.since < statutes.since:
            return False
        if enactment.since <= self._latest_signed():
            return False
        return self._motions[enactment.motion].is_carried(statutes.latest)

    def _cast(self, choice: Choice, now: Instant) -> None:
        message = CharterVote(
            number=self._config.statutes.number + 1,
            attempt=choice.attempt,
            stage=choice.stage,
            digest=choice.digest,
        )
        if choice.stage is VoteStage.PRECOMMIT:
            self._door.show_presences(self._config.party, now)
            polka = self._agreement.valid
            assert polka is not None, "nobody precommits without one"
            body = quorum_body(DeliveryPeriod.containing(now), polka)
            self._outbox.keep(EntryKind.LOCKED, body, now)
        self.take_vote(self._outbox.say(message, now), message, now)

    def _enact(self, now: Instant) -> None:
        decision = self._agreement.decision
        if decision is None or not self._is_known(decision.digest):
            return
        enactment = self._enactments[decision.digest]
        voters = self._config.statutes.latest.members
        presences = (p for m in voters for p in self._door.presences_of(m.party))
        record = CharterRecord(
            since=enactment.since,
            motion=self._motions[enactment.motion].data,
            proof=(*presences, *decision.votes),
        )
        if not self.take_record(record, now):
            self.is_behind = True

    # -- how it works ------------------------------------------------------------------

    def _begin_again(self, record: CharterRecord, now: Instant) -> None:
        """Turn to the next question, under the new charter."""
        statutes = self._config.statutes
        for motion in self.motions:
            if motion.data == record.motion:
                self._close(motion, adopted=True)
        self._agreement = self._next_question()
        self._enactments.clear()
        self._proposals.clear()
        self.frozen_from = None
        self.is_behind = False
        self._on_charter(record.since, now)
        charter = statutes.latest
        self._outbox.report(CharterChanged(number=statutes.number, charter=charter))

    def _next_question(self) -> Agreement:
        return Agreement(me=self._config.party, electorate=self._electorate)

    @property
    def _electorate(self) -> Electorate:
        charter = self._config.statutes.latest
        voters = tuple(member.party for member in charter.members)
        return Electorate(voters=voters, fault_model=charter.fault_model)

    @property
    def _is_voting(self) -> bool:
        return self.frozen_from is not None

    def _freeze(self, digest: bytes) -> None:
        enactment = self._enactments.get(digest)
        if enactment is not None:
            frozen = self.frozen_from or enactment.since
            self.frozen_from = min(frozen, enactment.since)

    def _show(self, motion: bytes, now: Instant) -> None:
        """Send a motion and the ballots on it once more."""
        known = self._motions.get(motion)
        if known is not None:
            self._outbox.pass_on(known.data, now)
            for _, data in known.ballots.values():
                self._outbox.pass_on(data, now)

    def _close(self, motion: OpenMotion, *, adopted: bool) -> None:
        del self._motions[motion.digest]
        statutes = self._config.statutes
        met = statutes.previous if adopted else statutes.latest
        self.closed.note(motion, met, adopted=adopted)
        self._outbox.report(MotionClosed(motion=motion.digest, adopted=adopted))

    def _blame(self, envelope: Envelope, now: Instant) -> None:
        misdeed = Misdeed(
            party=envelope.author, fault=Fault.UNLAWFUL, evidence=(envelope.data,)
        )
        self._door.blame(misdeed, now)


def _attempt(now: Instant) -> int:
    return now // ATTEMPT_MS
