"""What holds for every settlement, whatever was traded and metered."""

from dataclasses import replace

from hypothesis import given, settings, strategies as st

from custom_components.commonwatt.engine.ledger.balances import balances, sum_of
from custom_components.commonwatt.engine.ledger.booking import FUND
from custom_components.commonwatt.engine.ledger.network import net_flows_wh
from custom_components.commonwatt.engine.ledger.settlement import correction
from custom_components.commonwatt.engine.model.posting import (
    Account,
    AccountKind,
    Unit,
)
from tests.engine.ledger.neighbours import TARIFF, Evening, evenings

EXAMPLES = settings(max_examples=250, deadline=None)


@given(evenings())
@EXAMPLES
def test_energy_and_money_add_up_to_zero(evening: Evening) -> None:
    balance = balances(evening.settle().transactions)

    for unit in Unit:
        assert sum_of(balance, unit) == 0


@given(evenings())
@EXAMPLES
def test_every_metered_wh_is_accounted_for_once(evening: Evening) -> None:
    settlement = evening.settle()

    balance = balances(settlement.community)
    for party, (import_wh, export_wh) in evening.metered.items():
        account = Account(kind=AccountKind.PARTY, party=party)
        assert balance.get((account, Unit.WH), 0) == import_wh - export_wh
        summary = settlement.summary(party)
        assert summary is not None
        assert summary.retailer_import_wh == import_wh - summary.bought_wh
        assert summary.retailer_export_wh == export_wh - summary.sold_wh


@given(evenings())
@EXAMPLES
def test_nobody_is_allocated_more_than_its_meter_counted(evening: Evening) -> None:
    settlement = evening.settle()

    for party, (import_wh, export_wh) in evening.metered.items():
        summary = settlement.summary(party)
        assert summary is not None
        assert 0 <= summary.bought_wh <= import_wh
        assert 0 <= summary.sold_wh <= export_wh


@given(evenings())
@EXAMPLES
def test_the_fund_never_pays_for_a_period(evening: Evening) -> None:
    assert balances(evening.settle().community).get((FUND, Unit.NANO), 0) >= 0


@given(evenings())
@EXAMPLES
def test_money_follows_accounts_as_the_summaries_say(evening: Evening) -> None:
    settlement = evening.settle()

    balance = balances(settlement.transactions)
    for summary in settlement.parties:
        account = Account(kind=AccountKind.PARTY, party=summary.party)
        if summary.cost_nano is not None:
            assert balance.get((account, Unit.NANO), 0) == -summary.cost_nano
            alone = (summary.import_wh or 0) * TARIFF.import_micro_per_kwh - (
                summary.export_wh or 0
            ) * TARIFF.feed_in_micro_per_kwh
            assert summary.saved_nano == alone - summary.cost_nano


@given(evenings(), st.data())
@EXAMPLES
def test_corrections_lead_to_the_accounts_of_the_last_reading(
    evening: Evening, data: st.DataObject
) -> None:
    settlements = [evening.settle()]
    posted = list(settlements[0].transactions)
    for _ in range(2):
        metered = dict(evening.metered)
        for member in evening.charter.members:
            change = data.draw(st.sampled_from(["keep", "new", "lost"]))
            if change == "new":
                metered[member.party] = (
                    data.draw(st.integers(0, 2_000)),
                    data.draw(st.integers(0, 2_000)),
                )
            elif change == "lost":
                metered.pop(member.party, None)
        evening = replace(evening, metered=metered)
        settlements.append(evening.settle())
        posted += correction(settlements[-2], settlements[-1]).transactions

    assert balances(posted) == balances(settlements[-1].transactions)


@given(evenings())
@EXAMPLES
def test_deliveries_leave_nothing_in_any_zone(evening: Evening) -> None:
    settlement = evening.settle()

    zone_of = {member.party: member.zone for member in evening.charter.members}
    tree = evening.charter.fee_tree
    flows = net_flows_wh(tree, zone_of, settlement.deliveries)
    assert flows[tree.root.id] == 0
    assert all(delivery.energy_wh > 0 for delivery in settlement.deliveries)


@given(evenings())
@EXAMPLES
def test_positions_that_are_kept_are_delivered_in_full(evening: Evening) -> None:
    """Everybody meters its position exactly: all that is left is the auction."""
    exact = replace(evening, metered={}, deadline_passed=False)
    positions = {s.party: s.position_wh for s in exact.settle().parties}
    kept = replace(
        exact, metered={p: (max(-wh, 0), max(wh, 0)) for p, wh in positions.items()}
    )

    settlement = kept.settle()

    assert not settlement.missing
    assert all(summary.failed_wh == 0 for summary in settlement.parties)
    assert settlement.energy_wh == sum(max(wh, 0) for wh in positions.values())
