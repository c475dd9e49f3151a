"""What the owner of a home can do in the community, and how members keep up with it.

Commands become signed messages here; requests of others are answered.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from ..model.community import (
    NONCE_BYTES,
    Admit,
    Ballot,
    Change,
    CharterVote,
    Enactment,
    Invitation,
    Leave,
    Motion,
    Recollection,
    SessionRevocation,
    SyncPage,
    SyncRequest,
    Waking,
)
from ..model.party import Charter, Member, PartyId
from ..model.period import DAY_MS, MINUTE_MS, DeliveryPeriod, Instant, after
from ..model.zone import ZoneId
from ..peer import Fault, OpenMotion, applied
from ..wire.canonical import encode
from ..wire.community import CommunityMessage, record_value
from ..wire.envelope import Envelope
from ..wire.invite import Invite
from ..wire.messages import JoinRequest
from .config import NodeConfig
from .door import Door
from .early_ballots import EarlyBallots
from .governance import Governance
from .lawful import is_timely
from .motion_views import MotionView, view_of
from .outbox import Outbox

PAGE_BYTES_MAX: Final = 96 * 1024
INVITATION_MS_MAX: Final = 30 * DAY_MS
MOTION_MS_MAX: Final = 30 * DAY_MS
ADMISSION_MS: Final = 7 * DAY_MS
"""How long members may think about letting a home in."""

ANSWERS_MS: Final = 10_000
"""Nobody is answered more often than that."""


class Obstacle(StrEnum):
    """Why the owner cannot have what was asked for."""

    NOT_A_MEMBER = "not_a_member"
    WAKING = "waking"
    """The node has just started and waits to hear from the others."""

    NO_SUCH_MOTION = "no_such_motion"
    VOTED_ALREADY = "voted_already"
    TOO_LATE = "too_late"
    OUT_OF_BOUNDS = "out_of_bounds"
    DOES_NOT_FIT = "does_not_fit"
    """The charter would not be one: a zone nobody knows, say."""

    LAST_MEMBER = "last_member"


KNOCKS_TO_INVITER: Final = 2
KNOCKS_TO_ALL: Final = 3
"""At which knock of a guest a member proposes to let it in."""

KNOCK_MEMORY_MS: Final = 5 * MINUTE_MS
GUESTS_MAX: Final = 64
"""Guests whose knocks are counted at a time."""


@dataclass(frozen=True, slots=True)
class Hindered:
    """A command that was not carried out; nothing has changed."""

    obstacle: Obstacle


class Citizen:
    """Commands of the owner, and answers to those who lack something."""

    def __init__(
        self, config: NodeConfig, outbox: Outbox, door: Door, governance: Governance
    ) -> None:
        """Begin with nobody answered."""
        self._config: Final = config
        self._outbox: Final = outbox
        self._door: Final = door
        self._governance: Final = governance
        self._early: Final = EarlyBallots()
        self._answered_at: Final[dict[PartyId, Instant]] = {}
        self._knocks: Final[dict[PartyId, tuple[Instant, int]]] = {}
        """When each guest knocked last, and how often without going away."""

    @property
    def is_member(self) -> bool:
        """Tell whether the latest charter names this home."""
        return self._config.statutes.latest.member(self._config.party) is not None

    @property
    def charter(self) -> Charter:
        """The last charter decided on, in force or not yet."""
        return self._config.statutes.latest

    @property
    def motions(self) -> tuple[OpenMotion, ...]:
        """The open motions with their ballots, those first that close first."""
        return self._governance.motions

    def motion_views(self) -> tuple[MotionView, ...]:
        """Return motions as people see them: the open ones, then how others ended."""
        charter, me = self._config.statutes.latest, self._config.party
        open_ones = (view_of(motion, charter, me=me) for motion in self.motions)
        return (*open_ones, *reversed(self._governance.closed.views))

    def revoke_sessions(self, now: Instant) -> Hindered | None:
        """Let nobody speak for this home who has stolen a session key of it."""
        if (obstacle := self._hindrance) is not None:
            return Hindered(obstacle)
        hello, news = self._outbox.revoke_sessions(now)
        assert isinstance(news.message, SessionRevocation), "as it was said"
        self._door.trust(self._outbox.session(now).certificate, now)
        self._door.note_presence(hello)
        self._door.revoke(news, news.message, now)
        return None

    @property
    def revoked(self) -> Mapping[PartyId, Instant]:
        """Since when no session key counts that a member certified earlier."""
        return self._door.revoked

    # -- what the owner wants ----------------------------------------------------------

    def propose(
        self, change: Change, now: Instant, *, deadline: Instant
    ) -> bytes | Hindered:
        """Put a change to the vote, in favour of it; return the motion's digest."""
        obstacle = self._hindrance or self._obstacle(change, now, deadline)
        if obstacle is not None:
            return Hindered(obstacle)
        message = Motion(change=change, deadline=deadline)
        envelope = self._outbox.say(message, now)
        self._governance.take_motion(envelope, now)
        if self._governance.motion(envelope.digest) is None:
            return Hindered(Obstacle.OUT_OF_BOUNDS)
        self.vote(envelope.digest, now, in_favour=True)
        return envelope.digest

    def vote(self, motion: bytes, now: Instant, *, in_favour: bool) -> Hindered | None:
        """Say yes or no to a motion, once."""
        if (obstacle := self._hindrance) is not None:
            return Hindered(obstacle)
        known = self._governance.motion(motion)
        if known is None:
            return Hindered(Obstacle.NO_SUCH_MOTION)
        if self._config.party in known.ballots:
            return Hindered(Obstacle.VOTED_ALREADY)
        if now >= known.motion.deadline:
            return Hindered(Obstacle.TOO_LATE)
        message = Ballot(motion=motion, in_favour=in_favour)
        envelope = self._outbox.say(message, now)
        self._governance.take_ballot(envelope, message, now)
        self._governance.drive(now)
        return None

    def leave(self, now: Instant) -> bytes | Hindered:
        """Leave the community; nobody is asked."""
        return self.propose(Leave(), now, deadline=after(now, DAY_MS))

    def invite(
        self, now: Instant, *, zone: ZoneId, expires_at: Instant, nonce: bytes
    ) -> Invite | Hindered:
        """Sign an invitation for one home, with 16 fresh random bytes."""
        assert len(nonce) == NONCE_BYTES, "a shorter nonce could come up twice"
        charter = self._config.statutes.latest
        if (obstacle := self._hindrance) is not None:
            return Hindered(obstacle)
        if zone not in {one.id for one in charter.fee_tree.zones}:
            return Hindered(Obstacle.DOES_NOT_FIT)
        if not now < expires_at <= after(now, INVITATION_MS_MAX):
            return Hindered(Obstacle.OUT_OF_BOUNDS)
        message = Invitation(zone=zone, expires_at=expires_at, nonce=nonce)
        sealed = self._outbox.sign(message, now)
        return Invite(community=self._config.community, invitation=sealed.data)

    # -- what members say ------------------------------------------------------------

    @property
    def _hindrance(self) -> Obstacle | None:
        if not self.is_member:
            return Obstacle.NOT_A_MEMBER
        return Obstacle.WAKING if self._outbox.is_waking else None

    def _obstacle(
        self, change: Change, now: Instant, deadline: Instant
    ) -> Obstacle | None:
        """Return why a change cannot be proposed."""
        charter = self._config.statutes.latest
        if not now < deadline <= after(now, MOTION_MS_MAX):
            return Obstacle.OUT_OF_BOUNDS
        if not is_timely(change, now):
            return Obstacle.TOO_LATE
        if isinstance(change, Leave) and len(charter.members) == 1:
            return Obstacle.LAST_MEMBER
        if applied(charter, self._config.party, change) is None:
            return Obstacle.DOES_NOT_FIT
        return None

    def take(
        self, envelope: Envelope, message: CommunityMessage, now: Instant
    ) -> SyncRequest | None:
        """Take a message about the community; return a request for what is missed."""
        governance = self._governance
        if isinstance(message, Motion):
            governance.take_motion(envelope, now)
            for early, ballot in self._early.take(envelope.digest):
                governance.take_ballot(early, ballot, now)
        elif isinstance(message, Ballot):
            if governance.motion(message.motion) is None:
                self._early.keep(envelope, message)
            governance.take_ballot(envelope, message, now)
        elif isinstance(message, SyncRequest):
            self._answer(envelope.author, message.number, now)
            return message
        elif isinstance(message, SyncPage):
            self._take_page(message, now)
        elif isinstance(
            message, Invitation | Waking | Recollection | SessionRevocation
        ):
            pass
        else:
            self._take_vote(envelope, message, now)
        governance.drive(now)
        return None

    def take_join(self, envelope: Envelope, message: JoinRequest, now: Instant) -> None:
        """Answer a guest, and propose to let it in if it goes on knocking.

        Who knocks once would like to read the charter.  Who knocks again wants to come
        in: whoever invited it proposes that then, and anybody else a knock later, for
        the one who invited may be out of its reach.
        """
        statutes, party = self._config.statutes, envelope.author
        knocks = self._count_knock(party, now)
        self._answer(party, None, now)
        invited = self._door.invited(message.invitation)
        if invited is None or statutes.latest.member(party) is not None:
            return
        inviter, invitation = invited
        patience = KNOCKS_TO_INVITER if inviter == self._config.party else KNOCKS_TO_ALL
        if knocks < patience:
            return
        if now >= invitation.expires_at or statutes.is_used(message.invitation):
            self._door.turn_away(Fault.SPENT_INVITATION)
            return
        if self._is_proposed(message):
            return
        member = Member(
            party=party,
            zone=invitation.zone,
            household_key=message.certificate.household_key,
        )
        change = Admit(member=member, invitation=message.invitation)
        self.propose(change, now, deadline=after(now, ADMISSION_MS))

    def ask(self, period: DeliveryPeriod, now: Instant, *, to: PartyId) -> None:
        """Ask a member for the charters we lack, and the periods from one on."""
        number = self._config.statutes.number
        self._outbox.say(SyncRequest(number=number, period=period), now, to=to)

    def _take_vote(
        self, envelope: Envelope, message: Enactment | CharterVote, now: Instant
    ) -> None:
        if isinstance(message, Enactment):
            self._governance.take_enactment(envelope, message, now)
        elif self._governance.take_vote(envelope, message, now):
            self._answer(envelope.author, message.number - 1, now)

    def _take_page(self, page: SyncPage, now: Instant) -> None:
        statutes = self._config.statutes
        for record in page.records[max(0, statutes.number - page.number) :]:
            if not self._governance.take_record(record, now):
                return

    def _answer(self, party: PartyId, number: int | None, now: Instant) -> None:
        """Send the charters after ``number``, and the open motions with their ballots.

        None: everything from the first charter on.
        """
        last = self._answered_at.get(party)
        if last is not None and now < after(last, ANSWERS_MS):
            return
        self._note_answer(party, now)
        statutes = self._config.statutes
        page = SyncPage(number=number or 0, founding=None, records=())
        if number is None:
            page = replace(page, founding=statutes.founding)
        room = PAGE_BYTES_MAX
        for record in statutes.records[page.number :]:
            room -= len(encode(record_value(record)))
            if room < 0:
                break
            page = replace(page, records=(*page.records, record))
        self._outbox.say(page, now, to=party)
        for motion in self._governance.motions if number is not None else ():
            self._outbox.pass_on(motion.data, now, to=party)
            for _, data in motion.ballots.values():
                self._outbox.pass_on(data, now, to=party)

    def _note_answer(self, party: PartyId, now: Instant) -> None:
        self._answered_at[party] = now
        for old, at in list(self._answered_at.items()):
            if now >= after(at, MINUTE_MS):
                del self._answered_at[old]

    def _count_knock(self, party: PartyId, now: Instant) -> int:
        for old, (at, _) in list(self._knocks.items()):
            if now >= after(at, KNOCK_MEMORY_MS) or len(self._knocks) > GUESTS_MAX:
                del self._knocks[old]
        _, before = self._knocks.get(party, (now, 0))
        self._knocks[party] = now, before + 1
        return before + 1

    def _is_proposed(self, message: JoinRequest) -> bool:
        return any(
            isinstance(known.motion.change, Admit)
            and known.motion.change.invitation == message.invitation
            for known in self._governance.motions
        )
