"""Bodies of settled periods: postings, this home's part in them, and its totals so far.

Reading raises ValueError for bytes that no version of this node has written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ..ledger.origin import Origin, Parcel
from ..ledger.settlement import Settlement
from ..ledger.tank import MixingTank
from ..model.contract import ContractId
from ..model.origin import EnergySource
from ..model.party import PartyId
from ..model.posting import Account, AccountKind, Posting, Transaction, Unit
from ..model.tariff import Tariff
from ..wire.canonical import Value, decode, encode
from ..wire.fields import (
    any_integer,
    array,
    array_of,
    period,
    text,
)
from ..wire.tariffs import read_tariff, tariff_value
from .mix import Mix, MixPart, Supplier
from .origins import nameless
from .totals import Figures, Totals

BODY_BYTES_MAX: Final = 1024 * 1024
BODY_ITEMS_MAX: Final = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledRecord:
    """What a settled period left behind, apart from its postings."""

    figures: Figures
    totals: Totals
    tariff: Tariff | None
    """What the own bill was computed with."""

    tank: MixingTank
    """The home's stores, after the period."""


def settled_body(settlement: Settlement, record: SettledRecord) -> bytes:
    """Write the postings of a period and this home's part in it."""
    return _encode(
        (
            settlement.period.number,
            _figures_value(record.figures),
            _totals_value(record.totals),
            tariff_value(record.tariff),
            tuple(_parcel_value(parcel) for parcel in record.tank.content),
            tuple(_transaction_value(t) for t in settlement.transactions),
        )
    )


def read_settled(body: bytes) -> SettledRecord:
    """Read this home's part in a settled period, and its totals so far."""
    number, figures, totals, tariff, tank, _ = _parts(body)
    return SettledRecord(
        figures=_figures(number, figures),
        totals=_totals(totals),
        tariff=None if tariff is None else read_tariff(tariff),
        tank=MixingTank(content=tuple(_parcel(parcel) for parcel in array(tank))),
    )


def read_transactions(body: bytes) -> tuple[Transaction, ...]:
    """Read the double entry of a settled period."""
    return tuple(
        Transaction(reason=reason, postings=postings)
        for reason, postings in _booked(body)
    )


def read_postings(body: bytes) -> tuple[Posting, ...]:
    """Read all postings of a settled period, whether they sum to zero or not."""
    return tuple(posting for _, postings in _booked(body) for posting in postings)


def _figures_value(figures: Figures) -> Value:
    return (
        figures.bought_wh,
        figures.sold_wh,
        figures.saved_nano,
        figures.import_wh,
        figures.export_wh,
        figures.retailer_import_wh,
        figures.consumption_wh,
        _mix_value(figures.mix),
        figures.moved,
    )


def _figures(number: Value, value: Value) -> Figures:
    bought, sold, saved, import_, export, retailer, used, mix, moved = array_of(
        value, 9
    )
    return Figures(
        period=period(number),
        bought_wh=any_integer(bought),
        sold_wh=any_integer(sold),
        saved_nano=_optional(saved),
        import_wh=_optional(import_),
        export_wh=_optional(export),
        retailer_import_wh=_optional(retailer),
        consumption_wh=_optional(used),
        mix=_mix(mix),
        moved=tuple(_move(one) for one in array(moved)),
    )


def _move(value: Value) -> tuple[ContractId, int]:
    contract, energy_wh = array_of(value, 2)
    return ContractId(text(contract)), any_integer(energy_wh)


def _totals_value(totals: Totals) -> Value:
    return (
        totals.settled_periods,
        totals.bought_wh,
        totals.sold_wh,
        totals.saved_nano,
        totals.month,
        _mix_value(totals.month_mix),
    )


def _totals(value: Value) -> Totals:
    periods, bought, sold, saved, month, mix = array_of(value, 6)
    return Totals(
        settled_periods=any_integer(periods),
        bought_wh=any_integer(bought),
        sold_wh=any_integer(sold),
        saved_nano=any_integer(saved),
        month=any_integer(month),
        month_mix=_mix(mix),
    )


def _mix_value(mix: Mix) -> Value:
    return tuple(
        (part.supplier.value, part.source.value, part.energy_wh, part.carbon_mg)
        for part in mix
    )


def _mix(value: Value) -> Mix:
    return tuple(_mix_part(part) for part in array(value))


def _mix_part(value: Value) -> MixPart:
    supplier, source, energy_wh, carbon_mg = array_of(value, 4)
    return MixPart(
        supplier=Supplier(text(supplier)),
        source=EnergySource(text(source)),
        energy_wh=any_integer(energy_wh),
        carbon_mg=any_integer(carbon_mg),
    )


def _parcel_value(parcel: Parcel) -> Value:
    """Return a stored parcel; of the plant it came from only the owner remains."""
    device = parcel.origin.device
    return (
        parcel.origin.source.value,
        None if device is None else device.owner,
        parcel.energy_wh,
        parcel.carbon_mg,
    )


def _parcel(value: Value) -> Parcel:
    source_text, owner, energy_wh, carbon_mg = array_of(value, 4)
    source = EnergySource(text(source_text))
    device = None if owner is None else nameless(PartyId(text(owner)), source)
    return Parcel(
        origin=Origin(source=source, device=device, stored=True),
        energy_wh=any_integer(energy_wh),
        carbon_mg=any_integer(carbon_mg),
    )


def _transaction_value(transaction: Transaction) -> Value:
    postings = tuple(
        (
            posting.account.kind.value,
            posting.account.party,
            posting.unit.value,
            posting.amount,
        )
        for posting in transaction.postings
    )
    return (transaction.reason, postings)


def _booked(body: bytes) -> Iterator[tuple[str, tuple[Posting, ...]]]:
    *_, transactions = _parts(body)
    for value in array(transactions):
        reason, postings = array_of(value, 2)
        yield text(reason), tuple(_posting(posting) for posting in array(postings))


def _posting(value: Value) -> Posting:
    kind, party, unit, amount = array_of(value, 4)
    account = Account(
        kind=AccountKind(text(kind)),
        party=None if party is None else PartyId(text(party)),
    )
    return Posting(account=account, unit=Unit(text(unit)), amount=any_integer(amount))


def _parts(body: bytes) -> tuple[Value, ...]:
    return array_of(decode(body, size_max=BODY_BYTES_MAX, items_max=BODY_ITEMS_MAX), 6)


def _optional(value: Value) -> int | None:
    return None if value is None else any_integer(value)


def _encode(value: Value) -> bytes:
    return encode(value, size_max=BODY_BYTES_MAX, items_max=BODY_ITEMS_MAX)
