"""Armed control: disarmed by default, ends by itself, disturbs nobody."""

from dataclasses import replace
from itertools import pairwise

import pytest

from custom_components.commonwatt.engine.devices import (
    Apply,
    ArmedControl,
    ControlClaim,
    ControlFacts,
    ControlFault,
    ControlPhase,
    Inspect,
    Refusal,
    Release,
    WatchdogKind,
)
from custom_components.commonwatt.engine.model.period import DAY_MS, Instant, after
from tests.engine.devices.imagined import (
    BATTERY,
    CHARGER,
    LATER,
    MINUTE,
    START,
    WATCHDOG,
    ImaginedDevice,
    active,
    armed,
    carry_out,
    current,
    fault,
    in_force,
    phase,
    power,
    run,
)


def test_a_disarmed_device_is_never_touched() -> None:
    control = ArmedControl(BATTERY)
    assert control.request(power(1_000, until=LATER), START) is Refusal.NOT_ARMED
    assert control.next_action(LATER) is None
    assert control.deadline() is None
    assert phase(control) is ControlPhase.DISARMED
    control.disarm()
    assert phase(control) is ControlPhase.DISARMED


def test_arming_reads_and_writes_nothing() -> None:
    device = ImaginedDevice()
    control = armed(device)
    control.arm()
    assert phase(control) is ControlPhase.ARMED
    assert device.log == [Inspect()]
    assert control.deadline() is None


def test_a_setpoint_is_read_before_written_and_confirmed() -> None:
    device = ImaginedDevice()
    control = active(device)
    assert device.log == [Inspect(), Inspect(), Apply(value=2_000)]
    status = control.status
    assert status.phase is ControlPhase.ACTIVE
    assert (status.asked, status.in_force, status.fault) == (2_000, 2_000, None)
    assert status.expires_at == LATER
    assert status.writes_today == 1


def test_a_claim_is_staked_before_the_first_write() -> None:
    control = armed(ImaginedDevice())
    control.request(power(2_000, until=LATER), START)
    control.inspected(ImaginedDevice(value=7).reading(), START)
    assert isinstance(control.next_action(START), Apply)
    assert control.claim == ControlClaim(
        values=(2_000,),
        written_at=START,
        expires_at=LATER,
        found={"value": 7, "active": 0},
    )


@pytest.mark.parametrize(
    ("facts", "asked", "written"),
    [
        (BATTERY, 9_000, 5_000),
        (BATTERY, -9_000, -5_000),
        (BATTERY, 0, 0),
        (CHARGER, 40_000, 16_000),
        (CHARGER, 0, 0),
        (CHARGER, 6_000, 6_000),
    ],
)
def test_values_are_clamped_to_what_the_device_allows(
    facts: ControlFacts, asked: int, written: int
) -> None:
    assert facts.clamp(asked) == written


def test_a_setpoint_that_cannot_be_accepted_says_why() -> None:
    control = armed(ImaginedDevice())
    assert control.request(current(8_000, until=LATER), START) is Refusal.WRONG_KIND
    assert control.request(power(1, until=START), START) is Refusal.EXPIRED
    too_late = after(START, DAY_MS + 1)
    assert control.request(power(1, until=too_late), START) is Refusal.TOO_LONG
    charger = ArmedControl(CHARGER)
    charger.arm()
    assert charger.request(current(3_000, until=LATER), START) is Refusal.TOO_SMALL


