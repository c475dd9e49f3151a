"""Plans of a home that knows what energy will cost and emit."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.engine.devices import DeviceKind
from custom_components.commonwatt.engine.dispatch.home import HomePlan
from custom_components.commonwatt.engine.model.zone import ZoneId
from custom_components.commonwatt.settings import (
    ForesightSettings,
    HomeSettings,
    TariffSettings,
)
from tests.glue.homes import adopted, settle
from tests.glue.test_plan import MORNING, later, plans_of, show

START: Final = datetime(2026, 3, 26, 8, tzinfo=UTC)
CHEAP_HOUR: Final = 4
"""Hours from the start on at which energy is cheap, or clean."""


def hours(usual: float, then: float) -> list[Mapping[str, object]]:
    """Return two days of hourly values, one of them another."""
    return [
        {
            "start": (START + timedelta(hours=hour)).isoformat(),
            "value": then if hour == CHEAP_HOUR else usual,
        }
        for hour in range(48)
    ]


async def home_with(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, settings: HomeSettings
) -> MockConfigEntry:
    """Return a home with an empty battery, and let it plan."""
    freezer.move_to(MORNING)
    hass.config.currency = "EUR"
    show(hass, "sensor.grid", "900")
    show(hass, "sensor.battery", "0")
    show(hass, "sensor.soc", "0", "%")
    battery = {"power": "sensor.battery", "state_of_charge": "sensor.soc"}
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Home",
        data=settings.as_data(),
        subentries_data=[
            adopted(DeviceKind.METER, {"power": "sensor.grid"}),
            adopted(DeviceKind.BATTERY, battery, capacity_wh=5_000),
        ],
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass)
    await later(hass, freezer, 11)
    return entry


def charged_wh(plan: HomePlan | None, hour: int) -> float:
    """Return what the battery takes in one hour of the plan."""
    assert plan is not None
    (battery,) = plan.assets
    begin = plan.horizon.start + hour * 3_600_000
    return sum(
        -power_w * length_ms / 3_600_000
        for power_w, length_ms, start in zip(
            battery.power_w, plan.horizon.step_ms, plan.horizon.boundaries, strict=False
        )
        if begin <= start < begin + 3_600_000
    )


async def test_a_battery_is_charged_when_energy_will_be_cheap(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    prices = {"unit_of_measurement": "EUR/kWh", "prices": hours(0.30, 0.05)}
    hass.states.async_set("sensor.price", "0.30", prices)
    settings = HomeSettings(
        grid_zone=ZoneId("community"),
        tariff=TariffSettings(energy="sensor.price", feed_in=0),
    )

    entry = await home_with(hass, freezer, settings)

    assert charged_wh(plans_of(entry).plan, CHEAP_HOUR) == pytest.approx(2_500, abs=50)
    state = hass.states.get("sensor.home_next_action")
    assert state is not None
    assert state.state == "charge_battery"
    assert state.attributes["reason"] == "cheap"
    assert state.attributes["starts_at"] == "2026-03-26T12:00:00+00:00"


async def test_the_carbon_goal_charges_when_energy_will_be_clean(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    carbon = {"unit_of_measurement": "gCO2eq/kWh", "forecast": hours(500, 20)}
    hass.states.async_set("sensor.carbon", "500", carbon)
    settings = HomeSettings(
        grid_zone=ZoneId("community"),
        tariff=TariffSettings(energy=250_000, feed_in=0),
        foresight=ForesightSettings(carbon="sensor.carbon"),
    )
    entry = await home_with(hass, freezer, settings)
    assert charged_wh(plans_of(entry).plan, CHEAP_HOUR) == pytest.approx(0, abs=50)

    await hass.services.async_call(
        "select",
        "select_option",
        {"entity_id": "select.home_goal_of_the_plan", "option": "greenest"},
        blocking=True,
    )
    await later(hass, freezer, 11)

    assert charged_wh(plans_of(entry).plan, CHEAP_HOUR) == pytest.approx(2_500, abs=50)
