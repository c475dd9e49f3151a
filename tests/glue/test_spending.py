"""What today has cost: each settled period at its own price."""

from dataclasses import replace
from typing import Final

from homeassistant.core import HomeAssistant
import pytest

from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    DeliveryPeriod,
    Instant,
    after,
)
from custom_components.commonwatt.engine.model.tariff import Tariff
from custom_components.commonwatt.engine.node import NodeStatus
from custom_components.commonwatt.planning.spending import Spending
from tests.glue.statuses import NOON, STATUS

MORNING: Final = DeliveryPeriod.containing(after(NOON, -(NOON % DAY_MS)))


@pytest.fixture(autouse=True)
async def in_london(hass: HomeAssistant) -> None:
    """Live where days begin as those of UTC do."""
    await hass.config.async_set_time_zone("Etc/UTC")


def dearer_and_dearer(period: DeliveryPeriod, now: Instant) -> Tariff | None:
    """Return a price that rises by 0.01 each period of the day."""
    assert now >= period.end
    since = period.number - MORNING.number
    return Tariff(
        energy_micro_per_kwh=10_000 * (since % 96 + 1), feed_in_micro_per_kwh=5_000
    )


def status(
    settled: int, *, import_wh: int, export_wh: int = 0, saved_nano: int | None = 0
) -> NodeStatus:
    """Return what the node says after so many periods of the day."""
    period = MORNING.next(settled - 1)
    return replace(
        STATUS,
        at=after(period.end, 60_000),
        last_settled=period,
        import_wh_today=import_wh,
        export_wh_today=export_wh,
        saved_nano_today=saved_nano,
    )


def test_each_period_counts_at_its_own_price() -> None:
    spending = Spending(dearer_and_dearer)
    spending.take(status(1, import_wh=0))
    spending.take(status(1, import_wh=100))
    spending.take(status(2, import_wh=300, saved_nano=1_000))
    spending.take(status(3, import_wh=300, export_wh=50, saved_nano=1_000))

    assert spending.nano == 100 * 10_000 + 200 * 20_000 - 50 * 5_000 - 1_000


def test_who_comes_late_counts_at_the_mean_of_the_day() -> None:
    spending = Spending(dearer_and_dearer)

    spending.take(status(3, import_wh=300))

    assert spending.nano == 300 * 20_000


def test_a_new_day_begins_at_nothing() -> None:
    spending = Spending(dearer_and_dearer)
    spending.take(status(3, import_wh=300))
    period = MORNING.next(96)

    spending.take(
        replace(
            status(3, import_wh=40),
            at=after(period.end, 60_000),
            last_settled=period,
        )
    )

    assert period.start - MORNING.start == DAY_MS
    assert spending.nano == 40 * 10_000


@pytest.mark.parametrize("saved_nano", [None, 0])
def test_without_a_price_nobody_knows_what_it_cost(saved_nano: int | None) -> None:
    spending = Spending(lambda _period, _now: None)
    assert spending.nano is None

    spending.take(status(1, import_wh=100, saved_nano=saved_nano))
    spending.take(status(2, import_wh=200, saved_nano=saved_nano))

    assert spending.nano is None


def test_a_day_without_energy_costs_nothing() -> None:
    spending = Spending(lambda _period, _now: None)

    spending.take(replace(status(1, import_wh=0), last_settled=None))

    assert spending.nano == 0


def test_before_anything_was_settled_the_present_price_counts() -> None:
    spending = Spending(dearer_and_dearer)
    before = replace(status(2, import_wh=0), last_settled=None, period=MORNING)

    spending.take(before)
    spending.take(replace(before, import_wh_today=10))

    assert spending.nano == 10 * 10_000
