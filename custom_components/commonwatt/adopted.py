"""The coordinator of adopted entities: follows their states, polls nobody."""

from collections.abc import Mapping
from typing import Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, State, callback
from homeassistant.helpers.entity_registry import EventEntityRegistryUpdatedData
from homeassistant.helpers.event import (
    EventStateChangedData,
    async_track_entity_registry_updated_event,
    async_track_state_change_event,
)

from .adoption import POWER, POWER_BACK, read_entities
from .coordinator import Clock, DeviceCoordinator
from .device_settings import AdoptedSettings
from .drivers.modbus import Identity
from .engine.devices import (
    CATALOGUE,
    CounterGate,
    DeviceKind,
    DeviceSnapshot,
    Point,
    PointValue,
    Quantity,
)
from .references import EntityRef, resolve, state_of


class EntityCoordinator(DeviceCoordinator):
    """Readings of a device other integrations know."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        settings: AdoptedSettings,
        *,
        kind: DeviceKind,
        name: str,
        interval_s: int,
        clock: Clock,
    ) -> None:
        super().__init__(hass, entry, name=name, interval_s=interval_s, clock=clock)
        self.settings: Final = settings
        self._kind: Final = kind
        self._entry_id: Final = entry.entry_id
        self._gates: dict[str, CounterGate] = {}

    @property
    @override
    def points(self) -> tuple[Point, ...]:
        """Only what the entities do not show already: a power of another sign."""
        turned = self.settings.reversed_power or POWER_BACK in self.settings.entities
        if not turned or POWER not in self.settings.entities:
            return ()
        return (CATALOGUE[f"{self._kind}_power"],)

    @property
    @override
    def identity(self) -> Identity | None:
        return None

    @callback
    def follow(self) -> CALLBACK_TYPE:
        """Take in every change of the entities as it happens."""
        known = [resolve(self.hass, ref) for ref in self.settings.entities.values()]
        entity_ids = [entity_id for entity_id in known if entity_id is not None]
        stops = (
            async_track_state_change_event(self.hass, entity_ids, self._changed),
            async_track_entity_registry_updated_event(
                self.hass, entity_ids, self._renamed
            ),
        )

        def stop() -> None:
            for stop_one in stops:
                stop_one()

        return stop

    @override
    async def _read(self) -> DeviceSnapshot | None:
        return self._snapshot()

    @callback
    def _changed(self, _event: Event[EventStateChangedData]) -> None:
        self.async_set_updated_data(self._snapshot())

    @callback
    def _renamed(self, event: Event[EventEntityRegistryUpdatedData]) -> None:
        if "old_entity_id" in event.data:
            self.hass.config_entries.async_schedule_reload(self._entry_id)

    def _snapshot(self) -> DeviceSnapshot | None:
        """Return what is known now; the old news while nothing is."""
        values = read_entities(self._kind, self.settings, self._state_of)
        measured = {key: v for key, v in values.items() if key != "battery_capacity"}
        if all(value is None for value in measured.values()):
            return self.data
        self._watch_age()
        now = self.clock()
        return DeviceSnapshot(measured_at=now, values=self._gated(values))

    def _state_of(self, ref: EntityRef) -> State | None:
        return state_of(self.hass, ref)

    def _gated(self, values: Mapping[str, PointValue]) -> dict[str, PointValue]:
        """Let energy counters through that can be true."""
        gated = dict(values)
        for key, value in values.items():
            if CATALOGUE[key].quantity is not Quantity.ENERGY:
                continue
            gate = self._gates.get(key, CounterGate())
            wh = value if isinstance(value, int) else None
            self._gates[key] = gate.pass_on(wh, self.clock())
            gated[key] = None if wh is None else self._gates[key].wh
        return gated
