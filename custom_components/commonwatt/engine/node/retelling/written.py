"""Tales as values of the wire, so that they are bounded and read back exactly.

Reading raises ValueError alone for what is no tale.
"""

from dataclasses import replace
from typing import Final

from ...ledger.balances import Balances
from ...model.clearing import ClearingResult, EdgeFlow, Fill, Trade, ZonePrice
from ...model.community import Amend
from ...model.order import Side
from ...model.party import Charter, Member
from ...model.period import DeliveryPeriod
from ...model.posting import Account, AccountKind, Unit
from ...model.reading import MeterReading
from ...model.units import ENERGY_WH_MAX
from ...peer.book import RevealedOrder
from ...wire.bodies import bid_value, decode_body
from ...wire.canonical import Value, encode
from ...wire.charters import read_rules, read_zone_id, rules_value
from ...wire.domain import DIGEST_BYTES
from ...wire.fields import (
    any_integer,
    array,
    array_of,
    byte_string,
    integer,
    party_bytes,
    period,
    read_party,
    text,
)
from ...wire.messages import SALT_BYTES, MessageKind, OrderReveal
from ...wire.standings import read_standing, standing_value
from ...wire.tariffs import read_price, read_tariff, tariff_value
from .facts import Came, Facts, Tale

_NO_SALT: Final = bytes(SALT_BYTES)
"""Nobody needs the real one: the digest it hid behind is told."""


def tale_value(tale: Tale) -> Value:
    """Return all that is told of a period: facts, result, postings."""
    facts, came = tale.facts, tale.came
    return (
        facts.period.number,
        _charter_value(facts.charter),
        party_bytes(facts.home),
        None if facts.bids is None else tuple(_bid_value(bid) for bid in facts.bids),
        tuple(
            (party_bytes(one.party), one.import_wh, one.export_wh)
            for one in facts.readings
        ),
        tariff_value(facts.tariff),
        None if came.result is None else _result_value(came.result),
        _booked_value(came.booked),
    )


def read_tale(value: Value) -> Tale:
    """Return the tale; ValueError if it is none."""
    number, charter, home, bids, readings, tariff, result, booked = array_of(value, 8)
    of = period(number)
    facts = Facts(
        period=of,
        charter=_charter(charter),
        home=read_party(home),
        bids=None if bids is None else tuple(_bid(bid) for bid in array(bids)),
        readings=tuple(_reading(one, of) for one in array(readings)),
        tariff=None if tariff is None else read_tariff(tariff),
    )
    _check(facts)
    came = Came(
        result=None if result is None else _result(result, of), booked=_booked(booked)
    )
    return Tale(facts=facts, came=came)


def _check(facts: Facts) -> None:
    """Refuse strangers and other periods: they would be our own mistake later."""
    members = {member.party for member in facts.charter.members}
    bidding = [bid.order.party for bid in facts.bids or ()]
    read = [reading.party for reading in facts.readings]
    for parties in (bidding, read, [facts.home]):
        if not members.issuperset(parties) or parties != sorted(set(parties)):
            raise ValueError("members, ascending, each once")
    if any(bid.order.period != facts.period for bid in facts.bids or ()):
        raise ValueError("an order for another period")


def _charter_value(charter: Charter) -> Value:
    """Return a charter without the keys of its members."""
    members = tuple((party_bytes(one.party), one.zone) for one in charter.members)
    standing = None if charter.standing is None else standing_value(charter.standing)
    return members, standing, rules_value(Amend.of(charter))


def _charter(value: Value) -> Charter:
    members, standing, rules = array_of(value, 3)
    founded = read_rules(rules).founded_by(
        tuple(_member(one) for one in array(members))
    )
    known = None if standing is None else read_standing(standing)
    return replace(founded, standing=known)


def _member(value: Value) -> Member:
    party, zone = array_of(value, 2)
    return Member(party=read_party(party), zone=read_zone_id(zone), household_key=b"")


def _bid_value(bid: RevealedOrder) -> Value:
    party = party_bytes(bid.order.party)
    return (party, *bid_value(bid.order, bid.pledges, bid.preference), bid.digest)


