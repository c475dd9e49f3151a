"""Sensors of learning with the neighbours: where it stands, and with how many."""

from collections.abc import Mapping
from datetime import datetime
from typing import override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity
from homeassistant.const import EntityCategory

from ..data import CommonWattConfigEntry
from ..engine.model.period import Instant, datetime_from_instant
from ..engine.node import LearningState
from .entity import ForecastEntity
from .sharing import Sharing


def sharing_sensors(entry: CommonWattConfigEntry) -> list[SensorEntity]:
    """Return the sensors of a home that has a community."""
    sharing = entry.runtime_data.sharing
    if sharing is None:
        return []
    return [
        LearningStateSensor(entry, sharing, "learning_state"),
        HomesInSumSensor(entry, sharing, "homes_in_sum"),
    ]


class SharingSensor(ForecastEntity, SensorEntity):
    """A sensor that follows the node."""

    _attr_entity_category = EntityCategory.DIAGNOSTIC

    def __init__(
        self, entry: CommonWattConfigEntry, sharing: Sharing, key: str
    ) -> None:
        super().__init__(entry, key)
        self.sharing = sharing
        self._feed = entry.runtime_data.market

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the node as well."""
        await super().async_added_to_hass()
        self.async_on_remove(self._feed.async_listen(self._changed))


class LearningStateSensor(SharingSensor):
    """Where learning with the neighbours stands, and when it goes on."""

    _attr_device_class = SensorDeviceClass.ENUM
    _unrecorded_attributes = frozenset({"next_at"})

    def __init__(
        self, entry: CommonWattConfigEntry, sharing: Sharing, key: str
    ) -> None:
        super().__init__(entry, sharing, key)
        self._attr_options = [state.value for state in LearningState]

    @property
    @override
    def native_value(self) -> str | None:
        status = self.sharing.status
        return None if status is None else status.state.value

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, str | int | None]:
        status = self.sharing.status
        if status is None:
            return {}
        return {
            "homes_taking_part": status.taking_part,
            "learned_at": _iso(status.learned_at),
            "next_at": _iso(status.next_at),
            "failure": None if status.failure is None else status.failure.value,
        }


class HomesInSumSensor(SharingSensor):
    """How many homes are in the sums this home has learned from."""

    @property
    @override
    def native_value(self) -> int | None:
        status = self.sharing.status
        return None if status is None else status.homes


def _iso(at: Instant | None) -> str | None:
    moment: datetime | None = None if at is None else datetime_from_instant(at)
    return None if moment is None else moment.isoformat()
