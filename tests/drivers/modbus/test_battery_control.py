"""A battery driven through model 124: in order, within limits, and given back."""

from collections.abc import AsyncIterator
import contextlib

import pytest

from custom_components.commonwatt.drivers.modbus import DeviceControl, open_device
from custom_components.commonwatt.engine.devices import (
    ControlClaim,
    ControlFault,
    ControlPhase,
    DeviceId,
    DeviceKind,
    PowerSetpoint,
    Refusal,
)
from custom_components.commonwatt.engine.model.period import Instant, after
from tests.drivers.modbus.driven import MINUTE, START, UNLIMITED, HybridInverter
from tests.drivers.modbus.maps import HYBRID, Values
from tests.drivers.modbus.served import served

BATTERY = DeviceId("battery")
LATER = after(START, 60 * MINUTE)


def phase(control: DeviceControl) -> ControlPhase:
    return control.status.phase


def power(power_w: int, until: Instant = LATER) -> PowerSetpoint:
    return PowerSetpoint(device=BATTERY, power_w=power_w, expires_at=until)


@contextlib.asynccontextmanager
async def controlled(
    inverter: HybridInverter, claim: ControlClaim | None = None
) -> AsyncIterator[DeviceControl]:
    async with served(u1=inverter) as connection:
        device = await open_device(connection.for_unit(1), "sunspec")
        control = device.control(DeviceKind.BATTERY, BATTERY, claim)
        assert control is not None
        yield control


async def live(
    control: DeviceControl, inverter: HybridInverter, start: Instant, until: Instant
) -> None:
    """Tick at every deadline, with the inverter's own clock beside ours."""
    now = start
    while (due := control.deadline()) is not None and due <= until:
        now = max(after(now, 1), due)
        inverter.pass_time(now)
        await control.tick(now)
    inverter.pass_time(until)


def with_storage(**values: float) -> HybridInverter:
    changed: list[tuple[int, Values]] = [
        (i, {**v, **values} if i == 124 else v) for i, v in HYBRID
    ]
    return HybridInverter(models=tuple(changed))


async def test_nothing_is_written_before_the_owner_arms() -> None:
    inverter = HybridInverter()
    async with controlled(inverter) as control:
        assert await control.request(power(1000), START) is Refusal.NOT_ARMED
        await control.arm(START)
        assert phase(control) is ControlPhase.ARMED
        assert inverter.writes == []


@pytest.mark.parametrize(
    ("power_w", "out", "in_", "from_grid"),
    [
        (1500, 3000, -3000, 0),
        (-2500, -5000, 5000, 1),
        (0, 0, 0, 0),
        (9000, 8000, -8000, 0),
        (-9000, -UNLIMITED, UNLIMITED, 1),
    ],
)
async def test_a_power_becomes_both_limits(
    power_w: int, out: int, in_: int, from_grid: int
) -> None:
    inverter = HybridInverter()
    async with controlled(inverter) as control:
        await control.arm(START)
        assert await control.request(power(power_w), START) is None
        assert inverter.value("OutWRte") == out
        assert inverter.value("InWRte") == in_
        assert inverter.value("StorCtl_Mod") == 3
        assert inverter.value("ChaGriSet") == from_grid
        assert inverter.value("InOutWRte_RvrtTms") == 120
        expected = max(-5000, min(4000, power_w))
        assert control.status.in_force == expected
        assert control.status.fault is None


async def test_the_timer_is_written_first_and_the_mode_last() -> None:
    inverter = HybridInverter()
    async with controlled(inverter) as control:
        await control.arm(START)
        await control.request(power(-2000), START)
    assert inverter.written == [
        "InOutWRte_RvrtTms",
        "OutWRte",
        "ChaGriSet",
        "StorCtl_Mod",
    ]
    assert len(inverter.writes[1][1]) == 2, "both limits travel together"


async def test_the_heartbeat_keeps_the_setpoint_until_it_expires() -> None:
    inverter = HybridInverter()
    async with controlled(inverter) as control:
        await control.arm(START)
        await control.request(power(-2000), START)
        await live(control, inverter, START, after(START, 30 * MINUTE))
        assert inverter.value("StorCtl_Mod") == 3
        assert control.status.writes_today == 1
        await live(control, inverter, after(START, 30 * MINUTE), LATER)
        assert inverter.value("StorCtl_Mod") == 0
        assert phase(control) is ControlPhase.ARMED


