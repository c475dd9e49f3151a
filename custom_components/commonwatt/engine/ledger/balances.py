"""Accounts: what all transactions so far add up to."""

from collections.abc import Iterable, Mapping

from ..model.posting import Account, Transaction, Unit

type Balances = Mapping[tuple[Account, Unit], int]
"""Positive is credit: energy received, money earned."""


def balances(
    transactions: Iterable[Transaction], opening: Balances | None = None
) -> dict[tuple[Account, Unit], int]:
    """Add transactions to ``opening`` balances; what comes to zero is dropped."""
    total = dict(opening or {})
    for transaction in transactions:
        for posting in transaction.postings:
            key = (posting.account, posting.unit)
            total[key] = total.get(key, 0) + posting.amount
    return {key: amount for key, amount in total.items() if amount}


def sum_of(balance: Balances, unit: Unit) -> int:
    """Return the sum over all accounts: zero, or somebody made a mistake."""
    return sum(amount for (_, u), amount in balance.items() if u is unit)
