"""Settlement by example: one evening at a time, every amount worked out by hand."""

from dataclasses import replace

import pytest

from custom_components.commonwatt.engine.ledger.balances import balances
from custom_components.commonwatt.engine.ledger.booking import FUND
from custom_components.commonwatt.engine.ledger.rules import (
    SettlementRules,
)
from custom_components.commonwatt.engine.ledger.settlement import (
    PartySummary,
    ReadingState,
    Settlement,
    correction,
    settle,
)
from custom_components.commonwatt.engine.model.party import BillingBasis, PartyId
from custom_components.commonwatt.engine.model.posting import (
    Account,
    AccountKind,
    Unit,
)
from tests.engine.ledger.neighbours import (
    FEED_IN,
    PERIOD,
    RETAIL,
    TARIFF,
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

MIDDLE = (RETAIL + FEED_IN) // 2
SPREAD = 2_000
NO_SPREAD = SettlementRules(spread_micro_per_kwh=0)


def of(settlement: Settlement, party: PartyId) -> PartySummary:
    """Return the summary of a member."""
    summary = settlement.summary(party)
    assert summary is not None
    return summary


def fund_nano(settlement: Settlement) -> int:
    """Return what the fund earned."""
    return balances(settlement.community).get((FUND, Unit.NANO), 0)


def kept_trade() -> Evening:
    """Return an evening on which everybody keeps its word."""
    charter = charter_of(A, B)
    return Evening(
        charter=charter,
        book=book_of(charter, {A: (offer(400),), B: (bid(400),)}),
        metered={A: (0, 400), B: (400, 0)},
    )


def test_a_kept_trade_is_paid_at_the_clearing_price() -> None:
    settlement = kept_trade().settle()

    assert of(settlement, A).earned_nano == 400 * MIDDLE
    assert of(settlement, B).earned_nano == -400 * MIDDLE
    assert of(settlement, A).saved_nano == 400 * (MIDDLE - FEED_IN)
    assert of(settlement, B).saved_nano == 400 * (RETAIL - MIDDLE)
    assert settlement.energy_wh == 400
    assert fund_nano(settlement) == 0


def test_what_the_meter_counted_beyond_neighbours_is_the_retailers() -> None:
    evening = replace(kept_trade(), metered={A: (30, 400), B: (650, 0)})

    settlement = evening.settle()

    assert of(settlement, B).retailer_import_wh == 250
    assert of(settlement, A).retailer_import_wh == 30
    retailer = Account(kind=AccountKind.RETAILER, party=B)
    balance = balances(settlement.transactions)
    assert balance[retailer, Unit.WH] == -250
    assert balance[retailer, Unit.NANO] == 250 * RETAIL


def test_a_seller_that_fails_pays_what_its_energy_was_worth() -> None:
    charter = charter_of(A, B, C)
    evening = Evening(
        charter=charter,
        book=book_of(charter, {A: (offer(400),), B: (offer(100),), C: (bid(500),)}),
        metered={A: (0, 100), B: (0, 100), C: (500, 0)},
        rules=NO_SPREAD,
    )

    settlement = evening.settle()

    # With 200 Wh for a bid of 500 the price is the buyer's: its loss is made good.
    assert of(settlement, A).earned_nano == 400 * MIDDLE - 300 * RETAIL - 100 * (
        RETAIL - MIDDLE
    )
    assert of(settlement, C).saved_nano == 500 * (RETAIL - MIDDLE)
    assert of(settlement, B).earned_nano == 100 * RETAIL


def test_failing_pays_a_small_spread_to_the_fund() -> None:
    evening = replace(kept_trade(), metered={A: (0, 400), B: (350, 0)})

    assert fund_nano(evening.settle()) == 50 * SPREAD


def test_energy_nobody_traded_stands_in_for_what_failed() -> None:
    charter = charter_of(A, B, C)
    evening = Evening(
        charter=charter,
        book=book_of(charter, {A: (offer(400),), B: (bid(400),)}),
        metered={A: (0, 250), B: (400, 0), C: (0, 150)},
    )

    settlement = evening.settle()

    assert of(settlement, B).bought_wh == 400
    assert of(settlement, C).sold_wh == 150
    assert of(settlement, C).earned_nano == 150 * (MIDDLE - SPREAD)
    assert fund_nano(settlement) == 2 * 150 * SPREAD


def test_the_least_keen_buyer_gives_way_first() -> None:
    charter = charter_of(A, B, C, D)
    evening = Evening(
        charter=charter,
        book=book_of(
            charter,
            {A: (offer(300),), B: (bid(100, 200_000),), C: (bid(100),), D: (bid(100),)},
        ),
        metered={A: (0, 130), B: (100, 0), C: (100, 0), D: (100, 0)},
    )

    settlement = evening.settle()

    assert of(settlement, B).bought_wh == 0
    assert {of(settlement, C).bought_wh, of(settlement, D).bought_wh} == {65}


def test_surplus_beyond_positions_is_shared_by_the_key() -> None:
    evening = replace(kept_trade(), metered={A: (0, 700), B: (600, 0)}, rules=NO_SPREAD)

    settlement = evening.settle()

    assert of(settlement, A).sold_wh == 600
    assert [(d.energy_wh, d.kind.value) for d in settlement.deliveries] == [
        (400, "position"),
        (200, "shared"),
    ]


def test_sharing_works_without_any_auction() -> None:
    settlement = settle(
        period=PERIOD,
        charter=charter_of(A, B, C),
        result=None,
        readings={
            A: reading(A, export_wh=300),
            B: reading(B, import_wh=100),
            C: reading(C, import_wh=500),
        },
        tariffs={},
        rules=SettlementRules(sharing_price_micro_per_kwh=120_000),
    )

    assert of(settlement, B).bought_wh == 50
    assert of(settlement, C).earned_nano == -250 * 120_000
    assert of(settlement, A).earned_nano == 300 * 120_000
    assert of(settlement, A).saved_nano is None


def test_without_auction_and_price_nothing_is_shared() -> None:
    settlement = settle(
        period=PERIOD,
        charter=charter_of(A, B),
        result=None,
        readings={A: reading(A, export_wh=300), B: reading(B, import_wh=100)},
        tariffs={A: TARIFF, B: TARIFF},
    )

    assert settlement.energy_wh == 0
    assert of(settlement, B).saved_nano == 0


def test_nobody_is_shared_energy_at_a_price_its_order_refuses() -> None:
    charter = charter_of(A, B, C)
    evening = Evening(
        charter=charter,
        book=book_of(
            charter, {A: (offer(400),), B: (bid(400),), C: (bid(90, 81_000),)}
        ),
        metered={A: (0, 600), B: (400, 0), C: (90, 0)},
    )

    assert of(evening.settle(), C).bought_wh == 0


def test_a_missing_reading_is_flagged_and_never_guessed() -> None:
    evening = replace(kept_trade(), metered={B: (400, 0)})

    settlement = evening.settle()

    assert settlement.missing == (A,)
    summary = of(settlement, A)
    assert summary.reading is ReadingState.MISSING
    assert (summary.import_wh, summary.retailer_export_wh) == (None, None)
    assert (summary.cost_nano, summary.saved_nano) == (None, None)
    balance = balances(settlement.community)
    suspense = Account(kind=AccountKind.SUSPENSE, party=A)
    assert balance[suspense, Unit.NANO] == 400 * MIDDLE
    assert balance[suspense, Unit.WH] == -400
    assert (Account(kind=AccountKind.PARTY, party=A), Unit.NANO) not in balance


def test_after_the_deadline_an_unproved_trade_has_failed() -> None:
    evening = replace(kept_trade(), metered={B: (400, 0)}, deadline_passed=True)

    settlement = evening.settle()

    assert of(settlement, A).reading is ReadingState.OVERDUE
    assert of(settlement, A).earned_nano <= 0
    assert of(settlement, B).bought_wh == 0
    assert of(settlement, B).saved_nano == 400 * (RETAIL - MIDDLE)


def test_a_late_reading_is_posted_as_the_difference() -> None:
    before = replace(kept_trade(), metered={B: (400, 0)}).settle()
    after = kept_trade().settle()

    late = correction(before, after)

    posted = balances((*before.transactions, *late.transactions))
    assert posted == balances(after.transactions)
    assert late.parties == after.parties
    assert {t.reason for t in late.transactions} == {"correction"}


def test_a_correction_that_changes_nothing_posts_nothing() -> None:
    settlement = kept_trade().settle()

    assert correction(settlement, settlement).transactions == ()


@pytest.mark.parametrize(
    ("basis", "remains"),
    [
        (BillingBasis.PRIVATE, 0),
        (BillingBasis.INSIGHT, 0),
        (BillingBasis.SHARING, 130_000),
    ],
)
def test_the_billing_basis_says_what_remains_on_the_bill(
    basis: BillingBasis, remains: int
) -> None:
    evening = replace(kept_trade(), charter=charter_of(A, B, basis=basis))

    summary = of(evening.settle(), B)

    assert summary.basis is basis
    assert summary.retailer_nano == 400 * remains
    assert summary.saved_nano == 400 * (RETAIL - remains - MIDDLE)


def test_a_stranger_has_no_summary() -> None:
    assert kept_trade().settle().summary(D) is None


def test_rules_out_of_bounds_are_refused() -> None:
    with pytest.raises(ValueError, match="spread"):
        SettlementRules(spread_micro_per_kwh=-1)
    with pytest.raises(ValueError, match="price"):
        SettlementRules(sharing_price_micro_per_kwh=1 << 40)
    with pytest.raises(ValueError, match="not negative"):
        SettlementRules(examined_max=-1)
