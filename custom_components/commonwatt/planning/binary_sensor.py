"""Whether now is a good time to run an appliance."""

from datetime import datetime, timedelta
from typing import Final, override

from homeassistant.components.binary_sensor import BinarySensorEntity
from homeassistant.core import callback
from homeassistant.helpers.event import async_track_time_interval

from ..data import CommonWattConfigEntry
from ..engine.dispatch.story import actions_of
from .appliances import PlannedAppliance
from .entity import ApplianceEntity

LOOK: Final = timedelta(minutes=1)
"""Steps of a plan begin without anybody saying so."""


def appliance_binary_sensors(
    entry: CommonWattConfigEntry, appliance: PlannedAppliance
) -> list[BinarySensorEntity]:
    """Return the binary sensors of an appliance."""
    return [GoodTimeSensor(entry, appliance, "good_time")]


class GoodTimeSensor(ApplianceEntity, BinarySensorEntity):
    """On while the plan runs the appliance, or somebody has started it."""

    @property
    @override
    def is_on(self) -> bool | None:
        plan, problem = self.plans.plan, self.plans.problem
        if plan is None or problem is None:
            return None
        now = self.plans.now
        if self.appliance.is_running(now):
            return True
        return any(
            action.starts_at <= now < action.ends_at
            for action in actions_of(problem, plan, now)
            if action.asset == self.appliance.id
        )

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the plan, and the time."""
        await super().async_added_to_hass()
        self.async_on_remove(async_track_time_interval(self.hass, self._look, LOOK))

    @callback
    def _look(self, _moment: datetime) -> None:
        self.async_write_ha_state()
