"""A home in Home Assistant: its hub, its devices and what they say together.

Whoever decides for the home (a market node, a controller) takes the process image and
hands in setpoints; only devices whose owner armed them obey.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util

from .adopted import EntityCoordinator
from .const import DOMAIN
from .control_store import ClaimStore
from .coordinator import Clock, DeviceCoordinator
from .device_settings import DeviceConfig
from .engine.devices import (
    BatteryState,
    ChargerState,
    DeviceId,
    DeviceKind,
    DeviceState,
    InverterState,
    MeterState,
    ProcessImage,
    Setpoint,
)
from .engine.devices.balance import consumption_w
from .engine.model.period import Instant, instant_from_datetime
from .engine.model.tariff import Tariff
from .home_device import HomeDevice, build_devices


def wall_clock() -> Instant:
    """Return the instant now: the only clock of a real home."""
    return instant_from_datetime(dt_util.utcnow())


class HomeRuntime:
    """Everything of one home that lives while its entry is loaded."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        devices: Iterable[DeviceConfig],
        *,
        tariff: Callable[[], Tariff | None],
        clock: Clock = wall_clock,
        interval_s: int | None = None,
        simulated: bool = False,
    ) -> None:
        """Take ``interval_s`` for every device instead of what each kind needs.

        In a ``simulated`` home time does not pass as it does for Home Assistant's
        statistics, so its entities stay out of them.
        """
        self.hass: Final = hass
        self.entry: Final = entry
        self.clock: Final = clock
        self.simulated: Final = simulated
        self.tariff: Final = tariff
        self.hub: Final = dr.async_get(hass).async_get_or_create(
            config_entry_id=entry.entry_id,
            identifiers={(DOMAIN, entry.entry_id)},
            entry_type=dr.DeviceEntryType.SERVICE,
            manufacturer="CommonWatt",
            name=entry.title,
        )
        self.is_steered: Callable[[], bool] = lambda: False
        """Whether a plan steers the armed devices, so that advice is no use."""

        self._claims: Final = ClaimStore(hass, entry.entry_id)
        self._listeners: list[Callable[[], None]] = []
        self.devices: Final = build_devices(
            hass, entry, tuple(devices), clock=clock, interval_s=interval_s
        )

    # -------------------------------------------------------- what others ask for

    def image(self) -> ProcessImage:
        """Return what the home looks like now."""
        states = {device.config.id: device.state for device in self.devices}
        return ProcessImage(
            taken_at=self.clock(),
            meters=_of_type(states, MeterState),
            inverters=_of_type(states, InverterState),
            batteries=_of_type(states, BatteryState),
            chargers=_of_type(states, ChargerState),
        )

    def consumption_w(self) -> int | None:
        """Return what the home uses now; None while a part of it is unknown."""
        adding = [d for d in self.devices if d.config.kind is not DeviceKind.CHARGER]
        if not all(device.coordinator.fresh for device in adding):
            return None
        return consumption_w(self.image())

    @callback
    def async_add_listener(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call ``listener`` whenever a device has something new to say."""
        self._listeners.append(listener)

        def remove() -> None:
            self._listeners.remove(listener)

        return remove

    async def async_actuate(self, setpoints: Iterable[Setpoint]) -> None:
        """Bring setpoints into force where the owner armed the device.

        Unless the owner has set one by hand meanwhile: that one stays.
        """
        by_id = {device.config.id: device for device in self.devices}
        for setpoint in setpoints:
            device = by_id.get(setpoint.device)
            if (
                device is not None
                and device.control is not None
                and device.control.armed
                and not device.control.by_hand
            ):
                await device.control.request(setpoint)

    @property
    def any_armed(self) -> bool:
        """Tell whether the owner lets any device be driven."""
        controls = (device.control for device in self.devices)
        return any(control is not None and control.armed for control in controls)

    def control_due(self) -> Instant | None:
        """Return when a device under control has to hear from us, at the latest."""
        dues = (d.control.due for d in self.devices if d.control is not None)
        return min((due for due in dues if due is not None), default=None)

    async def async_tick_controls(self) -> None:
        """Do what is due now: for whoever runs a clock that is not the wall's."""
        now = self.clock()
        for device in self.devices:
            control = device.control
            if control is not None and control.due is not None and control.due <= now:
                await control.tick()

    async def async_refresh(self) -> None:
        """Read every device once, each at its own pace, none waiting for another."""
        await asyncio.gather(*(c.async_refresh() for c in self._coordinators))

    # ------------------------------------------------------------ start and stop

    async def async_start(self) -> None:
        """Begin to read the devices; the dead ones keep nobody waiting."""
        await self._claims.load()
        for coordinator in self._coordinators:
            self.entry.async_on_unload(
                coordinator.async_add_listener(partial(self._updated, coordinator))
            )
            if isinstance(coordinator, EntityCoordinator):
                self.entry.async_on_unload(coordinator.follow())
            self.entry.async_create_background_task(
                self.hass,
                coordinator.async_refresh(),
                f"first read of {coordinator.name}",
            )
        # Before Home Assistant announces its stop: then the connections close.
        self.entry.async_on_unload(
            self.hass.async_add_shutdown_job(HassJob(self.async_stop))
        )

    async def async_stop(self) -> None:
        """Give every device back."""
        controls = [d.control for d in self.devices if d.control is not None]
        await asyncio.gather(*(control.stop() for control in controls))

    # -------------------------------------------------------------------- helpers

    @property
    def _coordinators(self) -> tuple[DeviceCoordinator, ...]:
        """Each once, however many devices read from it."""
        return tuple(dict.fromkeys(device.coordinator for device in self.devices))

    @callback
    def _updated(self, coordinator: DeviceCoordinator) -> None:
        for device in self.devices:
            if device.coordinator is coordinator:
                device.take_over(self._claims)
                self._tell_control(device)
        for listener in list(self._listeners):
            listener()

    def _tell_control(self, device: HomeDevice) -> None:
        """Let control see whether the device does what it was told."""
        snapshot = device.coordinator.data
        if device.control is not None and snapshot is not None:
            device.control.observe(snapshot)


def _of_type[T: DeviceState](
    states: Mapping[DeviceId, DeviceState | None], kind: type[T]
) -> dict[DeviceId, T]:
    return {key: state for key, state in states.items() if isinstance(state, kind)}
