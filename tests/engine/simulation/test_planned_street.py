"""Homes that plan ahead in a simulated street: the same seed, the same trades."""

import pytest

from custom_components.commonwatt.engine.dispatch.solving import Limits, Planner
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    Instant,
    after,
)
from custom_components.commonwatt.engine.simulation.homes import neighbourhood_specs
from custom_components.commonwatt.engine.simulation.neighbourhood import (
    Neighbourhood,
    NeighbourhoodSpec,
    PeriodSummary,
)

MORNING = Instant(1_800_000_000_000 // DAY_MS * DAY_MS + 8 * HOUR_MS)
KEYS = {"home", "solar_battery", "family", "cafe"}


def planner() -> Planner:
    """Return a planner whose searches end by their gap, never by their time."""
    return Planner(Limits(seconds=60, gap=1e-3))


def lived(*, planned: bool) -> tuple[PeriodSummary, ...]:
    """Let four homes live for three hours."""
    homes = tuple(spec for spec in neighbourhood_specs() if spec.key in KEYS)
    street = Neighbourhood(
        NeighbourhoodSpec(
            homes=homes, outside=None, make_planning=planner if planned else None
        ),
        seed=1,
        started_at=MORNING,
    )
    street.advance(after(MORNING, 3 * HOUR_MS))
    return street.drain().summaries


@pytest.fixture(scope="module")
def by_plan() -> tuple[PeriodSummary, ...]:
    """Return what happened in a street that plans."""
    return lived(planned=True)


def test_the_same_seed_gives_the_same_trades(
    by_plan: tuple[PeriodSummary, ...],
) -> None:
    assert by_plan == lived(planned=True)
    assert sum(summary.energy_traded_wh for summary in by_plan) > 0


def test_plans_change_what_is_traded_and_lose_nothing(
    by_plan: tuple[PeriodSummary, ...],
) -> None:
    assert by_plan != lived(planned=False)
    assert {summary.money_sum_nano for summary in by_plan} == {0}
    assert {summary.energy_sum_wh for summary in by_plan} == {0}
    assert not any(summary.missing for summary in by_plan)
