"""Forecasts of a home: learned from what Home Assistant remembers, shown and used."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.energy.data import async_get_manager
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import numpy as np
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.engine.devices import DeviceKind
from custom_components.commonwatt.engine.model.period import (
    DeliveryPeriod,
    instant_from_datetime,
)
from custom_components.commonwatt.forecasting.foresight import Foresight
from tests.glue.homes import add_home, adopted, settle
from tests.glue.pasts import Hourly, by_hour, count, flow, utc

PARIS: Final = ZoneInfo("Europe/Paris")
NOW: Final = utc(2026, 6, 17, 10)
"""A Wednesday, noon in Paris."""

FIRST: Final = NOW - timedelta(days=36)

USED: Final = by_hour({5: 900, 6: 700, 17: 1500, 18: 1800, 19: 1200}, 300)
MADE: Final = by_hour({h: 3000 - 500 * abs(11 - h) for h in range(6, 17)}, 0)


def imported(at: datetime) -> float:
    """Return what the meter counts while the sun does not give enough."""
    return max(0, (USED(at) or 0) - (MADE(at) or 0))


def exported(at: datetime) -> float:
    """Return what the meter counts while the sun gives more."""
    return max(0, (MADE(at) or 0) - (USED(at) or 0))


COUNTERS: Final[Mapping[str, Hourly]] = {
    "sensor.imported": imported,
    "sensor.exported": exported,
    "sensor.made": MADE,
}


@pytest.fixture(autouse=True)
async def _paris(
    recorder_mock: object,  # noqa: ARG001  # first of all
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
) -> None:
    freezer.move_to(NOW)
    await hass.config.async_set_time_zone("Europe/Paris")
    hass.config.country = "FR"
    hass.config.latitude, hass.config.longitude = 48.5, 2.0


def foresight_of(entry: MockConfigEntry) -> Foresight:
    """Return what a home expects."""
    foresight: Foresight = entry.runtime_data.forecasts.foresight
    return foresight


def kwh(hass: HomeAssistant, name: str) -> float:
    """Return what a forecast sensor shows."""
    state = hass.states.get(f"sensor.home_expected_{name}")
    assert state is not None, name
    return float(state.state)


async def add_solar_home(hass: HomeAssistant) -> MockConfigEntry:
    """Add a home whose meter and inverter have counters."""
    for entity_id in COUNTERS:
        hass.states.async_set(entity_id, "2000", {"unit_of_measurement": "kWh"})
    hass.states.async_set("sensor.grid", "-1500", {"unit_of_measurement": "W"})
    hass.states.async_set("sensor.sun", "2400", {"unit_of_measurement": "W"})
    return await add_home(
        hass,
        [
            adopted(
                DeviceKind.METER,
                {
                    "power": "sensor.grid",
                    "imported": "sensor.imported",
                    "exported": "sensor.exported",
                },
            ),
            adopted(
                DeviceKind.INVERTER, {"power": "sensor.sun", "energy": "sensor.made"}
            ),
        ],
    )


async def import_all(
    hass: HomeAssistant, hourly: Mapping[str, Hourly], first: datetime = FIRST
) -> None:
    """Import what all counters counted until now."""
    for statistic_id, of_hour in hourly.items():
        count(hass, statistic_id, of_hour, first=first, end=NOW)
    await async_wait_recording_done(hass)


async def test_months_of_statistics_teach_a_home_at_its_start(
    hass: HomeAssistant,
) -> None:
    await import_all(hass, COUNTERS)

    entry = await add_solar_home(hass)

    used_kwh = sum(USED(NOW.replace(hour=h)) or 0 for h in range(24)) / 1000
    made_kwh = sum(MADE(NOW.replace(hour=h)) or 0 for h in range(24)) / 1000
    assert kwh(hass, "consumption_tomorrow") == pytest.approx(used_kwh, rel=0.03)
    assert kwh(hass, "consumption_today") == pytest.approx(used_kwh, rel=0.03)
    assert kwh(hass, "solar_energy_tomorrow") == pytest.approx(made_kwh, rel=0.05)
    learned = foresight_of(entry).learned_load
    assert learned is not None
    assert learned.days_known >= 34


async def test_a_forecast_says_how_wrong_it_has_been(hass: HomeAssistant) -> None:
    def moody(at: datetime) -> float:
        return (USED(at) or 0) * (1.4 if at.toordinal() % 2 else 0.7)

    flow(hass, "sensor.grid", moody, first=FIRST, end=NOW)
    await async_wait_recording_done(hass)
    hass.states.async_set("sensor.grid", "400", {"unit_of_measurement": "W"})
    await add_home(hass, [adopted(DeviceKind.METER, {"power": "sensor.grid"})])

    state = hass.states.get("sensor.home_error_of_the_consumption_forecast")
    assert state is not None
    assert 10 < float(state.state) < state.attributes["error_of_yesterday"]
    assert state.attributes["days_judged"] == 14
    assert state.attributes["error_of_climatology"] > 10
    assert 50 < state.attributes["within_band"] <= 100
    assert state.attributes["neighbours_help"] is False
    assert hass.states.get("sensor.home_expected_solar_energy_today") is None


async def test_what_flowed_while_nobody_looked_is_unknown_and_not_zero(
    hass: HomeAssistant,
) -> None:
    away = (NOW - timedelta(days=3), NOW - timedelta(days=3) + timedelta(hours=6))

    def interrupted(at: datetime) -> float | None:
        return None if away[0] <= at < away[1] else USED(at)

    await import_all(hass, {"sensor.imported": interrupted})
    hass.states.async_set("sensor.grid", "400", {"unit_of_measurement": "W"})
    hass.states.async_set("sensor.imported", "2", {"unit_of_measurement": "kWh"})
    roles = {"power": "sensor.grid", "imported": "sensor.imported"}
    entry = await add_home(hass, [adopted(DeviceKind.METER, roles)])

    load = foresight_of(entry).load
    first = DeliveryPeriod.containing(instant_from_datetime(away[0]))
    # The first hour after it holds the energy of the whole gap.
    gap = load.between(first, first.next(7 * 4)).energy_wh
    assert np.isnan(gap).all()
    assert load.at(first.next(-1)) == pytest.approx(75)
    assert load.at(first.next(7 * 4)) == pytest.approx(1500 / 4)


async def test_a_power_that_counts_the_other_way_round_is_turned(
    hass: HomeAssistant,
) -> None:
    flow(hass, "sensor.grid", lambda at: -(USED(at) or 0), first=FIRST, end=NOW)
    await async_wait_recording_done(hass)
    hass.states.async_set("sensor.grid", "-400", {"unit_of_measurement": "W"})
    entry = await add_home(
        hass,
        [adopted(DeviceKind.METER, {"power": "sensor.grid"}, reversed_power=True)],
    )

    period = DeliveryPeriod.containing(instant_from_datetime(NOW - timedelta(hours=5)))
    assert foresight_of(entry).load.at(period) == pytest.approx(900 / 4)


async def choose_dashboard(hass: HomeAssistant) -> None:
    """Let the Energy dashboard be made of grid and panels."""
    manager = await async_get_manager(hass)
    manager.data = manager.default_preferences() | {
        "energy_sources": [
            {
                "type": "grid",
                "stat_energy_from": "sensor.imported",
                "stat_energy_to": "sensor.exported",
                "stat_cost": None,
                "entity_energy_price": None,
                "number_energy_price": None,
                "stat_compensation": None,
                "entity_energy_price_export": None,
                "number_energy_price_export": None,
                "cost_adjustment_day": 0.0,
            },
            {
                "type": "solar",
                "stat_energy_from": "sensor.made",
                "config_entry_solar_forecast": None,
            },
        ]
    }


async def test_a_home_without_devices_learns_from_the_energy_dashboard(
    hass: HomeAssistant,
) -> None:
    await choose_dashboard(hass)
    await import_all(hass, COUNTERS)

    await add_home(hass)

    made_kwh = sum(MADE(NOW.replace(hour=h)) or 0 for h in range(24)) / 1000
    used_kwh = sum(USED(NOW.replace(hour=h)) or 0 for h in range(24)) / 1000
    assert kwh(hass, "consumption_tomorrow") == pytest.approx(used_kwh, rel=0.03)
    assert kwh(hass, "solar_energy_tomorrow") == pytest.approx(made_kwh, rel=0.05)


async def test_a_meter_alone_does_not_see_a_load_the_sun_feeds(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    await choose_dashboard(hass)
    await import_all(hass, COUNTERS)
    hass.states.async_set("sensor.grid", "-1500", {"unit_of_measurement": "W"})
    entry = await add_home(hass, [adopted(DeviceKind.METER, {"power": "sensor.grid"})])

    await live(hass, freezer, timedelta(minutes=35))

    foresight = foresight_of(entry)
    assert foresight.powers.load_w is None
    period = DeliveryPeriod.containing(instant_from_datetime(NOW))
    assert foresight.load.at(period) is None
    assert foresight.load.at(period.next(-1)) == pytest.approx(75)


async def test_of_two_homes_nobody_knows_whose_the_dashboard_is(
    hass: HomeAssistant,
) -> None:
    await choose_dashboard(hass)
    await import_all(hass, COUNTERS)

    one = await add_home(hass, name="One")
    two = await add_home(hass, name="Two")

    assert len(foresight_of(one).load.energy_wh)
    assert not len(foresight_of(two).load.energy_wh)


async def live(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, span: timedelta
) -> None:
    """Let time pass, five minutes at a time."""
    for _ in range(int(span.total_seconds() // 300)):
        freezer.tick(timedelta(minutes=5))
        async_fire_time_changed(hass)
        await settle(hass)


@pytest.mark.parametrize(
    ("change", "name"),
    [(utc(2026, 10, 25, 1), "autumn"), (utc(2027, 3, 28, 1), "spring")],
)
async def test_breakfast_stays_at_seven_when_the_clocks_change(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, change: datetime, name: str
) -> None:
    def breakfast(at: datetime) -> float:
        return 2400.0 if at.astimezone(PARIS).hour == 7 else 200.0

    now = change + timedelta(hours=1, minutes=2)
    freezer.move_to(now)
    first = now.replace(minute=0) - timedelta(days=40)
    flow(hass, "sensor.grid", breakfast, first=first, end=now.replace(minute=0))
    await async_wait_recording_done(hass)
    hass.states.async_set("sensor.grid", "200", {"unit_of_measurement": "W"})
    entry = await add_home(hass, [adopted(DeviceKind.METER, {"power": "sensor.grid"})])

    load = foresight_of(entry).expected
    assert load is not None
    assert load.load is not None, name
    morning = datetime(now.year, now.month, now.day, 7, tzinfo=PARIS)
    at_seven = DeliveryPeriod.containing(instant_from_datetime(morning))
    assert (load.load.at(at_seven) or 0) == pytest.approx(600, rel=0.1)
    assert (load.load.at(at_seven.next(-4)) or 0) < 150
    assert (load.load.at(at_seven.next(4)) or 0) < 150
    # A day of 25 hours, or of 23, is still a day: one breakfast, the rest as usual.
    hours = 25 if name == "autumn" else 23
    expected_kwh = (2400 + 200 * (hours - 1)) / 1000
    assert kwh(hass, "consumption_today") == pytest.approx(expected_kwh, rel=0.06)


async def test_a_home_that_remembers_nothing_is_wise_after_a_day(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    hass.states.async_set("sensor.grid", "600", {"unit_of_measurement": "W"})
    entry = await add_home(hass, [adopted(DeviceKind.METER, {"power": "sensor.grid"})])
    assert hass.states.get("sensor.home_expected_consumption_today") is not None
    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(
            DOMAIN, "get_forecast", {}, blocking=True, return_response=True
        )
    assert raised.value.translation_key == "no_forecast"

    freezer.move_to(NOW.replace(hour=21, minute=59))
    for _ in range(0, 24 * 60 + 10, 10):
        hass.states.async_set(
            "sensor.grid", "600", {"unit_of_measurement": "W"}, force_update=True
        )
        freezer.tick(timedelta(minutes=10))
        async_fire_time_changed(hass)
        await settle(hass)
    await entry.runtime_data.forecasts.async_learn()

    assert kwh(hass, "consumption_next_hour") == pytest.approx(0.6, rel=0.05)
    assert kwh(hass, "consumption_tomorrow") == pytest.approx(14.4, rel=0.05)


async def test_a_restart_forgets_nothing(hass: HomeAssistant) -> None:
    await import_all(hass, COUNTERS)
    entry = await add_solar_home(hass)
    before = foresight_of(entry).load

    assert await hass.config_entries.async_unload(entry.entry_id)
    hass.config.components.remove("recorder")
    assert await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass)
    hass.config.components.add("recorder")

    after = foresight_of(entry).load
    assert after.first == before.first
    assert np.allclose(after.energy_wh, before.energy_wh, atol=0.51, equal_nan=True)
