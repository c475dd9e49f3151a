"""Tanks, hydrogen, generators, cars and the connection: in the plan, and shown."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import (
    ConfigSubentryData,
)
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.commonwatt.engine.devices import DeviceKind
from custom_components.commonwatt.engine.dispatch.home import (
    Generator,
    HomeProblem,
    HydrogenStore,
    Tank,
)
from custom_components.commonwatt.planning.connection import (
    SUBENTRY_GRID,
    GridSettings,
)
from custom_components.commonwatt.planning.machines import (
    SUBENTRY_GENERATOR,
    SUBENTRY_HYDROGEN,
    SUBENTRY_TANK,
)
from custom_components.commonwatt.planning.machines.generator import (
    GeneratorSettings,
)
from custom_components.commonwatt.planning.machines.hydrogen import (
    HydrogenSettings,
)
from custom_components.commonwatt.planning.machines.tank import TankSettings
from tests.glue.homes import add_home, adopted
from tests.glue.test_plan import MORNING, later, plans_of, show, state_of

TANK: Final = TankSettings(
    temperature="water_heater.boiler",
    volume_l=300,
    lowest_mk=313_150,
    highest_mk=333_150,
    power_w_max=2_000,
    power_w_min=0,
    cop_ppm=3_500_000,
    cop_frost_ppm=2_100_000,
    outdoor="weather.home",
    daily_wh=8_000,
)
HYDROGEN: Final = HydrogenSettings(
    capacity_wh=100_000,
    stored="sensor.gas",
    make_w_max=3_000,
    make_w_min=500,
    make_ppm=620_000,
    use_w_max=2_000,
    use_w_min=200,
    use_ppm=500_000,
    value_micro_per_kwh=100_000,
    forms_island=True,
)
ENGINE: Final = GeneratorSettings(
    power_w_max=5_000,
    power_w_min=2_000,
    cost_micro_per_kwh=50_000,
    start_micro=10_000,
    heat_ppm=0,
    warms=None,
)


def belonging(kind: str, data: Mapping[str, object], title: str) -> ConfigSubentryData:
    """Return something as its subentry keeps it."""
    return ConfigSubentryData(
        data=data, subentry_type=kind, title=title, unique_id=None
    )


@pytest.fixture(autouse=True)
async def morning(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Begin on a morning in Paris, with everything that can be read."""
    freezer.move_to(MORNING)
    await hass.config.async_set_time_zone("Europe/Paris")
    hass.config.currency = "EUR"
    show(hass, "sensor.grid", "2500")
    show(hass, "sensor.gas", "40", "%")
    show(hass, "sensor.peak", "4.5", "kW")
    hass.states.async_set("water_heater.boiler", "eco", {"current_temperature": 50})
    hass.states.async_set("weather.home", "sunny", {"temperature": 7})


async def home_with(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *belongings: ConfigSubentryData,
) -> MockConfigEntry:
    """Return a home that has planned once."""
    meter = adopted(DeviceKind.METER, {"power": "sensor.grid"})
    entry = await add_home(hass, [meter, *belongings])
    await later(hass, freezer, 11)
    return entry


def problem_of(entry: MockConfigEntry) -> HomeProblem:
    """Return what the last plan was made for."""
    problem = plans_of(entry).problem
    assert problem is not None
    return problem


