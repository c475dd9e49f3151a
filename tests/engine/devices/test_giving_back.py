"""Armed control gives back what is ours and leaves alone what is not."""

import pytest

from custom_components.commonwatt.engine.devices import (
    ArmedControl,
    ControlFault,
    ControlPhase,
    Refusal,
)
from custom_components.commonwatt.engine.devices.armed_control import RECHECK_MS
from custom_components.commonwatt.engine.model.period import DAY_MS, after
from tests.engine.devices.imagined import (
    BATTERY,
    LATER,
    MINUTE,
    START,
    ImaginedDevice,
    active,
    armed,
    carry_out,
    fault,
    in_force,
    phase,
    power,
    run,
)


def test_disarming_gives_back_what_was_found() -> None:
    device = ImaginedDevice(value=17)
    control = active(device)
    control.disarm()
    carry_out(control, device, after(START, 1))
    assert phase(control) is ControlPhase.DISARMED
    assert not device.active
    assert device.value == 17
    assert control.claim is None


def test_a_limit_of_somebody_else_is_reported_and_not_touched() -> None:
    device = ImaginedDevice(active=True, alien=True, value=-1_000)
    control = armed(device)
    assert phase(control) is ControlPhase.BLOCKED
    assert fault(control) is ControlFault.OTHER_CONTROLLER
    assert control.request(power(1, until=LATER), START) is Refusal.BLOCKED
    run(control, device, START, until=after(START, 3 * RECHECK_MS))
    assert device.writes == []
    device.active = device.alien = False
    carry_out(control, device, after(START, 4 * RECHECK_MS))
    assert phase(control) is ControlPhase.ARMED
    assert fault(control) is None


def test_a_blocked_device_can_be_disarmed() -> None:
    device = ImaginedDevice(active=True, alien=True)
    control = armed(device)
    control.disarm()
    assert phase(control) is ControlPhase.DISARMED
    assert fault(control) is None


@pytest.mark.parametrize("alien", [True, False])
def test_somebody_who_takes_over_is_given_way(alien: bool) -> None:  # noqa: FBT001  # a parametrised case
    device = ImaginedDevice()
    control = active(device)
    device.value, device.alien = -3_000, alien
    carry_out(control, device, control.deadline() or LATER)
    assert phase(control) is ControlPhase.BLOCKED
    assert control.claim is None
    assert device.value == -3_000


def test_somebody_who_takes_over_before_the_release_is_given_way() -> None:
    device = ImaginedDevice()
    control = active(device)
    device.value = -3_000
    control.disarm()
    carry_out(control, device, START)
    assert phase(control) is ControlPhase.DISARMED
    assert fault(control) is ControlFault.OTHER_CONTROLLER
    assert device.value == -3_000


def test_somebody_who_takes_over_during_the_release_is_given_way() -> None:
    device = ImaginedDevice()
    control = active(device)
    control.disarm()
    control.inspected(device.reading(), START)
    device.value = -3_000
    control.released(device.reading(), START)
    assert phase(control) is ControlPhase.DISARMED
    assert control.claim is None


