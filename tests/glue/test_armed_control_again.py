"""Control after a restart, and with a device that was opened anew."""

from collections.abc import AsyncIterator

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
)

from custom_components.commonwatt.engine.devices import (
    DeviceKind,
)
from custom_components.commonwatt.home import HomeRuntime
from tests.glue.homes import add_home, modbus, settle
from tests.glue.simulated_home import SimulatedHome, simulated_home
from tests.glue.test_armed_control import (
    ARMED,
    arm,
    call,
    control_points,
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