def _bid(value: Value) -> RevealedOrder:
    name, *bid, digest = array_of(value, 5)
    body = encode((*bid, _NO_SALT))
    reveal = decode_body(MessageKind.ORDER_REVEAL, body, author=read_party(name))
    assert isinstance(reveal, OrderReveal), "the kind says so"
    return RevealedOrder(
        order=reveal.order,
        digest=byte_string(digest, DIGEST_BYTES),
        data=b"",
        pledges=reveal.pledges,
        preference=reveal.preference,
    )


def _reading(value: Value, of: DeliveryPeriod) -> MeterReading:
    party, import_wh, export_wh = array_of(value, 3)
    return MeterReading(
        party=read_party(party),
        period=of,
        import_wh=_energy(import_wh),
        export_wh=_energy(export_wh),
    )


def _result_value(result: ClearingResult) -> Value:
    return (
        tuple((p.zone, p.price_micro_per_kwh, p.traded_wh) for p in result.prices),
        tuple((f.zone, f.export_wh, f.fee_nano, f.rent_nano) for f in result.flows),
        tuple(
            (party_bytes(f.party), f.side.value, f.limit_micro_per_kwh, f.energy_wh)
            for f in result.fills
        ),
        tuple(
            (
                party_bytes(t.seller),
                party_bytes(t.buyer),
                t.energy_wh,
                t.seller_price_micro_per_kwh,
                t.buyer_price_micro_per_kwh,
            )
            for t in result.trades
        ),
    )


def _result(value: Value, of: DeliveryPeriod) -> ClearingResult:
    prices, flows, fills, trades = array_of(value, 4)
    return ClearingResult(
        period=of,
        prices=tuple(_price(one) for one in array(prices)),
        flows=tuple(_flow(one) for one in array(flows)),
        fills=tuple(_fill(one) for one in array(fills)),
        trades=tuple(_trade(one) for one in array(trades)),
    )


def _price(value: Value) -> ZonePrice:
    zone, price, traded = array_of(value, 3)
    return ZonePrice(
        zone=read_zone_id(zone),
        price_micro_per_kwh=read_price(price),
        traded_wh=_energy(traded),
    )


def _flow(value: Value) -> EdgeFlow:
    zone, export_wh, fee, rent = array_of(value, 4)
    return EdgeFlow(
        zone=read_zone_id(zone),
        export_wh=_energy(export_wh, least=-ENERGY_WH_MAX),
        fee_nano=any_integer(fee),
        rent_nano=any_integer(rent),
    )


def _fill(value: Value) -> Fill:
    party, side, limit, energy = array_of(value, 4)
    return Fill(
        party=read_party(party),
        side=Side(integer(side, least=Side.BUY, most=Side.SELL)),
        limit_micro_per_kwh=read_price(limit),
        energy_wh=_energy(energy),
    )


def _trade(value: Value) -> Trade:
    seller, buyer, energy, seller_price, buyer_price = array_of(value, 5)
    return Trade(
        seller=read_party(seller),
        buyer=read_party(buyer),
        energy_wh=_energy(energy),
        seller_price_micro_per_kwh=read_price(seller_price),
        buyer_price_micro_per_kwh=read_price(buyer_price),
    )


def _booked_value(booked: Balances) -> Value:
    return tuple(
        (
            account.kind.value,
            None if account.party is None else party_bytes(account.party),
            unit.value,
            amount,
        )
        for (account, unit), amount in sorted(booked.items(), key=_place)
    )


def _place(entry: tuple[tuple[Account, Unit], int]) -> tuple[str, str, str]:
    (account, unit), _ = entry
    return account.kind.value, account.party or "", unit.value


def _booked(value: Value) -> Balances:
    booked: dict[tuple[Account, Unit], int] = {}
    for entry in array(value):
        kind, party, unit, amount = array_of(entry, 4)
        account = Account(
            kind=AccountKind(text(kind)),
            party=None if party is None else read_party(party),
        )
        booked[account, Unit(text(unit))] = any_integer(amount)
    return booked


def _energy(value: Value, *, least: int = 0) -> int:
    return integer(value, least=least, most=ENERGY_WH_MAX)