async def test_a_tank_is_planned_with_the_weather(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    tank = belonging(SUBENTRY_TANK, TANK.as_data(), "Boiler")
    entry = await home_with(hass, freezer, tank)

    (seen,) = problem_of(entry).storages
    assert isinstance(seen, Tank)
    assert seen.capacity_wh == 300 * 20 * 1163 // 1000
    assert seen.stored_wh == 300 * 10 * 1163 // 1000
    assert seen.cop_ppm[0] == 3_500_000
    assert max(seen.draw_w) > 4 * min(seen.draw_w)
    assert state_of(hass, "binary_sensor.boiler_good_time_to_heat").state in {
        STATE_ON,
        STATE_OFF,
    }
    plan = plans_of(entry).plan
    assert plan is not None
    assert min(plan.assets[0].power_w) < 0


@pytest.mark.parametrize(
    ("outdoor_c", "cop"), [(7, 3.5), (-7, 2.1), (0, 2.8), (21, 4.9), (-40, 1.0)]
)
def test_the_cop_follows_the_weather(outdoor_c: int, cop: float) -> None:
    assert TANK.cop_at(273_150 + outdoor_c * 1000) == pytest.approx(cop * 1e6, abs=1)


def test_without_weather_it_is_mild() -> None:
    assert TANK.cop_at(None) == TANK.cop_ppm


async def test_a_tank_of_unknown_temperature_is_left_out(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    hass.states.async_remove("water_heater.boiler")
    hass.states.async_remove("weather.home")
    tank = belonging(SUBENTRY_TANK, TANK.as_data(), "Boiler")
    entry = await home_with(hass, freezer, tank)

    (seen,) = problem_of(entry).storages
    assert seen.stored_wh is None
    assert state_of(hass, "sensor.home_plan_state").attributes["flaws"] == [
        "stored_unknown"
    ]


async def test_hydrogen_is_worth_what_its_owner_says(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    show(hass, "sensor.gas", "100", "%")
    small = replace(HYDROGEN, use_w_max=1_000)
    entry = await home_with(
        hass, freezer, belonging(SUBENTRY_HYDROGEN, small.as_data(), "Gas")
    )

    (seen,) = problem_of(entry).storages
    assert isinstance(seen, HydrogenStore)
    assert seen.stored_wh == 100_000
    # Gas at 0.10 makes electricity at 0.20: cheaper than 0.25 from the grid, all day.
    assert state_of(hass, "binary_sensor.gas_good_time_to_use_hydrogen").state == (
        STATE_ON
    )
    assert state_of(hass, "binary_sensor.gas_good_time_to_make_hydrogen").state == (
        STATE_OFF
    )
    assert state_of(hass, "sensor.gas_planned_start").state == (
        "2026-03-26T08:00:00+00:00"
    )


async def test_dear_gas_is_kept(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    dear = replace(HYDROGEN, value_micro_per_kwh=130_000)
    await home_with(hass, freezer, belonging(SUBENTRY_HYDROGEN, dear.as_data(), "Gas"))

    assert state_of(hass, "sensor.gas_planned_start").state == "unknown"


async def test_stored_hydrogen_may_be_an_energy(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    show(hass, "sensor.gas", "12.5", "kWh")
    gas = belonging(SUBENTRY_HYDROGEN, HYDROGEN.as_data(), "Gas")
    entry = await home_with(hass, freezer, gas)
    assert problem_of(entry).storages[0].stored_wh == 12_500

    show(hass, "sensor.gas", "unavailable", "kWh")
    assert plans_of(entry).problem_now().storages[0].stored_wh is None


async def test_a_generator_runs_while_it_is_cheaper_than_the_grid(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    engine = belonging(SUBENTRY_GENERATOR, ENGINE.as_data(), "Engine")
    entry = await home_with(hass, freezer, engine)

    (seen,) = problem_of(entry).generators
    assert isinstance(seen, Generator)
    assert state_of(hass, "binary_sensor.engine_good_time_to_run").state == STATE_ON
    plan = await hass.services.async_call(
        "commonwatt", "get_plan", {}, blocking=True, return_response=True
    )
    assert plan is not None
    assets = plan["assets"]
    assert isinstance(assets, list)
    assert [a["name"] for a in assets if isinstance(a, dict)] == ["Engine"]


async def test_without_a_plan_nobody_says_when_to_run(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    engine = belonging(SUBENTRY_GENERATOR, ENGINE.as_data(), "Engine")
    entry = await home_with(hass, freezer, engine)

    plans_of(entry).plan = None
    plans_of(entry)._tell()

    assert state_of(hass, "binary_sensor.engine_good_time_to_run").state == "unknown"
    assert state_of(hass, "sensor.engine_planned_start").state == "unknown"


async def test_the_connection_limits_the_plan(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    settings = GridSettings(
        import_w_max=9_000,
        export_w_max=0,
        capacity_micro_per_kw=4_000_000,
        peak="sensor.peak",
    )
    grid = belonging(SUBENTRY_GRID, settings.as_data(), "Connection")
    entry = await home_with(hass, freezer, grid)

    seen = problem_of(entry).grid
    assert (seen.import_w_max, seen.export_w_max) == (9_000, 0)
    assert seen.capacity is not None
    assert seen.capacity.peak_w == 4_500

    hass.states.async_set("sensor.peak", "unavailable")
    capacity = plans_of(entry).problem_now().grid.capacity
    assert capacity is not None
    assert capacity.peak_w == 0
