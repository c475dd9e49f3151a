"""The day of a community as one digest: what peers compare and a chain may hold.

Records, in this order: the digest of every settled period, the cumulative balance of
every account, the certificates of the day.  Bills between a member and its retailer are
not in it; they are nobody else's business.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from ..model.party import CommunityId
from ..model.period import DAY_MS, PERIOD_MS, DeliveryPeriod
from ..model.posting import Transaction
from ..wire.canonical import Value, encode
from ..wire.domain import Domain, tagged_digest
from .balances import Balances
from .certificates import GranularCertificate
from .settlement import Settlement

_UNSENT_MAX: Final = 1 << 30
"""Bound on bytes and values that are hashed where they are and never travel."""
PERIODS_A_DAY: Final = DAY_MS // PERIOD_MS


def day_of(period: DeliveryPeriod) -> int:
    """Return the UTC day of a period, counted from the epoch."""
    return period.number // PERIODS_A_DAY


def settlement_digest(settlement: Settlement) -> bytes:
    """Return the digest of what the community posted for one period."""
    entries = tuple(_transaction_value(t) for t in settlement.community)
    value = (settlement.period.number, entries)
    unsent = encode(value, size_max=_UNSENT_MAX, items_max=_UNSENT_MAX)
    return tagged_digest(Domain.SETTLEMENT, unsent)


def day_records(
    community: CommunityId,
    day: int,
    *,
    settlements: Sequence[Settlement],
    closing: Balances,
    certificates: Iterable[GranularCertificate] = (),
) -> tuple[bytes, ...]:
    """Return the records of one UTC day, ready for :func:`.merkle.merkle_root`.

    ``settlements`` are all that were posted on the day, corrections of earlier periods
    among them, in the order in which they were posted; ``closing`` is the cumulative
    balance of every account after them, without retailers' bills.
    """
    head: tuple[Value, ...] = (community, day)
    settled = [
        encode((*head, "settlement", s.period.number, settlement_digest(s)))
        for s in settlements
    ]
    balances = [
        encode((*head, "balance", *place, amount))
        for place, amount in sorted(
            ((account.kind.value, account.party or "", unit.value), amount)
            for (account, unit), amount in closing.items()
        )
    ]
    issued = sorted(encode((*head, "certificate", c.value)) for c in certificates)
    return (*settled, *balances, *issued)


def _transaction_value(transaction: Transaction) -> Value:
    return (
        transaction.reason,
        tuple(
            (
                posting.account.kind.value,
                posting.account.party or "",
                posting.unit.value,
                posting.amount,
            )
            for posting in transaction.postings
        ),
    )
