"""Entities of the community: whether the home belongs, and hears its neighbours."""

from collections.abc import Iterable
from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
)
from homeassistant.components.sensor import SensorDeviceClass, SensorEntity
from homeassistant.const import EntityCategory
from homeassistant.helpers.entity import Entity

from ..data import CommonWattConfigEntry
from ..market_entity import MarketEntity
from ..membership import Membership
from .circle import Standing


def community_sensors(entry: CommonWattConfigEntry) -> Iterable[Entity]:
    """Build the sensors of a real home as a member."""
    if (membership := entry.runtime_data.membership) is not None:
        yield MembershipSensor(entry, membership)


def community_binary_sensors(entry: CommonWattConfigEntry) -> Iterable[Entity]:
    """Build the binary sensors of a home that has neighbours."""
    membership = entry.runtime_data.membership
    if membership is not None and membership.circle is not None:
        yield NeighboursReachable(entry, membership)


class MembershipSensor(MarketEntity, SensorEntity):
    """Where the home stands with its community."""

    _attr_device_class = SensorDeviceClass.ENUM
    _attr_entity_category = EntityCategory.DIAGNOSTIC
    _attr_options = [standing.value for standing in Standing]  # noqa: RUF012  # Home Assistant's own attribute

    def __init__(self, entry: CommonWattConfigEntry, membership: Membership) -> None:
        super().__init__(entry, "membership")
        self._membership = membership

    @property
    @override
    def native_value(self) -> str:
        return self._membership.standing.value


class NeighboursReachable(MarketEntity, BinarySensorEntity):
    """Whether any other member has been heard lately."""

    _attr_device_class = BinarySensorDeviceClass.CONNECTIVITY
    _attr_entity_category = EntityCategory.DIAGNOSTIC

    def __init__(self, entry: CommonWattConfigEntry, membership: Membership) -> None:
        super().__init__(entry, "neighbours_reachable")
        self._membership = membership

    @property
    @override
    def is_on(self) -> bool | None:
        """Unknown while there is nobody else to be heard."""
        circle = self._membership.circle
        if circle is None or not circle.others:
            return None
        return circle.anybody_online
