"""Whatever happens in whatever order, armed control keeps its promises."""

from typing import override

from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from custom_components.commonwatt.engine.devices import (
    ArmedControl,
    ControlFault,
    ControlPhase,
)
from custom_components.commonwatt.engine.model.period import Instant, after
from tests.engine.devices.imagined import (
    BATTERY,
    MINUTE,
    START,
    WATCHDOG,
    ImaginedDevice,
    carry_out,
    power,
    run,
)


class Household(RuleBasedStateMachine):
    """An owner, a dispatcher, an installer and a flaky cable around one battery."""

    @initialize()
    def begin(self) -> None:
        """Start with a fresh device."""
        self.now = START
        self.device = ImaginedDevice(value=17)
        self.control = ArmedControl(BATTERY)
        self.armed = False
        self.ends_at: Instant = START
        self.foreign = False

    def live(self, until: Instant) -> None:
        """Let time pass, deadline by deadline."""
        while True:
            carry_out(self.control, self.device, self.now)
            due = self.control.deadline()
            if due is None or due > until:
                break
            self.now = max(after(self.now, 1), due)
        self.now = max(self.now, until)
        self.device.pass_time(self.now)

    @rule(minutes=st.integers(0, 12))
    def wait(self, minutes: int) -> None:
        """Let minutes pass."""
        self.live(after(self.now, minutes * MINUTE))

    @rule()
    def arm(self) -> None:
        """The owner lets us drive."""
        self.control.arm()
        self.armed = True
        self.live(self.now)

    @rule()
    def disarm(self) -> None:
        """The owner changes their mind."""
        self.control.disarm()
        self.armed = False
        self.live(self.now)

    @rule(power_w=st.integers(-9_000, 9_000), minutes=st.integers(1, 20))
    def request(self, power_w: int, minutes: int) -> None:
        """Dispatch wishes something."""
        until = after(self.now, minutes * MINUTE)
        if self.control.request(power(power_w, until=until), self.now) is None:
            assert self.armed
            self.ends_at = until
        self.live(self.now)

    @rule()
    def crash(self) -> None:
        """Start again with nothing but the claim."""
        self.control = ArmedControl(BATTERY, self.control.claim)
        self.armed = False
        self.live(self.now)

    @rule(cut=st.booleans())
    def cable(self, *, cut: bool) -> None:
        """Somebody trips over the cable, or plugs it in."""
        self.device.fault = ControlFault.UNREACHABLE if cut else None

    @precondition(lambda self: not self.device.active)
    @rule(value=st.integers(6_000, 7_000))
    def somebody_takes_over(self, value: int) -> None:
        """The installer's own controller sets a limit."""
        self.device.value, self.device.active, self.device.alien = value, True, True
        self.foreign = True

    @precondition(lambda self: self.foreign)
    @rule()
    def somebody_leaves(self) -> None:
        """The other controller gives the device back."""
        assert self.device.alien, "nobody overwrote it"
        self.device.value, self.device.active, self.device.alien = 17, False, False
        self.foreign = False

    @invariant()
    def a_foreign_limit_is_never_overwritten(self) -> None:
        """What is not ours is not touched."""
        if self.foreign:
            assert self.device.active
            assert self.device.alien

    @invariant()
    def nothing_of_ours_outlives_its_end_by_more_than_the_watchdog(self) -> None:
        """Expiry or, without us, the watchdog ends everything."""
        if self.device.active and not self.foreign:
            limit = after(self.ends_at, WATCHDOG)
            assert self.now < limit or self.device.written_at < self.ends_at
            assert self.now - self.device.written_at < WATCHDOG

    @invariant()
    def who_is_reachable_and_disarmed_is_given_back(self) -> None:
        """Disarmed means gone."""
        phase = self.control.status.phase
        if phase is ControlPhase.DISARMED and not self.foreign:
            assert not self.device.active
            assert self.device.value in {0, 17}

    @override
    def teardown(self) -> None:
        """In the end everything can be given back."""
        self.device.fault = None
        self.control.disarm()
        run(self.control, self.device, self.now, after(self.now, 60 * MINUTE))
        assert self.control.status.phase is ControlPhase.DISARMED
        assert self.control.claim is None


TestHousehold = Household.TestCase
TestHousehold.settings = settings(
    max_examples=60,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
