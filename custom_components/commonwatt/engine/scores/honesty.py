"""Honest forecasts: signed quantiles, scored so that saying what one believes is best.

The quantile score of a period is linear in each report, the reference is the home's own
climatology, which today's report cannot change, and clipping happens once, after the
month's sums: the rule stays strictly proper.

Source: Gneiting & Raftery, "Strictly Proper Scoring Rules, Prediction, and Estimation",
JASA 102 (2007), section 6 (quantile scores).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ..model.units import ENERGY_WH_MAX, PPM, div_floor
from .fixed import clip_ppm

LEVELS_PPM: Final = (100_000, 500_000, 900_000)
"""The quantiles a home reports: P10, P50 and P90 of its net energy in a period."""

CLIMATOLOGY_DAYS: Final = 28
CLIMATOLOGY_DAYS_MIN: Final = 7
"""With fewer days of its own meter behind it, a home is not scored yet."""

WITHHELD_PENALTY_PPM: Final = 100_000
"""A period without a report counts as its reference, a tenth worse."""

POINTS_AT_PAR_PPM: Final = 500_000
POINTS_PER_SKILL: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantiles:
    """What a home expects its net import in a period to be: import is positive."""

    p10_wh: int
    p50_wh: int
    p90_wh: int

    def __post_init__(self) -> None:
        """Refuse quantiles that are out of order or out of bounds."""
        if not self.p10_wh <= self.p50_wh <= self.p90_wh:
            msg = "quantiles ascend"
            raise ValueError(msg)
        if max(abs(self.p10_wh), abs(self.p90_wh)) > ENERGY_WH_MAX:
            msg = "a quantile is out of bounds"
            raise ValueError(msg)

    @property
    def levels_wh(self) -> tuple[int, int, int]:
        """The three in the order of ``LEVELS_PPM``."""
        return (self.p10_wh, self.p50_wh, self.p90_wh)


@dataclass(frozen=True, slots=True, kw_only=True)
class HonestyPeriod:
    """One period of one home: what came, what was reported, what is usual."""

    actual_wh: int
    report: Quantiles | None
    """None: nothing was reported before gate closure."""

    reference: Quantiles


def quantile_loss(actual_wh: int, quantiles: Quantiles) -> int:
    """Return the sum of the three pinball losses in Wh x ppm; smaller is better.

    ``max(tau * u, (tau - 1) * u)`` with ``u = actual - quantile``.
    """
    return sum(
        max(level * (actual_wh - wh), (level - PPM) * (actual_wh - wh))
        for level, wh in zip(LEVELS_PPM, quantiles.levels_wh, strict=True)
    )


def climatology(past_wh: Sequence[int]) -> Quantiles | None:
    """Return the usual quantiles of the same quarter of the day, None with few days.

    Args:
        past_wh: what the home's own signed meter counted in this quarter of the last
            ``CLIMATOLOGY_DAYS`` days, as far as it is known.

    """
    if len(past_wh) < CLIMATOLOGY_DAYS_MIN:
        return None
    ordered = sorted(past_wh)
    p10, p50, p90 = (_quantile(ordered, level) for level in LEVELS_PPM)
    return Quantiles(p10_wh=p10, p50_wh=p50, p90_wh=p90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """Quantile losses of some periods, in Wh x ppm: of what was said, of the usual."""

    loss: int = 0
    usual: int = 0

    @property
    def skill_ppm(self) -> int | None:
        """How much better than the usual; None where the usual was never wrong."""
        return PPM - div_floor(self.loss * PPM, self.usual) if self.usual else None


NO_LOSSES: Final = Losses()


def losses_of(periods: Iterable[HonestyPeriod]) -> Losses:
    """Add up the losses of some periods."""
    loss = usual = 0
    for one in periods:
        reference = quantile_loss(one.actual_wh, one.reference)
        usual += reference
        loss += (
            div_floor(reference * (PPM + WITHHELD_PENALTY_PPM), PPM)
            if one.report is None
            else quantile_loss(one.actual_wh, one.report)
        )
    return Losses(loss=loss, usual=usual)


def honesty_ppm(losses: Losses) -> int | None:
    """Return the points of a month: 0.5 for the climatology itself, None if unscored.

    ``0.5 + 2 * (1 - loss / reference loss)``, clipped to 0 and 1 after the sums.
    """
    skill_ppm = losses.skill_ppm
    if skill_ppm is None:
        return None
    return clip_ppm(POINTS_AT_PAR_PPM + POINTS_PER_SKILL * skill_ppm)


def _quantile(ordered: Sequence[int], level_ppm: int) -> int:
    """Return the nearest-rank quantile: one of the values, so an integer."""
    rank = div_floor(level_ppm * (len(ordered) - 1) + PPM // 2, PPM)
    return ordered[rank]
