"""What forecasts are for: the action, plans, autonomy, the energy dashboard."""

from datetime import datetime, timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.energy import async_get_solar_forecast
from custom_components.commonwatt.engine.devices import DeviceKind
from custom_components.commonwatt.engine.model.period import (
    instant_from_datetime,
)
from tests.glue.homes import add_home, adopted, settle
from tests.glue.pasts import flow
from tests.glue.test_forecasts import (
    COUNTERS,
    FIRST,
    MADE,
    NOW,
    USED,
    _paris,  # noqa: F401  # a fixture
    add_solar_home,
    import_all,
)


async def test_the_action_returns_bands_and_scenarios(hass: HomeAssistant) -> None:
    await import_all(hass, COUNTERS)
    await add_solar_home(hass)

    answer = await hass.services.async_call(
        DOMAIN, "get_forecast", {}, blocking=True, return_response=True
    )

    assert answer is not None
    starts = answer["starts"]
    assert isinstance(starts, list)
    assert starts[0] == "2026-06-17T10:00:00+00:00"
    assert len(starts) >= 192
    bands = [numbers(answer["load"], key) for key in ("p10_wh", "p50_wh", "p90_wh")]
    for low, middle, high in zip(*bands, strict=True):
        assert low <= middle <= high
    scenarios = answer["scenarios"]
    assert isinstance(scenarios, list)
    weights = [weight_of(scenario) for scenario in scenarios]
    assert sum(weights) == pytest.approx(100)


def numbers(part: object, key: str) -> list[float]:
    """Return the numbers of a part of the answer."""
    assert isinstance(part, dict)
    values = part[key]
    assert isinstance(values, list)
    assert all(isinstance(value, int) for value in values)
    return values


def weight_of(scenario: object) -> float:
    """Return how much a scenario counts, in percent."""
    assert isinstance(scenario, dict)
    weight = scenario["weight_percent"]
    assert isinstance(weight, float)
    return weight


async def test_plans_weigh_the_ways_a_day_may_go(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    def moody(at: datetime) -> float:
        return (USED(at) or 0) * (1.5 if at.toordinal() % 3 else 0.6)

    flow(hass, "sensor.grid", moody, first=FIRST, end=NOW)
    await async_wait_recording_done(hass)
    hass.states.async_set("sensor.grid", "400", {"unit_of_measurement": "W"})
    entry = await add_home(hass, [adopted(DeviceKind.METER, {"power": "sensor.grid"})])
    freezer.tick(timedelta(seconds=11))
    async_fire_time_changed(hass)
    await settle(hass)

    problem = entry.runtime_data.plans.problem
    assert problem is not None
    assert len(problem.scenarios) == 5
    assert sum(scenario.weight_ppm for scenario in problem.scenarios) == 1_000_000
    evening = [scenario.load_w[120] or 0 for scenario in problem.scenarios]
    assert min(evening) < max(evening)
    assert None not in problem.scenarios[0].load_w


async def test_autonomy_counts_on_the_sun_of_a_bad_day(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    def cloudy(at: datetime) -> float:
        return (MADE(at) or 0) * (0.4 if at.toordinal() % 4 == 0 else 1.0)

    counters = {
        "sensor.imported": lambda at: max(0, (USED(at) or 0) - cloudy(at)),
        "sensor.exported": lambda at: max(0, cloudy(at) - (USED(at) or 0)),
        "sensor.made": cloudy,
    }
    await import_all(hass, counters)
    entry = await add_solar_home(hass)
    freezer.tick(timedelta(seconds=11))
    async_fire_time_changed(hass)
    await settle(hass)

    problem = entry.runtime_data.plans.problem
    assert problem is not None
    assert problem.autonomy is not None
    noon = instant_from_datetime(NOW + timedelta(days=1, hours=1))
    step = problem.horizon.step_at(noon)
    low_w = problem.autonomy.production_low_w[step]
    assert 0 < low_w < problem.scenarios[0].production_w[step]
    night = instant_from_datetime(NOW + timedelta(hours=14))
    assert problem.autonomy.production_low_w[problem.horizon.step_at(night)] == 0


async def test_the_energy_dashboard_can_choose_our_solar_forecast(
    hass: HomeAssistant,
) -> None:
    await import_all(hass, COUNTERS)
    entry = await add_solar_home(hass)

    forecast = await async_get_solar_forecast(hass, entry.entry_id)

    assert forecast is not None
    tomorrow = {
        key: wh for key, wh in forecast["wh_hours"].items() if "2026-06-18T" in key
    }
    assert len(tomorrow) == 24
    made_wh = sum(MADE(NOW.replace(hour=h)) or 0 for h in range(24))
    assert sum(tomorrow.values()) == pytest.approx(made_wh, rel=0.05)
    assert await async_get_solar_forecast(hass, "nobody") is None
    await hass.config_entries.async_unload(entry.entry_id)
    assert await async_get_solar_forecast(hass, entry.entry_id) is None
