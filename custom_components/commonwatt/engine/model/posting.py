"""Double entry: accounts, postings and the transactions whose postings sum to zero."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .party import PartyId


class Unit(StrEnum):
    """What is counted on an account."""

    WH = "wh"
    NANO = "nano"


class AccountKind(StrEnum):
    """The kinds of accounts a community has."""

    PARTY = "party"
    """What one member delivered, took, earned and owes."""

    RETAILER = "retailer"
    """The grid's counterpart of one member: what neighbours did not cover."""

    NETWORK = "network"
    """Network fees."""

    FUND = "fund"
    """The community fund: congestion rent and spreads."""

    SUSPENSE = "suspense"
    """What belongs to one member but waits for its missing reading."""

    OTHERS = "others"
    """The rest of the community, as one outside the committee sees it."""


PERSONAL: Final = frozenset(
    {AccountKind.PARTY, AccountKind.RETAILER, AccountKind.SUSPENSE}
)
"""The kinds of accounts that every member has for itself."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Account:
    """Where postings land.  ``party`` is None for what belongs to all."""

    kind: AccountKind
    party: PartyId | None = None

    def __post_init__(self) -> None:
        """Refuse a personal account without a person, or the reverse."""
        personal = self.kind in PERSONAL
        if personal != (self.party is not None):
            msg = f"account {self.kind} {'needs' if personal else 'has no'} party"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One leg: positive is credit (received energy, earned money) to the account."""

    account: Account
    unit: Unit
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """Postings that belong together; they sum to zero in every unit."""

    reason: str
    postings: tuple[Posting, ...]

    def __post_init__(self) -> None:
        """Assert the one rule of double entry."""
        for unit in Unit:
            total = sum(p.amount for p in self.postings if p.unit is unit)
            assert total == 0, f"{self.reason}: postings in {unit} sum to {total}"
