"""Agreements, common plants and the network, by example."""

from dataclasses import replace

import pytest

from custom_components.commonwatt.engine.ledger.balances import balances
from custom_components.commonwatt.engine.ledger.booking import FUND, NETWORK
from custom_components.commonwatt.engine.ledger.rules import (
    Agreement,
    AgreementKind,
    Reclearing,
    SettlementRules,
)
from custom_components.commonwatt.engine.ledger.settlement import (
    PartySummary,
    Settlement,
    settle,
)
from custom_components.commonwatt.engine.market import clear, zone_prices
from custom_components.commonwatt.engine.model.clearing import Trade
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.posting import (
    Unit,
)
from custom_components.commonwatt.engine.model.sharing_key import (
    CollectiveAsset,
    CollectiveKey,
    KeyShare,
    ProRataKey,
)
from tests.engine.ledger.neighbours import (
    LEFT,
    PERIOD,
    RIGHT,
    TWO_SIDES,
    A,
    B,
    C,
    D,
    Evening,
    bid,
    book_of,
    charter_of,
    offer,
    reading,
)


def of(settlement: Settlement, party: PartyId) -> PartySummary:
    """Return the summary of a member."""
    summary = settlement.summary(party)
    assert summary is not None
    return summary


def fund_nano(settlement: Settlement) -> int:
    """Return what the fund earned."""
    return balances(settlement.community).get((FUND, Unit.NANO), 0)


def test_agreements_come_first_and_the_giver_may_pay_the_way() -> None:
    charter = charter_of(A, B, C, tree=TWO_SIDES, zones={A: LEFT, B: RIGHT, C: LEFT})
    fee = charter.fee_tree.network_fee_micro_per_kwh(seller=LEFT, buyer=RIGHT)
    gift = Agreement(
        kind=AgreementKind.GIFT,
        declared=True,
        trade=Trade(
            seller=A,
            buyer=B,
            energy_wh=100,
            seller_price_micro_per_kwh=-fee,
            buyer_price_micro_per_kwh=0,
        ),
    )
    contract = Agreement(
        kind=AgreementKind.CONTRACT,
        declared=False,
        trade=Trade(
            seller=A,
            buyer=C,
            energy_wh=900,
            seller_price_micro_per_kwh=100_000,
            buyer_price_micro_per_kwh=100_000,
        ),
    )

    settlement = settle(
        period=PERIOD,
        charter=charter,
        result=None,
        readings={
            A: reading(A, export_wh=300),
            B: reading(B, import_wh=400),
            C: reading(C, import_wh=400),
        },
        tariffs={},
        agreements=(gift, contract, replace(gift, declared=False)),
    )

    assert [(d.buyer, d.energy_wh, d.kind.value) for d in settlement.deliveries] == [
        (B, 100, "gift"),
        (C, 200, "contract"),
    ]
    assert of(settlement, A).earned_nano == 200 * 100_000 - 100 * fee
    assert of(settlement, B).earned_nano == 0
    assert balances(settlement.community)[NETWORK, Unit.NANO] == 100 * fee
    assert fund_nano(settlement) == 0


def test_agreements_that_cannot_be_kept_are_left_out() -> None:
    charter = charter_of(A, B, tree=TWO_SIDES, zones={A: LEFT, B: RIGHT})
    fee = charter.fee_tree.network_fee_micro_per_kwh(seller=LEFT, buyer=RIGHT)
    good = Trade(
        seller=A,
        buyer=B,
        energy_wh=10,
        seller_price_micro_per_kwh=0,
        buyer_price_micro_per_kwh=fee,
    )
    trades = (
        replace(good, buyer_price_micro_per_kwh=fee - 1),
        replace(good, energy_wh=-5),
        replace(good, seller=D),
        good,
    )

    settlement = settle(
        period=PERIOD,
        charter=charter,
        result=None,
        readings={A: reading(A, export_wh=300), B: reading(B, import_wh=400)},
        tariffs={},
        agreements=[
            Agreement(kind=AgreementKind.CONTRACT, declared=True, trade=trade)
            for trade in trades
        ],
    )

    assert settlement.energy_wh == 10


def test_the_income_of_a_collective_asset_belongs_to_its_owners() -> None:
    turbine = CollectiveAsset(
        party=A,
        owners=(
            KeyShare(party=B, share_ppm=700_000),
            KeyShare(party=C, share_ppm=300_000),
        ),
    )
    settlement = settle(
        period=PERIOD,
        charter=charter_of(A, B, C, D),
        result=None,
        readings={
            A: reading(A, export_wh=1_000),
            B: reading(B, import_wh=100),
            C: reading(C, import_wh=300),
            D: reading(D, import_wh=600),
        },
        tariffs={},
        rules=SettlementRules(
            sharing_key=CollectiveKey(assets=(turbine,), then=ProRataKey()),
            sharing_price_micro_per_kwh=100_000,
        ),
    )

    assert of(settlement, A).earned_nano == 0
    assert of(settlement, B).earned_nano == 700 * 100_000 - 100 * 100_000
    assert of(settlement, C).earned_nano == 300 * 100_000 - 300 * 100_000


def test_owners_pay_what_their_asset_owes() -> None:
    turbine = CollectiveAsset(party=A, owners=(KeyShare(party=B, share_ppm=1_000_000),))
    charter = charter_of(A, B)
    evening = Evening(
        charter=charter,
        book=book_of(charter, {A: (offer(400),), B: (bid(400),)}),
        metered={A: (0, 0), B: (400, 0)},
        rules=SettlementRules(
            sharing_key=CollectiveKey(assets=(turbine,), then=ProRataKey())
        ),
    )

    assert of(evening.settle(), A).earned_nano == 0