def test_a_limit_that_keeps_vanishing_early_is_not_insisted_on() -> None:
    device = ImaginedDevice(timer_ms=MINUTE // 2)
    control = active(device)
    run(control, device, START, until=after(START, 10 * MINUTE))
    assert len(device.writes) == 4
    assert phase(control) is ControlPhase.ARMED, "nobody else is there either"
    assert control.status.asked is None


def test_a_device_that_lowers_the_value_is_not_taken_for_somebody_else() -> None:
    device = ImaginedDevice(limit=1_000)
    control = active(device)
    assert fault(control) is ControlFault.NOT_TAKEN
    run(control, device, START, until=after(START, 10 * MINUTE))
    assert phase(control) is ControlPhase.ACTIVE


def test_a_device_that_clings_to_a_value_is_asked_again() -> None:
    device = ImaginedDevice(clings=True, timer_ms=DAY_MS)
    control = active(device)
    control.disarm()
    carry_out(control, device, START)
    assert fault(control) is ControlFault.NOT_TAKEN
    assert control.claim is not None
    device.clings = False
    run(control, device, START, until=after(START, MINUTE))
    assert phase(control) is ControlPhase.DISARMED
    assert fault(control) is None


def test_a_request_during_the_release_keeps_what_was_found() -> None:
    device = ImaginedDevice(value=17, clings=True, timer_ms=DAY_MS)
    control = active(device)
    carry_out(control, device, LATER)
    assert phase(control) is ControlPhase.RELEASING
    device.clings = False
    again = after(LATER, 30 * MINUTE)
    assert control.request(power(500, until=again), after(LATER, 1)) is None
    run(control, device, after(LATER, 1), until=again)
    assert device.value == 17


def test_a_request_between_release_and_its_read_back_starts_afresh() -> None:
    device = ImaginedDevice()
    control = active(device)
    control.next_action(LATER)
    control.inspected(device.reading(), LATER)
    control.request(power(500, until=after(LATER, MINUTE)), LATER)
    control.released(ImaginedDevice().reading(), LATER)
    assert phase(control) is ControlPhase.ACTIVE
    assert control.claim is None


def test_a_limit_of_ours_left_by_a_crash_is_released() -> None:
    device = ImaginedDevice()
    claim = active(device).claim
    soon = after(START, MINUTE)
    control = ArmedControl(BATTERY, claim)
    carry_out(control, device, soon)
    assert not device.active
    assert phase(control) is ControlPhase.DISARMED
    assert control.claim is None


def test_a_limit_of_ours_left_by_a_crash_is_adopted_when_armed() -> None:
    device = ImaginedDevice()
    claim = active(device).claim
    control = ArmedControl(BATTERY, claim)
    control.arm()
    carry_out(control, device, after(START, MINUTE))
    assert phase(control) is ControlPhase.ACTIVE
    assert in_force(control) == 2_000
    run(control, device, after(START, MINUTE), until=LATER)
    assert not device.active, "it still ends when it was meant to"


def test_an_adopted_limit_follows_a_new_wish() -> None:
    device = ImaginedDevice()
    claim = active(device).claim
    control = ArmedControl(BATTERY, claim)
    control.arm()
    soon = after(START, MINUTE)
    control.request(power(700, until=LATER), soon)
    run(control, device, soon, until=soon)
    assert device.value == 700


def test_a_limit_that_expired_while_we_were_away_is_released() -> None:
    device = ImaginedDevice(timer_ms=DAY_MS)
    claim = active(device).claim
    control = ArmedControl(BATTERY, claim)
    control.arm()
    carry_out(control, device, after(LATER, 1))
    assert not device.active
    assert phase(control) is ControlPhase.ARMED


def test_a_crash_in_the_middle_of_a_change_recognises_both_values() -> None:
    device = ImaginedDevice()
    control = active(device)
    later = after(START, MINUTE)
    control.request(power(-900, until=LATER), later)
    control.next_action(later)
    control.inspected(device.reading(), later)
    claim = control.claim
    assert claim is not None
    assert claim.values == (2_000, -900)
    for value in claim.values:
        device.value, device.active = value, True
        restarted = ArmedControl(BATTERY, claim)
        carry_out(restarted, device, later)
        assert not device.active


def test_a_limit_of_somebody_else_outlives_our_crash() -> None:
    device = ImaginedDevice()
    claim = active(device).claim
    device.value = -4_000
    control = ArmedControl(BATTERY, claim)
    carry_out(control, device, after(START, MINUTE))
    assert device.value == -4_000
    assert phase(control) is ControlPhase.DISARMED
    assert fault(control) is ControlFault.OTHER_CONTROLLER


def test_disarming_while_looking_for_leftovers_still_releases_them() -> None:
    device = ImaginedDevice()
    control = ArmedControl(BATTERY, active(device).claim)
    control.arm()
    control.disarm()
    carry_out(control, device, after(START, MINUTE))
    assert not device.active
