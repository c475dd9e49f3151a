"""Contracts and gifts: what they take out of the auction, and what they cost whom."""

from dataclasses import replace

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.commonwatt.engine.ledger.rules import AgreementKind
from custom_components.commonwatt.engine.market import (
    Reservation,
    Usage,
    agreements,
    clear,
    reserve,
)
from custom_components.commonwatt.engine.model.contract import (
    Contract,
    ContractId,
    Declaration,
    FeePayer,
    FixedPrice,
    Gift,
    PriceRule,
    ShareOfSpread,
    ZonePricePlus,
)
from custom_components.commonwatt.engine.model.order import OrderBook, Side
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.tariff import Tariff
from custom_components.commonwatt.engine.model.zone import FeeTree
from tests.engine.market.audit import audit
from tests.engine.market.books import (
    PERIOD,
    ROOT,
    book_of,
    buy,
    markets,
    party,
    sell,
    tree_of,
    zone,
)

ANNA, BORIS, CLARA = party(1), party(2), party(3)
NEXT_DAY = DeliveryPeriod(PERIOD.number + 96)

TREE = tree_of(
    zone("east", fees=(10, 7)), zone("west", fees=(20, 5), limits=(None, 40))
)
BOOK = book_of(
    {
        1: ("east", [sell(60, 50), sell(60, 90)]),
        2: ("west", [buy(30, 200), buy(50, 120)]),
        3: (ROOT, [buy(200, 100)]),
    }
)


def contract(
    name: str = "c1",
    *,
    price: PriceRule = FixedPrice(80),  # noqa: B008  # a frozen value
    energy_wh_max: int = 100,
    energy_wh_max_day: int = 1_000,
    fee_payer: FeePayer = FeePayer.BUYER,
    priority: int = 0,
) -> Contract:
    """Return a contract between Anna, who sells, and Boris, who buys."""
    return Contract(
        id=ContractId(name),
        seller=ANNA,
        buyer=BORIS,
        price=price,
        energy_wh_max=energy_wh_max,
        energy_wh_max_day=energy_wh_max_day,
        valid_from=PERIOD,
        valid_until=NEXT_DAY,
        fee_payer=fee_payer,
        priority=priority,
    )


def gift(name: str = "g1", *, energy_wh_max_day: int = 1_000) -> Gift:
    """Return a gift of Anna to Boris."""
    return Gift(
        id=ContractId(name),
        giver=ANNA,
        receiver=BORIS,
        energy_wh_max=5_000,
        energy_wh_max_day=energy_wh_max_day,
        valid_from=PERIOD,
        valid_until=NEXT_DAY,
    )


def declare(name: str, *energies_wh: int) -> list[Declaration]:
    """Return what Anna and (if there is a second figure) Boris declare."""
    return [
        Declaration(contract=ContractId(name), party=who, energy_wh=energy_wh)
        for who, energy_wh in zip((ANNA, BORIS), energies_wh, strict=False)
    ]


def declared_wh(reservation: Reservation) -> dict[str, int]:
    return {p.contract.id: p.energy_wh for p in reservation.promises if p.declared}


def undeclared_wh(reservation: Reservation) -> dict[str, int]:
    return {p.contract.id: p.energy_wh for p in reservation.promises if not p.declared}


def test_declared_energy_leaves_both_orders_and_the_way() -> None:
    reserved = reserve(
        BOOK, TREE, contracts=[contract()], declarations=declare("c1", 35, 70)
    )
    assert declared_wh(reserved) == {"c1": 35}
    orders = {p.order.party: p.order.steps for p in reserved.book.orders}
    assert orders[ANNA] == (sell(25, 50), sell(60, 90)), "cheapest offers go first"
    assert orders[BORIS] == (buy(45, 120),), "dearest bids go first"
    assert orders[CLARA] == (buy(200, 100),)
    assert [z.import_wh_max for z in reserved.tree.zones] == [None, None, 5]
    audit(reserved.book, reserved.tree, clear(reserved.book, reserved.tree))


