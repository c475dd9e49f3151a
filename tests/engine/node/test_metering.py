"""What flowed in a home, from whatever counters it has."""

from dataclasses import replace

import pytest

from custom_components.commonwatt.engine.devices import (
    DeviceId,
    ProcessImage,
)
from custom_components.commonwatt.engine.dispatch import (
    AssetId,
    Assets,
    Generator,
)
from custom_components.commonwatt.engine.forecast import PeriodEnergy
from custom_components.commonwatt.engine.node.household import energy_of
from tests.engine.node.one_home import (
    ENGINE,
    METER,
    PERIOD,
    ROOF,
    household,
    image,
)


@pytest.mark.parametrize("counters", [True, False])
def test_what_is_used_follows_from_all_counters(*, counters: bool) -> None:
    home = household()
    for at in (PERIOD.start, PERIOD.end):
        home.observe(
            image(
                at,
                grid_w=-400,
                pv_w=4_000,
                battery_w=-1_200,
                charger_w=800,
                counters=counters,
            )
        )
    measured = home.measured(PERIOD)

    assert measured is not None
    assert (measured.import_wh, measured.export_wh) == (0, 100)
    assert measured.production_wh == 1_000
    assert measured.consumption_wh == 600
    assert measured.car_wh == 200
    assert energy_of(measured) == PeriodEnergy(load_wh=400, production_wh=1_000)


def test_a_generator_that_is_steered_is_no_production_to_forecast() -> None:
    home = household()
    home.assets = Assets(
        generators=(
            Generator(id=AssetId(ENGINE), power_w_max=5_000, cost_micro_per_kwh=1),
        )
    )
    for at in (PERIOD.start, PERIOD.end):
        home.observe(image(at, grid_w=-2_000, pv_w=400, engine_w=4_000))
    measured = home.measured(PERIOD)

    assert measured is not None
    assert measured.production_wh == 100
    assert measured.consumption_wh == 600


def test_one_unknown_device_makes_the_sum_unknown_and_not_the_reading() -> None:
    home = household()
    for at in (PERIOD.start, PERIOD.end):
        seen = image(at, grid_w=400, pv_w=400)
        dark = replace(seen.inverters[ROOF], power_w=None, energy_wh=None)
        home.observe(replace(seen, inverters={ROOF: dark}))
    measured = home.measured(PERIOD)

    assert measured is not None
    assert measured.import_wh == 100
    assert measured.production_wh is measured.consumption_wh is None
    assert energy_of(measured) is None


def test_without_a_meter_nothing_is_measured() -> None:
    home = household()
    home.observe(ProcessImage(taken_at=PERIOD.start))

    assert home.measured(PERIOD) is None
    assert home.metering.exported_wh_since(PERIOD.start) is None


def test_the_first_meter_by_name_is_the_metering_point() -> None:
    home = household()
    for at in (PERIOD.start, PERIOD.end):
        seen = image(at, grid_w=400)
        sub = replace(seen.meters[METER], import_wh=7)
        home.observe(replace(seen, meters={DeviceId("sub"): sub, **seen.meters}))
    measured = home.measured(PERIOD)

    assert measured is not None
    assert (measured.meter, measured.import_wh) == (METER, 100)
