"""Agreements outlive crashes, and are forgotten when they are over."""

import pytest

from custom_components.commonwatt.engine.ledger.allocation import DeliveryKind
from custom_components.commonwatt.engine.ledger.journal import EntryKind
from custom_components.commonwatt.engine.model.origin import EnergySource
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    MINUTE_MS,
    SECOND_MS,
    after,
)
from custom_components.commonwatt.engine.wire.messages import (
    OrderReveal,
)
from tests.engine.node.street import (
    ANN,
    BEN,
    CAT,
    FIRST,
    START,
    Street,
)
from tests.engine.node.test_agreements import agreed, contract, delivered_wh, view


@pytest.mark.parametrize("before_ms", [7 * MINUTE_MS, 6 * MINUTE_MS - SECOND_MS, 0])
def test_contracts_outlive_a_crash_at_any_moment(before_ms: int) -> None:
    street = Street(ANN, BEN, CAT)
    agreed(street, contract(street, energy_wh_max_day=100))
    street.run_until(FIRST, before_start_ms=before_ms)
    street.crash("Ben")
    street.wake("Ben")
    street.run(after(FIRST.next(2).end, MINUTE_MS))

    moved = [
        delivered_wh(street, FIRST.next(n), DeliveryKind.CONTRACT).get("Ben to Ann", 0)
        for n in range(3)
    ]
    assert sum(moved) == view(street, "Ben").moved_wh == view(street, "Ann").moved_wh
    assert moved[:2] == [60, 40]


def test_contracts_are_written_down_once_a_day_and_forgotten_when_long_over() -> None:
    street = Street(ANN, BEN)
    agreed(street, contract(street, valid_until=FIRST.next(8)))
    written = len(street.journaled("Ben", EntryKind.AGREED))
    street.run(after(START, 2 * DAY_MS))
    assert len(street.journaled("Ben", EntryKind.AGREED)) == written + 2

    street.run(after(START, 3 * DAY_MS + DAY_MS // 2))
    assert street.status("Ben").agreements == ()


@pytest.mark.parametrize("wished", ["Ben", "Cat"])
def test_a_neighbour_that_is_wished_for_supplies_first(wished: str) -> None:
    street = Street(ANN, BEN, ("Cat", -1_500, 2_000), ("Dan", 800, 0))
    ann = street.nodes["Ann"]
    ann.set_preference([street.parties[wished]], [EnergySource.SOLAR])
    street.run(after(FIRST.end, MINUTE_MS))

    outcomes = [node.outcome(FIRST) for node in street.nodes.values()]
    results = [None if one is None else one.result for one in outcomes]
    assert results[0] is not None
    assert all(result == results[0] for result in results)
    sellers = {
        street.names[trade.seller]
        for trade in results[0].trades
        if street.names[trade.buyer] == "Ann"
    }
    assert sellers == {wished}
    reveal = next(
        message
        for entry in street.journaled("Ann", EntryKind.SENT)
        if isinstance(message := street.opened(entry.body).message, OrderReveal)
    )
    assert reveal.preference is not None
    ann.set_preference([], [])
    assert ann._bids._preference is None
