"""What the neighbours' panels tell of ours, where that is any help."""

from datetime import UTC, datetime

import numpy as np
import pytest

from custom_components.commonwatt.engine.forecast.series import (
    PERIODS_PER_DAY,
    Floats,
    Series,
)
from custom_components.commonwatt.engine.forecast.solar import (
    LearnedSun,
    Site,
    clear_sky_day,
    forecast_sun,
    learn_sun,
)
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    DeliveryPeriod,
    after,
    instant_from_datetime,
)

VIENNA = Site(latitude_deg=48.2, longitude_deg=16.4)
MIDNIGHT = instant_from_datetime(datetime(2026, 6, 20, tzinfo=UTC))
TODAY = DeliveryPeriod.containing(MIDNIGHT)
NOON = after(MIDNIGHT, 11 * HOUR_MS)
DAYS = 35


def street(seed: int) -> tuple[Floats, Floats]:
    """Return what our panels and the neighbours' give under the same clouds."""
    random = np.random.default_rng(seed)
    clear = np.array(
        [
            clear_sky_day(
                VIENNA,
                midnight=after(MIDNIGHT, (day - DAYS) * DAY_MS),
                steps=PERIODS_PER_DAY,
            )
            for day in range(DAYS + 1)
        ]
    )
    hours = random.beta(2, 1.2, (DAYS + 1) * 24)
    clouds = np.repeat(hours, 4).reshape(clear.shape)
    own = clear * clouds * random.normal(1, 0.05, clear.shape)
    others = 6 * clear * clouds * random.normal(1, 0.02, clear.shape)
    return np.maximum(own, 0.0), np.maximum(others, 0.0)


def series(values: Floats, *, until: DeliveryPeriod = TODAY) -> Series:
    """Return what was counted before ``until``."""
    first = TODAY.next(-DAYS * PERIODS_PER_DAY)
    return Series(first, values.ravel()).between(first, until)


def learned(own: Floats, others: Floats) -> LearnedSun:
    """Learn before today, with neighbours."""
    found = learn_sun(series(own), site=VIENNA, neighbours=series(others), now=MIDNIGHT)
    assert found is not None
    return found


def test_neighbours_stand_in_for_a_silent_inverter() -> None:
    own, others = street(3)
    noon = DeliveryPeriod.containing(NOON)
    taught = learned(own, others)
    seen = series(own, until=noon)
    silent = series(own, until=noon.next(-4))
    near = series(others, until=noon)

    def noon_wh(known: Series, neighbours: Series | None) -> float:
        found = forecast_sun(taught, known, neighbours=neighbours, now=NOON)
        assert found is not None
        return float(found.mean_wh[:4].sum())

    alone, told, known = (
        noon_wh(silent, None),
        noon_wh(silent, near),
        noon_wh(seen, None),
    )
    assert taught.nowcast is not None
    assert abs(told - known) < 0.3 * abs(alone - known)


def test_while_the_neighbours_say_nothing_our_own_panels_speak_alone() -> None:
    nowcast = learned(*street(4)).nowcast
    assert nowcast is not None

    noon = TODAY.next(44)
    assert nowcast.error(0.2, Series.of({}), noon) == 0.2
    assert nowcast.error(None, Series.of({}), noon) is None


def test_neighbours_under_another_sky_are_not_asked() -> None:
    own, _ = street(5)
    _, others = street(6)

    assert learned(own, others).nowcast is None


@pytest.mark.parametrize("days", [0, 5])
def test_a_week_of_neighbours_is_the_least_to_learn_from(days: int) -> None:
    own, others = street(7)
    young = series(others).between(TODAY.next(-days * PERIODS_PER_DAY), TODAY)

    taught = learn_sun(series(own), site=VIENNA, neighbours=young, now=MIDNIGHT)

    assert taught is not None
    assert taught.nowcast is None


def test_a_noisy_roof_listens_to_the_others() -> None:
    """Leaves before the panels: what our last hour shows is half chance."""
    own, others = street(8)
    random = np.random.default_rng(9)
    leaves = np.repeat(random.uniform(0.4, 1.6, own.size // 4), 4).reshape(own.shape)
    lasting = np.repeat(random.beta(2, 1.2, own.size // 16), 16).reshape(own.shape)
    clear = np.maximum(others / 6, 1e-9)

    taught = learned(clear * lasting * leaves, clear * lasting)

    assert taught.nowcast is not None
    assert taught.nowcast.weight > 0


def test_of_the_night_nothing_is_told() -> None:
    own, others = street(10)
    nowcast = learned(own, others).nowcast
    assert nowcast is not None

    assert nowcast.error(None, series(others), TODAY.next(6)) is None
    assert nowcast.error(None, series(others), TODAY.next(200)) is None
