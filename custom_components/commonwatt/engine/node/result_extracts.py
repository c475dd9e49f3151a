"""The parts of a result: what a committee shows each member, and how one reads it.

In a private community members vote for the root of these records, so that each can be
shown its own with a proof.  Clauses: section 7 of ``docs/reference/community.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ..model.clearing import ClearingResult, Fill, Trade, ZonePrice
from ..model.order import Side
from ..model.party import Charter, PartyId
from ..model.period import DeliveryPeriod
from ..model.units import ENERGY_WH_MAX, PRICE_MICRO_PER_KWH_MAX
from ..model.zone import ZoneId
from ..wire.canonical import Value, decode, encode
from ..wire.charters import read_zone_id
from ..wire.domain import DIGEST_BYTES, Domain, tagged_digest
from ..wire.fields import (
    array,
    array_of,
    byte_string,
    integer,
    party_bytes,
    read_party,
)

_TITLE = "result"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPart:
    """One member's part in a result."""

    order_digest: bytes | None
    """Of the order that was in the book; None: there was none of this member."""

    result: ClearingResult
    """Its own fills and trades, and the price of its own zone."""


def result_records(
    result: ClearingResult,
    *,
    charter: Charter,
    seed: bytes,
    digests: Mapping[PartyId, bytes],
    whole: bytes,
) -> tuple[bytes, ...]:
    """Return the records of a result: the digest of the whole, then each member's.

    Nobody outside the committee knows the ``seed``, which rests on everybody's salts;
    so nobody else can guess what is in the record of another.
    """
    records = [encode((_TITLE, result.period.number, whole))]
    for member in sorted(charter.members, key=lambda member: member.party):
        party = member.party
        part = ResultPart(
            order_digest=digests.get(party),
            result=own_result(result, party, member.zone),
        )
        salt = tagged_digest(Domain.EXTRACT, seed + party_bytes(party))
        records.append(_record(part, party, salt))
    return tuple(records)


def own_result(result: ClearingResult, party: PartyId, zone: ZoneId) -> ClearingResult:
    """Return what a member of a zone may see of a result if it is on no committee."""
    return ClearingResult(
        period=result.period,
        prices=tuple(p for p in result.prices if p.zone == zone),
        flows=(),
        fills=tuple(f for f in result.fills if f.party == party),
        trades=tuple(t for t in result.trades if party in {t.seller, t.buyer}),
    )


def read_result(record: bytes, *, me: PartyId, period: DeliveryPeriod) -> ResultPart:
    """Return what a record says; ValueError if it is none, or somebody else's."""
    title, number, party, salt, digest, *rest = array_of(decode(record), 8)
    if (title, number, party) != (_TITLE, period.number, party_bytes(me)):
        raise ValueError("the record of something else")
    byte_string(salt, DIGEST_BYTES)
    prices, fills, trades = rest
    return ResultPart(
        order_digest=None if digest is None else byte_string(digest, DIGEST_BYTES),
        result=ClearingResult(
            period=period,
            prices=tuple(_price(one) for one in array(prices)),
            flows=(),
            fills=tuple(_fill(one, me) for one in array(fills)),
            trades=tuple(read_trade(one) for one in array(trades)),
        ),
    )


def trade_value(trade: Trade) -> Value:
    """Return who sells whom how much, and both prices."""
    return (
        party_bytes(trade.seller),
        party_bytes(trade.buyer),
        trade.energy_wh,
        trade.seller_price_micro_per_kwh,
        trade.buyer_price_micro_per_kwh,
    )


def read_trade(value: Value) -> Trade:
    """Return the trade; ValueError if it is none."""
    seller, buyer, energy, seller_price, buyer_price = array_of(value, 5)
    return Trade(
        seller=read_party(seller),
        buyer=read_party(buyer),
        energy_wh=integer(energy, least=0, most=ENERGY_WH_MAX),
        seller_price_micro_per_kwh=_micro(seller_price),
        buyer_price_micro_per_kwh=_micro(buyer_price),
    )


def _record(part: ResultPart, party: PartyId, salt: bytes) -> bytes:
    result = part.result
    return encode(
        (
            _TITLE,
            result.period.number,
            party_bytes(party),
            salt,
            part.order_digest,
            tuple((p.zone, p.price_micro_per_kwh, p.traded_wh) for p in result.prices),
            tuple((f.side, f.limit_micro_per_kwh, f.energy_wh) for f in result.fills),
            tuple(trade_value(trade) for trade in result.trades),
        )
    )


def _price(value: Value) -> ZonePrice:
    zone, price, traded_wh = array_of(value, 3)
    return ZonePrice(
        zone=read_zone_id(zone),
        price_micro_per_kwh=_micro(price),
        traded_wh=integer(traded_wh, least=0, most=ENERGY_WH_MAX),
    )


def _fill(value: Value, party: PartyId) -> Fill:
    side, limit, energy = array_of(value, 3)
    return Fill(
        party=party,
        side=Side(integer(side, least=-1, most=1)),
        limit_micro_per_kwh=_micro(limit),
        energy_wh=integer(energy, least=0, most=ENERGY_WH_MAX),
    )


def _micro(value: Value) -> int:
    """Return a price; those of contracts cover network fees of both sides."""
    bound = 4 * PRICE_MICRO_PER_KWH_MAX
    return integer(value, least=-bound, most=bound)
