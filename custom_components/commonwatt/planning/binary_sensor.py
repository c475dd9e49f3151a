"""Whether now is a good time to run an appliance."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, override

from homeassistant.components.binary_sensor import BinarySensorEntity
from homeassistant.core import callback
from homeassistant.helpers.event import async_track_time_interval

from ..data import CommonWattConfigEntry
from ..engine.dispatch.story import ActionKind
from .appliances import PlannedAppliance
from .entity import BelongingEntity
from .machines import Machine

NOW: Final[Mapping[ActionKind, str]] = {
    ActionKind.HEAT: "heat_now",
    ActionKind.MAKE_HYDROGEN: "make_hydrogen_now",
    ActionKind.USE_HYDROGEN: "use_hydrogen_now",
    ActionKind.RUN_GENERATOR: "run_generator_now",
}
"""What a machine can do, and the sensor that says when."""

LOOK: Final = timedelta(minutes=1)
"""Steps of a plan begin without anybody saying so."""


def appliance_binary_sensors(
    entry: CommonWattConfigEntry, appliance: PlannedAppliance
) -> list[BinarySensorEntity]:
    """Return the binary sensors of an appliance."""
    return [GoodTimeSensor(entry, appliance, "good_time")]


def machine_binary_sensors(
    entry: CommonWattConfigEntry, machine: Machine
) -> list[BinarySensorEntity]:
    """Return the binary sensors of a machine: one for each thing it can do."""
    return [MachineNowSensor(entry, machine, action) for action in machine.actions]


class _NowSensor(BelongingEntity, BinarySensorEntity):
    """Looks at the clock as well as at the plan."""

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the plan, and the time."""
        await super().async_added_to_hass()
        self.async_on_remove(async_track_time_interval(self.hass, self._look, LOOK))

    @callback
    def _look(self, _moment: datetime) -> None:
        self.async_write_ha_state()

    def _is_planned(self, *kinds: ActionKind) -> bool | None:
        """Tell whether the plan does one of these things now."""
        if self.plans.plan is None:
            return None
        now = self.plans.now
        return any(
            action.starts_at <= now < action.ends_at and action.kind in kinds
            for action in self.actions
        )


class GoodTimeSensor(_NowSensor):
    """On while the plan runs the appliance, or somebody has started it."""

    def __init__(
        self, entry: CommonWattConfigEntry, appliance: PlannedAppliance, key: str
    ) -> None:
        super().__init__(entry, appliance, key)
        self._appliance = appliance

    @property
    @override
    def is_on(self) -> bool | None:
        planned = self._is_planned(ActionKind.RUN_APPLIANCE)
        if planned is None:
            return None
        return planned or self._appliance.is_running(self.plans.now)


class MachineNowSensor(_NowSensor):
    """On while the plan has the machine do one thing."""

    def __init__(
        self, entry: CommonWattConfigEntry, machine: Machine, action: ActionKind
    ) -> None:
        super().__init__(entry, machine, NOW[action])
        self._action = action

    @property
    @override
    def is_on(self) -> bool | None:
        return self._is_planned(self._action)
