"""From what energy is worth to an order."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import assume, given, settings, strategies as st
import pytest

from custom_components.commonwatt.engine.dispatch.bidding import (
    BidLimits,
    Outside,
    Rise,
    SupplyCurve,
    stable,
    steps_of,
)
from custom_components.commonwatt.engine.dispatch.home import (
    HomeProblem,
    Rung,
    Scenario,
    Trip,
)
from custom_components.commonwatt.engine.dispatch.solving import Limits, Planner
from custom_components.commonwatt.engine.dispatch.solving.bids import (
    market_model,
    supply_curve,
)
from custom_components.commonwatt.engine.dispatch.solving.sweep import Sweep
from custom_components.commonwatt.engine.dispatch.solving.warm import (
    Memory,
    shifted_decisions,
)
from custom_components.commonwatt.engine.model.order import STEPS_MAX, Side, Step
from custom_components.commonwatt.engine.model.period import PERIOD_MS, DeliveryPeriod
from tests.engine.dispatch.planning import (
    SOLVING,
    START,
    at,
    battery,
    car,
    home,
    homes,
)

PERIOD = DeliveryPeriod.containing(START)
OUTSIDE = Outside(
    feed_in_micro_per_kwh=80_000,
    import_micro_per_kwh=300_000,
    avoided_micro_per_kwh=300_000,
)
LIMITS = BidLimits(energy_wh_max=100_000)
QUICK = Limits(seconds=0.5, gap=1e-3)


def order(
    problem: HomeProblem,
    outside: Outside = OUTSIDE,
    limits: BidLimits = LIMITS,
    period: DeliveryPeriod = PERIOD,
) -> list[tuple[Side, int, int]]:
    """Return side, price and energy of every step a home bids with."""
    planner = Planner(Limits(gap=0.0))
    assert planner.plan(problem).rung is Rung.OPTIMAL
    steps = planner.bid(period, outside, limits)
    assert steps is not None
    return [(s.side, s.price_micro_per_kwh, s.energy_wh) for s in steps]


def test_a_home_without_devices_buys_below_the_retailers_price() -> None:
    problem = home([30], feed_in_cent=8, load_w=2_000, step_ms=PERIOD_MS)
    assert order(problem) == [(Side.BUY, 300_000, 500)]


def test_a_surplus_is_offered_from_feed_in_on() -> None:
    problem = home([30], feed_in_cent=8, production_w=2_000, step_ms=PERIOD_MS)
    assert order(problem) == [(Side.SELL, 80_000, 500)]


def test_what_sharing_does_not_save_is_taken_off_a_bid() -> None:
    problem = home([30], feed_in_cent=8, load_w=2_000, step_ms=PERIOD_MS)
    shared = replace(OUTSIDE, avoided_micro_per_kwh=220_000)
    assert order(problem, shared) == [(Side.BUY, 220_000, 500)]


def test_a_battery_sells_what_it_could_use_later_only_above_that_value() -> None:
    """The kWh in the battery saves an import at 20 cents in the evening."""
    problem = home(
        [30, 20],
        battery(1_000),
        feed_in_cent=8,
        load_w=[0, 4_000],
        step_ms=PERIOD_MS,
    )
    assert order(problem) == [(Side.SELL, 200_000, 1_000)]


def test_a_battery_buys_for_later_below_what_it_will_save() -> None:
    problem = home(
        [30, 30], battery(), feed_in_cent=8, load_w=[0, 4_000], step_ms=PERIOD_MS
    )
    shared = replace(OUTSIDE, avoided_micro_per_kwh=250_000)
    assert order(problem, shared) == [(Side.BUY, 250_000, 1_000)]


def test_a_car_that_may_wait_bids_what_waiting_would_cost() -> None:
    """Two quarters at 8 kW are wanted; the next ones cost 20 and 25 cents."""
    trip = Trip(leaves_at=at(0.75), returns_at=None, stored_wh_goal=4_000)
    problem = home([30, 20, 25], car(trip), feed_in_cent=8, step_ms=PERIOD_MS)
    flexible = replace(problem, storages=(replace(car(trip), charge_w_min=0),))
    assert order(flexible) == [(Side.BUY, 250_000, 2_000)]


def test_the_owner_has_the_last_word_on_prices() -> None:
    buyer = home([30], feed_in_cent=8, load_w=2_000, step_ms=PERIOD_MS)
    seller = home([30], feed_in_cent=8, production_w=2_000, step_ms=PERIOD_MS)
    limits = replace(
        LIMITS, buy_micro_per_kwh_max=150_000, sell_micro_per_kwh_min=120_000
    )
    assert order(buyer, limits=limits) == [(Side.BUY, 150_000, 500)]
    assert order(seller, limits=limits) == [(Side.SELL, 120_000, 500)]


def test_energy_the_owner_keeps_is_not_offered() -> None:
    problem = home([30], battery(1_000), feed_in_cent=8, step_ms=PERIOD_MS)
    kept = replace(problem, keep_wh=600)
    assert order(problem) == [(Side.SELL, 80_000, 1_000)]
    assert order(kept) == [(Side.SELL, 80_000, 400)]


def test_only_what_every_forecast_leaves_over_is_offered() -> None:
    problem = home([30], feed_in_cent=8, production_w=4_000, step_ms=PERIOD_MS)
    cloudy = Scenario(load_w=(0,), production_w=(1_000,))
    both = replace(problem, scenarios=(*problem.scenarios, cloudy))
    assert order(both) == [(Side.SELL, 80_000, 250)]
    dark = Scenario(load_w=(1_000,), production_w=(0,))
    assert order(replace(both, scenarios=(*both.scenarios, dark))) == []


def test_a_later_period_is_bid_for_too() -> None:
    problem = home([30, 30], feed_in_cent=8, load_w=[0, 2_000], step_ms=PERIOD_MS)
    assert order(problem) == []
    assert order(problem, period=PERIOD.next()) == [(Side.BUY, 300_000, 500)]


def test_a_retailer_who_pays_more_than_he_charges_leaves_no_room() -> None:
    problem = home([30], feed_in_cent=8, load_w=2_000, step_ms=PERIOD_MS)
    assert order(problem, replace(OUTSIDE, feed_in_micro_per_kwh=300_000)) == []


def test_without_a_plan_there_is_no_bid() -> None:
    assert Planner().bid(PERIOD, OUTSIDE, LIMITS) is None


@settings(parent=SOLVING, max_examples=40)
@given(problem=homes(traded=False), later=st.integers(0, 3))
def test_a_curve_states_what_solving_at_each_price_gives(
    problem: HomeProblem, later: int
) -> None:
    """A cold solve right below and right above each rise trades what the curve says.

    And between rises: to 2 Wh, for two optimal solutions may differ by what the
    solver takes for nothing.
    """
    planner = Planner(QUICK)
    planner.plan(problem)
    memory = planner._memory
    assume(memory is not None)
    assert memory is not None
    period = PERIOD.next(later)
    outside = outside_of(problem, period)
    assume(outside.import_micro_per_kwh > outside.feed_in_micro_per_kwh + 10_000)
    curve = supply_curve(memory, period, outside)
    assert curve is not None
    assert all(a.price <= b.price for a, b in pairwise(curve.rises))
    assert all(rise.before < rise.after for rise in curve.rises)
    edges = [
        outside.feed_in_micro_per_kwh / 1e6,
        *(rise.price for rise in curve.rises),
        outside.import_micro_per_kwh / 1e6,
    ]
    for low, high in pairwise(edges):
        for price in {low + 1e-6, (low + high) / 2, high - 1e-6}:
            if low + 1e-6 <= price <= high - 1e-6:
                sold = solved_at(memory, period, outside, price)
                assert sold == pytest.approx(curve.sold(price), abs=0.002)


def outside_of(problem: HomeProblem, period: DeliveryPeriod) -> Outside:
    """Return what the home's retailer does in a period, at its best."""
    prices, steps = problem.grid.prices, problem.horizon.boundaries[:-1]
    inside = [i for i, at_ms in enumerate(steps) if at_ms < period.end]
    inside = [i for i in inside if problem.horizon.boundaries[i + 1] > period.start]
    imports = [prices.import_micro_per_kwh[i] or 0 for i in inside]
    exports = [prices.export_micro_per_kwh[i] or 0 for i in inside]
    asked = min(imports, default=300_000)
    return Outside(
        feed_in_micro_per_kwh=max(exports, default=80_000),
        import_micro_per_kwh=asked,
        avoided_micro_per_kwh=asked - 5_000,
    )


