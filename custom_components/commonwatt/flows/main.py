"""The config flow as Home Assistant finds it."""

from collections.abc import Mapping
from typing import Final, override

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigFlowResult,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.core import callback

from ..community.settings import SUBENTRY_COMMUNITY
from ..const import CONF_KIND, DOMAIN, EntryKind
from ..device_settings import AdoptedSettings, settings_of
from ..engine.devices import DeviceKind
from ..planning.appliances import SUBENTRY_APPLIANCE
from ..planning.cars import SUBENTRY_CAR
from ..planning.connection import SUBENTRY_GRID
from ..planning.machines import (
    SUBENTRY_GENERATOR,
    SUBENTRY_HYDROGEN,
    SUBENTRY_TANK,
)
from .adopt import AdoptSteps
from .appliance import ApplianceFlow
from .car import CarFlow
from .community.main import CommunityFlow
from .connection import GridFlow
from .demo import DemoSteps
from .device import UserInput
from .generator import GeneratorFlow
from .home import HomeSteps
from .hydrogen import HydrogenFlow
from .modbus import ModbusSteps
from .reauth import ReauthSteps
from .tank import TankFlow

BELONGINGS: Final[Mapping[str, type[ConfigSubentryFlow]]] = {
    SUBENTRY_APPLIANCE: ApplianceFlow,
    SUBENTRY_CAR: CarFlow,
    SUBENTRY_TANK: TankFlow,
    SUBENTRY_HYDROGEN: HydrogenFlow,
    SUBENTRY_GENERATOR: GeneratorFlow,
    SUBENTRY_GRID: GridFlow,
    SUBENTRY_COMMUNITY: CommunityFlow,
}
"""What can be added to a home besides devices."""


class CommonWattConfigFlow(HomeSteps, DemoSteps, ReauthSteps, domain=DOMAIN):
    """Adds a home or the demo neighbourhood, and changes either."""

    VERSION = 1
    MINOR_VERSION = 1

    @override
    async def async_step_user(
        self, user_input: UserInput | None = None
    ) -> ConfigFlowResult:
        """Ask what to add."""
        return self.async_show_menu(step_id="user", menu_options=["home", "demo"])

    async def async_step_reconfigure(
        self,
        user_input: UserInput | None = None,  # noqa: ARG002  # a step's signature
    ) -> ConfigFlowResult:
        """Change what is there, each kind with its own form."""
        if self._get_reconfigure_entry().data[CONF_KIND] == EntryKind.DEMO:
            return await self.async_step_reconfigure_demo()
        return await self.async_step_reconfigure_home()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Offer devices and appliances to homes; the demo brings its own."""
        if config_entry.data[CONF_KIND] != EntryKind.HOME:
            return {}
        devices = {kind.value: HomeDeviceFlow for kind in DeviceKind}
        return {**devices, **BELONGINGS}


class HomeDeviceFlow(ModbusSteps, AdoptSteps):
    """Adds a device to a home, or changes one."""

    async def async_step_user(
        self,
        user_input: UserInput | None = None,  # noqa: ARG002  # a step's signature
    ) -> SubentryFlowResult:
        """Ask how the device can be reached."""
        return self.async_show_menu(step_id="user", menu_options=["modbus", "entities"])

    async def async_step_reconfigure(
        self,
        user_input: UserInput | None = None,  # noqa: ARG002  # a step's signature
    ) -> SubentryFlowResult:
        """Change the device the way it was added."""
        known = self._get_reconfigure_subentry()
        if isinstance(settings_of(known.data), AdoptedSettings):
            return await self.async_step_entities()
        return await self.async_step_modbus()
