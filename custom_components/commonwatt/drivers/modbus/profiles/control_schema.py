"""What a profile must say before it may write: all of it, or it is read-only."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ....engine.devices import ControlFacts, DeviceKind, Persistence, WatchdogKind
from .registers import RegisterFacts, parse_register
from .table import ProfileError, Table

NEEDED: Final = (
    "range",
    "persistence",
    "watchdog",
    "reading",
    "apply",
    "release",
    "verify",
)
"""Sections of ``[control]`` without which nothing is ever written."""

_READINGS: Final = ("limit", "fallback", "timeout")
_REGISTER_MAX: Final = 0xFFFF


class StepValue(StrEnum):
    """Values of a step that are known only when it is written."""

    SETPOINT = "setpoint"
    FALLBACK = "fallback"
    TIMEOUT = "timeout"
    FOUND_LIMIT = "found.limit"
    FOUND_FALLBACK = "found.fallback"
    FOUND_TIMEOUT = "found.timeout"


class StepCondition(StrEnum):
    """When a step is written."""

    ALWAYS = "always"
    RUNNING = "running"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One register to write."""

    address: int
    value: int | StepValue
    when: StepCondition

    def applies(self, *, paused: bool) -> bool:
        """Tell whether it is written."""
        match self.when:
            case StepCondition.ALWAYS:
                return True
            case StepCondition.RUNNING:
                return not paused
            case StepCondition.PAUSED:
                return paused


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlProfile:
    """How to drive a device."""

    facts: ControlFacts
    value_max_from: RegisterFacts | None
    """Where the device tells its own greatest value."""

    watchdog_s_max: int
    readings: Mapping[str, RegisterFacts]
    apply: tuple[Step, ...]
    release: tuple[Step, ...]


def parse_control(profile: Table) -> tuple[ControlProfile | None, tuple[str, ...]]:
    """Return how to drive a device, or what is missing for it.

    Raises:
        ProfileError: what is there is not understood.
    """
    if "control" not in profile:
        return None, ("control",)
    table = profile.table("control")
    missing = tuple(key for key in NEEDED if key not in table)
    if missing:
        return None, missing
    control = _parse(table)
    if wears_out(control.facts):
        return None, ("persistence",)
    return control, ()


def wears_out(facts: ControlFacts) -> bool:
    """Tell whether keeping the watchdog quiet would wear out the device's memory."""
    by_writing = facts.watchdog is not WatchdogKind.ANY_READ
    return facts.persistence is Persistence.FLASH and by_writing


def _parse(table: Table) -> ControlProfile:
    limits = table.table("range")
    persistence = table.table("persistence")
    watchdog = table.table("watchdog")
    verify = table.table("verify")
    facts = ControlFacts(
        kind=table.choice("kind", DeviceKind),
        value_min=limits.integer("min"),
        value_max=limits.integer("max"),
        value_step=limits.integer("step"),
        pause=limits.integer("pause") if "pause" in limits else None,
        persistence=persistence.choice("class", Persistence),
        write_interval_ms=persistence.integer("interval_s") * 1000,
        writes_per_day_max=persistence.integer("writes_per_day"),
        watchdog=watchdog.choice("kind", WatchdogKind),
        watchdog_ms=watchdog.integer("timeout_s") * 1000,
        fallback=watchdog.integer("fallback"),
        effect_ms=verify.integer("effect_s") * 1000,
        effect_tolerance=verify.integer("tolerance"),
    )
    value_max_from = (
        parse_register(limits.table("max_from")) if "max_from" in limits else None
    )
    readings = table.table("reading")
    control = ControlProfile(
        facts=facts,
        value_max_from=value_max_from,
        watchdog_s_max=watchdog.integer("timeout_s_max"),
        readings={key: parse_register(readings.table(key)) for key in _READINGS},
        apply=tuple(_parse_step(step) for step in table.tables("apply")),
        release=tuple(_parse_step(step) for step in table.tables("release")),
    )
    for part in (limits, persistence, watchdog, verify, readings, table):
        part.finish()
    _check(control)
    return control


def _parse_step(table: Table) -> Step:
    step = Step(
        address=table.integer("address"),
        value=_parse_value(table),
        when=table.choice("when", StepCondition, StepCondition.ALWAYS),
    )
    table.finish()
    return step


def _parse_value(table: Table) -> int | StepValue:
    try:
        return table.integer("value")
    except ProfileError:
        return table.choice("value", StepValue)


def _check(control: ControlProfile) -> None:
    facts = control.facts
    if not facts.value_min < facts.value_max <= _REGISTER_MAX:
        raise ProfileError("control.range is empty, or does not fit a register")
    if facts.watchdog_ms <= 0 or facts.watchdog_ms > control.watchdog_s_max * 1000:
        raise ProfileError("control.watchdog has a timeout that never comes")
    written = [step.value for step in control.apply]
    order = [StepValue.TIMEOUT, StepValue.SETPOINT]
    if [value for value in written if value in order] != order:
        raise ProfileError("control.apply writes the timeout, then the setpoint")
    needless = {StepValue.SETPOINT, StepValue.TIMEOUT, StepValue.FALLBACK}
    if any(step.value in needless for step in control.release):
        raise ProfileError("control.release must not hold on to anything of ours")
