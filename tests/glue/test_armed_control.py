"""Armed control of real registers: off by default, limited in time, given back."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
import time
from typing import Literal

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import (
    ATTR_ENTITY_ID,
    SERVICE_TURN_OFF,
    SERVICE_TURN_ON,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.commonwatt import control
from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.engine.devices import (
    DeviceId,
    DeviceKind,
    PowerSetpoint,
    Refusal,
)
from custom_components.commonwatt.engine.model.period import (
    MINUTE_MS,
    after,
    datetime_from_instant,
)
from custom_components.commonwatt.home import HomeRuntime, wall_clock
from tests.glue.homes import add_home, modbus, settle
from tests.glue.simulated_home import SimulatedHome, simulated_home

__all__ = ["simulated_home"]

ARMED = "switch.battery_control_armed"
SETPOINT = "number.battery_discharge_setpoint"
STATE = "sensor.battery_control_state"


@pytest.fixture
async def battery(
    hass: HomeAssistant, simulated_home: SimulatedHome
) -> AsyncIterator[MockConfigEntry]:
    """Add a home with nothing but a battery."""
    entry = await add_home(hass, [modbus(DeviceKind.BATTERY, simulated_home.port, 1)])
    yield entry
    # Before its devices are switched off, or the release would wait for them in vain.
    if entry.state is ConfigEntryState.LOADED:
        await hass.config_entries.async_unload(entry.entry_id)


async def call(
    hass: HomeAssistant, entity_id: str, action: str, **data: object
) -> None:
    """Call an action of an entity."""
    domain = entity_id.partition(".")[0]
    target = {ATTR_ENTITY_ID: entity_id, **data}
    await hass.services.async_call(domain, action, target, blocking=True)
    await settle(hass)


async def arm(hass: HomeAssistant) -> None:
    """Let the owner switch control of the battery on."""
    await call(hass, ARMED, SERVICE_TURN_ON)


async def set_power(hass: HomeAssistant, power_w: int) -> None:
    """Let the owner set the power of the battery."""
    await call(hass, SETPOINT, "set_value", value=power_w)


def shown(hass: HomeAssistant, entity_id: str) -> str:
    """Return what an entity shows."""
    state = hass.states.get(entity_id)
    assert state is not None, entity_id
    return state.state


async def live(
    hass: HomeAssistant,
    home: SimulatedHome,
    freezer: FrozenDateTimeFactory,
    *,
    minutes: int,
) -> None:
    """Let time pass in both worlds, minute by minute."""
    for _ in range(minutes):
        home.live(1)
        for _ in range(6):
            freezer.tick(timedelta(seconds=10))
            async_fire_time_changed(hass)
            await settle(hass)


def control_points(home: SimulatedHome) -> Mapping[str, int]:
    """Return what stands in the control registers of the simulated battery."""
    inverter = home.devices._inverter
    assert inverter is not None
    return inverter.control.points


def somebody_else_writes(home: SimulatedHome, changes: Mapping[str, int]) -> None:
    """Let another controller write to the simulated battery."""
    inverter = home.devices._inverter
    assert inverter is not None
    assert inverter.control.write(changes, home.state.at) is None
    home.devices.show(home.state)


@pytest.mark.usefixtures("battery")
async def test_control_is_off_until_the_owner_says_so(
    hass: HomeAssistant, simulated_home: SimulatedHome
) -> None:
    before = dict(control_points(simulated_home))

    assert shown(hass, ARMED) == "off"
    assert shown(hass, STATE) == "disarmed"
    assert shown(hass, "sensor.battery_control_armed_until") == "unknown"
    with pytest.raises(ServiceValidationError) as refused:
        await set_power(hass, 500)
    assert refused.value.translation_key == "setpoint_not_armed"

    await arm(hass)
    assert shown(hass, STATE) == "armed"
    assert control_points(simulated_home) == before


@pytest.mark.usefixtures("battery")
async def test_a_battery_does_what_it_is_told(
    hass: HomeAssistant, simulated_home: SimulatedHome
) -> None:
    await arm(hass)
    await set_power(hass, -1500)

    assert simulated_home.live(1).battery_w == pytest.approx(-1500, abs=60)
    assert shown(hass, STATE) == "active"
    assert shown(hass, SETPOINT) == "-1500.0"
    assert shown(hass, "sensor.battery_setpoint_in_force") == "-1500.0"
    assert shown(hass, "sensor.battery_read_back") == "none"

    await set_power(hass, 0)
    assert shown(hass, SETPOINT) == "0.0"


@pytest.mark.usefixtures("battery")
async def test_a_setpoint_stays_in_force_as_long_as_we_live(
    hass: HomeAssistant, simulated_home: SimulatedHome, freezer: FrozenDateTimeFactory
) -> None:
    await arm(hass)
    await set_power(hass, 800)

    await live(hass, simulated_home, freezer, minutes=12)

    assert shown(hass, STATE) == "active"
    assert control_points(simulated_home)["StorCtl_Mod"] == 3


@pytest.mark.usefixtures("battery")
async def test_the_device_ends_a_setpoint_whose_controller_died(
    hass: HomeAssistant, simulated_home: SimulatedHome
) -> None:
    await arm(hass)
    await set_power(hass, 800)

    simulated_home.live(6)

    assert control_points(simulated_home)["StorCtl_Mod"] == 0


@pytest.mark.usefixtures("battery")
async def test_permission_expires_by_itself(
    hass: HomeAssistant, simulated_home: SimulatedHome, freezer: FrozenDateTimeFactory
) -> None:
    before = dict(control_points(simulated_home))
    await call(hass, "number.battery_arming_duration", "set_value", value=2)
    await arm(hass)
    await set_power(hass, 800)
    until = datetime_from_instant(after(wall_clock(), 2 * MINUTE_MS))
    shown_until = shown(hass, "sensor.battery_control_armed_until")
    assert shown_until == until.isoformat(timespec="seconds")

    await live(hass, simulated_home, freezer, minutes=3)

    assert shown(hass, ARMED) == "off"
    assert shown(hass, STATE) == "disarmed"
    assert control_points(simulated_home) == before


@pytest.mark.usefixtures("battery")
async def test_switching_off_gives_the_device_back(
    hass: HomeAssistant, simulated_home: SimulatedHome
) -> None:
    before = dict(control_points(simulated_home))
    await arm(hass)
    await set_power(hass, 800)
    assert control_points(simulated_home) != before

    await call(hass, ARMED, SERVICE_TURN_OFF)

    assert shown(hass, STATE) == "disarmed"
    assert control_points(simulated_home) == before


@pytest.mark.parametrize("way", ["unload", "reload", "remove", "stop"])
async def test_the_device_is_given_back_whatever_happens(
    hass: HomeAssistant,
    battery: MockConfigEntry,
    simulated_home: SimulatedHome,
    way: Literal["unload", "reload", "remove", "stop"],
) -> None:
    before = dict(control_points(simulated_home))
    await arm(hass)
    await set_power(hass, 800)
    assert control_points(simulated_home) != before

    match way:
        case "unload":
            assert await hass.config_entries.async_unload(battery.entry_id)
        case "reload":
            assert await hass.config_entries.async_reload(battery.entry_id)
            await settle(hass)
            assert shown(hass, ARMED) == "off"
        case "remove":
            await hass.config_entries.async_remove(battery.entry_id)
        case "stop":
            await hass.async_stop(force=True)

    assert control_points(simulated_home) == before


async def test_nothing_is_armed_any_more_once_a_home_is_unloaded(
    hass: HomeAssistant, battery: MockConfigEntry, simulated_home: SimulatedHome
) -> None:
    before = dict(control_points(simulated_home))
    home: HomeRuntime = battery.runtime_data.home
    (device,) = home.devices
    assert await hass.config_entries.async_unload(battery.entry_id)
    assert device.control is not None

    await device.control.arm()
    await device.control.tick()

    assert not device.control.armed
    assert await device.control.request_value(500) is Refusal.NOT_ARMED
    assert control_points(simulated_home) == before


async def test_a_dead_device_does_not_hold_up_an_unload(
    hass: HomeAssistant,
    battery: MockConfigEntry,
    simulated_home: SimulatedHome,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(control, "RELEASE_S_MAX", 0.2)
    await arm(hass)
    await set_power(hass, 800)
    await simulated_home.stop()

    started = time.monotonic()
    assert await hass.config_entries.async_unload(battery.entry_id)
    assert time.monotonic() - started < 2
    assert "did not confirm its release in time" in caplog.text


async def test_the_next_start_releases_what_a_crash_left(
    hass: HomeAssistant,
    battery: MockConfigEntry,
    simulated_home: SimulatedHome,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(control, "RELEASE_S_MAX", 0.2)
    before = dict(control_points(simulated_home))
    await arm(hass)
    await set_power(hass, 800)
    # The device cannot be reached while Home Assistant goes down.
    await simulated_home.stop()
    assert await hass.config_entries.async_unload(battery.entry_id)
    points = control_points(simulated_home)
    await simulated_home.start()
    somebody_else_writes(
        simulated_home, {k: v for k, v in points.items() if before[k] != v}
    )
    assert control_points(simulated_home) != before

    assert await hass.config_entries.async_setup(battery.entry_id)
    async with asyncio.timeout(5):
        while control_points(simulated_home) != before:  # noqa: ASYNC110  # silent
            await asyncio.sleep(0.05)
    await settle(hass)
    assert shown(hass, STATE) == "disarmed"


@pytest.mark.usefixtures("battery")
async def test_another_controller_is_left_alone_and_reported(
    hass: HomeAssistant,
    simulated_home: SimulatedHome,
    freezer: FrozenDateTimeFactory,
    issue_registry: ir.IssueRegistry,
) -> None:
    theirs = {"InWRte": 0, "StorCtl_Mod": 1}
    somebody_else_writes(simulated_home, theirs)
    await arm(hass)

    assert shown(hass, STATE) == "blocked"
    assert shown(hass, "sensor.battery_read_back") == "other_controller"
    with pytest.raises(ServiceValidationError) as refused:
        await set_power(hass, 500)
    assert refused.value.translation_key == "setpoint_blocked"
    (issue,) = [i for i in issue_registry.issues.values() if i.domain == DOMAIN]
    assert issue.translation_placeholders == {"device": "Battery"}

    somebody_else_writes(simulated_home, {"InWRte": 10_000, "StorCtl_Mod": 0})
    await live(hass, simulated_home, freezer, minutes=2)
    assert shown(hass, STATE) == "armed"
    assert not [i for i in issue_registry.issues.values() if i.domain == DOMAIN]


@pytest.mark.usefixtures("battery")
async def test_a_device_that_dies_under_control_is_told_from_one_that_obeys(
    hass: HomeAssistant, simulated_home: SimulatedHome, freezer: FrozenDateTimeFactory
) -> None:
    await arm(hass)
    await set_power(hass, 800)
    await simulated_home.stop()
    await live(hass, simulated_home, freezer, minutes=6)

    assert shown(hass, "sensor.battery_read_back") == "unreachable"
    assert shown(hass, "sensor.battery_setpoint_in_force") == "unknown"

    await simulated_home.start()
    await live(hass, simulated_home, freezer, minutes=2)
    assert shown(hass, "sensor.battery_read_back") == "none"


async def test_a_charger_takes_a_current_or_a_pause(
    hass: HomeAssistant, simulated_home: SimulatedHome
) -> None:
    charger = modbus(DeviceKind.CHARGER, simulated_home.port, 255, driver="keba_p30")
    entry = await add_home(hass, [charger])
    setpoint = "number.charger_charging_setpoint"
    await call(hass, "switch.charger_control_armed", SERVICE_TURN_ON)

    await call(hass, setpoint, "set_value", value=10)
    assert shown(hass, setpoint) == "10.0"
    assert shown(hass, "sensor.charger_setpoint_in_force") == "10.0"
    with pytest.raises(ServiceValidationError) as refused:
        await call(hass, setpoint, "set_value", value=3)
    assert refused.value.translation_key == "setpoint_too_small"

    await call(hass, "switch.charger_control_armed", SERVICE_TURN_OFF)
    assert shown(hass, "sensor.charger_control_state") == "disarmed"
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_advice_is_only_advice_unless_armed(
    hass: HomeAssistant, battery: MockConfigEntry, simulated_home: SimulatedHome
) -> None:
    home: HomeRuntime = battery.runtime_data.home
    (device,) = home.devices
    expires_at = after(wall_clock(), 10 * MINUTE_MS)
    advice = PowerSetpoint(device=device.config.id, power_w=1000, expires_at=expires_at)
    stranger = PowerSetpoint(
        device=DeviceId("nobody"), power_w=1000, expires_at=expires_at
    )

    await home.async_actuate([advice, stranger])
    assert control_points(simulated_home)["StorCtl_Mod"] == 0

    await arm(hass)
    await home.async_actuate([advice, stranger])
    assert control_points(simulated_home)["StorCtl_Mod"] == 3
