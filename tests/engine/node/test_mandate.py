"""What an owner lets the node promise, and what a battery left alone does by itself."""

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.commonwatt.engine.dispatch import AssetId, Store, StoreNow
from custom_components.commonwatt.engine.dispatch.alone import left_alone
from custom_components.commonwatt.engine.dispatch.bidding import BidLimits, Outside
from custom_components.commonwatt.engine.dispatch.fallback import fall_back
from custom_components.commonwatt.engine.dispatch.home import (
    HomePlan,
    HomeProblem,
    PlanReason,
)
from custom_components.commonwatt.engine.forecast import PeriodEnergy
from custom_components.commonwatt.engine.model.order import Side, Step
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    PERIOD_MS,
    DeliveryPeriod,
)
from custom_components.commonwatt.engine.model.units import PPM
from custom_components.commonwatt.engine.node import Mandate
from custom_components.commonwatt.engine.node.household import Household
from tests.engine.node.one_home import BATTERY, PERIOD, household, image, wh_of

MINE = AssetId(BATTERY)
NOBODY = Mandate(stores=frozenset())


def store(stored_wh: int = 5_000, *, efficiency_ppm: int = 800_000) -> StoreNow:
    """Return a battery of 10 kWh and 4 kW."""
    return StoreNow(
        store=Store(
            id=MINE,
            capacity_wh=10_000,
            charge_w_max=4_000,
            discharge_w_max=4_000,
            efficiency_ppm=efficiency_ppm,
        ),
        stored_wh=stored_wh,
    )


def home_with(mandate: Mandate, *, load_wh: int = 0, sun_wh: int = 0) -> Household:
    """Return a home with a half full battery that expects so much."""
    home = household()
    home.mandate = mandate
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=load_wh, production_wh=sun_wh))
    home.observe(image(PERIOD.start, battery_w=0))
    return home


def test_nothing_is_sold_from_a_battery_nobody_armed() -> None:
    assert wh_of(home_with(Mandate()), PERIOD, Side.SELL) == 1_000
    assert wh_of(home_with(NOBODY), PERIOD, Side.SELL) == 0
    mine = Mandate(stores=frozenset({MINE}))
    assert wh_of(home_with(mine), PERIOD, Side.SELL) == 1_000


def test_a_battery_left_alone_takes_what_would_have_been_offered() -> None:
    home = home_with(NOBODY, sun_wh=1_500)

    assert wh_of(home, PERIOD, Side.SELL) == 500


def test_a_battery_left_alone_gives_what_would_have_been_bought() -> None:
    assert wh_of(home_with(NOBODY, load_wh=700), PERIOD, Side.BUY) == 0
    assert wh_of(home_with(NOBODY, load_wh=1_200), PERIOD, Side.BUY) == 200


def test_energy_that_is_kept_is_never_offered() -> None:
    assert wh_of(home_with(Mandate(keep_wh=4_600)), PERIOD, Side.SELL) == 400
    assert wh_of(home_with(Mandate(keep_wh=50_000)), PERIOD, Side.SELL) == 0


def test_what_is_kept_is_kept_in_the_first_batteries() -> None:
    first, second = store(), store()

    ours, alone = Mandate(keep_wh=12_000).split([first, second])

    assert [now.store.reserve_wh for now in ours] == [10_000, 2_000]
    assert alone == ()


def test_the_rule_bids_within_the_owners_prices() -> None:
    limits = Mandate(sell_micro_per_kwh_min=250_000, buy_micro_per_kwh_max=90_000)
    home = home_with(limits)

    steps = home.wish(PERIOD, energy_wh_max=10**9)

    assert steps
    assert min(s.price_micro_per_kwh for s in steps if s.side is Side.SELL) == 250_000
    assert max(s.price_micro_per_kwh for s in steps if s.side is Side.BUY) == 90_000


class Listener:
    """Remembers the limits a planner is told."""

    def __init__(self) -> None:
        self.limits: BidLimits | None = None

    def plan(self, problem: HomeProblem) -> HomePlan:
        """Return the plan of the rule."""
        return fall_back(problem, None, PlanReason.NONE)

    def bid(
        self,
        period: DeliveryPeriod,  # noqa: ARG002  # the protocol's signature
        outside: Outside,  # noqa: ARG002  # the protocol's signature
        limits: BidLimits,
    ) -> tuple[Step, ...]:
        """Bid nothing."""
        self.limits = limits
        return ()


def test_whoever_plans_is_told_the_owners_limits() -> None:
    home = home_with(Mandate(sell_micro_per_kwh_min=1, buy_micro_per_kwh_max=2))
    listener = Listener()
    home.planning = listener

    assert home.wish(PERIOD, energy_wh_max=500) == ()

    assert listener.limits == BidLimits(
        sell_micro_per_kwh_min=1, buy_micro_per_kwh_max=2, energy_wh_max=500
    )


def test_a_step_nobody_knows_stays_unknown() -> None:
    loads, suns = left_alone((None, 500), (100, None), (PERIOD_MS,) * 2, [store()])

    assert loads == (None, 0)
    assert suns == (100, None)


def test_a_battery_is_full_or_empty_one_day() -> None:
    loads, suns = left_alone(
        (0, 0, 0, 6_000, 6_000),
        (4_000, 4_000, 4_000, 0, 0),
        (HOUR_MS,) * 5,
        [store(5_000)],
    )

    assert suns == (0, 1_750, 4_000, 0, 0)
    assert loads == (0, 0, 0, 2_000, 2_000)


powers = st.integers(0, 8_000)


@settings(max_examples=60)
@given(
    steps=st.lists(st.tuples(powers, powers), min_size=1, max_size=24),
    stored_wh=st.integers(0, 10_000),
    efficiency_ppm=st.integers(500_000, PPM),
)
def test_no_battery_gives_more_than_it_has(
    steps: list[tuple[int, int]], stored_wh: int, efficiency_ppm: int
) -> None:
    loads = tuple(load for load, _ in steps)
    suns = tuple(sun for _, sun in steps)

    seen_loads, seen_suns = left_alone(
        loads,
        suns,
        (PERIOD_MS,) * len(steps),
        [store(stored_wh, efficiency_ppm=efficiency_ppm)],
    )

    given_w = [a - (b or 0) for a, b in zip(loads, seen_loads, strict=True)]
    taken_w = [a - (b or 0) for a, b in zip(suns, seen_suns, strict=True)]
    assert all(0 <= power <= 4_000 for power in (*given_w, *taken_w))
    assert not any(g and t for g, t in zip(given_w, taken_w, strict=True))
    taken_wh = sum(taken_w) * efficiency_ppm // PPM // 4
    assert sum(given_w) // 4 <= stored_wh + taken_wh
    assert stored_wh + taken_wh - sum(given_w) // 4 <= 10_000 + 2 * len(steps)


@pytest.mark.parametrize("mandate", [Mandate(), NOBODY])
def test_without_a_battery_a_mandate_changes_nothing(mandate: Mandate) -> None:
    home = household()
    home.mandate = mandate
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=100, production_wh=300))
    home.observe(image(PERIOD.start))

    assert wh_of(home, PERIOD, Side.SELL) == 200
