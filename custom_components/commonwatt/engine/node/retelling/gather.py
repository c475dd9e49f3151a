"""What a node knows of its latest periods, and what its journal says came of them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ...ledger.balances import Balances
from ...ledger.journal import EntryKind, JournalEntry
from ...model.party import PrivacyMode
from ...model.period import DeliveryPeriod
from ...model.posting import Account, Unit
from ..settled_records import read_postings, read_settled
from .facts import Facts

if TYPE_CHECKING:
    from ..config import NodeConfig
    from ..docket import Docket
    from ..settling import Settling


def facts_of(config: NodeConfig, settling: Settling) -> tuple[Facts, ...]:
    """Return the facts of every period that can be corrected, ascending.

    Only of periods that all members settle: what a committee knows stays with it.
    """
    known = ((period, settling.docket(period)) for period in settling.correctable)
    found = (
        None if docket is None else _facts(config, period, docket)
        for period, docket in known
    )
    return tuple(facts for facts in found if facts is not None)


def booked(entries: Iterable[JournalEntry]) -> dict[DeliveryPeriod, Balances]:
    """Add up what a journal has booked for each period, corrections included.

    Periods whose first booking is not among the ``entries`` are left out.  ValueError:
    an entry is not what any version of this node has written.
    """
    sums: dict[DeliveryPeriod, dict[tuple[Account, Unit], int]] = {}
    for entry in entries:
        if entry.kind not in {EntryKind.SETTLED, EntryKind.CORRECTED}:
            continue
        period = read_settled(entry.body).figures.period
        if entry.kind is EntryKind.SETTLED:
            sums[period] = {}
        if (sum_of := sums.get(period)) is None:
            continue
        for posting in read_postings(entry.body):
            key = (posting.account, posting.unit)
            sum_of[key] = sum_of.get(key, 0) + posting.amount
    return {
        period: {key: amount for key, amount in sum_of.items() if amount}
        for period, sum_of in sums.items()
    }


def _facts(config: NodeConfig, period: DeliveryPeriod, docket: Docket) -> Facts | None:
    charter, settled = config.charter_at(period), docket.settled
    if charter.privacy is not PrivacyMode.OPEN or settled is None:
        return None
    cleared = settled.outcome.cleared
    if cleared is not None and cleared.source is None:
        return None
    readings = docket.readings
    source = None if cleared is None else cleared.source
    return Facts(
        period=period,
        charter=charter,
        home=config.party,
        bids=None if source is None else source.reveals,
        readings=tuple(readings[party] for party in sorted(readings)),
        tariff=docket.tariff,
    )
