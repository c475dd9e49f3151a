"""The statement of one member for some months or days: what it was, in plain sums.

Money is rounded here and nowhere else, once: the total to the nearest cent, the lines
so that they add up to it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ..model.origin import EnergySource
from ..model.party import BillingBasis, PartyId
from ..model.period import DeliveryPeriod
from ..model.posting import Account, AccountKind, Unit
from ..model.units import NANO_PER_UNIT, div_floor, div_round
from .origin import Parcel, carbon_mg, shares_ppm
from .settlement import PartySummary, Settlement
from .tables import csv_text

CENT_NANO: Final = NANO_PER_UNIT // 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one kind of transaction came to; positive is earned."""

    reason: str
    nano: int
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The sums of one member; None is unknown."""

    party: PartyId
    first: DeliveryPeriod
    last: DeliveryPeriod
    basis: BillingBasis
    periods: int
    missing: int
    """Periods without a reading: none of their energy is in the sums below."""

    import_wh: int
    export_wh: int
    bought_wh: int
    sold_wh: int
    lines: tuple[Line, ...]
    total_cents: int
    """Earned less paid, all lines."""

    saved_cents: int | None
    """Against trading with the retailer alone; None if that is not known throughout."""

    origin_ppm: tuple[tuple[EnergySource, int], ...]
    """Where the consumed energy came from, adding up to one; empty if nobody asked."""

    carbon_g: int | None


def state(
    party: PartyId,
    settlements: Sequence[Settlement],
    consumed: Sequence[Parcel] | None = None,
) -> Statement:
    """Sum up settlements of one member, corrections among them.

    The last settlement of a period has the facts; the postings of all of them count.
    ``consumed`` is the origin of what the member consumed in the same time.
    """
    assert settlements, "a statement is about something"
    latest = {s.period: s for s in settlements}
    summaries = [_summary(latest[period], party) for period in sorted(latest)]
    known = [s for s in summaries if s.import_wh is not None]
    saved = [s.saved_nano for s in known]
    lines = _lines(party, settlements)
    whole = None not in saved and len(known) == len(summaries)
    return Statement(
        party=party,
        first=min(latest),
        last=max(latest),
        basis=summaries[-1].basis,
        periods=len(summaries),
        missing=len(summaries) - len(known),
        import_wh=sum(s.import_wh or 0 for s in known),
        export_wh=sum(s.export_wh or 0 for s in known),
        bought_wh=sum(s.bought_wh for s in known),
        sold_wh=sum(s.sold_wh for s in known),
        lines=lines,
        total_cents=sum(line.cents for line in lines),
        saved_cents=div_round(sum(n or 0 for n in saved), CENT_NANO) if whole else None,
        origin_ppm=tuple(shares_ppm(consumed or ()).items()),
        carbon_g=None if consumed is None else div_round(carbon_mg(consumed), 1_000),
    )


def _summary(settlement: Settlement, party: PartyId) -> PartySummary:
    summary = settlement.summary(party)
    assert summary is not None, "a statement is for a member"
    return summary


def _lines(party: PartyId, settlements: Iterable[Settlement]) -> tuple[Line, ...]:
    account = Account(kind=AccountKind.PARTY, party=party)
    nano: dict[str, int] = {}
    for transaction in (t for s in settlements for t in s.transactions):
        for posting in transaction.postings:
            if posting.account == account and posting.unit is Unit.NANO:
                nano.setdefault(transaction.reason, 0)
                nano[transaction.reason] += posting.amount
    reasons = sorted(nano)
    cents = round_together([nano[reason] for reason in reasons])
    return tuple(
        Line(reason=reason, nano=nano[reason], cents=rounded)
        for reason, rounded in zip(reasons, cents, strict=True)
    )


def round_together(nano: Sequence[int]) -> list[int]:
    """Round amounts to cents so that they add up to their rounded sum.

    Each is floored; the cents this leaves go to the largest remainders, earlier lines
    first among equals.

    >>> round_together([6_000_000, 6_000_000, -2_000_000])
    [1, 1, -1]
    """
    cents = [div_floor(amount, CENT_NANO) for amount in nano]
    left = div_round(sum(nano), CENT_NANO) - sum(cents)
    ranked = sorted(range(len(nano)), key=lambda i: (-(nano[i] % CENT_NANO), i))
    for index in ranked[:left]:
        cents[index] += 1
    return cents


def statement_csv(statement: Statement) -> str:
    """Return the statement as a table of names, values and units."""
    rows: list[tuple[str, str | int, str]] = [
        ("item", "value", "unit"),
        ("member", statement.party, ""),
        ("first period", str(statement.first), ""),
        ("last period", str(statement.last), ""),
        ("billing basis", statement.basis.value, ""),
        ("periods", statement.periods, ""),
        ("periods without a reading", statement.missing, ""),
        ("imported", statement.import_wh, "Wh"),
        ("of which from neighbours", statement.bought_wh, "Wh"),
        ("exported", statement.export_wh, "Wh"),
        ("of which to neighbours", statement.sold_wh, "Wh"),
        *((line.reason, line.cents, "cent") for line in statement.lines),
        ("total", statement.total_cents, "cent"),
    ]
    if statement.saved_cents is not None:
        rows.append(("saved", statement.saved_cents, "cent"))
    rows += [(f"origin {s.value}", ppm, "ppm") for s, ppm in statement.origin_ppm]
    if statement.carbon_g is not None:
        rows.append(("carbon", statement.carbon_g, "g"))
    return csv_text(rows)
