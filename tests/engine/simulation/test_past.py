"""The weeks before a home's model began are those the model would have lived."""

import pytest

from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    DeliveryPeriod,
    Instant,
    after,
)
from custom_components.commonwatt.engine.simulation.homes import (
    HomeModel,
    neighbourhood_specs,
)
from custom_components.commonwatt.engine.simulation.homes.past import past_of

SPEC = neighbourhood_specs()[0]
STARTED = Instant(20_000 * DAY_MS + 8 * HOUR_MS)


def test_the_past_ends_where_the_model_begins() -> None:
    past = past_of(SPEC, seed=3, started_at=STARTED, days=2)

    assert len(past) == 2 * 96
    assert past[0].period == DeliveryPeriod.containing(after(STARTED, -2 * DAY_MS))
    assert past[-1].period.next() == DeliveryPeriod.containing(STARTED)


def test_a_past_is_like_the_days_of_the_model() -> None:
    past = past_of(SPEC, seed=3, started_at=STARTED, days=8)
    load_wh = sum(one.load_wh for one in past) / 8
    model = HomeModel(SPEC, seed=3, started_at=STARTED)
    counters = model.advance(after(STARTED, 3 * DAY_MS)).counters

    assert load_wh == pytest.approx(counters.load_wh / 3, rel=0.3)
    night = [one for one in past if one.period.start % DAY_MS < 3 * HOUR_MS]
    assert all(one.sun_wh == 0 for one in night)
    assert sum(one.sun_wh for one in past) > 8 * 5_000


def test_the_same_seed_had_the_same_past() -> None:
    one, again, other = (
        past_of(SPEC, seed=seed, started_at=STARTED, days=1) for seed in (3, 3, 4)
    )

    assert one == again
    assert one != other
