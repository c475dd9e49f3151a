"""Driving a device by hand from the panel: for administrators, armed, for a while."""

from pathlib import Path

from homeassistant.auth.const import GROUP_ID_USER
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.commonwatt.control import ArmedDevice
from custom_components.commonwatt.engine.devices import DeviceId, PowerSetpoint
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    after,
)
from tests.glue.demos import demo_of
from tests.glue.test_live_view import ask, entry, snapshot

__all__ = ["entry"]

pytestmark = pytest.mark.usefixtures("socket_enabled")

BATTERY = "demo_battery"


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


def battery_of(entry: MockConfigEntry) -> ArmedDevice:
    """Return the control of the demo's battery."""
    home = demo_of(entry).home
    device = next(one for one in home.devices if one.config.id == BATTERY)
    assert device.control is not None
    return device.control


async def plan_says(entry: MockConfigEntry, power_w: int) -> None:
    """Let the plan ask the battery for a power."""
    demo = demo_of(entry)
    until = after(demo.now, MINUTE_MS)
    setpoint = PowerSetpoint(
        device=DeviceId(BATTERY), power_w=power_w, expires_at=until
    )
    await demo.home.async_actuate([setpoint])


async def test_what_is_set_by_hand_comes_before_the_plan_until_its_time_is_over(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(hass)
    demo, battery = demo_of(entry), battery_of(entry)

    answer = await ask(client, "control/set", device=BATTERY, value=700, minutes=60)
    assert answer["success"]
    await plan_says(entry, -300)
    shown = (await snapshot(client))["control"]
    assert isinstance(shown, list)
    mine = next(device for device in shown if device["id"] == BATTERY)
    assert mine["by_hand_until"] == demo.now + HOUR_MS
    assert mine["value_min"] < 0 < mine["value_max"]
    assert battery.status.asked == 700

    demo.now = after(demo.now, HOUR_MS)
    await plan_says(entry, -300)
    assert battery.status.asked == -300
    assert battery.armed


async def test_the_plan_drives_again_when_it_is_told_to(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(hass)
    battery = battery_of(entry)
    await ask(client, "control/set", device=BATTERY, value=700, minutes=60)
    armed_until = battery.armed_until

    assert (await ask(client, "control/resume", device=BATTERY))["success"]
    assert not battery.by_hand
    assert battery.status.asked is None
    assert battery.armed_until == armed_until

    await plan_says(entry, -300)
    assert battery.status.asked == -300


async def test_nothing_is_set_for_longer_than_a_day(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(hass)
    refused = await ask(client, "control/set", device=BATTERY, value=1, minutes=1441)
    assert refused["error"]["code"] == "invalid_format"  # type: ignore[index]

    # The demo's devices are armed for a month.
    assert await battery_of(entry).request_value(500) is None
    assert battery_of(entry).by_hand_until == demo_of(entry).now + DAY_MS


async def test_what_is_not_armed_cannot_be_set(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(hass)
    await ask(client, "control/arm", devices=[BATTERY], armed=False)

    refused = await ask(client, "control/set", device=BATTERY, value=700, minutes=60)
    assert refused["error"]["code"] == "setpoint_not_armed"  # type: ignore[index]
    unknown = await ask(client, "control/set", device="toaster", value=1, minutes=1)
    assert unknown["error"]["code"] == "device_unknown"  # type: ignore[index]
    assert not battery_of(entry).by_hand


async def test_who_is_no_administrator_sets_nothing_by_hand(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    hass_admin_user: MockUser,
) -> None:
    group = await hass.auth.async_get_group(GROUP_ID_USER)
    assert group is not None
    hass_admin_user.groups = [group]
    client = await hass_ws_client(hass)

    for command in (
        {"kind": "control/set", "device": BATTERY, "value": 700, "minutes": 60},
        {"kind": "control/resume", "device": BATTERY},
        {"kind": "privacy/show_power", "shown": True},
    ):
        answer = await ask(client, **command)
        assert answer["error"]["code"] == "unauthorized"  # type: ignore[index]
    assert not battery_of(entry).by_hand