def test_flows_against_each_other_pay_the_network_for_the_difference_only() -> None:
    charter = charter_of(
        A, B, C, D, tree=TWO_SIDES, zones={A: LEFT, B: RIGHT, C: LEFT, D: RIGHT}
    )
    tree = charter.fee_tree
    there = tree.network_fee_micro_per_kwh(seller=LEFT, buyer=RIGHT)
    back = tree.network_fee_micro_per_kwh(seller=RIGHT, buyer=LEFT)
    contract = Agreement(
        kind=AgreementKind.CONTRACT,
        declared=True,
        trade=Trade(
            seller=D,
            buyer=C,
            energy_wh=100,
            seller_price_micro_per_kwh=100_000,
            buyer_price_micro_per_kwh=100_000 + back,
        ),
    )
    book = book_of(charter, {A: (offer(400),), B: (bid(400),)})

    settlement = settle(
        period=PERIOD,
        charter=charter,
        result=clear(book, tree),
        readings={
            A: reading(A, export_wh=400),
            B: reading(B, import_wh=400),
            C: reading(C, import_wh=100),
            D: reading(D, export_wh=100),
        },
        tariffs={},
        reclearing=Reclearing(book=book, prices=zone_prices),
        agreements=(contract,),
    )

    assert balances(settlement.community)[NETWORK, Unit.NANO] == 300 * there
    assert fund_nano(settlement) == 100 * (there + back)


def test_what_was_declared_is_no_departure_from_the_auction() -> None:
    """Energy under a contract neither moves the metered price nor owes restitution."""
    charter = charter_of(A, B, C, D)
    contract = Agreement(
        kind=AgreementKind.CONTRACT,
        declared=True,
        trade=Trade(
            seller=A,
            buyer=B,
            energy_wh=500,
            seller_price_micro_per_kwh=120_000,
            buyer_price_micro_per_kwh=120_000,
        ),
    )
    book = book_of(
        charter,
        {A: (offer(100, 90_000),), C: (bid(300, 200_000),), D: (offer(200, 150_000),)},
    )

    def settled(*agreements: Agreement) -> Settlement:
        moved = sum(agreement.trade.energy_wh for agreement in agreements)
        return settle(
            period=PERIOD,
            charter=charter,
            result=clear(book, charter.fee_tree),
            readings={
                A: reading(A, export_wh=100 + moved),
                B: reading(B, import_wh=moved),
                C: reading(C, import_wh=300),
                D: reading(D, export_wh=200),
            },
            tariffs={},
            reclearing=Reclearing(book=book, prices=zone_prices, tree=charter.fee_tree),
            agreements=agreements,
        )

    plain, with_contract = settled(), settled(contract)

    assert of(with_contract, C).earned_nano == of(plain, C).earned_nano
    assert of(with_contract, D).earned_nano == of(plain, D).earned_nano
    paid = 500 * 120_000
    assert of(with_contract, A).earned_nano == of(plain, A).earned_nano + paid
    assert of(with_contract, B).earned_nano == of(plain, B).earned_nano - paid
    assert fund_nano(with_contract) == fund_nano(plain) == 0
    assert [one.energy_wh for one in with_contract.fulfilled] == [500]


def test_less_than_was_declared_is_served_as_far_as_meters_go() -> None:
    charter = charter_of(A, B, C)
    contract = Agreement(
        kind=AgreementKind.CONTRACT,
        declared=True,
        trade=Trade(
            seller=A,
            buyer=B,
            energy_wh=500,
            seller_price_micro_per_kwh=100_000,
            buyer_price_micro_per_kwh=100_000,
        ),
    )
    book = book_of(charter, {A: (offer(100),), C: (bid(100),)})

    settlement = settle(
        period=PERIOD,
        charter=charter,
        result=clear(book, charter.fee_tree),
        readings={
            A: reading(A, export_wh=420),
            B: reading(B, import_wh=500),
            C: reading(C, import_wh=100),
        },
        tariffs={},
        reclearing=Reclearing(book=book, prices=zone_prices),
        agreements=(contract,),
    )

    assert [one.energy_wh for one in settlement.fulfilled] == [420]
    assert of(settlement, A).failed_wh == 100


@pytest.mark.parametrize(
    ("export_wh", "import_wh", "payers"),
    [
        (500, 500, {}),
        (0, 500, {A: 500}),
        (500, 120, {B: 380}),
        (0, 0, {A: 500, B: 500}),
    ],
)
def test_whoever_breaks_a_declared_agreement_pays_the_spread(
    export_wh: int, import_wh: int, payers: dict[PartyId, int]
) -> None:
    charter = charter_of(A, B, C, D)
    contract = Agreement(
        kind=AgreementKind.GIFT,
        declared=True,
        trade=Trade(
            seller=A,
            buyer=B,
            energy_wh=500,
            seller_price_micro_per_kwh=0,
            buyer_price_micro_per_kwh=0,
        ),
    )
    book = book_of(charter, {C: (offer(100),), D: (bid(100),)})

    settlement = settle(
        period=PERIOD,
        charter=charter,
        result=clear(book, charter.fee_tree),
        readings={
            A: reading(A, export_wh=export_wh),
            B: reading(B, import_wh=import_wh),
            C: reading(C, export_wh=100),
            D: reading(D, import_wh=100),
        },
        tariffs={},
        rules=SettlementRules(sharing_price_micro_per_kwh=0, spread_micro_per_kwh=7),
        reclearing=Reclearing(book=book, prices=zone_prices),
        agreements=(contract,),
    )

    paid = {
        posting.account.party: -posting.amount // 7
        for transaction in settlement.community
        if transaction.reason == "imbalances"
        for posting in transaction.postings
        if posting.account.party is not None
    }
    assert paid == payers
