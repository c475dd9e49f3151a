"""From a plan to an order: what a home offers and bids, and what it never does."""

from hypothesis import given, settings
import pytest

from custom_components.commonwatt.engine.dispatch import (
    Generator,
    Outlook,
    Problem,
    order_steps,
    plan_by_rule,
)
from custom_components.commonwatt.engine.model.order import (
    STEPS_MAX,
    Order,
    Side,
    Step,
)
from custom_components.commonwatt.engine.model.party import PartyId
from tests.engine.dispatch.homes import (
    CAP_WH,
    ENGINE,
    PERIOD,
    TARIFF,
    car,
    outlook,
    problems,
    store,
)

ME = PartyId("00" * 20)


def order_of(problem: Problem, *, energy_wh_max: int = CAP_WH) -> tuple[Step, ...]:
    plan = plan_by_rule(problem)
    steps = order_steps(plan, problem.outlooks[0], energy_wh_max=energy_wh_max)
    return Order.of(ME, PERIOD, *steps).steps


def step(side: Side, price: int, energy_wh: int) -> Step:
    return Step(side=side, price_micro_per_kwh=price, energy_wh=energy_wh)


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (outlook(production_wh=700), [step(Side.SELL, 80_000, 700)]),
        (outlook(load_wh=500), [step(Side.BUY, 300_000, 500)]),
        (outlook(load_wh=500, avoided=180_000), [step(Side.BUY, 180_000, 500)]),
        (outlook(load_wh=400, production_wh=400), []),
        (outlook(load_wh=9), []),
    ],
    ids=["surplus", "deficit", "part of the price remains", "even", "not worth it"],
)
def test_a_home_without_devices_trades_its_surplus_or_deficit(
    period: Outlook, expected: list[Step]
) -> None:
    assert list(order_of(Problem(outlooks=(period,)))) == expected


def test_a_half_full_battery_trades_around_the_middle_of_the_tariff() -> None:
    problem = Problem(outlooks=(outlook(),), stores=(store(5_000),))

    assert order_of(problem) == (
        step(Side.BUY, 171_000, 1_000),  # 0.19 less what is lost on the way
        step(Side.SELL, 190_000, 1_000),
    )


def test_the_emptier_the_battery_the_more_its_energy_is_worth() -> None:
    asked = [
        order_of(Problem(outlooks=(outlook(),), stores=(store(stored_wh),)))[-1]
        for stored_wh in (2_000, 5_000, 8_000)
    ]

    assert [one.price_micro_per_kwh for one in asked] == [256_000, 190_000, 124_000]


def test_a_reserve_is_not_for_sale() -> None:
    problem = Problem(outlooks=(outlook(),), stores=(store(2_000, reserve_wh=2_000),))

    assert all(one.side is Side.BUY for one in order_of(problem))


def test_a_battery_covers_the_own_load_unless_a_neighbour_is_cheaper() -> None:
    problem = Problem(outlooks=(outlook(load_wh=600),), stores=(store(5_000),))

    assert order_of(problem) == (
        step(Side.BUY, 171_000, 1_000),
        step(Side.BUY, 190_000, 600),
        step(Side.SELL, 190_001, 400),
    )


def test_a_buyer_leaves_room_for_what_the_retailer_still_charges() -> None:
    period = outlook(load_wh=600, avoided=250_000)
    problem = Problem(outlooks=(period,), stores=(store(5_000),))

    assert order_of(problem) == (
        step(Side.BUY, 121_000, 1_000),
        step(Side.BUY, 140_000, 600),
        step(Side.SELL, 190_001, 400),
    )


def test_a_car_pays_more_the_less_time_is_left() -> None:
    offers = [
        order_of(Problem(outlooks=(outlook(),), cars=(car(8_000, periods=periods),)))
        for periods in (33, 9, 5)
    ]

    assert [steps[-1].price_micro_per_kwh for steps in offers] == [
        107_500,
        190_000,
        300_000,
    ]


def test_a_car_about_to_leave_buys_at_any_price_the_retailer_beats_not() -> None:
    problem = Problem(outlooks=(outlook(),), cars=(car(20_000, periods=3),))

    assert order_of(problem) == (step(Side.BUY, 300_000, 2_000),)


def test_a_generator_offers_at_its_cost_and_never_below_feed_in() -> None:
    for cost, price in ((150_000, 150_000), (50_000, 80_000)):
        engine = Generator(id=ENGINE, power_w_max=6_000, cost_micro_per_kwh=cost)
        problem = Problem(outlooks=(outlook(),), generators=(engine,))

        assert order_of(problem) == (step(Side.SELL, price, 1_500),)


def test_who_is_paid_more_for_feeding_in_than_imports_cost_only_offers() -> None:
    period = outlook(production_wh=500, avoided=70_000)
    problem = Problem(outlooks=(period,), stores=(store(5_000),))

    assert order_of(problem) == (step(Side.SELL, 80_000, 500),)
    lacking = Problem(outlooks=(outlook(load_wh=500, avoided=70_000),))
    assert order_of(lacking) == ()


def test_an_order_larger_than_the_community_allows_is_not_placed() -> None:
    problem = Problem(outlooks=(outlook(load_wh=501),))

    assert order_of(problem, energy_wh_max=500) == ()
    assert len(order_of(problem, energy_wh_max=501)) == 1


def test_of_too_many_steps_the_largest_are_kept() -> None:
    engines = tuple(
        Generator(
            id=ENGINE,
            power_w_max=400 * (number + 1),
            cost_micro_per_kwh=100_000 + number,
        )
        for number in range(20)
    )
    steps = order_of(Problem(outlooks=(outlook(),), generators=engines))

    assert len(steps) == STEPS_MAX
    assert min(one.energy_wh for one in steps) == 500


@settings(max_examples=200, deadline=None)
@given(problem=problems())
def test_no_step_lies_outside_the_outside_options(problem: Problem) -> None:
    period = problem.outlooks[0]

    for one in order_of(problem):
        if one.side is Side.BUY:
            assert one.price_micro_per_kwh <= period.avoided_micro_per_kwh
        else:
            assert one.price_micro_per_kwh >= period.tariff.feed_in_micro_per_kwh


@settings(max_examples=200, deadline=None)
@given(problem=problems())
def test_no_bid_meets_an_offer_of_the_same_home(problem: Problem) -> None:
    steps = order_of(problem)
    bids = [s.price_micro_per_kwh for s in steps if s.side is Side.BUY]
    offers = [s.price_micro_per_kwh for s in steps if s.side is Side.SELL]

    assert max(bids, default=-(10**9)) < min(offers, default=10**9)


@settings(max_examples=200, deadline=None)
@given(problem=problems())
def test_an_order_never_promises_more_than_the_devices_can(problem: Problem) -> None:
    plan = plan_by_rule(problem)
    give_wh = sum(max(block.energy_wh, 0) for block in plan.blocks)
    take_wh = sum(max(-block.energy_wh, 0) for block in plan.blocks)
    steps = order_of(problem)
    sold_wh = sum(s.energy_wh for s in steps if s.side is Side.SELL)
    bought_wh = sum(s.energy_wh for s in steps if s.side is Side.BUY)

    assert sold_wh <= max(0, plan.fixed_wh + give_wh)
    assert bought_wh <= max(0, take_wh - plan.fixed_wh)


def test_the_tariff_of_these_tests_is_what_they_say() -> None:
    assert TARIFF.import_micro_per_kwh == 300_000
    assert TARIFF.feed_in_micro_per_kwh == 80_000
