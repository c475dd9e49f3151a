"""Solar forecasts of other integrations: found, kept as issued, and put right."""

from datetime import timedelta
from typing import Final
from unittest.mock import Mock

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.energy.data import async_get_manager
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockModule,
    async_fire_time_changed,
    mock_integration,
    mock_platform,
)
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.commonwatt.engine.devices import DeviceKind
from custom_components.commonwatt.engine.forecast.series import Series
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    DeliveryPeriod,
    Instant,
    instant_from_datetime,
)
from custom_components.commonwatt.forecasting.memory import HomeMemory, Remembered
from custom_components.commonwatt.forecasting.providers import (
    ProviderBook,
    async_ask_providers,
)
from tests.glue.homes import add_home, adopted, settle
from tests.glue.pasts import by_hour, count, utc

NOW: Final = utc(2026, 6, 17, 10)
SUNNY: Final = by_hour({hour: 3000 - 500 * abs(11 - hour) for hour in range(6, 17)}, 0)


class Service:
    """A double of a forecast integration: one entry for each part of the roof."""

    def __init__(self, hass: HomeAssistant, domain: str, factor: float) -> None:
        self.domain = domain
        self.factor = factor
        self.fails = False
        self.asked = 0
        mock_integration(hass, MockModule(domain))
        platform = Mock(spec=["async_get_solar_forecast"])
        platform.async_get_solar_forecast = self.answer
        mock_platform(hass, f"{domain}.energy", platform)

    def add_part(self, hass: HomeAssistant) -> MockConfigEntry:
        """Add an entry that is loaded."""
        entry = MockConfigEntry(domain=self.domain, state=ConfigEntryState.LOADED)
        entry.add_to_hass(hass)
        return entry

    async def answer(
        self, _hass: HomeAssistant, _entry_id: str
    ) -> dict[str, dict[str, float]] | None:
        """Return three days of hours, as the Energy dashboard wants them."""
        self.asked += 1
        if self.fails:
            raise RuntimeError("their bug")
        midnight = NOW.replace(hour=0)
        hours = [midnight + timedelta(hours=hour) for hour in range(72)]
        return {
            "wh_hours": {h.isoformat(): (SUNNY(h) or 0) * self.factor for h in hours}
        }


@pytest.fixture(autouse=True)
async def _june(
    recorder_mock: object,  # noqa: ARG001  # first of all
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
) -> None:
    freezer.move_to(NOW)
    await hass.config.async_set_time_zone("UTC")
    hass.config.latitude, hass.config.longitude = 48.5, 0.0


async def add_service(hass: HomeAssistant, domain: str, factor: float = 1.0) -> Service:
    """Let a forecast integration be there."""
    service = Service(hass, domain, factor)
    assert await async_setup_component(hass, domain, {})
    return service


def period_at(hour: int, *, day: int = 17) -> DeliveryPeriod:
    """Return the first period of an hour of June."""
    return DeliveryPeriod.containing(instant_from_datetime(utc(2026, 6, day, hour)))


async def test_parts_of_a_roof_add_up_and_hours_are_spread(hass: HomeAssistant) -> None:
    service = await add_service(hass, "skyline")
    service.add_part(hass)
    service.add_part(hass)

    said = await async_ask_providers(hass)

    assert said.keys() == {"skyline"}
    assert said["skyline"][period_at(11)] == pytest.approx(2 * 3000 / 4)
    assert said["skyline"][period_at(11).next(3)] == pytest.approx(2 * 3000 / 4)


async def test_what_the_dashboard_has_chosen_counts_alone(hass: HomeAssistant) -> None:
    wanted, other = (
        await add_service(hass, "skyline"),
        await add_service(hass, "clouds"),
    )
    entry = wanted.add_part(hass)
    other.add_part(hass)
    assert (await async_ask_providers(hass)).keys() == {"skyline", "clouds"}

    manager = await async_get_manager(hass)
    manager.data = manager.default_preferences() | {
        "energy_sources": [
            {
                "type": "solar",
                "stat_energy_from": "sensor.made",
                "config_entry_solar_forecast": [entry.entry_id],
            }
        ]
    }

    assert (await async_ask_providers(hass)).keys() == {"skyline"}


async def test_a_service_that_fails_harms_nobody(hass: HomeAssistant) -> None:
    broken, sound = (
        await add_service(hass, "clouds"),
        await add_service(hass, "skyline"),
    )
    broken.add_part(hass)
    sound.add_part(hass)
    broken.fails = True

    assert (await async_ask_providers(hass)).keys() == {"skyline"}
    assert broken.asked == 1


def test_a_past_day_keeps_what_was_said_before_it() -> None:
    noon = instant_from_datetime(NOW)
    book = ProviderBook()
    today, tomorrow = period_at(11), period_at(11, day=18)

    book.take("skyline", {today: 500.0, tomorrow: 500.0}, noon)
    book.take("skyline", {today: 700.0, tomorrow: 700.0}, noon)
    book.take("skyline", {tomorrow: 100.0}, Instant(noon + DAY_MS))

    issued = book.issued["skyline"]
    assert issued.at(today) == 500.0
    assert issued.at(tomorrow) == 700.0
    (now,) = book.series(noon)
    assert now.at(tomorrow) == 100.0


async def test_a_service_that_promises_too_much_is_put_right(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    service = await add_service(hass, "skyline", factor=2.0)
    service.add_part(hass)
    first = NOW.replace(hour=0) - timedelta(days=20)
    count(hass, "sensor.made", SUNNY, first=first, end=NOW)
    await async_wait_recording_done(hass)
    hass.states.async_set("sensor.sun", "2500", {"unit_of_measurement": "W"})
    hass.states.async_set("sensor.made", "900", {"unit_of_measurement": "kWh"})
    roles = {"power": "sensor.sun", "energy": "sensor.made"}
    entry = await add_home(hass, [adopted(DeviceKind.INVERTER, roles)])
    assert await hass.config_entries.async_unload(entry.entry_id)
    await remember_promises(hass, entry.entry_id)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass)

    state = hass.states.get("sensor.home_expected_solar_energy_tomorrow")
    assert state is not None
    made_kwh = sum(SUNNY(NOW.replace(hour=h)) or 0 for h in range(24)) / 1000
    assert float(state.state) == pytest.approx(made_kwh, rel=0.05)
    error = hass.states.get("sensor.home_error_of_the_solar_forecast")
    assert error is not None
    assert error.attributes["error_of_provider"] == pytest.approx(100, abs=2)
    assert float(error.state) < 30

    asked = service.asked
    freezer.tick(timedelta(minutes=31))
    async_fire_time_changed(hass)
    await settle(hass)
    assert service.asked == asked + 1


async def remember_promises(hass: HomeAssistant, entry_id: str) -> None:
    """Let the home have heard the service's promises for weeks."""
    first = DeliveryPeriod.containing(
        instant_from_datetime(NOW.replace(hour=0) - timedelta(days=20))
    )
    hours = [2 * (SUNNY(NOW.replace(hour=h)) or 0) for h in range(24)] * 20
    memory = HomeMemory(hass, entry_id)
    known = await memory.load()
    memory.keep(
        Remembered(
            load=known.load,
            sun=known.sun,
            issued={"skyline": Series.of_hours(first, hours)},
        )
    )
    await memory.flush()
