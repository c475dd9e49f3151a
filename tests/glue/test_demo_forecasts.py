"""The demo's home looks ahead as every home does: from its own, simulated weeks."""

from pathlib import Path
from unittest.mock import patch

from homeassistant.core import HomeAssistant
import pytest

from custom_components.commonwatt.demo.forecasts import DemoDays, DemoForesight
from custom_components.commonwatt.demo.settings import DemoSettings
from custom_components.commonwatt.energy import async_get_solar_forecast
from custom_components.commonwatt.engine.devices import ProcessImage
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    PERIOD_MS,
    DeliveryPeriod,
    Instant,
    after,
)
from custom_components.commonwatt.engine.simulation.homes import (
    NO_COMMANDS,
    HomeModel,
    neighbourhood_specs,
)
from custom_components.commonwatt.engine.simulation.homes.calendar import Calendar
from custom_components.commonwatt.engine.simulation.reality import image_of
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


def test_the_demos_home_learns_at_midnight() -> None:
    specs = neighbourhood_specs()
    evening = Instant(20_500 * DAY_MS + 21 * HOUR_MS)
    foresight = DemoForesight(specs, seed=1, started_at=evening, traces=None)
    model = HomeModel(specs[0], seed=1, started_at=evening)
    state = model.state

    learned_from: list[Instant] = []
    learn = foresight.foresight.learn

    def note(now: Instant) -> None:
        learned_from.append(now)
        learn(now)

    with patch.object(foresight.foresight, "learn", note):
        for quarter in range(1, 4 * 4):
            state = model.advance(after(evening, quarter * PERIOD_MS), NO_COMMANDS)
            foresight.observe(image_of(specs[0], state), state)
        blind = ProcessImage(taken_at=after(state.at, PERIOD_MS))
        foresight.observe(blind, state)

    day = {DemoDays(Calendar.of(evening)).day_of(now) for now in learned_from}
    assert len(learned_from) == len(day) == 1
    assert day != {DemoDays(Calendar.of(evening)).day_of(evening)}
    expected = foresight.foresight.expected
    assert expected is not None
    assert expected.load is not None
    assert expected.load.first == DeliveryPeriod.containing(blind.taken_at)