def solved_at(
    memory: Memory, period: DeliveryPeriod, outside: Outside, price: float
) -> float:
    """Return what a home trades at one price, solved from nothing."""
    model = market_model(memory, period, 0)
    assert model.market is not None
    if not len(model.market.energy):
        return 0.0
    surcharge = model.case.price(outside.surcharge_micro_per_kwh)
    sweep = Sweep(model, shifted_decisions(memory, model), surcharge=surcharge)
    line = sweep.line(price * model.case.money)
    assert line is not None
    return line.sold


CURVES = st.lists(
    st.tuples(st.integers(0, 400_000), st.integers(1, 5_000)),
    max_size=30,
    unique_by=lambda rise: rise[0],
).flatmap(
    lambda rises: st.integers(-20_000, 5_000).map(lambda low: curve_of(low, rises))
)


def curve_of(lowest_wh: int, rises: list[tuple[int, int]]) -> SupplyCurve:
    """Return a curve that rises by so many Wh at each price in micro-currency."""
    level, made = lowest_wh, []
    for price, energy in sorted(rises):
        after = level + energy
        made.append(Rise(price=price / 1e6, before=level / 1e3, after=after / 1e3))
        level = after
    return SupplyCurve(lowest=lowest_wh / 1e3, rises=tuple(made))