async def test_the_watchdog_reverts_when_the_controller_dies() -> None:
    inverter = HybridInverter()
    async with controlled(inverter) as control:
        await control.arm(START)
        await control.request(power(-2000), START)
        inverter.pass_time(after(START, 119_999))
        assert inverter.value("StorCtl_Mod") == 3
        inverter.pass_time(after(START, 120_000))
        assert inverter.value("StorCtl_Mod") == 0


async def test_release_restores_what_was_found() -> None:
    inverter = with_storage(OutWRte=80, InWRte=70, InOutWRte_RvrtTms=3600)
    found = dict(inverter.holding)
    async with controlled(inverter) as control:
        await control.arm(START)
        await control.request(power(-2000), START)
        assert inverter.holding != found
        inverter.writes.clear()
        await control.disarm(after(START, MINUTE))
        assert inverter.holding == found
        assert inverter.written[0] == "StorCtl_Mod", "the limits end first"
        assert control.claim is None
        assert phase(control) is ControlPhase.DISARMED


async def test_a_claim_is_kept_before_the_first_write() -> None:
    inverter = HybridInverter()
    kept: list[tuple[ControlClaim | None, int]] = []

    async def keep(claim: ControlClaim | None) -> None:
        kept.append((claim, len(inverter.writes)))

    async with served(u1=inverter) as connection:
        device = await open_device(connection.for_unit(1), "sunspec")
        control = device.control(DeviceKind.BATTERY, BATTERY, None, keep)
        assert control is not None
        await control.arm(START)
        assert kept == []
        await control.request(power(-2000), START)
        claim, writes_before = kept[0]
        assert writes_before == 0
        assert claim is not None
        assert claim.found["StorCtl_Mod"] == 0
        await control.disarm(after(START, 1))
        assert kept[-1][0] is None


async def test_what_a_crash_left_behind_is_given_back_at_the_next_start() -> None:
    inverter = HybridInverter()
    found = dict(inverter.holding)
    async with controlled(inverter) as control:
        await control.arm(START)
        await control.request(power(-2000), START)
        claim = control.claim
    async with controlled(inverter, claim) as control:
        await control.tick(after(START, MINUTE))
        assert inverter.holding == found
        assert phase(control) is ControlPhase.DISARMED


async def test_what_a_crash_left_behind_is_adopted_when_armed() -> None:
    inverter = HybridInverter()
    async with controlled(inverter) as control:
        await control.arm(START)
        await control.request(power(-2000), START)
        claim = control.claim
    async with controlled(inverter, claim) as control:
        await control.arm(after(START, MINUTE))
        assert phase(control) is ControlPhase.ACTIVE
        assert control.status.in_force == -2000
        await control.disarm(after(START, 2 * MINUTE))
        assert inverter.value("StorCtl_Mod") == 0


@pytest.mark.parametrize(
    ("mode", "out", "in_"), [(1, UNLIMITED, 0), (2, -3000, UNLIMITED), (3, 500, 600)]
)
async def test_a_limit_of_somebody_else_is_reported_and_not_touched(
    mode: int, out: int, in_: int
) -> None:
    inverter = HybridInverter()
    for name, value in (("OutWRte", out), ("InWRte", in_), ("StorCtl_Mod", mode)):
        inverter.put(name, value)
    async with controlled(inverter) as control:
        await control.arm(START)
        assert phase(control) is ControlPhase.BLOCKED
        assert control.status.fault is ControlFault.OTHER_CONTROLLER
        assert await control.request(power(1), START) is Refusal.BLOCKED
        await live(control, inverter, START, after(START, 10 * MINUTE))
        assert inverter.writes == []
        inverter.put("StorCtl_Mod", 0)
        await live(
            control, inverter, after(START, 10 * MINUTE), after(START, 12 * MINUTE)
        )
        assert phase(control) is ControlPhase.ARMED


async def test_somebody_who_takes_over_is_given_way() -> None:
    inverter = HybridInverter()
    async with controlled(inverter) as control:
        await control.arm(START)
        await control.request(power(-2000), START)
        inverter.put("OutWRte", 0)
        inverter.put("StorCtl_Mod", 2)
        inverter.ends_at = None
        inverter.writes.clear()
        await live(control, inverter, START, after(START, 5 * MINUTE))
        assert phase(control) is ControlPhase.BLOCKED
        assert inverter.writes == []


