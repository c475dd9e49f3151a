"""The parts of a settlement: what a committee shows each member, and how one reads it.

A part has a member's own postings, what it took and gave, and its energies.  What the
rest of the community posted against them is one account to it.  The member's bill is
its own business and is added at home.  Clauses: section 7 of
``docs/reference/community.md``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from ..ledger.allocation import Delivery, DeliveryKind, Fulfilled
from ..ledger.billing import billed
from ..ledger.booking import Booking
from ..ledger.bookings import written
from ..ledger.rules import Agreement, AgreementKind, SettlementRules
from ..ledger.settlement import PartySummary, ReadingState, Settlement
from ..model.contract import ContractId
from ..model.party import BillingBasis, PartyId
from ..model.period import DeliveryPeriod
from ..model.posting import Account, AccountKind, Posting, Unit
from ..model.tariff import Tariff
from ..model.units import ENERGY_WH_MAX
from ..wire.canonical import INTEGER_MAX, INTEGER_MIN, Value, decode, encode
from ..wire.domain import DIGEST_BYTES, Domain, tagged_digest
from ..wire.fields import (
    array,
    array_of,
    boolean,
    byte_string,
    integer,
    party_bytes,
    read_party,
    text as text_of,
)
from .result_extracts import read_trade, trade_value

_TITLE: Final = "settlement"
_OTHERS: Final = Account(kind=AccountKind.OTHERS)


def settlement_records(
    settlement: Settlement, *, seed: bytes, salts: Mapping[PartyId, bytes]
) -> tuple[bytes, ...]:
    """Return the record of every member, ascending by party.

    Salted with what only the committee has: the seed of the book and what came with
    the member's reading, if there is one that counts.
    """
    return tuple(
        _record(settlement, summary, _salt(summary.party, seed, salts))
        for summary in settlement.parties
    )


def read_settlement_part(
    record: bytes, *, me: PartyId, period: DeliveryPeriod, basis: BillingBasis
) -> Settlement:
    """Return this member's part; ValueError if it is none, or somebody else's.

    Its bill is not in it.
    """
    title, number, party, salt, *rest = array_of(decode(record), 8)
    if (title, number, party) != (_TITLE, period.number, party_bytes(me)):
        raise ValueError("the record of something else")
    byte_string(salt, DIGEST_BYTES)
    summary, postings, deliveries, fulfilled = rest
    return Settlement(
        period=period,
        community=written(list(_bookings(postings, me))),
        bills=(),
        parties=(_summary(summary, me, basis),),
        deliveries=tuple(_delivery(one) for one in array(deliveries)),
        fulfilled=tuple(_fulfilled(one) for one in array(fulfilled)),
    )


def with_bill(
    part: Settlement, tariff: Tariff | None, rules: SettlementRules
) -> Settlement:
    """Return a part with what its member settles with its retailer, if that is known.

    The same as in a settlement of the whole.
    """
    (summary,) = part.parties
    if tariff is None or summary.reading is not ReadingState.METERED:
        return part
    bill = billed(
        summary.party,
        tariff,
        basis=summary.basis,
        scheme=rules.scheme,
        bought_wh=summary.bought_wh,
        import_wh=summary.retailer_import_wh or 0,
        export_wh=summary.retailer_export_wh or 0,
    )
    alone = billed(
        summary.party,
        tariff,
        basis=summary.basis,
        scheme=rules.scheme,
        bought_wh=0,
        import_wh=summary.import_wh or 0,
        export_wh=summary.export_wh or 0,
    )
    account = bill.party(summary.party)
    owed, owed_alone = -bill.earned_nano(account), -alone.earned_nano(account)
    mine = replace(
        summary,
        retailer_nano=owed,
        cost_nano=owed - summary.earned_nano,
        saved_nano=owed_alone - owed + summary.earned_nano,
    )
    return replace(part, parties=(mine,), bills=written([bill]))


def _salt(party: PartyId, seed: bytes, salts: Mapping[PartyId, bytes]) -> bytes:
    secret = (party_bytes(party), seed, salts.get(party, b""))
    return tagged_digest(Domain.EXTRACT, encode(secret))


def _record(settlement: Settlement, summary: PartySummary, salt: bytes) -> bytes:
    party = summary.party
    return encode(
        (
            _TITLE,
            settlement.period.number,
            party_bytes(party),
            salt,
            _summary_value(summary),
            tuple(_posting_values(settlement, party)),
            tuple(
                _delivery_value(delivery)
                for delivery in settlement.deliveries
                if party in {delivery.seller, delivery.buyer}
            ),
            tuple(
                _fulfilled_value(one)
                for one in settlement.fulfilled
                if party in {one.agreement.trade.seller, one.agreement.trade.buyer}
            ),
        )
    )


def _summary_value(summary: PartySummary) -> Value:
    return (
        summary.reading.value,
        summary.position_wh,
        summary.failed_wh,
        summary.bought_wh,
        summary.sold_wh,
        summary.import_wh,
        summary.export_wh,
        summary.retailer_import_wh,
        summary.retailer_export_wh,
        summary.earned_nano,
    )


def _summary(value: Value, me: PartyId, basis: BillingBasis) -> PartySummary:
    reading, position, failed, bought, sold, *rest = array_of(value, 10)
    import_wh, export_wh, retailer_import, retailer_export, earned = rest
    return PartySummary(
        party=me,
        reading=ReadingState(text_of(reading)),
        basis=basis,
        position_wh=_whole(position),
        failed_wh=_energy(failed),
        bought_wh=_energy(bought),
        sold_wh=_energy(sold),
        import_wh=_maybe(import_wh),
        export_wh=_maybe(export_wh),
        retailer_import_wh=_maybe(retailer_import),
        retailer_export_wh=_maybe(retailer_export),
        earned_nano=_whole(earned),
        retailer_nano=None,
        cost_nano=None,
        saved_nano=None,
    )


def _posting_values(settlement: Settlement, party: PartyId) -> Iterator[Value]:
    for transaction in settlement.community:
        own = [p for p in transaction.postings if p.account.party == party]
        if own:
            yield (transaction.reason, tuple(_posting_value(one) for one in own))


def _posting_value(posting: Posting) -> Value:
    return posting.account.kind.value, posting.unit.value, posting.amount


def _bookings(value: Value, me: PartyId) -> Iterator[Booking]:
    """Yield what was posted, with the rest of the community on the other side."""
    for one in array(value):
        reason, postings = array_of(one, 2)
        booking = Booking(text_of(reason), frozenset())
        for posting in array(postings):
            kind, unit, amount = array_of(posting, 3)
            account = Account(kind=AccountKind(text_of(kind)), party=me)
            booking.move(
                _whole(amount), Unit(text_of(unit)), source=_OTHERS, target=account
            )
        yield booking


def _delivery_value(delivery: Delivery) -> Value:
    return (
        party_bytes(delivery.seller),
        party_bytes(delivery.buyer),
        delivery.energy_wh,
        delivery.kind.value,
    )


def _delivery(value: Value) -> Delivery:
    seller, buyer, energy, kind = array_of(value, 4)
    return Delivery(
        seller=read_party(seller),
        buyer=read_party(buyer),
        energy_wh=_energy(energy),
        kind=DeliveryKind(text_of(kind)),
    )


def _fulfilled_value(one: Fulfilled) -> Value:
    agreement = one.agreement
    return (
        agreement.kind.value,
        trade_value(agreement.trade),
        agreement.declared,
        agreement.contract,
        one.energy_wh,
    )


def _fulfilled(value: Value) -> Fulfilled:
    kind, trade, declared, contract, energy = array_of(value, 5)
    return Fulfilled(
        agreement=Agreement(
            kind=AgreementKind(text_of(kind)),
            trade=read_trade(trade),
            declared=boolean(declared),
            contract=None if contract is None else ContractId(text_of(contract)),
        ),
        energy_wh=_energy(energy),
    )


def _energy(value: Value) -> int:
    return integer(value, least=0, most=ENERGY_WH_MAX)


def _maybe(value: Value) -> int | None:
    return None if value is None else _energy(value)


def _whole(value: Value) -> int:
    return integer(value, least=INTEGER_MIN // 2, most=INTEGER_MAX // 2)
