"""The demo's home looks ahead as every home does: from its own, simulated weeks."""

from pathlib import Path

from homeassistant.core import HomeAssistant
import pytest

from custom_components.commonwatt.demo.settings import DemoSettings
from custom_components.commonwatt.energy import async_get_solar_forecast
from custom_components.commonwatt.engine.model.period import HOUR_MS, DeliveryPeriod
from tests.glue.demos import add_demo, demo_of, no_waiting, until_stopped

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


async def test_the_demos_home_knows_its_days(hass: HomeAssistant) -> None:
    with no_waiting():
        settings = DemoSettings(speed=900, stop_after_periods=2)
        entry = await add_demo(hass, settings)
        demo = await until_stopped(hass, entry)

    foresight = demo_of(entry).forecasts.foresight
    expected = foresight.expected
    assert expected is not None
    assert expected.load is not None
    assert expected.sun is not None
    assert expected.load.first == DeliveryPeriod.containing(demo.now)
    for name in ("consumption_today", "consumption_tomorrow", "solar_energy_today"):
        state = hass.states.get(f"sensor.demo_expected_{name}")
        assert state is not None, name
        assert 3 < float(state.state) < 80
        assert state.attributes["p10_kwh"] < float(state.state)
        assert "state_class" not in state.attributes
    error = hass.states.get("sensor.demo_error_of_the_consumption_forecast")
    assert error is not None
    assert 10 < float(error.state) < 90

    # The simulated sky is that of March whatever the date: dark at night, noon at noon.
    powers = {
        period.start % (24 * HOUR_MS) // HOUR_MS: expected.sun.at(period) or 0
        for period in (expected.sun.first.next(4 * hour) for hour in range(24))
    }
    assert powers[0] == powers[23] == powers[3] == 0
    assert powers[12] > 1.5 * powers[7] > 0

    problem = demo.plans.problem
    assert problem is not None
    assert len(problem.scenarios) == 5
    forecast = await async_get_solar_forecast(hass, entry.entry_id)
    assert forecast is not None
    assert sum(forecast["wh_hours"].values()) > 10_000
    assert await hass.config_entries.async_unload(entry.entry_id)
