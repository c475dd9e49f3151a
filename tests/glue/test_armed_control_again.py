"""Control after a restart, and with a device that was opened anew."""

from collections.abc import AsyncIterator

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
)

from custom_components.commonwatt.engine.devices import (
    DeviceKind,
)
from custom_components.commonwatt.engine.model.period import MINUTE_MS
from custom_components.commonwatt.home import HomeRuntime
from tests.glue.homes import add_home, modbus, settle
from tests.glue.simulated_home import SimulatedHome, simulated_home
from tests.glue.test_armed_control import (
    ARMED,
    arm,
    call,
    control_points,
    live,
    set_power,
    shown,
)

__all__ = ["simulated_home"]


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


async def test_the_duration_survives_a_restart(
    hass: HomeAssistant, battery: MockConfigEntry
) -> None:
    duration = "number.battery_arming_duration"
    assert shown(hass, duration) == "60"
    await call(hass, duration, "set_value", value=15)

    assert await hass.config_entries.async_reload(battery.entry_id)
    await settle(hass)

    assert shown(hass, duration) == "15"


async def test_control_goes_on_with_a_device_that_was_opened_anew(
    hass: HomeAssistant, battery: MockConfigEntry, simulated_home: SimulatedHome
) -> None:
    await arm(hass)
    home: HomeRuntime = battery.runtime_data.home
    coordinator = home.devices[0].coordinator
    coordinator.device = None  # type: ignore[attr-defined]  # a map that shifted
    await coordinator.async_refresh()
    await settle(hass)

    assert shown(hass, ARMED) == "on"
    await set_power(hass, 700)
    assert control_points(simulated_home)["StorCtl_Mod"] == 3


async def test_a_setpoint_by_hand_ends_by_itself_while_the_device_stays_armed(
    hass: HomeAssistant,
    battery: MockConfigEntry,
    simulated_home: SimulatedHome,
    freezer: FrozenDateTimeFactory,
) -> None:
    await arm(hass)
    home: HomeRuntime = battery.runtime_data.home
    control = home.devices[0].control
    assert control is not None
    assert await control.request_value(700, for_ms=5 * MINUTE_MS) is None
    await settle(hass)
    assert control_points(simulated_home)["StorCtl_Mod"] == 3
    assert control.by_hand_until is not None

    await live(hass, simulated_home, freezer, minutes=6)

    assert control_points(simulated_home)["StorCtl_Mod"] == 0
    assert not control.by_hand
    assert shown(hass, ARMED) == "on"