def test_signs_of_life_come_three_times_in_the_watchdogs_time() -> None:
    device = ImaginedDevice()
    control = active(device)
    assert control.deadline() == after(START, WATCHDOG // 3)
    run(control, device, START, until=after(START, 10 * MINUTE))
    assert device.active
    assert device.writes == [Apply(value=2_000)] * 11
    assert control.status.writes_today == 1


def test_a_setpoint_ends_by_itself_and_leaves_what_was_found() -> None:
    device = ImaginedDevice(value=17)
    control = active(device)
    run(control, device, START, until=LATER)
    assert not device.active
    assert device.value == 17
    assert device.writes[-1] == Release(found={"value": 17, "active": 0})
    assert phase(control) is ControlPhase.ARMED
    assert control.claim is None
    assert control.status.asked is None


def test_a_setpoint_that_ends_before_it_was_written_leaves_no_trace() -> None:
    device = ImaginedDevice(fault=ControlFault.UNREACHABLE)
    control = armed(ImaginedDevice())
    control.request(power(1_000, until=after(START, MINUTE)), START)
    carry_out(control, device, START)
    assert fault(control) is ControlFault.UNREACHABLE
    carry_out(control, device, after(START, MINUTE))
    assert phase(control) is ControlPhase.ARMED
    assert device.writes == []


def test_disarming_before_anything_was_written_writes_nothing() -> None:
    device = ImaginedDevice()
    control = armed(device)
    control.request(power(1_000, until=LATER), START)
    control.disarm()
    carry_out(control, device, START)
    assert phase(control) is ControlPhase.DISARMED
    control.arm()
    control.disarm()
    control.inspected(device.reading(), START)
    assert phase(control) is ControlPhase.DISARMED
    assert device.writes == []


def test_disarming_twice_is_disarming_once() -> None:
    device = ImaginedDevice(clings=True)
    control = active(device)
    control.disarm()
    carry_out(control, device, START)
    control.disarm()
    assert phase(control) is ControlPhase.RELEASING


def test_a_person_waits_for_nothing_an_algorithm_wrote() -> None:
    device = ImaginedDevice()
    control = active(device)
    soon = after(START, 1_000)

    control.request(power(-500, until=LATER), soon, at_once=True)
    carry_out(control, device, soon)
    assert device.value == -500

    control.request(power(300, until=LATER), soon)
    carry_out(control, device, soon)
    assert device.value == -500


def test_a_new_value_waits_for_the_devices_interval() -> None:
    device = ImaginedDevice()
    control = active(device)
    control.request(power(-500, until=LATER), START)
    carry_out(control, device, after(START, 9_999))
    assert device.value == 2_000
    assert control.deadline() == after(START, 10_000)
    carry_out(control, device, after(START, 10_000))
    assert device.value == -500
    assert control.status.writes_today == 2


def test_a_sign_of_life_that_is_due_first_repeats_the_old_value() -> None:
    slow = replace(BATTERY, write_interval_ms=WATCHDOG)
    control, device = ArmedControl(slow), ImaginedDevice()
    control.arm()
    carry_out(control, device, START)
    control.request(power(2_000, until=LATER), START)
    carry_out(control, device, START)
    control.request(power(-500, until=LATER), after(START, 1))
    carry_out(control, device, after(START, WATCHDOG // 3))
    assert device.writes[-1] == Apply(value=2_000)
    run(control, device, after(START, WATCHDOG // 3), until=after(START, WATCHDOG))
    assert device.value == -500


def test_the_budget_of_a_day_is_kept_and_starts_again_the_next_day() -> None:
    facts = replace(BATTERY, writes_per_day_max=2)
    control, device = ArmedControl(facts), ImaginedDevice()
    control.arm()
    now = Instant(START - START % DAY_MS)
    carry_out(control, device, now)
    for count, power_w in enumerate((100, 200)):
        later = after(now, count * MINUTE)
        assert control.request(power(power_w, until=after(now, DAY_MS)), later) is None
        carry_out(control, device, later)
    soon = after(now, 5 * MINUTE)
    until = after(now, 60 * MINUTE)
    assert control.request(power(300, until=until), soon) is Refusal.BUDGET_SPENT
    assert control.request(power(200, until=until), soon) is None
    run(control, device, soon, until=until)
    assert not device.active, "giving back is always allowed"
    tomorrow = after(now, DAY_MS)
    assert control.request(power(300, until=after(tomorrow, 1)), tomorrow) is None


def test_a_limit_lost_with_the_connection_is_renewed() -> None:
    device = ImaginedDevice()
    control = active(device)
    device.fault = ControlFault.UNREACHABLE
    gone = after(START, WATCHDOG)
    run(control, device, START, until=gone)
    assert fault(control) is ControlFault.UNREACHABLE
    carry_out(control, device, after(gone, 2 * MINUTE))
    assert in_force(control) is None
    device.fault = None
    device.pass_time(after(gone, 2 * MINUTE))
    assert not device.reading().active, "the device's own watchdog ended it"
    run(control, device, after(gone, 4 * MINUTE), until=after(gone, 4 * MINUTE))
    assert device.active
    assert fault(control) is None
    assert in_force(control) == 2_000


def test_retries_come_less_and_less_often() -> None:
    device = ImaginedDevice(fault=ControlFault.UNREACHABLE)
    control = ArmedControl(BATTERY)
    control.arm()
    moments = [START]
    for _ in range(6):
        carry_out(control, device, moments[-1])
        due = control.deadline()
        assert due is not None
        moments.append(due)
    pauses = [b - a for a, b in pairwise(moments)]
    assert pauses == [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]


def test_a_refused_write_is_undone_and_reported() -> None:
    device = ImaginedDevice(fault=ControlFault.WRITE_REFUSED)
    control = armed(device)
    control.request(power(2_000, until=LATER), START)
    carry_out(control, device, START)
    assert phase(control) is ControlPhase.RELEASING
    assert fault(control) is ControlFault.WRITE_REFUSED
    device.fault = None
    run(control, device, START, until=after(START, MINUTE))
    assert phase(control) is ControlPhase.ARMED
    assert fault(control) is ControlFault.WRITE_REFUSED, "still worth knowing"
    assert [type(write) for write in device.writes] == [Release]


def test_a_device_that_ignores_writes_is_found_out() -> None:
    device = ImaginedDevice(deaf=True)
    control = active(device)
    assert fault(control) is ControlFault.NOT_TAKEN
    assert in_force(control) is None
    run(control, device, START, until=after(START, 10 * MINUTE))
    assert phase(control) is ControlPhase.ACTIVE
    device.deaf = False
    run(control, device, after(START, 10 * MINUTE), until=after(START, 12 * MINUTE))
    assert fault(control) is None
    assert in_force(control) == 2_000


def test_a_device_that_does_not_tell_its_value_is_believed() -> None:
    device = ImaginedDevice(tells_value=False)
    control = active(device)
    assert in_force(control) == 2_000
    run(control, device, START, until=after(START, 10 * MINUTE))
    assert phase(control) is ControlPhase.ACTIVE


def test_a_request_made_while_checking_is_carried_out_afterwards() -> None:
    device = ImaginedDevice()
    control = ArmedControl(BATTERY)
    control.arm()
    assert control.request(power(800, until=LATER), START) is None
    carry_out(control, device, START)
    assert device.value == 800


def test_a_wish_that_expires_while_checking_is_forgotten() -> None:
    device = ImaginedDevice(fault=ControlFault.UNREACHABLE)
    control = ArmedControl(BATTERY)
    control.arm()
    control.request(power(800, until=after(START, 1)), START)
    carry_out(control, device, after(START, 1))
    device.fault = None
    run(control, device, after(START, 1), until=LATER)
    assert phase(control) is ControlPhase.ARMED
    assert device.writes == []


def test_an_answer_that_comes_after_disarming_is_ignored() -> None:
    device = ImaginedDevice()
    control = ArmedControl(BATTERY)
    control.arm()
    assert control.next_action(START) == Inspect()
    control.disarm()
    control.inspected(device.reading(), START)
    assert phase(control) is ControlPhase.DISARMED


def test_a_watchdog_fed_by_reads_costs_no_writes() -> None:
    facts = replace(BATTERY, watchdog=WatchdogKind.ANY_READ)
    control, device = ArmedControl(facts), ImaginedDevice(timer_ms=DAY_MS)
    control.arm()
    carry_out(control, device, START)
    control.request(power(2_000, until=LATER), START)
    run(control, device, START, until=after(START, 10 * MINUTE))
    assert device.writes == [Apply(value=2_000)]
    assert len(device.log) > 10
    soon = after(START, 10 * MINUTE)
    control.request(power(500, until=LATER), soon)
    run(control, device, soon, until=soon)
    assert device.value == 500


def test_a_battery_that_does_not_follow_is_reported_until_it_does() -> None:
    control = active(ImaginedDevice())
    control.observe(0, after(START, MINUTE - 1))
    assert fault(control) is None
    control.observe(0, after(START, MINUTE))
    assert fault(control) is ControlFault.NO_EFFECT
    device = ImaginedDevice(value=2_000, active=True)
    control.inspected(device.reading(), after(START, MINUTE))
    control.applied(2_000, device.reading(), after(START, MINUTE))
    assert fault(control) is ControlFault.NO_EFFECT
    control.observe(1_850, after(START, 2 * MINUTE))
    assert fault(control) is None


def test_a_car_that_takes_less_than_it_may_is_fine() -> None:
    control, device = ArmedControl(CHARGER), ImaginedDevice()
    control.arm()
    carry_out(control, device, START)
    control.request(current(10_000, until=LATER), START)
    carry_out(control, device, START)
    control.observe(0, after(START, MINUTE))
    assert fault(control) is None
    control.observe(15_000, after(START, MINUTE))
    assert fault(control) is ControlFault.NO_EFFECT


def test_nothing_is_expected_of_a_device_that_was_not_asked() -> None:
    control = armed(ImaginedDevice())
    control.observe(4_000, LATER)
    assert fault(control) is None
