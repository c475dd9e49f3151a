"""One member of the community: a home, a disk, a clock that is off, and a node or none.

Carries out what the node wants, as a driver would, and dies in the middle of it when it
is told to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ...model.party import PartyId, PrivacyMode
from ...model.period import DeliveryPeriod, Instant
from ...model.tariff import Tariff
from ...node import Effects, Guest, Node, NodeConfig, Sessions
from ...peer import Electorate, electorate_of
from ...wire.verifier import Verifier
from ..homes.dice import Dice
from .disk import Disk
from .household import PlainHome
from .liar import Liar
from .post import Letter

TARIFF: Final = Tariff(energy_micro_per_kwh=300_000, feed_in_micro_per_kwh=80_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a member never loses."""

    name: str
    config: NodeConfig
    sessions: Sessions


class Member:
    """A member, alive or not."""

    def __init__(
        self, identity: Identity, *, home: PlainHome, disk: Disk, verify: Verifier
    ) -> None:
        """Begin switched off."""
        self.identity: Final = identity
        self.disk: Final = disk
        self.node: Node | None = None
        self.liar: Liar | None = None
        self.wakes_at: Instant | None = None
        """The only wake-up call that still counts, by the true clock."""

        self.dies_next = False
        """Its power fails in the middle of the next thing it does."""

        self.lost_at = Instant(-1)
        """When it last lost what was on its disk, or some of it."""

        self.guest: Guest | None = None
        self._home: Final = home
        self._verify: Final = verify
        self._skew_ms = 0

    @property
    def name(self) -> str:
        """How the tale calls it."""
        return self.identity.name

    @property
    def party(self) -> PartyId:
        """Its party."""
        return self.identity.config.party

    @property
    def is_honest(self) -> bool:
        """Tell whether it does what the engine does, and nothing else."""
        return self.liar is None

    def clock(self, now: Instant) -> Instant:
        """Return what its clock shows."""
        return Instant(now + self._skew_ms)

    def start(self, now: Instant, *, skew_ms: int) -> None:
        """Begin a life with what is on the disk, and a clock that is off."""
        self._skew_ms = skew_ms
        self.node = Node.restore(
            self.identity.config,
            self.disk.entries,
            sessions=self.identity.sessions,
            verify=self._verify,
            now=self.clock(now),
        )
        self.node.set_tariff(TARIFF, self.clock(now))
        self.dies_next = False

    def stop(self) -> None:
        """Lose everything but the disk."""
        self.node = None
        self.wakes_at = None

    def look(self, now: Instant) -> None:
        """Show the node what its meter shows."""
        if self.node is not None:
            shown_at = self.clock(now)
            self.node.observe(self._home.image(now, shown_at=shown_at), shown_at)

    def next_call(self) -> Instant | None:
        """Return when the node wants to be woken, by the true clock."""
        deadline = None if self.node is None else self.node.deadline()
        return None if deadline is None else Instant(deadline - self._skew_ms)

    def voters(self, period: DeliveryPeriod) -> Electorate:
        """Return who votes for a period, as the node knows the charter."""
        config = self.identity.config
        charter = (
            config.charter if self.node is None else self.node.charter(period.start)
        )
        return electorate_of(charter, config.community, period)

    def sees_all(self, period: DeliveryPeriod) -> bool:
        """Tell whether the node knows a period as a whole, and not its part alone."""
        privacy = self.identity.config.charter.privacy
        return privacy is PrivacyMode.OPEN or self.party in self.voters(period).voters

    def letters(
        self, effects: Effects, now: Instant
    ) -> Iterator[tuple[PartyId, Letter]]:
        """Yield who sends what, once everything is on disk."""
        for outgoing in effects.send:
            if self.liar is not None:
                yield from self.liar.rewrite(outgoing, self.clock(now))
                continue
            to = None if outgoing.to is None else frozenset({outgoing.to})
            yield self.party, Letter(data=outgoing.data, to=to)


def cut_short(effects: Effects, dice: Dice) -> Effects:
    """Return what of a turn is done when the power fails in the middle of it."""
    written = dice.between(0, len(effects.persist))
    if written < len(effects.persist):
        return Effects(persist=effects.persist[:written])
    sent = dice.between(0, len(effects.send))
    return Effects(
        persist=effects.persist, send=effects.send[:sent], report=effects.report
    )
