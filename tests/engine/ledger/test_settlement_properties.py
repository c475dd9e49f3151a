"""What holds for every settlement, whatever was traded and metered."""

from hypothesis import given, settings

from custom_components.commonwatt.engine.ledger.balances import balances, sum_of
from custom_components.commonwatt.engine.ledger.booking import FUND
from custom_components.commonwatt.engine.model.posting import Unit
from tests.engine.ledger.neighbours import Evening, evenings


@given(evenings())
@settings(max_examples=300, deadline=None)
def test_energy_and_money_add_up_to_zero(evening: Evening) -> None:
    settlement = evening.settle()

    balance = balances(settlement.transactions)
    for unit in Unit:
        assert sum_of(balance, unit) == 0


@given(evenings())
@settings(max_examples=300, deadline=None)
def test_nobody_is_allocated_more_than_its_meter_counted(evening: Evening) -> None:
    settlement = evening.settle()

    for party, (import_wh, export_wh) in evening.metered.items():
        summary = settlement.summary(party)
        assert summary is not None
        assert 0 <= summary.bought_wh <= import_wh
        assert 0 <= summary.sold_wh <= export_wh


@given(evenings())
@settings(max_examples=300, deadline=None)
def test_the_fund_never_pays_for_a_period(evening: Evening) -> None:
    balance = balances(evening.settle().community)

    assert balance.get((FUND, Unit.NANO), 0) >= 0
