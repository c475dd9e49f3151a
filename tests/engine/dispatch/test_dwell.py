"""Machines that stay on, and off, for a while: heat pump, electrolyser, generator."""

from dataclasses import replace

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.commonwatt.engine.dispatch.home import (
    Dwell,
    Generator,
    HomeProblem,
    Rung,
    Tank,
    ViolationKind,
)
from custom_components.commonwatt.engine.dispatch.linear.program import Stays
from custom_components.commonwatt.engine.dispatch.linear.rows import Converting
from custom_components.commonwatt.engine.dispatch.resimulated_dwell import (
    switched_too_soon,
)
from custom_components.commonwatt.engine.dispatch.resimulation import (
    Actions,
    recompute,
)
from custom_components.commonwatt.engine.dispatch.solving import Limits, Planner
from custom_components.commonwatt.engine.dispatch.solving.rounding import staying
from custom_components.commonwatt.engine.model.period import HOUR_MS
from tests.engine.dispatch.planning import ENGINE, TANK, case, home, powers_w

PRICES = [40, 10, 40, 10, 10, 40]
"""A generator at 20 cents pays in every hour that costs 40."""


def engine(dwell: Dwell, *, cost_cent: int = 20) -> Generator:
    """Return a generator of 2 kW, or nothing."""
    return Generator(
        id=ENGINE,
        power_w_max=2_000,
        power_w_min=2_000,
        cost_micro_per_kwh=cost_cent * 10_000,
        dwell=dwell,
    )


def with_engine(dwell: Dwell, *, cost_cent: int = 20) -> HomeProblem:
    """Return a home that uses 2 kW at those prices."""
    problem = home(PRICES, load_w=2_000)
    return replace(problem, generators=(engine(dwell, cost_cent=cost_cent),))


def running(problem: HomeProblem) -> list[bool]:
    """Return in which hours the engine runs in the best plan."""
    plan = Planner(Limits(gap=0.0)).plan(problem)
    assert plan.rung is Rung.OPTIMAL
    return [power_w > 0 for power_w in powers_w(plan, ENGINE)]


def test_a_free_machine_runs_whenever_that_pays() -> None:
    assert running(with_engine(Dwell())) == [True, False, True, False, False, True]


def test_a_machine_that_stays_on_runs_through_a_cheap_hour() -> None:
    """Three hours at least: 40, 10 and 40 cents are worth it, what follows may end."""
    dwell = Dwell(on_ms_min=3 * HOUR_MS)
    assert running(with_engine(dwell)) == [True, True, True, False, False, True]


def test_a_machine_that_stays_off_misses_a_dear_hour() -> None:
    dwell = Dwell(off_ms_min=2 * HOUR_MS)
    # One of the first two dear hours, or both and the cheap one between them.
    assert running(with_engine(dwell)) == [True, True, True, False, False, True]
    dear = with_engine(dwell, cost_cent=26)
    assert sum(running(dear)[:3]) == 1


def test_a_machine_just_switched_on_goes_on() -> None:
    on = Dwell(on_ms_min=3 * HOUR_MS, is_on=True, since_ms=HOUR_MS)
    assert running(with_engine(on, cost_cent=38))[:3] == [True, True, True]
    cold = replace(on, is_on=False, since_ms=None)
    assert running(with_engine(cold, cost_cent=38))[:3] == [False, False, False]


def test_a_machine_just_switched_off_rests() -> None:
    off = Dwell(off_ms_min=2 * HOUR_MS, is_on=False, since_ms=HOUR_MS // 2)
    assert running(with_engine(off))[:3] == [False, False, True]


def test_one_that_runs_already_pays_for_no_start() -> None:
    for is_on, runs in ((True, True), (False, False)):
        dear = replace(
            engine(Dwell(is_on=is_on)), start_micro=500_000, power_w_min=1_000
        )
        problem = replace(home([40], load_w=2_000), generators=(dear,))
        assert running(problem) == [runs]


def test_a_heat_pump_that_should_go_on_may_stop_in_a_full_tank() -> None:
    tank = Tank(
        id=TANK,
        stored_wh=4_000,
        capacity_wh=4_000,
        power_w_max=2_000,
        power_w_min=2_000,
        cop_ppm=(3_000_000,) * 3,
        draw_w=(0,) * 3,
        loss_ppm_per_hour=0,
        worth=(),
        dwell=Dwell(on_ms_min=2 * HOUR_MS, is_on=True, since_ms=0),
    )
    plan = Planner(Limits(gap=0.0)).plan(home([30] * 3, tank))
    assert plan.rung is Rung.OPTIMAL
    assert powers_w(plan, TANK) == [0, 0, 0]


@given(
    wanted=st.lists(st.booleans(), min_size=1, max_size=30),
    on=st.integers(0, 4),
    off=st.integers(0, 4),
    is_on=st.booleans(),
    since=st.none() | st.integers(0, 4),
)
def test_rounding_respects_the_times_of_a_machine(
    *, wanted: list[bool], on: int, off: int, is_on: bool, since: int | None
) -> None:
    dwell = Dwell(
        on_ms_min=on * HOUR_MS,
        off_ms_min=off * HOUR_MS,
        is_on=is_on,
        since_ms=None if since is None else since * HOUR_MS,
    )
    way = Converting(
        power_max=np.full(len(wanted), 2.0),
        gain=np.ones(len(wanted)),
        power_min=2.0,
        dwell=dwell,
    )
    ready = case(home([30] * len(wanted)))
    stays = Stays(
        lengths=ready.hours,
        on=on,
        off=off,
        is_on=is_on,
        owed=dwell.owed_ms / HOUR_MS,
    )
    made = staying(stays, np.array(wanted))
    assert list(switched_too_soon(ready, way, np.where(made, way.power_max, 0.0))) == []
    if dwell == Dwell(is_on=is_on, since_ms=dwell.since_ms):
        assert made.tolist() == wanted


@pytest.mark.parametrize(
    ("power", "step"),
    [([2, 0, 2, 2, 2, 2], 1), ([0, 2, 2, 2, 0, 2], 5), ([0, 0, 2, 0, 0, 0], 3)],
)
def test_recomputing_finds_what_is_switched_too_soon(
    power: list[int], step: int
) -> None:
    dwell = Dwell(on_ms_min=2 * HOUR_MS, off_ms_min=2 * HOUR_MS)
    ready = case(with_engine(dwell))
    nothing = ready.hours * 0.0
    actions = Actions(
        power={ENGINE: nothing + power}, heat={}, curtailed=nothing, run={}
    )
    violation = recompute(ready, actions).violations[0]
    assert violation.kind is ViolationKind.SWITCHED_TOO_SOON
    assert (violation.step, violation.amount) == (step, 3_600)


def test_no_time_is_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        Dwell(on_ms_min=-1)
