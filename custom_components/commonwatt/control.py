"""Armed control in the owner's hands: off by default, limited in time, given back.

The rules (what may be written, when, and whom it would disturb) are the engine's; here
they meet Home Assistant's clock, its storage and its repairs.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_call_later

from .const import DOMAIN, LOGGER
from .coordinator import Clock
from .device_settings import DeviceConfig
from .drivers.modbus import DeviceControl
from .engine.devices import (
    ControlFacts,
    ControlFault,
    ControlPhase,
    ControlStatus,
    CurrentSetpoint,
    DeviceKind,
    DeviceSnapshot,
    PowerSetpoint,
    Refusal,
    Setpoint,
)
from .engine.devices.armed_control import SETPOINT_MS_MAX
from .engine.model.period import MINUTE_MS, Instant, after

ARMING_MINUTES_DEFAULT: Final = 60
RELEASE_S_MAX: Final = 5
"""Longest a device may hold up an unload; its own watchdog does the rest."""

_WAKE_S_MIN: Final = 0.05
_MA_PER_A: Final = 1000


class ArmedDevice:
    """One device that can be controlled, once its owner says so."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        config: DeviceConfig,
        *,
        control: DeviceControl,
        clock: Clock,
        changed: Callable[[], None],
    ) -> None:
        self.arming_minutes = ARMING_MINUTES_DEFAULT
        self.armed_until: Instant | None = None
        self.by_hand_until: Instant | None = None
        """How long the setpoint the owner has set by hand holds; None: none is set."""

        self._hass: Final = hass
        self._entry: Final = entry
        self._config: Final = config
        self._control = control
        self._clock: Final = clock
        self._changed: Final = changed
        self._lock: Final = asyncio.Lock()
        self._cancel_wake: CALLBACK_TYPE | None = None
        self._new = False
        self._stopped = False
        self._issue_id: Final = f"other_controller_{config.id}"

    @property
    def status(self) -> ControlStatus:
        """Where control stands."""
        return self._control.status

    @property
    def facts(self) -> ControlFacts:
        """What the device allows."""
        return self._control.facts

    @property
    def armed(self) -> bool:
        """Tell whether the owner lets us drive."""
        return self.armed_until is not None

    @property
    def by_hand(self) -> bool:
        """Tell whether the setpoint in force is the owner's own."""
        until = self.by_hand_until
        return until is not None and self._clock() < until

    @property
    def due(self) -> Instant | None:
        """When to tick next, at the latest; None: not before something happens."""
        news = self._clock() if self._new else None
        moments = (self._control.deadline(), self.armed_until, news)
        return min((moment for moment in moments if moment is not None), default=None)

    @callback
    def start(self) -> None:
        """Begin to tick; releases what a crash may have left in the device."""
        self._arm_timer()

    @callback
    def replace(self, control: DeviceControl) -> None:
        """Go on with a device that was opened anew; the setpoint has to come again."""
        self._control = control
        self._new = True
        self._arm_timer()

    async def arm(self) -> None:
        """Let the owner's decision take effect, for the duration that is set."""
        async with self._lock:
            if self._stopped:
                return
            now = self._clock()
            self.armed_until = after(now, self.arming_minutes * MINUTE_MS)
            self.by_hand_until = None
            await self._control.arm(now)
            await self._conclude()

    async def disarm(self) -> None:
        """Give the device back."""
        async with self._lock:
            await self._disarm()

    async def request_value(
        self, value: int, *, for_ms: int = SETPOINT_MS_MAX
    ) -> Refusal | None:
        """Ask for W (battery, + discharging) or mA (charger), for some time.

        No longer than the device is armed, and than a setpoint may ask for.
        """
        if self.armed_until is None:
            return Refusal.NOT_ARMED
        until = min(self.armed_until, after(self._clock(), for_ms))
        was_by_hand, before = self.by_hand, self.by_hand_until
        # The plan writes nothing any more from here on.
        self.by_hand_until = until
        # The first one need not wait for what the plan has just written.
        setpoint = self._setpoint(value, until)
        refusal = await self.request(setpoint, at_once=not was_by_hand)
        if refusal is not None:
            self.by_hand_until = before
        return refusal

    async def resume(self) -> None:
        """End what was set by hand: the plan drives on, as long as it may."""
        async with self._lock:
            if self._stopped or self.armed_until is None or not self.by_hand:
                return
            self.by_hand_until = None
            now = self._clock()
            # The device gets back what it had; what the plan wants comes next.
            await self._control.disarm(now)
            await self._control.arm(now)
            await self._conclude()

    async def request(
        self, setpoint: Setpoint, *, at_once: bool = False
    ) -> Refusal | None:
        """Bring a setpoint into force, or say why not."""
        async with self._lock:
            now = self._clock()
            await self._introduce(now)
            refusal = await self._control.request(setpoint, now, at_once=at_once)
            await self._conclude()
            return refusal

    @callback
    def observe(self, snapshot: DeviceSnapshot) -> None:
        """Compare what the device does with what it was told."""
        measured = _measured(self._config.kind, snapshot)
        if measured is not None:
            self._control.observe(measured, self._clock())

    async def stop(self) -> None:
        """Release the device for good; it must not keep anybody waiting."""
        self._stopped = True
        try:
            async with asyncio.timeout(RELEASE_S_MAX), self._lock:
                await self._release()
        except TimeoutError:
            LOGGER.warning(
                "%s did not confirm its release in time; its own watchdog ends the"
                " setpoint, and the next start makes sure",
                self._config.name,
            )
        self._stop_timer()

    async def _release(self) -> None:
        await self._disarm()
        while self.status.phase is not ControlPhase.DISARMED:
            await asyncio.sleep(_WAKE_S_MIN)
            await self._control.tick(self._clock())
            await self._conclude()

    async def _disarm(self) -> None:
        self.armed_until = self.by_hand_until = None
        await self._control.disarm(self._clock())
        await self._conclude()

    async def tick(self) -> None:
        """Do what is due: signs of life, read-back, the end of what was allowed."""
        async with self._lock:
            if self._stopped:
                return
            now = self._clock()
            if self.armed_until is not None and now >= self.armed_until:
                LOGGER.info("%s: control is no longer armed", self._config.name)
                await self._disarm()
            await self._introduce(now)
            await self._control.tick(now)
            await self._conclude()

    async def _introduce(self, now: Instant) -> None:
        """Tell a device that was opened anew what its owner has decided."""
        if self._new and self.armed_until is not None:
            await self._control.arm(now)
        self._new = False

    async def _conclude(self) -> None:
        """After anything that may have changed the control."""
        self._report_other_controller()
        self._arm_timer()
        self._changed()

    def _setpoint(self, value: int, expires_at: Instant) -> Setpoint:
        if self._config.kind is DeviceKind.CHARGER:
            return CurrentSetpoint(
                device=self._config.id, current_ma=value, expires_at=expires_at
            )
        return PowerSetpoint(
            device=self._config.id, power_w=value, expires_at=expires_at
        )

    def _report_other_controller(self) -> None:
        if self.status.fault is not ControlFault.OTHER_CONTROLLER:
            ir.async_delete_issue(self._hass, DOMAIN, self._issue_id)
            return
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            self._issue_id,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key="other_controller",
            translation_placeholders={"device": self._config.name},
        )

    @callback
    def _arm_timer(self) -> None:
        self._stop_timer()
        if self._stopped or (due := self.due) is None:
            return
        delay_s = max(_WAKE_S_MIN, (due - self._clock()) / 1000)
        self._cancel_wake = async_call_later(self._hass, delay_s, self._wake)

    @callback
    def _stop_timer(self) -> None:
        if self._cancel_wake is not None:
            self._cancel_wake()
            self._cancel_wake = None

    @callback
    def _wake(self, _now: object) -> None:
        self._cancel_wake = None
        self._entry.async_create_background_task(
            self._hass, self.tick(), f"commonwatt control of {self._config.name}"
        )


def _measured(kind: DeviceKind, snapshot: DeviceSnapshot) -> int | None:
    """Return what the setpoint should show in: W, or mA of the busiest phase."""
    if kind is not DeviceKind.CHARGER:
        return snapshot.integer(f"{kind}_power")
    phases = (
        snapshot.integer(f"charger_phase_current_{number}", factor=_MA_PER_A)
        for number in (1, 2, 3)
    )
    return max((phase for phase in phases if phase is not None), default=None)
