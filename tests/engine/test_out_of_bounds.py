"""Values refuse what cannot be, before anybody computes with it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from custom_components.commonwatt.engine.dispatch import AssetId
from custom_components.commonwatt.engine.dispatch.home import Horizon, Position
from custom_components.commonwatt.engine.model.extract import Attestation, ProvedRecord
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    PERIOD_MS,
    DeliveryPeriod,
    Instant,
    after,
)
from custom_components.commonwatt.engine.peer.book import assemble
from tests.engine.dispatch.planning import START, battery, home
from tests.engine.forecast.test_paths import forecast_of
from tests.engine.peer.assembly import Assembly

FIRST = DeliveryPeriod.containing(START)
POSITION = Position(period=FIRST, sold_wh=100)
PROVED = ProvedRecord(record=b"r", index=0, count=1, siblings=())
HOME = home([10, 20], battery())
OURS = HOME.grid


@pytest.mark.parametrize(
    "build",
    [
        lambda: Horizon(start=START, step_ms=()),
        lambda: Horizon(start=START, step_ms=(HOUR_MS, 0)),
        lambda: Horizon.uniform(START, step_ms=HOUR_MS, count=2_017),
        lambda: replace(OURS, import_w_max=-1),
        lambda: replace(OURS, positions=(POSITION, POSITION)),
        lambda: replace(HOME, scenarios=()),
        lambda: replace(HOME, storages=HOME.storages * 2),
        lambda: replace(
            HOME,
            storages=tuple(
                replace(battery(), id=AssetId(f"battery {number}"))
                for number in range(65)
            ),
        ),
        lambda: replace(PROVED, record=bytes(96 * 1024 + 1)),
        lambda: replace(PROVED, index=1),
        lambda: replace(PROVED, siblings=(b"no digest",)),
        lambda: Attestation(period=FIRST, known=-1, root=bytes(32)),
        lambda: Attestation(period=FIRST, known=1, root=bytes(31)),
    ],
)
def test_what_cannot_be_is_refused(build: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        build()


def test_an_instant_lies_in_one_step_of_a_horizon() -> None:
    horizon = Horizon(start=START, step_ms=(PERIOD_MS, HOUR_MS))

    assert len(horizon) == 2
    assert horizon.step_at(START) == 0
    assert horizon.step_at(after(START, PERIOD_MS - 1)) == 0
    assert horizon.step_at(after(START, PERIOD_MS)) == 1
    assert horizon.step_at(horizon.end) is None
    assert horizon.step_at(Instant(START - 1)) is None


def test_a_period_has_the_mean_of_the_steps_it_lies_in() -> None:
    horizon = Horizon.uniform(START, step_ms=PERIOD_MS // 3, count=5)
    powers_w = (300, 600, 900, 1_200, 1_500)

    assert horizon.mean(powers_w, FIRST) == 600
    assert horizon.mean(powers_w, FIRST.next()) == 900, "the rest is beyond: nothing"
    assert horizon.mean(powers_w, FIRST.next(2)) == 0


def test_nothing_is_forecast_beyond_the_forecast() -> None:
    forecast = forecast_of(np.array([100.0, 200.0]))

    assert forecast.at(forecast.first.next()) == 200.0
    assert forecast.at(forecast.first.next(2)) is None
    assert forecast.at(forecast.first.next(-1)) is None
    assert [*forecast.power_w] == [400.0, 800.0]


def test_a_book_is_of_members_of_its_period_each_once_and_all_can_be_opened() -> None:
    assembly = Assembly(4)
    sealed = assembly.envelope(0, assembly.book(0, 1))
    zero, one, two = (assembly.revealed(number) for number in range(3))
    charter = assembly.charter
    without = replace(charter, members=charter.members[:1])
    later = replace(one, order=replace(one.order, period=one.order.period.next()))

    assert assemble(sealed, [zero, one, two], charter) is not None
    assert assemble(sealed, [zero, None], charter) is None
    assert assemble(sealed, [one, zero], charter) is None
    assert assemble(sealed, [zero, zero], charter) is None
    assert assemble(sealed, [zero, one], without) is None
    assert assemble(sealed, [zero, later], charter) is None
