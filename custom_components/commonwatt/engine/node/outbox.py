"""What the node wants from the world until somebody fetches it; signing on the way.

Every message is in the journal before it is in ``send``: there is no other way out.
"""

from collections.abc import Callable
from typing import Final

from ..devices import Setpoint
from ..ledger.journal import EntryKind, JournalEntry
from ..model.party import PartyId
from ..model.period import Instant
from ..wire.envelope import Envelope, seal
from ..wire.messages import Message, Presence
from .config import NodeConfig, Session, Sessions
from .effects import Effects, Outgoing
from .events import Event


class Outbox:
    """Effects so far, and the next sequence number."""

    def __init__(self, config: NodeConfig, sessions: Sessions) -> None:
        """Start empty; nothing has ever been signed."""
        self._config: Final = config
        self._sessions: Final = sessions
        self._next_sequence = 0
        self._said_from: int | None = None
        """The first number signed in this life; None: nothing has been signed yet."""

        self._persist: list[JournalEntry] = []
        self._send: list[Outgoing] = []
        self._actuate: tuple[Setpoint, ...] = ()
        self._report: list[Event] = []
        self.said_at: Instant | None = None
        """When this node last gave a sign of life."""

        self.is_waking = False
        """Until enough members have told what they last heard from this node."""

        self.is_muted = False
        """While the journal is replayed, nothing is said and nothing is reported."""

        self.on_report: Callable[[Event], None] | None = None
        """Who inside the node wants to hear what is reported to the outside."""

    @property
    def last_sequence(self) -> int:
        """The highest number used so far, as far as is known; -1 before the first."""
        return self._next_sequence - 1

    def session(self, now: Instant) -> Session:
        """Return the session that signs at ``now``."""
        return self._sessions.at(now)

    def resume_after(self, sequence: int) -> None:
        """Never use ``sequence`` or one below it again."""
        self._next_sequence = max(self._next_sequence, sequence + 1)

    def jump(self, at: Instant) -> None:
        """Leave out every number that may have been used before ``at`` and is lost.

        Nobody signs more than one envelope in a millisecond.
        """
        self._next_sequence = max(self._next_sequence, at)

    def renew_session(self, at: Instant) -> None:
        """Sign with a fresh key from ``at`` on."""
        self._sessions.renew(at)

    def revoke_sessions(self, now: Instant) -> tuple[Envelope, Envelope]:
        """Sign with a fresh key from now on, and tell everybody not to believe others.

        The fresh key is shown first, for it signs the news; both are returned.
        """
        self.renew_session(now)
        return self.say_hello(now), self.say(self._sessions.revoke(now), now)

    def say(
        self, message: Message, now: Instant, *, to: PartyId | None = None
    ) -> Envelope:
        """Sign a message, journal it and queue it; return it as the others will see it.

        A new sequence number is spent each time.
        """
        envelope = self.sign(message, now)
        self.pass_on(envelope.data, now, to=to)
        return envelope

    def say_to(
        self, message: Message, now: Instant, circle: tuple[PartyId, ...] | None
    ) -> Envelope:
        """Sign a message for some members, and nobody else; None is everybody."""
        envelope = self.sign(message, now)
        self.pass_round(envelope.data, now, circle)
        return envelope

    def show(
        self, message: Message, now: Instant, *, to: PartyId, by: tuple[PartyId, ...]
    ) -> None:
        """Sign a message for one member, which others who may read it can hand over."""
        data = self.sign(message, now).data
        self._send.append(Outgoing(data=data, to=to, circle=by))

    def pass_round(
        self, data: bytes, now: Instant, circle: tuple[PartyId, ...] | None
    ) -> None:
        """Queue a sealed envelope for some members, and nobody else."""
        if circle is None:
            self.pass_on(data, now)
            return
        for party in () if self.is_muted else circle:
            if party != self._config.party:
                self._send.append(Outgoing(data=data, to=party, circle=circle))

    def sign(self, message: Message, now: Instant) -> Envelope:
        """Sign a message and journal it, to be shown some other way."""
        assert not self.is_muted, "what the journal knows is not said again"
        sequence = self._next_sequence
        self._next_sequence += 1
        if self._said_from is None:
            self._said_from = sequence
        data = seal(
            message,
            community=self._config.community,
            author=self._config.party,
            sequence=sequence,
            sent_at=now,
            key=self.session(now).key,
        )
        self.keep(EntryKind.SENT, data, now)
        return Envelope(
            author=self._config.party,
            sequence=sequence,
            sent_at=now,
            message=message,
            data=data,
        )

    def say_hello(self, now: Instant, *, to: PartyId | None = None) -> Envelope:
        """Tell the others that this node is here and by which key to know it."""
        return self.say(Presence(certificate=self.session(now).certificate), now, to=to)

    def pass_on(self, data: bytes, now: Instant, *, to: PartyId | None = None) -> None:
        """Queue a sealed envelope, own or not, that is in the journal already."""
        if self.is_muted:
            return
        if to is None:
            self.said_at = now
        self._send.append(Outgoing(data=data, to=to))

    def keep(self, kind: EntryKind, body: bytes, now: Instant) -> None:
        """Journal an entry."""
        if not self.is_muted:
            self._persist.append(JournalEntry(kind=kind, at=now, body=body))

    def keep_heard(self, envelope: Envelope, now: Instant) -> None:
        """Journal what was heard: also our own words, unless this life has said them.

        What an earlier life has said may be in a part of the journal that was lost.
        """
        begun = self._said_from
        is_ours = envelope.author == self._config.party
        if not is_ours or begun is None or envelope.sequence < begun:
            self.keep(EntryKind.RECEIVED, envelope.data, now)

    def advise(self, setpoints: tuple[Setpoint, ...]) -> None:
        """Queue setpoints; later ones replace those nobody has fetched."""
        self._actuate = setpoints

    def report(self, event: Event) -> None:
        """Queue an event."""
        if self.is_muted:
            return
        self._report.append(event)
        if self.on_report is not None:
            self.on_report(event)

    def drain(self) -> Effects:
        """Return everything queued, and forget it."""
        effects = Effects(
            persist=tuple(self._persist),
            send=tuple(self._send),
            actuate=self._actuate,
            report=tuple(self._report),
        )
        self._persist.clear()
        self._send.clear()
        self._actuate = ()
        self._report.clear()
        return effects
