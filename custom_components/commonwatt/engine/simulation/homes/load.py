"""The load of a home's appliances, painted minute by minute for one local day."""

from math import exp
from typing import Final

from .calendar import MINUTES_PER_DAY, weekday
from .dice import Dice, derive_seed, smooth_noise
from .habits import HABITS, Appliance, Bump, HabitShape, Opening
from .spec import HomeSpec

HOURS_PER_YEAR: Final = 8_760
DAYS_KEPT: Final = 2
RAMP_MINUTES: Final = 20
COMPRESSOR_ON_MINUTES: Final = (12, 20)
COMPRESSOR_OFF_MINUTES: Final = (24, 40)
COMPRESSOR_DUTY: Final = sum(COMPRESSOR_ON_MINUTES) / (
    sum(COMPRESSOR_ON_MINUTES) + sum(COMPRESSOR_OFF_MINUTES)
)


class LoadProfile:
    """Whole watts for every minute, the same whenever one asks."""

    def __init__(self, spec: HomeSpec, *, seed: int) -> None:
        self._shape = HABITS[spec.habit]
        self._seed = derive_seed(seed, spec.key, "load")
        mean_w = spec.load_kwh_per_year * 1000 / HOURS_PER_YEAR
        self._base_w = mean_w * self._shape.base_share
        self._activity = _activity(self._shape)
        self._activity_scale_w = self._left_for_activity(mean_w)
        self._days: dict[int, tuple[int, ...]] = {}

    def day(self, local_day: int) -> tuple[int, ...]:
        """Return the load of 1,440 minutes from local midnight on."""
        if local_day not in self._days:
            while len(self._days) >= DAYS_KEPT:
                del self._days[min(self._days)]
            self._days[local_day] = self._paint(local_day)
        return self._days[local_day]

    def _left_for_activity(self, mean_w: float) -> float:
        """Return W per unit of activity, so that the year adds up."""
        taken = self._base_w
        taken += sum(power_w * COMPRESSOR_DUTY for power_w in self._shape.compressors_w)
        taken += sum(
            appliance.runs_per_week * appliance.energy_wh / (7 * 24)
            for appliance in self._shape.appliances
        )
        mean = sum(map(sum, self._activity)) / (7 * MINUTES_PER_DAY)
        assert taken <= mean_w * 1.001, "the appliances alone exceed the yearly energy"
        return (mean_w - taken) / mean if mean else 0.0

    def _paint(self, day: int) -> tuple[int, ...]:
        first, count = day * MINUTES_PER_DAY, MINUTES_PER_DAY
        slow, quick = (
            smooth_noise(
                derive_seed(self._seed, spacing),
                first=first,
                count=count,
                spacing=spacing,
            )
            for spacing in (40, 4)
        )
        scale, base = self._activity_scale_w, self._base_w
        powers = [
            base + scale * activity * (1 + 0.35 * drift + 0.25 * flicker)
            for activity, drift, flicker in zip(
                self._activity[weekday(day)], slow, quick, strict=True
            )
        ]
        for number, power_w in enumerate(self._shape.compressors_w):
            _add_compressor(powers, power_w, Dice(self._seed, "cold", number, day))
        for appliance in self._shape.appliances:
            _add_runs(powers, appliance, day, Dice(self._seed, appliance.name, day))
        return tuple(map(int, powers))


def _activity(shape: HabitShape) -> tuple[list[float], ...]:
    """Return the activity of each minute for the seven days of the week."""
    return tuple(
        [
            sum(
                _height(part, minute) for part in shape.activity if day in part.weekdays
            )
            for minute in range(MINUTES_PER_DAY)
        ]
        for day in range(7)
    )


def _height(part: Bump | Opening, minute: int) -> float:
    match part:
        case Bump(center, width, height):
            return height * exp(-(((minute - center) / width) ** 2) / 2)
        case Opening(opens, closes, height):
            inside = min(minute - opens, closes - minute) / RAMP_MINUTES
            return height * min(1.0, max(0.0, inside))


def _add_compressor(powers: list[float], power_w: int, dice: Dice) -> None:
    minute = -dice.between(0, COMPRESSOR_OFF_MINUTES[1])
    while minute < MINUTES_PER_DAY:
        stop = minute + dice.between(*COMPRESSOR_ON_MINUTES)
        for running in range(max(minute, 0), min(stop, MINUTES_PER_DAY)):
            powers[running] += power_w
        minute = stop + dice.between(*COMPRESSOR_OFF_MINUTES)


def _add_runs(powers: list[float], appliance: Appliance, day: int, dice: Dice) -> None:
    if weekday(day) not in appliance.weekdays:
        return
    for _ in range(dice.count(appliance.runs_per_week / len(appliance.weekdays))):
        opens, closes = appliance.windows[dice.between(0, len(appliance.windows) - 1)]
        latest = min(closes, MINUTES_PER_DAY - appliance.minutes)
        minute = dice.between(opens, max(opens, latest))
        for minutes, power_w in appliance.programme:
            for running in range(minute, min(minute + minutes, MINUTES_PER_DAY)):
                powers[running] += power_w
            minute += minutes
