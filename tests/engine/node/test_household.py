"""What a home wishes for, given its devices."""

from dataclasses import replace

import pytest

from custom_components.commonwatt.engine.dispatch import (
    AssetId,
    Assets,
    Store,
)
from custom_components.commonwatt.engine.forecast import PeriodEnergy
from custom_components.commonwatt.engine.model.order import Side
from custom_components.commonwatt.engine.model.period import (
    PERIOD_MS,
    after,
)
from custom_components.commonwatt.engine.node.assets_now import (
    AGE_MS_MAX,
)
from tests.engine.node.one_home import (
    BATTERY,
    PERIOD,
    household,
    image,
    wallbox,
    wh_of,
)


def test_nothing_is_wished_for_before_anything_is_known() -> None:
    home = household()
    assert home.wish(PERIOD, energy_wh_max=1) is None
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=100, production_wh=0))
    assert home.wish(PERIOD, energy_wh_max=1) is None
    home.observe(image(PERIOD.start))
    assert home.wish(PERIOD, energy_wh_max=10**9) is not None
    home.tariff = None
    assert home.wish(PERIOD, energy_wh_max=10**9) is None


def test_a_battery_is_found_without_being_told_of() -> None:
    home = household()
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=0, production_wh=0))
    home.observe(image(PERIOD.start, battery_w=0))

    assert wh_of(home, PERIOD, Side.SELL) == 1_000


@pytest.mark.parametrize("soc_ppm", [None, 0])
def test_a_battery_of_unknown_or_no_content_offers_nothing(soc_ppm: int | None) -> None:
    home = household()
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=0, production_wh=0))
    home.observe(image(PERIOD.start, battery_w=0, soc_ppm=soc_ppm))

    assert wh_of(home, PERIOD, Side.SELL) == 0


def test_a_battery_of_unknown_size_is_left_alone_unless_the_owner_told() -> None:
    home = household()
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=0, production_wh=0))
    seen = image(PERIOD.start, battery_w=0)
    vague = replace(seen.batteries[BATTERY], capacity_wh=None)
    home.observe(replace(seen, batteries={BATTERY: vague}))
    assert wh_of(home, PERIOD, Side.SELL) == 0

    home.assets = Assets(
        stores=(
            Store(
                id=AssetId(BATTERY),
                capacity_wh=8_000,
                charge_w_max=2_000,
                discharge_w_max=2_000,
            ),
        )
    )
    assert wh_of(home, PERIOD, Side.SELL) == 500


def test_a_device_that_fell_silent_is_left_out() -> None:
    home = household()
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=0, production_wh=0))
    seen = image(PERIOD.start, battery_w=0)
    home.observe(replace(seen, taken_at=after(PERIOD.start, AGE_MS_MAX + 1)))

    assert wh_of(home, PERIOD, Side.SELL) == 0


def test_a_car_nobody_plans_for_goes_on_charging() -> None:
    home = household()
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=100, production_wh=0))
    home.observe(image(PERIOD.start, charger_w=4_000))

    assert wh_of(home, PERIOD, Side.BUY) == 1_100


def test_a_car_that_leaves_soon_buys_what_it_needs() -> None:
    home = household()
    home.assets = wallbox(needed_wh=20_000, leaves_in_ms=3 * PERIOD_MS)
    home.learn(PERIOD.next(-1), PeriodEnergy(load_wh=0, production_wh=0))
    home.observe(image(PERIOD.start, charger_w=4_000))

    assert wh_of(home, PERIOD, Side.BUY) == 2_750
