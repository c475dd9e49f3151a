"""Digests that members compare: published, and equal only for equal values."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
import pytest

from custom_components.commonwatt.engine.model.clearing import (
    ClearingResult,
    EdgeFlow,
    Fill,
    Trade,
    ZonePrice,
)
from custom_components.commonwatt.engine.model.contract import ContractId
from custom_components.commonwatt.engine.model.order import Order, Side, Step
from custom_components.commonwatt.engine.model.party import (
    Admission,
    BillingBasis,
    Charter,
    FaultModel,
    Mechanism,
    Member,
    PartyId,
    PrivacyMode,
)
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.tariff import Tariff
from custom_components.commonwatt.engine.model.zone import FeeTree, Zone, ZoneId
from custom_components.commonwatt.engine.wire.bodies import decode_body
from custom_components.commonwatt.engine.wire.canonical import Value, encode
from custom_components.commonwatt.engine.wire.digests import (
    Promised,
    book_seed,
    clearing_digest,
    community_id,
    order_digest,
)
from custom_components.commonwatt.engine.wire.fields import (
    array,
    array_of,
    boolean,
    byte_string,
    integer,
)
from custom_components.commonwatt.engine.wire.messages import MessageKind, OrderReveal
from custom_components.commonwatt.engine.wire.settlement_rules import read_settlement
from custom_components.commonwatt.engine.wire.terms import (
    contract_id,
    read_contract_id,
    read_terms,
    terms_value,
)
from tests.engine.wire.community import ALICE, BOB
from tests.engine.wire.second_implementation import digest_of_value
from tests.engine.wire.strategies import orders
from tests.engine.wire.vectors import Case, load

VECTORS = load("digests")


def number(value: Value) -> int:
    return integer(value, least=-(1 << 63), most=1 << 63)


def limit(value: Value) -> int | None:
    return None if value is None else number(value)


def name(value: Value) -> ZoneId:
    assert isinstance(value, str)
    return ZoneId(value)


def party(value: Value) -> PartyId:
    return PartyId(byte_string(value, 20).hex())


def steps(side: Side, values: Value) -> list[Step]:
    pairs = (array_of(value, 2) for value in array(values))
    return [
        Step(side=side, price_micro_per_kwh=number(price), energy_wh=number(energy))
        for price, energy in pairs
    ]


def order(author: PartyId, value: Value) -> Order:
    period, bids, offers = array_of(value, 3)
    return Order(
        party=author,
        period=DeliveryPeriod(number(period)),
        steps=(*steps(Side.BUY, bids), *steps(Side.SELL, offers)),
    )


def price(value: Value) -> ZonePrice:
    zone, micro, traded = array_of(value, 3)
    return ZonePrice(
        zone=name(zone), price_micro_per_kwh=number(micro), traded_wh=number(traded)
    )


def flow(value: Value) -> EdgeFlow:
    zone, export, fee, rent = array_of(value, 4)
    return EdgeFlow(
        zone=name(zone),
        export_wh=number(export),
        fee_nano=number(fee),
        rent_nano=number(rent),
    )


def fill(value: Value) -> Fill:
    who, side, micro, energy = array_of(value, 4)
    return Fill(
        party=party(who),
        side=Side(number(side)),
        limit_micro_per_kwh=number(micro),
        energy_wh=number(energy),
    )


def trade(value: Value) -> Trade:
    seller, buyer, energy, seller_price, buyer_price = array_of(value, 5)
    return Trade(
        seller=party(seller),
        buyer=party(buyer),
        energy_wh=number(energy),
        seller_price_micro_per_kwh=number(seller_price),
        buyer_price_micro_per_kwh=number(buyer_price),
    )


def result(value: Value) -> ClearingResult:
    period, prices, flows, fills, trades = array_of(value, 5)
    return ClearingResult(
        period=DeliveryPeriod(number(period)),
        prices=tuple(map(price, array(prices))),
        flows=tuple(map(flow, array(flows))),
        fills=tuple(map(fill, array(fills))),
        trades=tuple(map(trade, array(trades))),
    )


def promise(value: Value) -> Promised:
    contract, energy, declared = array_of(value, 3)
    return read_contract_id(contract), number(energy), boolean(declared)


def member(value: Value) -> Member:
    who, zone, key = array_of(value, 3)
    return Member(party=party(who), zone=name(zone), household_key=byte_string(key, 33))


def zone(value: Value) -> Zone:
    own, parent, export_fee, import_fee, export_max, import_max = array_of(value, 6)
    return Zone(
        id=name(own),
        parent=None if parent is None else name(parent),
        export_fee_micro_per_kwh=number(export_fee),
        import_fee_micro_per_kwh=number(import_fee),
        export_wh_max=limit(export_max),
        import_wh_max=limit(import_max),
    )


def tariff_of(energy: int, network: int, levies: int, vat: int, paid: int) -> Tariff:
    return Tariff(
        energy_micro_per_kwh=energy,
        network_micro_per_kwh=network,
        levies_micro_per_kwh=levies,
        vat_ppm=vat,
        feed_in_micro_per_kwh=paid,
    )


def charter(value: Value) -> Charter:
    members, zones, *rules = array_of(value, 10)
    fault_model, billing_basis, privacy, admission, size, tariff, *more = rules
    mechanism, settlement = more
    return Charter(
        members=tuple(map(member, array(members))),
        fee_tree=FeeTree(tuple(map(zone, array(zones)))),
        fault_model=FaultModel(str(fault_model)),
        billing_basis=BillingBasis(str(billing_basis)),
        privacy=PrivacyMode(str(privacy)),
        admission=Admission(str(admission)),
        committee_size=number(size),
        reference_tariff=None
        if tariff is None
        else tariff_of(*map(number, array(tariff))),
        mechanism=Mechanism(str(mechanism)),
        settlement=read_settlement(settlement),
    )


@pytest.mark.parametrize("case", VECTORS.cases("orders"), ids=str)
def test_an_order_has_the_published_digest(case: Case) -> None:
    author, salt = case.bytes("party"), case.bytes("salt")
    bid = tuple(case.value(name) for name in ("order", "pledges", "preference"))
    party_of_bid = PartyId(author.hex())
    message = decode_body(
        MessageKind.ORDER_REVEAL, encode((*bid, salt)), author=party_of_bid
    )
    assert isinstance(message, OrderReveal)
    assert message.order == order(party_of_bid, case.value("order"))

    digest = order_digest(
        message.order, salt, pledges=message.pledges, preference=message.preference
    )

    assert digest.hex() == case.text("digest")
    second = digest_of_value("order/1", (author, *bid, salt))
    assert second.hex() == case.text("digest")


@pytest.mark.parametrize("case", VECTORS.cases("books"), ids=str)
def test_a_book_has_the_published_seed(case: Case) -> None:
    pairs = [array_of(pair, 2) for pair in array(case.value("commitments"))]
    commitments = {party(who): byte_string(digest) for who, digest in reversed(pairs)}

    seed = book_seed(DeliveryPeriod(case.integer("period")), commitments)

    assert seed.hex() == case.text("digest")
    value = (case.integer("period"), case.value("commitments"))
    assert digest_of_value("book/1", value).hex() == case.text("digest")


@pytest.mark.parametrize("case", VECTORS.cases("results"), ids=str)
def test_a_result_has_the_published_digest(case: Case) -> None:
    value = case.value("result")
    number_of_period, seed, *parts, promised = array_of(value, 7)
    digest = clearing_digest(
        result((number_of_period, *parts)),
        seed=byte_string(seed),
        promised=[promise(one) for one in array(promised)],
    )

    assert digest.hex() == case.text("digest")
    assert digest_of_value("clearing/1", value).hex() == case.text("digest")


@pytest.mark.parametrize("case", VECTORS.cases("charters"), ids=str)
def test_a_community_has_the_published_name(case: Case) -> None:
    value = case.value("charter")

    assert community_id(charter(value)) == case.text("community")
    assert digest_of_value("charter/1", value).hex() == case.text("community")


@given(orders(ALICE.party))
def test_a_commitment_binds_party_and_salt(wanted: Order) -> None:
    salt = bytes(16)
    digest = order_digest(wanted, salt)

    assert digest != order_digest(replace(wanted, party=BOB.party), salt)
    assert digest != order_digest(wanted, bytes(15) + b"\x01")
    assert digest != order_digest(replace(wanted, period=wanted.period.next()), salt)


def test_a_short_salt_hides_nothing() -> None:
    with pytest.raises(AssertionError, match="guessed"):
        order_digest(Order.of(ALICE.party, DeliveryPeriod(1)), b"salt")


_PERIOD, _SEED, *_PARTS, _ = array_of(VECTORS.cases("results")[1].value("result"), 7)
FULL = result((_PERIOD, *_PARTS))
SEED = byte_string(_SEED)
PROMISE = (ContractId("ab" * 32), 100, True)
ONE_PRICE, ONE_FLOW, ONE_FILL, ONE_TRADE = (
    FULL.prices[0],
    FULL.flows[0],
    FULL.fills[0],
    FULL.trades[0],
)
CHANGES: list[Callable[[], ClearingResult]] = [
    lambda: replace(FULL, period=FULL.period.next()),
    lambda: replace(FULL, prices=FULL.prices[1:]),
    lambda: replace(FULL, prices=FULL.prices[::-1]),
    lambda: replace(FULL, fills=FULL.fills[::-1]),
    lambda: replace(FULL, trades=()),
    lambda: replace(FULL, prices=(replace(ONE_PRICE, zone=ZoneId("other")),)),
    lambda: replace(FULL, prices=(replace(ONE_PRICE, price_micro_per_kwh=1),)),
    lambda: replace(FULL, prices=(replace(ONE_PRICE, traded_wh=1),)),
    lambda: replace(FULL, flows=(replace(ONE_FLOW, zone=ZoneId("other")),)),
    lambda: replace(FULL, flows=(replace(ONE_FLOW, export_wh=-1),)),
    lambda: replace(FULL, flows=(replace(ONE_FLOW, fee_nano=1),)),
    lambda: replace(FULL, flows=(replace(ONE_FLOW, rent_nano=1),)),
    lambda: replace(FULL, fills=(replace(ONE_FILL, party=ALICE.party),)),
    lambda: replace(FULL, fills=(replace(ONE_FILL, side=Side.SELL),)),
    lambda: replace(FULL, fills=(replace(ONE_FILL, limit_micro_per_kwh=1),)),
    lambda: replace(FULL, fills=(replace(ONE_FILL, energy_wh=1),)),
    lambda: replace(FULL, trades=(replace(ONE_TRADE, seller=ALICE.party),)),
    lambda: replace(FULL, trades=(replace(ONE_TRADE, buyer=ALICE.party),)),
    lambda: replace(FULL, trades=(replace(ONE_TRADE, energy_wh=1),)),
    lambda: replace(FULL, trades=(replace(ONE_TRADE, seller_price_micro_per_kwh=1),)),
    lambda: replace(FULL, trades=(replace(ONE_TRADE, buyer_price_micro_per_kwh=1),)),
]


def test_every_part_of_a_result_shows_in_its_digest() -> None:
    digests = {clearing_digest(change(), seed=SEED) for change in CHANGES}

    assert len(digests) == len(CHANGES)
    assert clearing_digest(FULL, seed=SEED) not in digests


def test_a_vote_binds_the_book_and_what_was_promised() -> None:
    contract, energy_wh, declared = PROMISE
    promises = [
        (),
        (PROMISE,),
        (PROMISE, PROMISE),
        ((contract, energy_wh + 1, declared),),
        ((contract, energy_wh, not declared),),
        ((ContractId("cd" * 32), energy_wh, declared),),
    ]
    digests = {clearing_digest(FULL, seed=SEED, promised=one) for one in promises}

    assert len(digests) == len(promises)
    assert clearing_digest(FULL, seed=bytes(32)) not in digests


@pytest.mark.parametrize("case", VECTORS.cases("contracts"), ids=str)
def test_a_contract_has_the_published_name(case: Case) -> None:
    terms = read_terms(case.value("terms"))

    assert terms_value(terms) == case.value("terms")
    assert terms.id == contract_id(terms) == case.text("contract")
    second = digest_of_value("contract/1", case.value("terms"))
    assert second.hex() == case.text("contract")
