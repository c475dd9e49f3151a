"""The community of the peers benchmark: members, what they sign, and their clock."""

from dataclasses import dataclass
import hashlib
import time
from typing import Final

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.drivers.transports import Credentials, Roster
from custom_components.commonwatt.engine.devices import (
    DeviceId,
    MeterState,
    ProcessImage,
)
from custom_components.commonwatt.engine.model.community import Recollection
from custom_components.commonwatt.engine.model.order import Order, Side, Step
from custom_components.commonwatt.engine.model.party import (
    Charter,
    CommunityId,
    Member,
    PartyId,
    PrivacyMode,
)
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    SECOND_MS,
    DeliveryPeriod,
    Instant,
)
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.model.tariff import Tariff
from custom_components.commonwatt.engine.model.zone import FeeTree
from custom_components.commonwatt.engine.node import (
    DerivedSessions,
    Node,
    NodeConfig,
)
from custom_components.commonwatt.engine.peer import RoundTiming, electorate_of
from custom_components.commonwatt.engine.wire.digests import (
    community_id,
    order_digest,
)
from custom_components.commonwatt.engine.wire.envelope import seal
from custom_components.commonwatt.engine.wire.keys import HouseholdKey
from custom_components.commonwatt.engine.wire.messages import (
    SALT_BYTES,
    Message,
    OrderCommitment,
    OrderReveal,
    Presence,
    ReadingReport,
)
from custom_components.commonwatt.engine.wire.verifier import Verifier

MEMBERS: Final = 200
FULL: Final = 5
FULL_VOTERS: Final = 2
PACE: Final = 30
"""Thirty seconds of real time are a delivery period, unless the machine is slow."""

TIMING: Final = RoundTiming(
    bidding_ms=6 * MINUTE_MS,
    gate_closure_ms=4 * MINUTE_MS,
    reveal_closure_ms=2 * MINUTE_MS,
    attempt_ms=90 * SECOND_MS,
)
"""At that pace: 4 s to bid, 4 s to reveal, 3 s for every proposer."""

POWER_W: Final = 700
TARIFF: Final = Tariff(energy_micro_per_kwh=270_000, feed_in_micro_per_kwh=75_000)
LOOK_MS: Final = MINUTE_MS
"""How often a home looks at its meter."""


