"""An imagined device that can be driven: a value, a switch and a safety timer."""

from dataclasses import dataclass, field

from custom_components.commonwatt.engine.devices import (
    Apply,
    ArmedControl,
    ControlAction,
    ControlFacts,
    ControlFault,
    ControlPhase,
    ControlReading,
    CurrentSetpoint,
    DeviceId,
    DeviceKind,
    Inspect,
    Persistence,
    PowerSetpoint,
    Release,
    WatchdogKind,
)
from custom_components.commonwatt.engine.model.period import Instant, after

START = Instant(1_800_000_000_000)
MINUTE = 60_000
WATCHDOG = 3 * MINUTE
LATER = after(START, 60 * MINUTE)

BATTERY = ControlFacts(
    kind=DeviceKind.BATTERY,
    value_min=-5_000,
    value_max=5_000,
    value_step=50,
    pause=None,
    persistence=Persistence.VOLATILE,
    write_interval_ms=10_000,
    writes_per_day_max=1_000,
    watchdog=WatchdogKind.REWRITE,
    watchdog_ms=WATCHDOG,
    fallback=None,
    effect_ms=MINUTE,
    effect_tolerance=200,
)

CHARGER = ControlFacts(
    kind=DeviceKind.CHARGER,
    value_min=6_000,
    value_max=16_000,
    value_step=500,
    pause=0,
    persistence=Persistence.VOLATILE,
    write_interval_ms=10_000,
    writes_per_day_max=1_000,
    watchdog=WatchdogKind.ANY_WRITE,
    watchdog_ms=WATCHDOG,
    fallback=6_000,
    effect_ms=MINUTE,
    effect_tolerance=500,
)


def power(power_w: int, *, until: Instant) -> PowerSetpoint:
    """Return a setpoint for the imagined battery."""
    return PowerSetpoint(device=DeviceId("battery"), power_w=power_w, expires_at=until)


def current(current_ma: int, *, until: Instant) -> CurrentSetpoint:
    """Return a setpoint for the imagined charging point."""
    return CurrentSetpoint(
        device=DeviceId("charger"), current_ma=current_ma, expires_at=until
    )


@dataclass(kw_only=True)
class ImaginedDevice:
    """Keeps what is written to it until its timer has run out."""

    timer_ms: int = WATCHDOG
    value: int = 0
    active: bool = False
    alien: bool = False
    tells_value: bool = True
    written_at: Instant = START
    fault: ControlFault | None = None
    """What every request ends with."""

    deaf: bool = False
    """Accepts writes and does nothing with them."""

    clings: bool = False
    """Accepts releases and does nothing with them."""

    limit: int | None = None
    """Silently lowers greater values to this."""

    log: list[ControlAction] = field(default_factory=list)

    @property
    def writes(self) -> list[ControlAction]:
        """Everything but the reads."""
        return [action for action in self.log if not isinstance(action, Inspect)]

    def pass_time(self, now: Instant) -> None:
        """Let the watchdog end what nobody renewed."""
        if self.active and not self.alien and now - self.written_at >= self.timer_ms:
            self.active, self.value = False, 0

    def do(self, action: ControlAction, now: Instant) -> ControlReading:
        """Carry out an action and read back."""
        self.log.append(action)
        match action:
            case Apply(value=value) if not self.deaf:
                limited = value if self.limit is None else min(value, self.limit)
                self.value, self.active, self.written_at = limited, True, now
                self.alien = False
            case Release(found=found) if not self.clings:
                self.value, self.active = found["value"], bool(found["active"])
            case _:
                pass
        return self.reading()

    def reading(self) -> ControlReading:
        """Return what its registers say."""
        return ControlReading(
            active=self.active,
            value=self.value if self.tells_value else None,
            alien=self.alien,
            registers={"value": self.value, "active": int(self.active)},
        )


def carry_out(control: ArmedControl, device: ImaginedDevice, now: Instant) -> None:
    """Do everything that is due, as a driver would."""
    device.pass_time(now)
    for _ in range(10):
        action = control.next_action(now)
        if action is None:
            return
        if device.fault is not None and (
            device.fault is ControlFault.UNREACHABLE or not isinstance(action, Inspect)
        ):
            control.failed(device.fault, now)
            continue
        reading = device.do(action, now)
        match action:
            case Inspect():
                control.inspected(reading, now)
            case Apply(value=value):
                control.applied(value, reading, now)
            case Release():
                control.released(reading, now)
    raise AssertionError("armed control does not come to rest")


def run(
    control: ArmedControl, device: ImaginedDevice, start: Instant, until: Instant
) -> None:
    """Live from deadline to deadline."""
    now = start
    while True:
        carry_out(control, device, now)
        due = control.deadline()
        if due is None or due > until:
            return
        assert due >= now or due == 0, "time does not run backwards"
        now = max(after(now, 1), due)


def phase(control: ArmedControl) -> ControlPhase:
    """Return where control stands; a call, so that nothing is taken for granted."""
    return control.status.phase


def fault(control: ArmedControl) -> ControlFault | None:
    """Return what is wrong."""
    return control.status.fault


def in_force(control: ArmedControl) -> int | None:
    """Return what the device confirmed."""
    return control.status.in_force


def armed(device: ImaginedDevice, now: Instant = START) -> ArmedControl:
    """Return control of a device whose owner lets us drive."""
    control = ArmedControl(BATTERY)
    control.arm()
    carry_out(control, device, now)
    return control


def active(device: ImaginedDevice, power_w: int = 2_000) -> ArmedControl:
    """Return control with a setpoint in force."""
    control = armed(device)
    assert control.request(power(power_w, until=LATER), START) is None
    carry_out(control, device, START)
    return control
