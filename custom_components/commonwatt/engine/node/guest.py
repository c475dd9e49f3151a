"""A home that was invited and is not a member yet: it knocks until it is let in.

Believes nobody: the invitation names the community by the digest of its first charter,
and every later charter is proved by the members of the one before.
"""

from typing import Final

from ..ledger.journal import EntryKind, JournalEntry
from ..model.community import SyncPage
from ..model.party import Charter, PartyId
from ..model.period import SECOND_MS, Instant, after
from ..peer import Statutes
from ..wire.canonical import encode
from ..wire.community import record_value
from ..wire.digests import community_id
from ..wire.envelope import read_page, seal
from ..wire.invite import Invite
from ..wire.messages import JoinRequest
from ..wire.verifier import Verifier
from .config import Sessions
from .effects import Effects, Outgoing

KNOCK_MS: Final = 15 * SECOND_MS


class Guest:
    """Bytes and ``now`` go in; a join request goes out, again and again."""

    def __init__(
        self, invite: Invite, *, party: PartyId, sessions: Sessions, verify: Verifier
    ) -> None:
        """Stand before the door; ``sessions`` are of the invite's community."""
        self._invite: Final = invite
        self._party: Final = party
        self._sessions: Final = sessions
        self._verify: Final = verify
        self._statutes: Statutes | None = None
        self._knocked_at: Instant | None = None
        self._send: list[Outgoing] = []

    @property
    def founding(self) -> Charter | None:
        """The first charter of the community; None while nobody has answered."""
        return None if self._statutes is None else self._statutes.founding

    @property
    def charter(self) -> Charter | None:
        """The latest charter we know: read it before you join."""
        return None if self._statutes is None else self._statutes.latest

    @property
    def is_member(self) -> bool:
        """Tell whether we have been let in."""
        charter = self.charter
        return charter is not None and charter.member(self._party) is not None

    @property
    def is_spent(self) -> bool:
        """Tell whether somebody else has come in by our invitation."""
        statutes = self._statutes
        was_used = statutes is not None and statutes.is_used(self._invite.invitation)
        return was_used and not self.is_member

    def entries(self, now: Instant) -> tuple[JournalEntry, ...]:
        """Return what the journal of the new member's node begins with."""
        records = () if self._statutes is None else self._statutes.records
        return tuple(
            JournalEntry(
                kind=EntryKind.CHARTER, at=now, body=encode(record_value(record))
            )
            for record in records
        )

    def receive(self, data: bytes, now: Instant) -> None:  # noqa: ARG002  # as every node is fed
        """Take what somebody sends; only charters are understood."""
        page = read_page(data, community=self._invite.community)
        if page is not None:
            self._take(page)

    def tick(self, now: Instant) -> None:
        """Knock, if it is time to."""
        if self.is_member or now < (self.deadline() or now):
            return
        self._knocked_at = now
        session = self._sessions.at(now)
        message = JoinRequest(
            certificate=session.certificate, invitation=self._invite.invitation
        )
        data = seal(
            message,
            community=self._invite.community,
            author=self._party,
            sequence=now,
            sent_at=now,
            key=session.key,
        )
        self._send.append(Outgoing(data=data))

    def deadline(self) -> Instant | None:
        """Return when to tick next; None before the first knock."""
        if self._knocked_at is None:
            return None
        return after(self._knocked_at, KNOCK_MS)

    def effects(self) -> Effects:
        """Return what the world is to do; each effect is handed out once."""
        effects = Effects(send=tuple(self._send))
        self._send.clear()
        return effects

    def _take(self, page: SyncPage) -> None:
        statutes = self._statutes
        if statutes is None:
            founding = page.founding
            if founding is None or community_id(founding) != self._invite.community:
                return
            statutes = self._statutes = Statutes(self._invite.community, founding)
        for record in page.records[max(0, statutes.number - page.number) :]:
            if statutes.extend(record, verify=self._verify) is None:
                return
