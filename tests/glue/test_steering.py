"""Armed devices follow the plan over real registers; nobody else is told anything."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.commonwatt.drivers.simulated import INVERTER_UNIT, METER_UNIT
from custom_components.commonwatt.engine.devices import DeviceKind
from custom_components.commonwatt.engine.model.period import (
    DeliveryPeriod,
    datetime_from_instant,
)
from custom_components.commonwatt.engine.simulation.homes import BatteryMode
from custom_components.commonwatt.planning.runtime import PlanRuntime
from tests.glue.homes import add_home, modbus, settle
from tests.glue.simulated_home import SimulatedHome, simulated_home
from tests.glue.statuses import STATUS

__all__ = ["simulated_home"]

ARMED = "switch.battery_control_armed"
SETPOINT = "number.battery_discharge_setpoint"
TURN_SECONDS = 10
"""The longest time between two turns that the controller is made for."""


@pytest.fixture
async def entry(
    hass: HomeAssistant, simulated_home: SimulatedHome, freezer: FrozenDateTimeFactory
) -> AsyncIterator[MockConfigEntry]:
    """Add a home with a meter and a battery, and let it plan."""
    freezer.move_to(datetime_from_instant(simulated_home.state.at))
    port = simulated_home.port
    entry = await add_home(
        hass,
        [
            modbus(DeviceKind.METER, port, METER_UNIT),
            modbus(DeviceKind.INVERTER, port, INVERTER_UNIT),
            modbus(DeviceKind.BATTERY, port, INVERTER_UNIT),
        ],
    )
    for _ in range(3):
        await live(hass, simulated_home, freezer, entry)
    yield entry
    if entry.state is ConfigEntryState.LOADED:
        await hass.config_entries.async_unload(entry.entry_id)


async def live(
    hass: HomeAssistant,
    home: SimulatedHome,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    *,
    seconds: int = 60,
) -> None:
    """Let time pass in the home, read it, and let everybody act on it."""
    home.live(seconds=seconds)
    freezer.tick(timedelta(seconds=seconds))
    async_fire_time_changed(hass)
    await settle(hass)
    await entry.runtime_data.home.async_refresh()
    await settle(hass)


async def arm(hass: HomeAssistant) -> None:
    """Let the owner arm the battery."""
    await hass.services.async_call(
        "switch", "turn_on", {"entity_id": ARMED}, blocking=True
    )
    await settle(hass)


async def test_a_device_nobody_armed_is_told_nothing(
    hass: HomeAssistant,
    simulated_home: SimulatedHome,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
) -> None:
    for _ in range(3):
        await live(hass, simulated_home, freezer, entry)

    plans: PlanRuntime = entry.runtime_data.plans
    assert plans.plan is not None
    assert simulated_home.devices.commands().battery is None


async def test_an_armed_battery_follows_what_the_plan_makes_of_its_energy(
    hass: HomeAssistant,
    simulated_home: SimulatedHome,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
) -> None:
    await arm(hass)
    for _ in range(4):
        await live(hass, simulated_home, freezer, entry)

    battery = simulated_home.state.battery
    assert battery is not None
    assert battery.mode is BatteryMode.COMMANDED
    assert simulated_home.devices.commands().battery is not None


async def test_energy_worth_more_later_stays_in_the_battery(
    hass: HomeAssistant,
    simulated_home: SimulatedHome,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
) -> None:
    plans: PlanRuntime = entry.runtime_data.plans
    assert plans.plan is not None
    precious = tuple(
        replace(
            asset,
            power_w=(0,) * len(plans.plan.horizon),
            value_micro_per_kwh=(5_000_000,) * len(plans.plan.horizon),
        )
        for asset in plans.plan.assets
    )
    plans.plan = replace(plans.plan, assets=precious)
    plans._debouncer.async_shutdown()
    await arm(hass)

    for _ in range(4):
        await live(hass, simulated_home, freezer, entry)

    assert simulated_home.state.battery_w <= 0


async def test_a_setpoint_of_the_owner_stays(
    hass: HomeAssistant,
    simulated_home: SimulatedHome,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
) -> None:
    await arm(hass)
    await hass.services.async_call(
        "number", "set_value", {"entity_id": SETPOINT, "value": 700}, blocking=True
    )
    await settle(hass)

    for _ in range(3):
        await live(hass, simulated_home, freezer, entry)

    assert simulated_home.state.battery_w == pytest.approx(700, abs=30)


async def test_a_home_with_a_plan_does_not_listen_to_advice(
    entry: MockConfigEntry,
) -> None:
    assert entry.runtime_data.home.is_steered()

    entry.runtime_data.plans.plan = None

    assert not entry.runtime_data.home.is_steered()


async def test_what_was_sold_is_delivered(
    hass: HomeAssistant,
    simulated_home: SimulatedHome,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
) -> None:
    feed = entry.runtime_data.market
    period = DeliveryPeriod.containing(simulated_home.state.at)
    before_wh = simulated_home.state.counters
    feed.publish(replace(STATUS, period=period, position_wh=600))
    await arm(hass)

    while simulated_home.state.at < period.end:
        await live(hass, simulated_home, freezer, entry, seconds=TURN_SECONDS)
        feed.publish(replace(STATUS, period=period, position_wh=600))

    after_wh = simulated_home.state.counters
    flowed_wh = (after_wh.export_wh - after_wh.import_wh) - (
        before_wh.export_wh - before_wh.import_wh
    )
    assert flowed_wh == pytest.approx(600, abs=90)
