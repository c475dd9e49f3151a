"""What all entities of the plan share: they follow the plan of their home."""

from typing import override

from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo

from ..const import DOMAIN
from ..data import CommonWattConfigEntry
from ..engine.devices import DeviceKind
from ..engine.dispatch import AssetId
from ..engine.dispatch.story import Action, actions_of
from ..home_device import HomeDevice
from ..hub_entity import HubEntity
from .appliances import PlannedAppliance
from .machines import Machine
from .runtime import PlanRuntime


class PlanEntity(HubEntity):
    """An entity of the home's plan, on the hub."""

    def __init__(self, entry: CommonWattConfigEntry, key: str) -> None:
        super().__init__(entry, key)
        self.plans: PlanRuntime = entry.runtime_data.plans

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the plan."""
        await super().async_added_to_hass()
        self.async_on_remove(self.plans.async_listen(self._plan_changed))

    @callback
    def _plan_changed(self) -> None:
        self.async_write_ha_state()


class BelongingEntity(PlanEntity):
    """An entity of an appliance or a machine."""

    def __init__(
        self,
        entry: CommonWattConfigEntry,
        belonging: PlannedAppliance | Machine,
        key: str,
    ) -> None:
        super().__init__(entry, key)
        self.asset: AssetId = belonging.id
        self._attr_unique_id = f"{belonging.id}_{key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, belonging.id)},
            name=belonging.name,
            via_device_id=entry.runtime_data.home.hub.id,
        )

    @property
    def actions(self) -> tuple[Action, ...]:
        """What the plan does with it from now on; nothing without a plan."""
        plan, problem = self.plans.plan, self.plans.problem
        if plan is None or problem is None:
            return ()
        return tuple(
            action
            for action in actions_of(problem, plan, self.plans.now)
            if action.asset == self.asset
        )


class ApplianceEntity(BelongingEntity):
    """An entity of one appliance."""

    def __init__(
        self, entry: CommonWattConfigEntry, appliance: PlannedAppliance, key: str
    ) -> None:
        super().__init__(entry, appliance, key)
        self.appliance = appliance


def wants_wish(entry: CommonWattConfigEntry, device: HomeDevice) -> bool:
    """Tell whether people say by hand what the car at a device needs.

    A car with a week of its own needs nobody to say so every day.
    """
    cars = entry.runtime_data.plans.belongings.cars
    known = any(car.charger == device.config.id for car in cars)
    return device.config.kind is DeviceKind.CHARGER and not known
