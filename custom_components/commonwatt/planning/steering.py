"""Lets armed devices follow the plan, reading by reading.

Translates between devices and the controller of the engine.  Advice is the default:
only devices whose owner armed them are told anything, and every setpoint expires.
"""

from collections.abc import Iterator
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import callback

from ..engine.devices import (
    CurrentSetpoint,
    DeviceId,
    MeterState,
    PowerSetpoint,
    ProcessImage,
    Setpoint,
)
from ..engine.dispatch import AssetId
from ..engine.dispatch.control import (
    BatterySight,
    ChargerSight,
    Control,
    Decision,
    Delivery,
    GridSight,
    Sight,
    control,
    course_of,
)
from ..engine.model.period import MINUTE_MS, DeliveryPeriod, Instant, after
from ..home import HomeRuntime
from ..market_feed import MarketFeed
from .runtime import PlanRuntime

EXPIRES_MS: Final = 2 * MINUTE_MS
"""How long a setpoint outlives us."""


class Steering:
    """Drives the armed devices of one home towards its plan."""

    def __init__(self, home: HomeRuntime, plans: PlanRuntime, feed: MarketFeed) -> None:
        self._home: Final = home
        self._plans: Final = plans
        self._feed: Final = feed
        self._memory = Control()
        self._busy = False
        self._began: tuple[DeliveryPeriod, int] | None = None
        """The period under way, and net export on the counters when it began."""

    @callback
    def async_start(self, entry: ConfigEntry) -> None:
        """Follow the plan from now on."""
        self._home.is_steered = self.is_steering

        @callback
        def turn() -> None:
            if not self._busy:
                entry.async_create_background_task(
                    self._home.hass, self.async_turn(), "commonwatt steering"
                )

        entry.async_on_unload(self._home.async_add_listener(turn))

    def is_steering(self) -> bool:
        """Tell whether there is a plan to follow now."""
        plan = self._plans.plan
        return plan is not None and plan.horizon.step_at(self._plans.now) is not None

    async def async_turn(self) -> None:
        """Take one turn; readings that arrive meanwhile wait for the next."""
        if self._busy:
            return
        self._busy = True
        try:
            await self._turn()
        finally:
            self._busy = False

    async def _turn(self) -> None:
        image = self._home.image()
        plan, problem = self._plans.plan, self._plans.problem
        exported_wh = self._exported_wh(image)
        if plan is None or problem is None or not self._home.any_armed:
            self._memory = Control()
            return
        now = image.taken_at
        delivery = self._delivery(now, exported_wh)
        stored_wh = {
            AssetId(device): state.stored_wh
            for device, state in image.batteries.items()
            if state.stored_wh is not None
        }
        course = course_of(problem, plan, now, delivery=delivery, stored_wh=stored_wh)
        if course is None:
            return
        self._memory, decision = control(self._memory, sight_of(image), course, now)
        await self._home.async_actuate(setpoints_of(decision, image, now))

    def _exported_wh(self, image: ProcessImage) -> int | None:
        """Return what was exported, net, since the period began, as far as we saw."""
        meter = next(iter(image.meters.values()), None)
        net_wh = None if meter is None else _net_wh(meter)
        if net_wh is None:
            return None
        period = DeliveryPeriod.containing(image.taken_at)
        if self._began is None or self._began[0] != period:
            self._began = (period, net_wh)
        return net_wh - self._began[1]

    def _delivery(self, now: Instant, exported_wh: int | None) -> Delivery | None:
        status = self._feed.status
        if status is None or not status.position_wh or now not in status.period:
            return None
        left_ms = status.period.end - now
        if exported_wh is None:
            return None
        return Delivery(
            sold_wh=status.position_wh, delivered_wh=exported_wh, left_ms=left_ms
        )


def sight_of(image: ProcessImage) -> Sight:
    """Return what the controller sees of the devices."""
    meter = next(iter(image.meters.values()), None)
    grid = None
    if meter is not None and meter.power_w is not None:
        grid = GridSight(measured_at=meter.measured_at, power_w=meter.power_w)
    return Sight(
        grid=grid,
        batteries={
            AssetId(device): BatterySight(
                measured_at=state.measured_at,
                stored_wh=state.stored_wh,
                power_w=state.power_w,
            )
            for device, state in image.batteries.items()
        },
        chargers={
            AssetId(device): ChargerSight(
                measured_at=state.measured_at,
                connected=state.connected,
                power_w=state.power_w,
            )
            for device, state in image.chargers.items()
        },
    )


def setpoints_of(
    decision: Decision, image: ProcessImage, now: Instant
) -> Iterator[Setpoint]:
    """Yield what the devices are told; whom to leave alone is told nothing."""
    expires_at = after(now, EXPIRES_MS)
    for drive in decision.drives:
        device = DeviceId(drive.asset)
        if drive.current_ma is not None and device in image.chargers:
            yield CurrentSetpoint(
                device=device, current_ma=drive.current_ma, expires_at=expires_at
            )
        elif drive.power_w is not None and device in image.batteries:
            yield PowerSetpoint(
                device=device, power_w=drive.power_w, expires_at=expires_at
            )


def _net_wh(meter: MeterState) -> int | None:
    if meter.import_wh is None or meter.export_wh is None:
        return None
    return meter.export_wh - meter.import_wh
