"""The bookkeeper: collects amounts, hands out transactions that sum to zero."""

from dataclasses import dataclass, field
from typing import Final

from ..model.party import PartyId
from ..model.posting import Account, AccountKind, Posting, Transaction, Unit

FUND: Final = Account(kind=AccountKind.FUND)
NETWORK: Final = Account(kind=AccountKind.NETWORK)


@dataclass(slots=True)
class Booking:
    """One transaction while it is written: amounts by account and unit."""

    reason: str
    held: frozenset[PartyId]
    """Parties whose amounts wait in suspense for their reading."""

    amounts: dict[tuple[Account, Unit], int] = field(default_factory=dict)

    def party(self, party: PartyId) -> Account:
        """Return the account of ``party``: its own, or its suspense account."""
        kind = AccountKind.SUSPENSE if party in self.held else AccountKind.PARTY
        return Account(kind=kind, party=party)

    def move(
        self, amount: int, unit: Unit, *, source: Account, target: Account
    ) -> None:
        """Move an amount (back, if negative)."""
        self.add(-amount, unit, account=source)
        self.add(amount, unit, account=target)

    def add(self, amount: int, unit: Unit, *, account: Account) -> None:
        """Add one leg; the caller sees to the others."""
        self.amounts[account, unit] = self.amounts.get((account, unit), 0) + amount

    def pay(self, amount: int, *, source: Account, target: Account) -> None:
        """Move money, in nano-currency."""
        self.move(amount, Unit.NANO, source=source, target=target)

    def earned_nano(self, account: Account) -> int:
        """Return what ``account`` earned in this transaction so far."""
        return self.amounts.get((account, Unit.NANO), 0)

    def transaction(self) -> Transaction | None:
        """Return the transaction, without empty postings; None if nothing is left."""
        postings = tuple(
            Posting(account=account, unit=unit, amount=self.amounts[account, unit])
            for account, unit in sorted(self.amounts, key=_in_order)
            if self.amounts[account, unit]
        )
        if not postings:
            return None
        return Transaction(reason=self.reason, postings=postings)


def _in_order(key: tuple[Account, Unit]) -> tuple[str, str, str]:
    account, unit = key
    return unit.value, account.kind.value, account.party or ""
