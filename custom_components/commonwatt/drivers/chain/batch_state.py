"""What contracts tell of a community's days: what to ask, what the answers say."""

from dataclasses import dataclass
from typing import Final

from ...engine.wire.ethereum import Address
from .values import (
    Answer,
    ContractName,
    Question,
    as_address,
    as_int,
    as_items,
)

HEAD: Final = Question(ContractName.SETTLEMENT, "chainHead")
SEATS: Final = Question(ContractName.COMMUNITY, "seats")
QUORUM: Final = Question(ContractName.COMMUNITY, "quorum")
MEMBERS: Final = Question(ContractName.COMMUNITY, "members")


@dataclass(frozen=True, slots=True, kw_only=True)
class Committee:
    """Who signs: the keys in the order of their seats, and how many have to."""

    seats: tuple[Address, ...]
    quorum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The state of the chain of batches; instants in seconds since the epoch."""

    number: int
    standing: int
    day: int
    standing_day: int
    final_at: int
    standing_at: int
    demands: int
    is_void: bool
    has_escaped: bool

    @property
    def is_pending(self) -> bool:
        """Whether a batch can still be undone, and so no other be posted."""
        return self.number != self.standing and not self.is_void


def digest_of(number: int) -> Question:
    """Return the question what the struct hash of a batch is."""
    return Question(ContractName.SETTLEMENT, "digestAt", (number,))


def ledger_of(account: Address) -> Question:
    """Return the question what an account paid in and claimed."""
    return Question(ContractName.SETTLEMENT, "ledgers", (account,))


def addresses_of(answer: Answer) -> tuple[Address, ...]:
    """Return the list that was answered."""
    (found,) = answer
    return tuple(map(as_address, as_items(found)))


def head_of(answer: Answer) -> Head:
    """Return the state that was answered."""
    (found,) = answer
    values = [as_int(value) for value in as_items(found)]
    return Head(
        number=values[0],
        standing=values[1],
        day=values[2],
        standing_day=values[3],
        final_at=values[4],
        standing_at=values[5],
        demands=values[6],
        is_void=bool(values[7]),
        has_escaped=bool(values[8]),
    )