def test_the_smaller_declaration_counts_and_the_way_limits_it() -> None:
    for energies, moved in [((35, 20), 20), ((90, 90), 40), ((10,), None)]:
        reserved = reserve(
            BOOK, TREE, contracts=[contract()], declarations=declare("c1", *energies)
        )
        assert declared_wh(reserved).get("c1") == moved


def test_a_gift_is_declared_by_its_giver_alone() -> None:
    reserved = reserve(BOOK, TREE, gifts=[gift()], declarations=declare("g1", 25))
    assert declared_wh(reserved) == {"g1": 25}
    assert [p.kind for p in reserved.promises] == [AgreementKind.GIFT] * 2


def test_what_was_not_declared_waits_until_after_the_positions() -> None:
    reserved = reserve(
        BOOK,
        TREE,
        contracts=[contract(energy_wh_max=50)],
        declarations=declare("c1", 15, 15),
    )
    assert undeclared_wh(reserved) == {"c1": 35}
    assert reserve(BOOK, TREE, contracts=[contract()]).book == BOOK


def test_limits_hold_per_period_per_day_and_in_all() -> None:
    usage = Usage(
        today_wh={ContractId("c1"): 990, ContractId("g2"): 1_000},
        total_wh={ContractId("g1"): 4_985, ContractId("g3"): 5_000},
    )
    reserved = reserve(
        BOOK,
        TREE,
        contracts=[contract(), contract("c2", energy_wh_max=7)],
        gifts=[gift("g1"), gift("g2"), gift("g3")],
        declarations=[
            *declare("c1", 40, 40),
            *declare("c2", 40, 40),
            *declare("g1", 40),
            *declare("g2", 40),
            *declare("g3", 40),
        ],
        usage=usage,
    )
    assert declared_wh(reserved) == {"g1": 15, "c1": 10, "c2": 7}
    assert undeclared_wh(reserved) == {}


def test_gifts_come_first_then_priority_then_name() -> None:
    reserved = reserve(
        BOOK,
        TREE,
        contracts=[contract("c3"), contract("c2"), contract("c4", priority=-5)],
        gifts=[gift()],
    )
    assert list(undeclared_wh(reserved)) == ["c4", "g1", "c2", "c3"]


def test_agreements_out_of_force_or_with_strangers_do_nothing() -> None:
    over = replace(contract(), valid_from=PERIOD.next(-5), valid_until=PERIOD)
    soon = replace(contract("c2"), valid_from=PERIOD.next())
    stranger = replace(contract("c3"), buyer=party(99))
    declarations = [*declare("c1", 9, 9), *declare("c2", 9, 9), *declare("c3", 9, 9)]
    reserved = reserve(
        BOOK, TREE, contracts=[over, soon, stranger], declarations=declarations
    )
    assert reserved == Reservation(book=BOOK, tree=TREE, promises=())


ZONE_OF = {placed.order.party: placed.zone for placed in BOOK.orders}
TARIFFS = {
    ANNA: Tariff(energy_micro_per_kwh=300, feed_in_micro_per_kwh=60),
    BORIS: Tariff(energy_micro_per_kwh=260),
}


def prices(rule: PriceRule, payer: FeePayer) -> tuple[int, int] | None:
    """Return what Anna gets and Boris pays."""
    reserved = reserve(BOOK, TREE, contracts=[contract(price=rule, fee_payer=payer)])
    found = agreements(
        reserved.promises,
        TREE,
        zone_of=ZONE_OF,
        result=clear(reserved.book, reserved.tree),
        tariffs=TARIFFS,
    )
    if not found:
        return None
    trade = found[0].trade
    return trade.seller_price_micro_per_kwh, trade.buyer_price_micro_per_kwh


def test_who_pays_the_fee_is_seen_in_the_two_prices() -> None:
    assert prices(FixedPrice(80), FeePayer.BUYER) == (80, 95)
    assert prices(FixedPrice(80), FeePayer.SELLER) == (65, 80)


def test_a_price_follows_the_zone_of_the_seller() -> None:
    zone_price = clear(BOOK, TREE).price_micro_per_kwh(ZONE_OF[ANNA])
    assert zone_price == 90
    assert prices(ZonePricePlus(-4), FeePayer.BUYER) == (86, 101)


