"""Members of a secure sum on a small network that can lose and change messages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from custom_components.commonwatt.engine.forecast.federation import (
    Aborted,
    Remembered,
    SecureSum,
    Summed,
    SumTiming,
)
from custom_components.commonwatt.engine.forecast.federation.fixed_point import Words
from custom_components.commonwatt.engine.model.federation import (
    FederationMessage,
    SumName,
)
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import Instant

NAME = SumName(week=2900, part=0, step=0, attempt=0)
TIMING = SumTiming(starts=Instant(0))

type Wire = Callable[[PartyId, FederationMessage], FederationMessage | None]
"""What becomes of a message on its way to everybody: None is lost."""


def party(number: int) -> PartyId:
    return PartyId(f"{number:040x}")


def vector(number: int, length: int = 8) -> Words:
    random = np.random.default_rng(number)
    return random.integers(0, 1 << 63, length, dtype=np.uint64)


def unharmed(_author: PartyId, message: FederationMessage) -> FederationMessage:
    return message


@dataclass
class Circle:
    """Members, what they said, and who has left."""

    members: dict[PartyId, SecureSum]
    vectors: dict[PartyId, Words]
    said: list[tuple[PartyId, FederationMessage]] = field(default_factory=list)
    gone: set[PartyId] = field(default_factory=set)

    @classmethod
    def of(
        cls,
        count: int,
        *,
        name: SumName = NAME,
        remembered: Sequence[frozenset[PartyId]] = (),
    ) -> Circle:
        """Begin a sum of so many members."""
        parties = tuple(party(number) for number in range(count))
        vectors = {p: vector(number) for number, p in enumerate(parties)}
        members = {
            p: SecureSum(
                name=name,
                me=p,
                members=parties,
                vector=vectors[p],
                seed=bytes([number + 1]) * 32,
                timing=TIMING,
                remembered=Remembered(remembered),
            )
            for number, p in enumerate(parties)
        }
        return cls(members, vectors)

    def run(self, wire: Wire = unharmed) -> None:
        """Deliver everything until all members are done or have given up."""
        now = Instant(0)
        while True:
            self.deliver(now, wire)
            pending = [
                deadline
                for p, member in self.members.items()
                if p not in self.gone and (deadline := member.deadline()) is not None
            ]
            if not pending:
                return
            now = min(pending)
            for p, member in self.members.items():
                if p not in self.gone:
                    member.tick(now)

    def deliver(self, now: Instant, wire: Wire = unharmed) -> None:
        """Hand messages round until nobody has anything to say."""
        quiet = False
        while not quiet:
            quiet = True
            for author, member in self.members.items():
                if author in self.gone:
                    continue
                for message in member.take_outbox():
                    quiet = False
                    self.broadcast(author, message, now, wire)

    def broadcast(
        self, author: PartyId, message: FederationMessage, now: Instant, wire: Wire
    ) -> None:
        """Bring one message to everybody that is still there."""
        arrived = wire(author, message)
        if arrived is None or author in self.gone:
            return
        self.said.append((author, arrived))
        for p, member in self.members.items():
            if p != author and p not in self.gone:
                member.receive(author, arrived, now)

    def outcomes(self) -> set[str]:
        """Return how it ended, for all that are still there."""
        return {
            type(member.outcome).__name__
            for p, member in self.members.items()
            if p not in self.gone
        }

    def sums(self) -> list[Summed]:
        """Return the sums that came about."""
        return [
            member.outcome
            for p, member in self.members.items()
            if p not in self.gone and isinstance(member.outcome, Summed)
        ]

    def reasons(self) -> set[str]:
        """Return why members gave up."""
        return {
            member.outcome.reason.value
            for p, member in self.members.items()
            if p not in self.gone and isinstance(member.outcome, Aborted)
        }

    def total(self, parties: Sequence[PartyId]) -> Words:
        """Add up what these members really contributed."""
        total = np.zeros(8, dtype=np.uint64)
        for p in parties:
            total += self.vectors[p]
        return total