def secret(name: str) -> bytes:
    """Return 32 bytes that are anything but secret."""
    return hashlib.sha256(name.encode()).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Everything all processes of the benchmark agree on."""

    began_at_ms: int
    pace: int
    charter: Charter
    community: CommunityId
    full: tuple[int, ...]
    """Indices of the full nodes, voters first."""

    voters: tuple[int, ...]

    @classmethod
    def set(cls, *, began_at_ms: int, privacy: PrivacyMode, pace: int = PACE) -> Stage:
        """Build the community whose first period begins at ``began_at_ms``."""
        tree = FeeTree.single()
        keys = [HouseholdKey(secret(f"home {n}")) for n in range(MEMBERS)]
        charter = Charter(
            members=tuple(
                Member(party=k.party, zone=tree.root.id, household_key=k.public)
                for k in keys
            ),
            fee_tree=tree,
            privacy=privacy,
        )
        community = community_id(charter)
        period = DeliveryPeriod.containing(Instant(began_at_ms))
        drawn = set(electorate_of(charter, community, period).voters)
        voters = [n for n, key in enumerate(keys) if key.party in drawn]
        others = [n for n in range(MEMBERS) if n not in voters]
        return cls(
            began_at_ms=began_at_ms,
            pace=pace,
            charter=charter,
            community=community,
            full=(*voters[:FULL_VOTERS], *others[: FULL - FULL_VOTERS]),
            voters=tuple(voters),
        )

    def clock(self) -> Instant:
        """Return the instant it is on stage."""
        real_ms = time.time_ns() // 1_000_000
        return Instant(self.curtain + self.pace * (real_ms - self.began_at_ms))

    def real(self, at: Instant) -> float:
        """Return the real time, in seconds, at which it is ``at`` on stage."""
        return (self.began_at_ms + (at - self.curtain) / self.pace) / SECOND_MS

    @property
    def look_seconds(self) -> float:
        """How often a home looks at its meter, in real time."""
        return LOOK_MS / SECOND_MS / self.pace

    @property
    def curtain(self) -> Instant:
        """When it begins on stage: with a period, so that all runs are alike."""
        return DeliveryPeriod.containing(Instant(self.began_at_ms)).start

    def meter(self, now: Instant) -> ProcessImage:
        """Return what a home sees that draws power evenly since the beginning."""
        import_wh = POWER_W * (now - self.curtain) // HOUR_MS
        meter = MeterState(
            measured_at=now, power_w=POWER_W, import_wh=import_wh, export_wh=0
        )
        return ProcessImage(taken_at=now, meters={DeviceId("meter"): meter})

    @property
    def circle(self) -> tuple[PartyId, ...]:
        """Who is told orders and readings; empty where everybody is."""
        if self.charter.privacy is PrivacyMode.OPEN:
            return ()
        return tuple(self.party(index) for index in self.voters)

    def party(self, index: int) -> PartyId:
        """Return a member's party."""
        return self.charter.members[index].party

    def roster(self, verify: Verifier | None = None) -> Roster:
        """Return who may talk."""
        return Roster(
            community=self.community, members=self.charter.members, verify=verify
        )

    def sessions(self, index: int) -> DerivedSessions:
        """Return a member's session keys."""
        return DerivedSessions(
            HouseholdKey(secret(f"home {index}")),
            secret=secret(f"sessions {index}"),
            community=self.community,
        )

    def credentials(self, index: int) -> Credentials:
        """Return how a member proves who it is."""
        return Credentials(
            party=self.party(index), sessions=self.sessions(index), clock=self.clock
        )

    def node(self, index: int, verify: Verifier, kind: type[Node] = Node) -> Node:
        """Return a member's node."""
        config = NodeConfig(
            party=self.party(index),
            community=self.community,
            charter=self.charter,
            timing=TIMING,
            salt_secret=secret(f"salts {index}"),
        )
        return kind(
            config, sessions=self.sessions(index), verify=verify, now=self.clock()
        )


class Script:
    """What the members that are not there would say, signed before the curtain."""

    def __init__(self, stage: Stage, index: int) -> None:
        self._stage: Final = stage
        self._index: Final = index
        self._sessions: Final = stage.sessions(index)
        self._sequence = 0

    def hello(self, at: Instant) -> bytes:
        """Return a presence."""
        certificate = self._sessions.at(at).certificate
        return self._sealed(Presence(certificate=certificate), at)

    def recollection(self, at: Instant) -> bytes:
        """Return the answer to everybody that has just woken: nothing heard before."""
        return self._sealed(Recollection(sequence=None), at)

    def bid(self, period: DeliveryPeriod) -> tuple[bytes, bytes]:
        """Return a commitment to an order, and its reveal."""
        party = self._stage.party(self._index)
        price = 100_000 + 1_000 * (self._index % 90)
        side = Side.SELL if self._index % 2 == 0 else Side.BUY
        steps = [
            Step(side=side, price_micro_per_kwh=price + 5_000 * n, energy_wh=100 + n)
            for n in range(4)
        ]
        order = Order.of(party, period, *steps)
        salt = secret(f"{self._index} {period.number}")[:SALT_BYTES]
        commitment = OrderCommitment(period=period, digest=order_digest(order, salt))
        return (
            self._sealed(commitment, TIMING.bidding(period)),
            self._sealed(
                OrderReveal(order=order, salt=salt), TIMING.gate_closure(period)
            ),
        )

    def reading(self, period: DeliveryPeriod) -> bytes:
        """Return what its meter counted in a period, as it is told at its end."""
        told = MeterReading(
            party=self._stage.party(self._index),
            period=period,
            import_wh=100 + self._index,
            export_wh=self._index % 3 * 50,
        )
        salt = secret(f"reading {self._index} {period.number}")[:SALT_BYTES]
        return self._sealed(ReadingReport(reading=told, salt=salt), period.end)

    def _sealed(self, message: Message, at: Instant) -> bytes:
        self._sequence += 1
        return seal(
            message,
            community=self._stage.community,
            author=self._stage.party(self._index),
            sequence=self._sequence,
            sent_at=at,
            key=self._sessions.at(at).key,
        )