async def test_control_that_is_not_enabled_in_the_device_is_reported() -> None:
    inverter = HybridInverter(refused=frozenset({"InOutWRte_RvrtTms"}))
    async with controlled(inverter) as control:
        await control.arm(START)
        await control.request(power(-2000), START)
        assert control.status.fault is ControlFault.WRITE_REFUSED
        assert inverter.value("StorCtl_Mod") == 0


async def test_negative_rates_that_are_refused_leave_nothing_behind() -> None:
    inverter = HybridInverter(refused=frozenset({"OutWRte"}))
    found = dict(inverter.holding)
    async with controlled(inverter) as control:
        await control.arm(START)
        await control.request(power(-2000), START)
        assert control.status.fault is ControlFault.WRITE_REFUSED
        await live(control, inverter, START, after(START, MINUTE))
        assert inverter.holding == found
        assert phase(control) is ControlPhase.ARMED


async def test_a_device_without_a_working_timer_is_not_driven() -> None:
    inverter = HybridInverter(stuck=frozenset({"InOutWRte_RvrtTms"}))
    async with controlled(inverter) as control:
        await control.arm(START)
        await control.request(power(-2000), START)
        assert control.status.fault is ControlFault.WRITE_REFUSED
        await live(control, inverter, START, after(START, MINUTE))
        assert inverter.value("StorCtl_Mod") == 0


async def test_a_write_that_is_silently_ignored_is_found_out() -> None:
    inverter = HybridInverter(stuck=frozenset({"StorCtl_Mod"}))
    async with controlled(inverter) as control:
        await control.arm(START)
        await control.request(power(-2000), START)
        assert control.status.fault is ControlFault.NOT_TAKEN
        assert control.status.in_force is None


async def test_a_battery_that_does_not_follow_is_reported() -> None:
    inverter = HybridInverter()
    async with controlled(inverter) as control:
        await control.arm(START)
        await control.request(power(-2000), START)
        control.observe(0, after(START, MINUTE))
        assert control.status.fault is ControlFault.NO_EFFECT
        control.observe(-1800, after(START, 2 * MINUTE))
        assert control.status.fault is None


async def test_a_lost_connection_is_no_reason_to_crash() -> None:
    inverter = HybridInverter()
    async with served(u1=inverter) as connection:
        device = await open_device(connection.for_unit(1), "sunspec")
        control = device.control(DeviceKind.BATTERY, BATTERY)
        assert control is not None
        await control.arm(START)
        await control.request(power(-2000), START)
        await connection.close()
        await control.tick(after(START, 5 * MINUTE))
        assert control.status.fault is ControlFault.UNREACHABLE
        assert control.status.in_force is None


@pytest.mark.parametrize(
    "values",
    [
        {"InOutWRte_RvrtTms": 0xFFFF},
        {"OutWRte": -0x8000 / 100},
        {"WChaMax": 0},
        {"StorCtl_Mod": 0xFFFF},
        {"InOutWRte_SF": 1},
        {"InOutWRte_SF": -11},
    ],
)
async def test_a_device_that_lacks_what_makes_it_safe_is_read_only(
    values: dict[str, float],
) -> None:
    inverter = with_storage(**values)
    async with served(u1=inverter) as connection:
        device = await open_device(connection.for_unit(1), "sunspec")
        assert device.control(DeviceKind.BATTERY, BATTERY) is None
        assert device.control(DeviceKind.INVERTER, BATTERY) is None


async def test_the_watchdog_can_be_longer_for_a_faster_clock() -> None:
    inverter = HybridInverter()
    async with served(u1=inverter) as connection:
        device = await open_device(connection.for_unit(1), "sunspec")
        control = device.control(DeviceKind.BATTERY, BATTERY, watchdog_s=10**6)
        assert control is not None
        await control.arm(START)
        await control.request(power(100), START)
        assert control.status.fault is None
        assert control.facts.watchdog_ms == 65_534_000
        assert inverter.holding is not None


async def test_a_setpoint_for_another_device_is_a_bug_of_ours() -> None:
    async with controlled(HybridInverter()) as control:
        wrong = PowerSetpoint(device=DeviceId("other"), power_w=1, expires_at=LATER)
        with pytest.raises(AssertionError, match="its own device"):
            await control.request(wrong, START)
