"""Armed control of one device: what to write, when to stop, and whom not to disturb.

Disarmed by default.  Reads before it writes, keeps a claim before the first write, lets
every setpoint end by itself, and gives back what it found.  A limit it cannot recognise
as its own belongs to somebody else and is left alone.  Knows values and time; which
registers make up a value is the driver's business.
"""

from dataclasses import replace
from typing import Final

from ..model.period import DAY_MS, MINUTE_MS, Instant
from .control import (
    ControlClaim,
    ControlFacts,
    ControlFault,
    ControlPhase,
    ControlReading,
    ControlStatus,
    Refusal,
    WatchdogKind,
)
from .control_table import (
    TRANSITIONS,
    Apply,
    ControlAction,
    ControlEvent,
    Inspect,
    Release,
)
from .pacing import WritePacing
from .setpoint import Setpoint

SETPOINT_MS_MAX: Final = DAY_MS
"""Longest time a setpoint may ask for."""

RECHECK_MS: Final = MINUTE_MS
"""How often to see whether the other controller has gone."""

DROPS_MAX: Final = 3
"""Times in a row a limit may vanish too early before we stop insisting."""


class ArmedControl:
    """A state machine: events in, at most one action at a time out.

    :meth:`next_action` names what the driver has to do; the outcome comes back through
    :meth:`inspected`, :meth:`applied`, :meth:`released` or :meth:`failed`.
    """

    def __init__(self, facts: ControlFacts, claim: ControlClaim | None = None) -> None:
        self.facts: Final = facts
        self.claim = claim
        self._phase = ControlPhase.DISARMED
        self._armed = False
        self._looked = False
        self._asked: int | None = None
        self._expires_at: Instant | None = None
        self._written: int | None = None
        self._in_force: int | None = None
        self._in_force_since = Instant(0)
        self._fault: ControlFault | None = None
        self._drops = 0
        self._pacing = WritePacing(facts=facts)
        if claim is not None:
            self._move(ControlEvent.CHECK)

    @property
    def status(self) -> ControlStatus:
        """What to show."""
        return ControlStatus(
            phase=self._phase,
            asked=self._asked,
            in_force=self._in_force,
            expires_at=self._expires_at,
            fault=self._fault,
            writes_today=self._pacing.writes,
        )

    # ----------------------------------------------------------- what is wanted

    def arm(self) -> None:
        """Let the owner's decision take effect; the device is looked at first."""
        if self._armed:
            return
        self._armed = True
        self._fault = None
        if self._phase is ControlPhase.DISARMED:
            self._move(ControlEvent.CHECK)

    def disarm(self) -> None:
        """Write nothing new, but give back what is ours."""
        self._armed = False
        self._fault = None
        self._forget_setpoint()
        if self._phase is ControlPhase.DISARMED:
            return
        if self._phase is ControlPhase.CHECKING and self.claim is not None:
            return
        self._let_go()

    def request(
        self, setpoint: Setpoint, now: Instant, *, at_once: bool = False
    ) -> Refusal | None:
        """Accept a setpoint, or say why not.

        ``at_once`` is for people: nobody waits for what an algorithm wrote before.
        """
        value = self.facts.clamp(setpoint.value)
        refusal = self._refusal(setpoint, value, now)
        if refusal is not None:
            return refusal
        self._asked = value
        self._expires_at = setpoint.expires_at
        if at_once:
            self._pacing = self._pacing.hurried()
        if self._phase is not ControlPhase.CHECKING:
            self._move(ControlEvent.REQUEST)
        return None

    def observe(self, measured: int, now: Instant) -> None:
        """Compare what the device does with what it confirmed."""
        if self._in_force is None or self._fault is ControlFault.UNREACHABLE:
            return
        if now - self._in_force_since < self.facts.effect_ms:
            return
        followed = self.facts.fulfils(
            actual=measured,
            asked=self._in_force,
            tolerance=self.facts.effect_tolerance,
        )
        self._fault = None if followed else ControlFault.NO_EFFECT

    # ---------------------------------------------------------- what is to be done

    def next_action(self, now: Instant) -> ControlAction | None:
        """Return what to do now; None: nothing before :meth:`deadline`."""
        if self._expires_at is not None and now >= self._expires_at:
            self._forget_setpoint()
            if self._phase is ControlPhase.ACTIVE:
                self._let_go()
        due = self._due()
        if due is None or now < due:
            return None
        if not self._looked:
            return Inspect()
        if self._phase is ControlPhase.ACTIVE:
            return Apply(value=self._value_due(now))
        assert self.claim is not None, "only what is ours is released"
        return Release(found=self.claim.found)

    def deadline(self) -> Instant | None:
        """Return when to ask for an action again; None: not of its own accord."""
        moments = (self._due(), self._expires_at)
        return min((m for m in moments if m is not None), default=None)

    # ------------------------------------------------------------ what has happened

    def inspected(self, reading: ControlReading, now: Instant) -> None:
        """Take in what the control registers say."""
        self._pacing = self._pacing.answered(now)
        match self._phase:
            case ControlPhase.CHECKING:
                self._checked(reading, now)
            case ControlPhase.ACTIVE:
                self._recognise(reading, now)
            case ControlPhase.RELEASING if self._is_foreign(reading):
                self._give_way(now)
            case ControlPhase.RELEASING:
                self._looked = True
            case ControlPhase.BLOCKED if reading.active:
                self._give_way(now)
            case ControlPhase.BLOCKED:
                self._fault = None
                self._move(ControlEvent.FREE)
            case _:
                pass  # the owner changed their mind while we looked

    def applied(self, value: int, reading: ControlReading, now: Instant) -> None:
        """Take in the read-back of a value that was written."""
        assert self.claim is not None, "the claim comes before the write"
        self._looked = False
        self._pacing = self._pacing.written(now, change=value != self._written)
        taken = reading.active and not reading.alien and self._shows(reading, value)
        shown = value if reading.value is None else reading.value
        values = (value,) if taken else (shown, value)
        self.claim = replace(self.claim, values=values, written_at=now)
        if value != self._written:
            self._in_force_since = now
        self._written = value
        self._in_force = shown if taken else None
        if not taken:
            self._fault = ControlFault.NOT_TAKEN
        elif self._fault is not ControlFault.NO_EFFECT:
            self._fault = None

    def released(self, reading: ControlReading, now: Instant) -> None:
        """Take in the read-back after the registers were restored."""
        self._looked = False
        if self._is_foreign(reading):
            self._give_way(now)
            return
        if reading.active:
            self._fault = ControlFault.NOT_TAKEN
            self._pacing = self._pacing.failed(now)
            return
        self._forget_claim()
        if self._fault is not ControlFault.WRITE_REFUSED:
            self._fault = None
        if self._phase is ControlPhase.RELEASING:
            self._let_go()

    def failed(self, fault: ControlFault, now: Instant) -> None:
        """Take in that the device could not be read or written."""
        self._looked = False
        self._fault = fault
        if self._pacing.lapsed(now):
            self._in_force = None
        if fault is ControlFault.WRITE_REFUSED and self._phase is ControlPhase.ACTIVE:
            self._forget_setpoint()
            self._let_go()
        self._pacing = self._pacing.failed(now)

    # --------------------------------------------------------------------- helpers

    def _move(self, event: ControlEvent) -> None:
        self._looked = False
        self._phase = TRANSITIONS[self._phase, event]

    def _due(self) -> Instant | None:
        match self._phase:
            case ControlPhase.DISARMED | ControlPhase.ARMED:
                return None
            case ControlPhase.ACTIVE:
                return self._pacing.due(change=self._asked != self._written)
            case _:
                return self._pacing.not_before

    def _refusal(
        self, setpoint: Setpoint, value: int | None, now: Instant
    ) -> Refusal | None:
        spent = self._pacing.writes_on(now) >= self.facts.writes_per_day_max
        checks = (
            (setpoint.kind is not self.facts.kind, Refusal.WRONG_KIND),
            (not self._armed, Refusal.NOT_ARMED),
            (self._phase is ControlPhase.BLOCKED, Refusal.BLOCKED),
            (setpoint.expires_at <= now, Refusal.EXPIRED),
            (setpoint.expires_at - now > SETPOINT_MS_MAX, Refusal.TOO_LONG),
            (value is None, Refusal.TOO_SMALL),
            (spent and value != self._written, Refusal.BUDGET_SPENT),
        )
        return next((refusal for applies, refusal in checks if applies), None)

    def _checked(self, reading: ControlReading, now: Instant) -> None:
        claim = self.claim
        if self._is_foreign(reading):
            self._give_way(now)
        elif claim is None:
            self._move(ControlEvent.FREE)
            self._resume_request()
        elif self._armed and reading.active and claim.expires_at > now:
            self._adopt(claim)
        else:
            self._move(ControlEvent.LET_GO)
            self._looked = True

    def _adopt(self, claim: ControlClaim) -> None:
        self._written = self._in_force = claim.values[-1]
        if self._asked is None:
            self._asked = self._written
            self._expires_at = claim.expires_at
        self._move(ControlEvent.OURS)

    def _resume_request(self) -> None:
        if self._asked is not None:
            self._move(ControlEvent.REQUEST)

    def _recognise(self, reading: ControlReading, now: Instant) -> None:
        if self._is_foreign(reading):
            self._give_way(now)
            return
        dropped = (
            self._in_force is not None
            and not reading.active
            and not self._pacing.lapsed(now)
        )
        self._drops = self._drops + 1 if dropped else 0
        if self._drops > DROPS_MAX:
            self._give_way(now)
            return
        self._stake_claim(reading, now)

    def _stake_claim(self, reading: ControlReading, now: Instant) -> None:
        assert self._expires_at is not None, "a setpoint has an end"
        value = self._value_due(now)
        lives_on_reads = self.facts.watchdog is WatchdogKind.ANY_READ
        if value == self._written and lives_on_reads:
            return
        self._looked = True
        former = () if self.claim is None else self.claim.values[-1:]
        self.claim = ControlClaim(
            values=tuple(dict.fromkeys((*former, value))),
            written_at=now,
            expires_at=self._expires_at,
            found=reading.registers if self.claim is None else self.claim.found,
        )

    def _value_due(self, now: Instant) -> int:
        """Return what to write now: a new value has to wait for its turn."""
        assert self._asked is not None, "an active device has a setpoint"
        if self._written is None or now >= self._pacing.change_due:
            return self._asked
        return self._written

    def _is_foreign(self, reading: ControlReading) -> bool:
        if not reading.active:
            return False
        if self.claim is None or reading.alien:
            return True
        return not any(self._shows(reading, value) for value in self.claim.values)

    def _shows(self, reading: ControlReading, value: int) -> bool:
        return reading.value is None or self.facts.fulfils(
            actual=reading.value, asked=value, tolerance=self.facts.value_step
        )

    def _give_way(self, now: Instant) -> None:
        self._forget_claim()
        self._forget_setpoint()
        self._fault = ControlFault.OTHER_CONTROLLER
        self._pacing = self._pacing.waiting(now, RECHECK_MS)
        self._move(ControlEvent.FOREIGN if self._armed else ControlEvent.STAND_DOWN)

    def _let_go(self) -> None:
        self._in_force = None
        if self.claim is not None:
            self._move(ControlEvent.LET_GO)
            self._pacing = self._pacing.at_once()
        else:
            self._move(ControlEvent.FREE if self._armed else ControlEvent.STAND_DOWN)

    def _forget_setpoint(self) -> None:
        self._asked = self._expires_at = None

    def _forget_claim(self) -> None:
        self.claim = None
        self._written = self._in_force = None
        self._drops = 0
