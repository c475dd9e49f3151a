"""The score of a season: nine parts, each against what this home can attain.

Computed by each home from its own meter; others see a bucket of five points.  No part
rises with the amount of energy used.  Points are never money.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ..model.units import PPM, div_floor
from .fixed import clip_ppm, ratio_ppm, times_ppm

SEASON_DAYS: Final = 13 * 7
SEASON_FIRST_DAY: Final = 4
"""1970-01-05 was a Monday: seasons are thirteen weeks that begin on one."""

ATTAINABLE_PPM_MIN: Final = 20_000
"""Room for improvement below which a part is left out: it would measure noise."""

BUCKET: Final = 5
EXPECTED_USE_PPM_MAX: Final = 1_150_000
"""Use beyond this share of what weather and season explain earns no points."""


class Part(StrEnum):
    """What a season's score is made of."""

    SELF_SUFFICIENCY = "self_sufficiency"
    SELF_CONSUMPTION = "self_consumption"
    LOCAL_SHARE = "local_share"
    CARBON = "carbon"
    FLEXIBILITY = "flexibility"
    HONESTY = "honesty"
    RELIABILITY = "reliability"
    GENEROSITY = "generosity"
    LEARNING = "learning"


USE_PARTS: Final = frozenset(
    {Part.SELF_SUFFICIENCY, Part.SELF_CONSUMPTION, Part.LOCAL_SHARE, Part.CARBON}
)
"""Parts that waste could raise, were it not for the expected use."""

PROSUMER: Final[Mapping[Part, int]] = {
    Part.SELF_SUFFICIENCY: 12,
    Part.SELF_CONSUMPTION: 8,
    Part.LOCAL_SHARE: 15,
    Part.CARBON: 13,
    Part.FLEXIBILITY: 17,
    Part.HONESTY: 12,
    Part.RELIABILITY: 12,
    Part.GENEROSITY: 6,
    Part.LEARNING: 5,
}
CONSUMER: Final[Mapping[Part, int]] = {
    Part.SELF_SUFFICIENCY: 5,
    Part.SELF_CONSUMPTION: 0,
    Part.LOCAL_SHARE: 22,
    Part.CARBON: 16,
    Part.FLEXIBILITY: 20,
    Part.HONESTY: 12,
    Part.RELIABILITY: 12,
    Part.GENEROSITY: 6,
    Part.LEARNING: 7,
}
assert sum(PROSUMER.values()) == sum(CONSUMER.values()), "both in percent"


def weights_of(*, prosumer: bool) -> Mapping[Part, int]:
    """Return the weight of every part in percent; what weighs nothing is not scored."""
    return PROSUMER if prosumer else CONSUMER


@dataclass(frozen=True, slots=True, kw_only=True)
class Attainment:
    """A share, beside the same share without control and at its best."""

    reached_ppm: int
    without_ppm: int
    best_ppm: int
    """With the same devices and perfect foresight."""

    @property
    def points_ppm(self) -> int | None:
        """How much of what was possible was reached; None where nothing much was."""
        room_ppm = self.best_ppm - self.without_ppm
        if room_ppm < ATTAINABLE_PPM_MIN:
            return None
        return clip_ppm(ratio_ppm(self.reached_ppm - self.without_ppm, room_ppm))


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonScore:
    """A score and how it came about."""

    points_ppm: int
    parts_ppm: Mapping[Part, int]
    """Each part that could be measured."""

    weights_ppm: Mapping[Part, int]
    """Of the same parts; what could not be measured left its weight to them."""

    @property
    def points(self) -> int:
        """Points of a hundred, rounded down."""
        return div_floor(self.points_ppm * 100, PPM)

    @property
    def bucket(self) -> int:
        """All that others see: the points rounded down to five."""
        return bucket_of(self.points_ppm)


def bucket_of(points_ppm: int) -> int:
    """Return points of a hundred, rounded down to five."""
    return div_floor(points_ppm * 100, PPM * BUCKET) * BUCKET


def season_of(day: int) -> int:
    """Return the season a day of UTC lies in."""
    return div_floor(day - SEASON_FIRST_DAY, SEASON_DAYS)


def season_days(season: int) -> range:
    """Return the days of a season."""
    first = SEASON_FIRST_DAY + season * SEASON_DAYS
    return range(first, first + SEASON_DAYS)


def season_score(
    parts_ppm: Mapping[Part, int | None], *, prosumer: bool, use_ppm: int = PPM
) -> SeasonScore | None:
    """Weigh the parts that could be measured; None if none could.

    Args:
        parts_ppm: points of each part; None: not measurable, its weight moves.
        prosumer: whether the home can produce or store.
        use_ppm: metered use over what weather and season explain.

    """
    weights = weights_of(prosumer=prosumer)
    known = {
        part: _without_waste(part, points, use_ppm)
        for part, points in sorted(parts_ppm.items())
        if points is not None and weights[part]
    }
    total = sum(weights[part] for part in known)
    if not total:
        return None
    return SeasonScore(
        points_ppm=div_floor(sum(weights[p] * known[p] for p in known), total),
        parts_ppm=known,
        weights_ppm={part: ratio_ppm(weights[part], total) for part in known},
    )


def _without_waste(part: Part, points_ppm: int, use_ppm: int) -> int:
    if part not in USE_PARTS or use_ppm <= EXPECTED_USE_PPM_MAX:
        return points_ppm
    return times_ppm(points_ppm, ratio_ppm(PPM, use_ppm))


GENEROSITY_WH: Final = 1_000
GENEROSITY_PPM: Final = (
    0,
    226_294,
    386_853,
    511_392,
    613_147,
    699_180,
    773_706,
    839_442,
    898_244,
    951_438,
    PPM,
)
"""``ln(1 + g / 2 kWh) / ln 6`` at 0 to 10 kWh a week: the first gifts count most."""


def generosity_ppm(net_given_wh_by_week: Iterable[int]) -> int | None:
    """Return the mean over weeks of what net gifts are worth; None without a week.

    Net: what comes back in a circle was not given.  Beyond 10 kWh a week nothing is
    gained: rank cannot be bought.
    """
    weeks = [_week_ppm(max(0, given_wh)) for given_wh in net_given_wh_by_week]
    return div_floor(sum(weeks), len(weeks)) if weeks else None


def _week_ppm(given_wh: int) -> int:
    step, rest_wh = divmod(given_wh, GENEROSITY_WH)
    if step >= len(GENEROSITY_PPM) - 1:
        return PPM
    rise = GENEROSITY_PPM[step + 1] - GENEROSITY_PPM[step]
    return GENEROSITY_PPM[step] + div_floor(rise * rest_wh, GENEROSITY_WH)