def test_a_price_shares_the_spread_between_two_retailers() -> None:
    assert prices(ShareOfSpread(0), FeePayer.BUYER) == (60, 75)
    assert prices(ShareOfSpread(250_000), FeePayer.BUYER) == (110, 125)
    assert prices(ShareOfSpread(1_000_000), FeePayer.BUYER) == (260, 275)


def test_a_gift_costs_its_giver_the_way() -> None:
    reserved = reserve(BOOK, TREE, gifts=[gift()])
    (given_,) = agreements(
        reserved.promises, TREE, zone_of=ZONE_OF, result=None, tariffs={}
    )
    assert given_.kind is AgreementKind.GIFT
    assert given_.trade.seller_price_micro_per_kwh == -15
    assert given_.trade.buyer_price_micro_per_kwh == 0


UNKNOWABLE: list[tuple[PriceRule, OrderBook | None, dict[PartyId, Tariff]]] = [
    (ZonePricePlus(0), None, TARIFFS),
    (ZonePricePlus(0), book_of({}), TARIFFS),
    (ShareOfSpread(0), BOOK, {ANNA: TARIFFS[ANNA]}),
    (ShareOfSpread(0), BOOK, {BORIS: TARIFFS[BORIS]}),
]


@pytest.mark.parametrize(("rule", "auction", "tariffs"), UNKNOWABLE)
def test_a_price_nobody_can_know_leaves_the_energy_to_sharing(
    rule: PriceRule, auction: OrderBook | None, tariffs: dict[PartyId, Tariff]
) -> None:
    reserved = reserve(BOOK, TREE, contracts=[contract(price=rule)])
    assert not agreements(
        reserved.promises,
        TREE,
        zone_of=ZONE_OF,
        result=clear(auction, TREE) if auction is not None else None,
        tariffs=tariffs,
    )


@settings(max_examples=150, deadline=None)
@given(market=markets(), data=st.data())
def test_reserving_conserves_energy_and_respects_every_limit(
    market: tuple[OrderBook, FeeTree], data: st.DataObject
) -> None:
    book, tree = market
    names = [placed.order.party for placed in book.orders]
    if len(names) < 2:
        return
    couples = st.lists(st.sampled_from(names), min_size=2, max_size=2, unique=True)
    terms = []
    declarations = []
    for number in range(3):
        seller, buyer = data.draw(couples)
        name = ContractId(f"c{number}")
        terms.append(replace(contract(name), seller=seller, buyer=buyer))
        energy_wh = data.draw(st.integers(1, 12))
        declarations += [
            Declaration(contract=name, party=who, energy_wh=energy_wh)
            for who in (seller, buyer)
        ]
    reserved = reserve(book, tree, contracts=terms, declarations=declarations)
    moved = [p for p in reserved.promises if p.declared]
    for before, after in zip(book.orders, reserved.book.orders, strict=True):
        who = before.order.party
        for side in Side:
            taken_wh = sum(
                p.energy_wh
                for p in moved
                if who == (p.contract.buyer if side is Side.BUY else p.contract.seller)
            )
            left_wh = after.order.energy_wh(side)
            assert left_wh + taken_wh == before.order.energy_wh(side)
    audit(reserved.book, reserved.tree, clear(reserved.book, reserved.tree))


@pytest.mark.parametrize(
    "make",
    [
        lambda: FixedPrice(1 << 28),
        lambda: ZonePricePlus(-(1 << 28)),
        lambda: ShareOfSpread(1_000_001),
        lambda: ShareOfSpread(-1),
        lambda: replace(contract(), buyer=ANNA),
        lambda: contract(energy_wh_max=0),
        lambda: replace(gift(), receiver=ANNA),
        lambda: gift(energy_wh_max_day=-1),
        lambda: Declaration(contract=ContractId("c"), party=ANNA, energy_wh=0),
    ],
)
def test_agreements_out_of_bounds_are_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=r"out of bounds|with itself"):
        make()