@given(curve=CURVES, most=st.integers(0, 30_000))
def test_an_order_never_costs_the_home_money(curve: SupplyCurve, most: int) -> None:
    """Whatever the price, an order trades no more than the curve, in its direction."""
    steps = steps_of(curve, OUTSIDE, replace(LIMITS, energy_wh_max=most))
    assert len(steps) <= STEPS_MAX
    for side in Side:
        assert sum(s.energy_wh for s in steps if s.side is side) <= most
    bids = [s.price_micro_per_kwh for s in steps if s.side is Side.BUY]
    offers = [s.price_micro_per_kwh for s in steps if s.side is Side.SELL]
    assert all(80_000 <= price <= 300_000 for price in bids)
    assert all(price >= 80_000 for price in offers)
    assert max(bids, default=0) < min(offers, default=1_000_000)
    for price in range(80_500, 300_000, 7_777):
        wanted = curve.sold(price / 1e6) * 1_000
        assert min(wanted, 0) - 1 <= traded(steps, price) <= max(wanted, 0) + 1


def traded(steps: tuple[Step, ...], price: int) -> int:
    """Return what an order sells (bought: negative) at a price between its steps."""
    bought = sum(
        s.energy_wh
        for s in steps
        if s.side is Side.BUY and s.price_micro_per_kwh > price
    )
    sold = sum(
        s.energy_wh
        for s in steps
        if s.side is Side.SELL and s.price_micro_per_kwh < price
    )
    return sold - bought


@given(curves=st.lists(CURVES, min_size=1, max_size=4))
def test_what_is_stable_is_wanted_whichever_forecast_comes_true(
    curves: list[SupplyCurve],
) -> None:
    shared = stable(curves)
    levels = [shared.lowest, *(rise.after for rise in shared.rises)]
    assert levels == sorted(levels)
    for price in range(500, 400_000, 9_999):
        sold = shared.sold(price / 1e6)
        for curve in curves:
            wanted = curve.sold(price / 1e6)
            assert min(wanted, 0.0) <= sold <= max(wanted, 0.0)
