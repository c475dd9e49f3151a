"""What it costs a member to refuse a message: CPU time from the link to the node.

Whatever comes in goes the way of all that comes in: unpacked, read, shown to the node,
and its verdict told to the transport.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
import contextlib
import hashlib
import time
from typing import Final

from ._peers_stage import Script, Stage, secret

# isort: split
from custom_components.commonwatt.drivers.transports import (
    Credentials,
    Gossip,
    Refusals,
    Roster,
)
from custom_components.commonwatt.drivers.transports.frames import (
    FRAME_SIZE_MAX,
    Here,
    encode_frame,
)
from custom_components.commonwatt.drivers.transports.http.handshake import (
    Handshake,
    HandshakeError,
)
from custom_components.commonwatt.drivers.transports.http.press import Press
from custom_components.commonwatt.drivers.transports.parcel import Parcel, ParcelKind
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.node import DerivedSessions
from custom_components.commonwatt.engine.wire.bounds import BOUNDS
from custom_components.commonwatt.engine.wire.envelope import seal
from custom_components.commonwatt.engine.wire.keys import HouseholdKey
from custom_components.commonwatt.engine.wire.messages import (
    BookProposal,
    MessageKind,
    Presence,
)
from custom_components.commonwatt.engine.wire.verifier import verify

TIMES: Final = 400
SHARE: Final = 0.99
"""Of so many the dearest counts; what the machine does beside it takes the rest."""

_REVEAL_BYTES: Final = 170


type Refuse = Callable[[], None]


def refusing_ms(stage: Stage) -> Mapping[str, float]:
    """Return what refusing each kind of message costs, in ms of CPU time."""
    victim = _Victim(stage)
    return {kind: _cost_ms(each) for kind, each in victim.refusals().items()}


def _cost_ms(refusals: Iterable[Refuse]) -> float:
    spent: list[int] = []
    for refuse in refusals:
        began_ns = time.thread_time_ns()
        refuse()
        spent.append(time.thread_time_ns() - began_ns)
    return round(sorted(spent)[int(SHARE * len(spent))] / 1e6, 3)


class _Victim:
    """A member with a link to another, who brings what is to be refused."""

    def __init__(self, stage: Stage) -> None:
        self._stage: Final = stage
        self._me: Final = stage.full[0]
        self._bringer: Final = stage.full[1]
        self._node: Final = stage.node(self._me, verify)
        self._gossip: Final = self._gossip_of(self._me)
        self._gossip.deliver = self._judge
        self._link: Final = self._gossip.meet(
            self._gossip_of(self._bringer).beacon(), wake=_asleep, now=0.0
        )
        self._now_s = 0.0
        self._script: Final = Script(stage, self._bringer)
        self._known: Final = self._script.hello(stage.clock())
        self._hear(self._known)()

    def refusals(self) -> dict[str, Iterable[Refuse]]:
        """Return how each kind is refused, so many times, all of it made before."""
        stage, times = self._stage, range(TIMES)
        period = DeliveryPeriod.containing(stage.clock()).next()
        small, _ = self._script.bid(period)
        large = self._book(period)
        garbage = [hashlib.sha512(n.to_bytes(2)).digest() for n in times]
        return {
            "garbage": [self._take(data) for data in garbage],
            "too large": [self._take(bytes(10 * FRAME_SIZE_MAX)) for _ in times],
            "wrong signature": [self._hear(_forged(small, n)) for n in times],
            "wrong signature, large": [self._hear(_forged(large, n)) for n in times],
            "replay": [self._hear(self._known) for _ in times],
            "replay to the node": [lambda: self._judge(self._known) for _ in times],
            "letter of a stranger": [self._hear(data) for data in self._strange()],
            "link of a stranger": [self._strange_link() for _ in times],
        }

    def _gossip_of(self, index: int) -> Gossip:
        return Gossip(
            roster=self._stage.roster(),
            credentials=self._stage.credentials(index),
            refusals=Refusals(),
        )

    def _judge(self, letter: bytes) -> None:
        genuine = self._node.receive(letter, self._stage.clock())
        self._gossip.judged(letter, genuine=genuine, now=self._now_s)

    def _hear(self, letter: bytes) -> Refuse:
        return self._take(encode_frame(Here(None, Parcel(ParcelKind.LETTER, letter))))

    def _take(self, frame: bytes) -> Refuse:
        """Return how a link takes a frame; the allowance of its peer never ends."""
        press = Press()
        packed = Press().pack(frame)

        def take() -> None:
            self._now_s += 60.0
            plain = press.unpack(packed)
            if plain is not None:
                self._gossip.hear(self._link, plain, self._now_s)

        return take

    def _book(self, period: DeliveryPeriod) -> bytes:
        """Return a book as large as a letter may be."""
        count = BOUNDS[MessageKind.BOOK_PROPOSAL].size_max // (_REVEAL_BYTES + 2) - 1
        reveals = (bytes(_REVEAL_BYTES),) * count
        now = self._stage.clock()
        return seal(
            BookProposal(period=period, attempt=0, reveals=reveals),
            community=self._stage.community,
            author=self._stage.party(self._bringer),
            sequence=1 << 32,
            sent_at=now,
            key=self._stage.sessions(self._bringer).at(now).key,
        )

    def _strange(self) -> Iterator[bytes]:
        """Yield letters of somebody who is no member."""
        now = self._stage.clock()
        session = self._stranger().sessions.at(now)
        for number in range(TIMES):
            yield seal(
                Presence(certificate=session.certificate),
                community=self._stage.community,
                author=session.certificate.party,
                sequence=number,
                sent_at=now,
                key=session.key,
            )

    def _stranger(self) -> Credentials:
        key = HouseholdKey(secret("stranger"))
        sessions = DerivedSessions(
            key, secret=secret("keys"), community=self._stage.community
        )
        return Credentials(party=key.party, sessions=sessions, clock=self._stage.clock)

    def _strange_link(self) -> Refuse:
        """Return how somebody who is no member is turned away at the door."""
        stranger = self._stranger()
        roster = Roster(community=self._stage.community, members=None)
        gossip = Gossip(roster=roster, credentials=stranger, refusals=Refusals())
        mine, theirs = (
            Handshake(each.roster, each.credentials, is_dialler=each is gossip)
            for each in (self._gossip, gossip)
        )
        theirs.take_hello(mine.hello)
        proof = theirs.proof(gossip.beacon())

        def turn_away() -> None:
            # A key for the next who knocks stands for the one that was drawn for this.
            Handshake(self._gossip.roster, self._gossip.credentials, is_dialler=False)
            mine.take_hello(theirs.hello)
            with contextlib.suppress(HandshakeError):
                mine.take_proof(proof, guests_welcome=False)

        return turn_away


def _forged(letter: bytes, number: int) -> bytes:
    """Return a letter whose signature, at its end, is another each time."""
    forged = bytearray(letter)
    forged[-8:] = number.to_bytes(8)
    return bytes(forged)


def _asleep() -> None:
    """Say nothing: nobody is at the other end."""
