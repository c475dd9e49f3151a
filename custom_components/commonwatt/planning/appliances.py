"""Appliances that may wait: what their owner said of them, and when they may run."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, Self

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonValueType

from ..engine.dispatch import AssetId
from ..engine.dispatch.home import Appliance, CycleAppliance, FlexibleAppliance
from ..engine.dispatch.home.horizon import FINE_MS
from ..engine.model.period import (
    MINUTE_MS,
    Instant,
    after,
    datetime_from_instant,
    instant_from_datetime,
)
from ..settings import integer, text

SUBENTRY_APPLIANCE: Final = "appliance"

CONF_RUN: Final = "run"
CONF_PROFILE: Final = "profile_w"
CONF_POWER: Final = "power_w"
CONF_MINUTES: Final = "minutes"
CONF_EARLIEST: Final = "earliest"
CONF_DONE_BY: Final = "done_by"

PROFILE_STEP_MINUTES: Final = 15
MINUTES_MAX: Final = 12 * 60
MINUTES_PER_DAY: Final = 24 * 60
POWER_W_MAX: Final = 50_000


class RunKind(StrEnum):
    """How an appliance runs."""

    CONTIGUOUS = "contiguous"
    """Its programme, without a break."""

    INTERRUPTIBLE = "interruptible"
    """For some time in all, in as many pieces as it likes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplianceSettings:
    """What a subentry says of an appliance; it wants to run once in every window."""

    run: RunKind
    profile_w: tuple[int, ...]
    """Mean power of each quarter of an hour of its programme."""

    minutes: int
    earliest: time
    done_by: time
    """At or before ``earliest``: on the next day."""

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Self:
        """Parse what ``as_data`` wrote."""
        profile_w = data[CONF_PROFILE]
        assert isinstance(profile_w, list | tuple), "a profile is a list"
        return cls(
            run=RunKind(text(data, CONF_RUN)),
            profile_w=tuple(int(power_w) for power_w in profile_w),
            minutes=integer(data, CONF_MINUTES),
            earliest=time.fromisoformat(text(data, CONF_EARLIEST)),
            done_by=time.fromisoformat(text(data, CONF_DONE_BY)),
        )

    def as_data(self) -> dict[str, JsonValueType]:
        """Return the data of a subentry."""
        return {
            CONF_RUN: self.run.value,
            CONF_PROFILE: list(self.profile_w),
            CONF_MINUTES: self.minutes,
            CONF_EARLIEST: self.earliest.isoformat(),
            CONF_DONE_BY: self.done_by.isoformat(),
        }

    @property
    def window_minutes(self) -> int:
        """Length of the window on an ordinary day."""
        start, end = (at.hour * 60 + at.minute for at in (self.earliest, self.done_by))
        return (end - start) % MINUTES_PER_DAY or MINUTES_PER_DAY

    def window(self, now: Instant) -> tuple[Instant, Instant]:
        """Return the window that is open at ``now``, or else the next one."""
        today = dt_util.as_local(datetime_from_instant(now)).date()
        days = (today + timedelta(days=ahead) for ahead in (-1, 0, 1))
        windows = [self._window_of(day) for day in days]
        return next(window for window in windows if window[1] > now)

    def _window_of(self, day: date) -> tuple[Instant, Instant]:
        zone = dt_util.get_default_time_zone()
        over_midnight = timedelta(days=self.done_by <= self.earliest)
        start = datetime.combine(day, self.earliest, zone)
        end = datetime.combine(day + over_midnight, self.done_by, zone)
        return instant_from_datetime(start), instant_from_datetime(end)


class PlannedAppliance:
    """One appliance of the home: when it ran last, and what it still wants."""

    def __init__(
        self,
        asset: AssetId,
        name: str,
        settings: ApplianceSettings,
        *,
        subentry_id: str | None = None,
    ) -> None:
        """Take one without ``subentry_id`` for an appliance nobody can configure."""
        self.subentry_id: Final = subentry_id
        self.id: Final = asset
        self.name: Final = name
        self.settings: Final = settings
        self.started_at: Instant | None = None

    @classmethod
    def of(cls, subentry: ConfigSubentry) -> Self:
        """Read a subentry."""
        return cls(
            AssetId(subentry.subentry_id),
            subentry.title,
            ApplianceSettings.from_data(subentry.data),
            subentry_id=subentry.subentry_id,
        )

    @property
    def ends_at(self) -> Instant | None:
        """When a run that was started is over; None if it never was."""
        if self.started_at is None:
            return None
        return after(self.started_at, self.settings.minutes * MINUTE_MS)

    def is_running(self, now: Instant) -> bool:
        """Tell whether a run that was started is still under way."""
        return self.ends_at is not None and now < self.ends_at

    def start(self, now: Instant) -> None:
        """Begin a run now, whatever is planned."""
        self.started_at = now

    def wish(self, now: Instant) -> Appliance:
        """Return what is to be planned: the run under way, or the next one."""
        if self.ends_at is not None and now < self.ends_at:
            # The rest of the run, in whole steps of the plan, without a choice.
            begins = after(now, -(now % FINE_MS))
            steps = -(-(self.ends_at - begins) // FINE_MS)
            return self._run(begins, after(begins, steps * FINE_MS), rest=True)
        earliest, done_by = self.settings.window(now)
        if self.started_at is not None and self.started_at >= earliest:
            earliest, done_by = self.settings.window(done_by)
        return self._run(earliest, done_by, rest=False)

    def _run(self, earliest: Instant, done_by: Instant, *, rest: bool) -> Appliance:
        settings = self.settings
        whole_ms = settings.minutes * MINUTE_MS
        runtime_ms = min(done_by - earliest, whole_ms) if rest else whole_ms
        if settings.run is RunKind.INTERRUPTIBLE:
            return FlexibleAppliance(
                id=self.id,
                power_w=settings.profile_w[0],
                runtime_ms=runtime_ms,
                earliest=earliest,
                done_by=done_by,
            )
        quarters = -(-runtime_ms // (PROFILE_STEP_MINUTES * MINUTE_MS))
        return CycleAppliance(
            id=self.id,
            profile_w=settings.profile_w[-quarters:],
            profile_step_ms=PROFILE_STEP_MINUTES * MINUTE_MS,
            earliest=earliest,
            done_by=max(
                done_by,
                after(earliest, quarters * PROFILE_STEP_MINUTES * MINUTE_MS),
            ),
        )


def appliances_of(entry: ConfigEntry) -> tuple[PlannedAppliance, ...]:
    """Return the appliances of a home, in the order they were added."""
    return tuple(
        PlannedAppliance.of(subentry)
        for subentry in entry.get_subentries_of_type(SUBENTRY_APPLIANCE)
    )
