"""Defects published about other engines, kept out of this one by name."""

from dataclasses import replace

from custom_components.commonwatt.engine.ledger.balances import balances
from custom_components.commonwatt.engine.ledger.booking import FUND, NETWORK
from custom_components.commonwatt.engine.ledger.rules import SettlementRules
from custom_components.commonwatt.engine.ledger.settlement import Settlement
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.posting import Unit
from tests.engine.ledger.neighbours import (
    FEED_IN,
    LEFT,
    RETAIL,
    RIGHT,
    TWO_SIDES,
    A,
    B,
    C,
    Evening,
    bid,
    book_of,
    charter_of,
    offer,
)

NO_SPREAD = SettlementRules(spread_micro_per_kwh=0)


def earned(settlement: Settlement, party: PartyId) -> int:
    """Return what a member earned from the community."""
    summary = settlement.summary(party)
    assert summary is not None
    return summary.earned_nano


def test_network_fees_are_not_charged_twice_for_one_period() -> None:
    """HAMLET 77: fees belong to the net of all clearings of a period."""
    charter = charter_of(A, B, tree=TWO_SIDES, zones={A: LEFT, B: RIGHT})
    evening = Evening(
        charter=charter,
        book=book_of(charter, {A: (offer(400),), B: (bid(400),)}),
        metered={A: (0, 600), B: (600, 0)},
    )
    fee = charter.fee_tree.network_fee_micro_per_kwh(seller=LEFT, buyer=RIGHT)

    settlement = evening.settle()

    assert settlement.energy_wh == 600
    assert balances(settlement.community)[NETWORK, Unit.NANO] == 600 * fee


def test_what_was_bought_is_not_sold_again_as_balancing_energy() -> None:
    """HAMLET 75: a buyer that does not take its trade has no energy to sell."""
    charter = charter_of(A, B, C)
    evening = Evening(
        charter=charter,
        book=book_of(charter, {A: (offer(500),), B: (bid(400),), C: (bid(300),)}),
        metered={A: (0, 500), B: (0, 0), C: (300, 0)},
    )

    settlement = evening.settle()

    assert all(delivery.seller == A for delivery in settlement.deliveries)
    assert earned(settlement, B) < 0


def test_a_failed_trade_is_not_punished_on_both_sides() -> None:
    """Only who fails pays; the other side is left as if nothing had happened."""
    charter = charter_of(A, B)
    kept = Evening(
        charter=charter,
        book=book_of(charter, {A: (offer(400),), B: (bid(400),)}),
        metered={A: (0, 400), B: (400, 0)},
    )
    seller_fails = replace(kept, metered={A: (0, 100), B: (400, 0)}).settle()
    buyer_fails = replace(kept, metered={A: (0, 400), B: (100, 0)}).settle()

    for settlement, kept_its_word in ((seller_fails, B), (buyer_fails, A)):
        after, before = (s.summary(kept_its_word) for s in (settlement, kept.settle()))
        assert after is not None
        assert before is not None
        assert after.saved_nano is not None
        assert before.saved_nano is not None
        assert after.saved_nano >= before.saved_nano


def test_when_both_sides_fail_nobody_pays_more_than_the_spread() -> None:
    charter = charter_of(A, B)
    evening = Evening(
        charter=charter,
        book=book_of(charter, {A: (offer(400),), B: (bid(400),)}),
        metered={A: (0, 0), B: (0, 0)},
    )

    settlement = evening.settle()

    assert settlement.energy_wh == 0
    assert earned(settlement, A) == earned(settlement, B) == -400 * 2_000
    assert balances(settlement.community)[FUND, Unit.NANO] == 2 * 400 * 2_000


def test_a_trade_beyond_the_meter_is_never_paid_as_energy() -> None:
    """Selling dear what one does not have, to buy it back cheap, earns nothing."""
    charter = charter_of(A, B, C)
    evening = Evening(
        charter=charter,
        book=book_of(charter, {A: (offer(400),), B: (bid(400),)}),
        metered={A: (0, 0), B: (50, 0), C: (0, 900)},
        rules=NO_SPREAD,
    )

    assert earned(evening.settle(), A) <= 0


def test_who_withholds_to_raise_the_price_gets_no_more_than_who_does_not() -> None:
    charter = charter_of(A, B, C)
    metered = {A: (0, 500), B: (0, 400), C: (850, 0)}
    honest = Evening(
        charter=charter,
        book=book_of(charter, {A: (offer(500),), B: (offer(400),), C: (bid(850),)}),
        metered=metered,
        rules=NO_SPREAD,
    )
    withheld = replace(
        honest,
        book=book_of(charter, {A: (offer(400),), B: (offer(400),), C: (bid(850),)}),
    )

    # 800 Wh for 850 make the buyer's price; with all 900 offered it is the seller's.
    assert sum(earned(honest.settle(), p) for p in (A, B)) == 850 * FEED_IN
    assert earned(withheld.settle(), B) == 400 * RETAIL
    assert earned(withheld.settle(), A) <= earned(honest.settle(), A)
