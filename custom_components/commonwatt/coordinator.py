"""Where the readings of a device come from, and how old they are.

One coordinator for each thing that answers: a Modbus device (a hybrid inverter is one,
however many parts of it the home uses) or a set of adopted entities. A device that dies
keeps nobody waiting: its values grow old, it is read ever less often, and it comes
back by itself.
"""

from abc import abstractmethod
from collections.abc import Callable
from datetime import timedelta
from typing import Final, override

from homeassistant.components.modbus import async_get_unit
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from modbus_connection import ModbusUnit

from .const import LOGGER
from .device_settings import ModbusSettings
from .drivers.modbus import (
    IdentifyError,
    Identity,
    ModbusDevice,
    PollError,
    PollFault,
    open_device,
)
from .engine.devices import DeviceSnapshot, Point
from .engine.devices.freshness import POLLS_UNTIL_STALE, is_stale
from .engine.model.period import Instant

type Clock = Callable[[], Instant]

BACK_OFF_S_MAX: Final = 60

FIRST_WORD_S: Final = 10
"""Longest wait for a device that is opened: on its line others may be waiting for their
dead, each as long as it takes to give one up."""


class DeviceCoordinator(DataUpdateCoordinator[DeviceSnapshot | None]):
    """Readings of one device; ``data`` is the last snapshot, however old."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        *,
        name: str,
        interval_s: int,
        clock: Clock,
    ) -> None:
        self.entry: Final = entry
        self.interval_s: Final = interval_s
        self.clock: Final = clock
        self._was_read = False
        self._cancel_stale: CALLBACK_TYPE | None = None
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=name,
            update_interval=timedelta(seconds=interval_s),
        )

    @property
    @abstractmethod
    def points(self) -> tuple[Point, ...]:
        """What the device offers; empty until it has answered once."""

    @property
    @abstractmethod
    def identity(self) -> Identity | None:
        """Who the device says it is; None where nobody can tell (yet)."""

    @property
    def fresh(self) -> bool:
        """Tell whether the readings are young enough to be believed."""
        if self.data is None:
            return False
        return not is_stale(
            self.data.measured_at, now=self.clock(), interval_ms=self.interval_s * 1000
        )

    @property
    def answers(self) -> bool | None:
        """Tell whether it answers; None before it was read for the first time."""
        return self.fresh if self._was_read else None

    @abstractmethod
    async def _read(self) -> DeviceSnapshot | None:
        """Return new readings, or the old ones where there are none."""

    @override
    async def _async_update_data(self) -> DeviceSnapshot | None:
        snapshot = await self._read()
        self._was_read = True
        return snapshot

    @callback
    def _watch_age(self) -> None:
        """Tell the listeners in time that the readings have grown old."""
        self.stop_watching()
        if self._shutdown_requested:
            return
        self._cancel_stale = async_call_later(
            self.hass, POLLS_UNTIL_STALE * self.interval_s + 1, self._grown_old
        )

    @callback
    def _grown_old(self, _now: object) -> None:
        self._cancel_stale = None
        self.async_update_listeners()

    @callback
    def stop_watching(self) -> None:
        """Forget the alarm for old readings."""
        if self._cancel_stale is not None:
            self._cancel_stale()
            self._cancel_stale = None

    @override
    async def async_shutdown(self) -> None:
        """Stop polling."""
        self.stop_watching()
        await super().async_shutdown()


class ModbusCoordinator(DeviceCoordinator):
    """Polls a device behind Home Assistant's shared Modbus connection."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        settings: ModbusSettings,
        *,
        name: str,
        interval_s: int,
        clock: Clock,
    ) -> None:
        super().__init__(hass, entry, name=name, interval_s=interval_s, clock=clock)
        self.settings: Final = settings
        self.device: ModbusDevice | None = None
        self._unit: ModbusUnit | None = None
        self._failures = 0
        self._points: tuple[Point, ...] = ()
        self._identity: Identity | None = None

    @property
    @override
    def points(self) -> tuple[Point, ...]:
        return self._points

    @property
    @override
    def identity(self) -> Identity | None:
        return self._identity

    @override
    async def _read(self) -> DeviceSnapshot | None:
        """Poll once; a device that does not answer keeps its old readings."""
        try:
            device = await self._opened()
            snapshot = await device.poll(self.clock())
        except (IdentifyError, PollError, HomeAssistantError) as err:
            self._failed(err)
            return self.data
        self._answered()
        return snapshot

    async def _opened(self) -> ModbusDevice:
        """Return the device, finding out again who it is where that is in doubt."""
        if self._unit is None:
            address = self.settings.address
            self._unit = async_get_unit(
                self.hass, self.entry, address.params, address.unit_id
            )
        if self.device is None:
            self.device = await open_device(
                self._unit,
                self.settings.driver,
                serial=self.settings.serial,
                reversed_power=self.settings.reversed_power,
                patience_s=FIRST_WORD_S,
            )
            self._points = self.device.points
            self._identity = self.device.identity
        return self.device

    def _answered(self) -> None:
        if self._failures:
            LOGGER.info("%s answers again", self.name)
        self._failures = 0
        self.update_interval = timedelta(seconds=self.interval_s)
        self._watch_age()

    def _failed(self, err: Exception) -> None:
        """Ask less often, and say so once."""
        if not self._failures:
            LOGGER.warning("%s does not answer: %s", self.name, err)
        self._failures += 1
        seconds = min(BACK_OFF_S_MAX, self.interval_s * 2 ** min(self._failures, 6))
        self.update_interval = timedelta(seconds=seconds)
        if isinstance(err, PollError) and err.fault is PollFault.MAP_SHIFTED:
            self.device = None
