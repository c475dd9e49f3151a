"""A provider's forecast, put right for one roof by what the roof has done.

A gain for each step of the day: measured over forecast of the last four weeks, with the
steps beside it, held near the gain of the whole day where the sun is low.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .days import SolarDay, both_known

DAYS_LEARNED: Final = 28
DAYS_LEAST: Final = 7
DAYS_JUDGED: Final = 14
GAIN_MIN: Final = 0.3
GAIN_MAX: Final = 2.0
BELIEF: Final = 0.1
"""Weight of the day's gain in every step's, in mean steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteGains:
    """What to multiply a provider's forecast by, for each step of the day."""

    gains: tuple[float, ...]

    def correct(self, forecast_wh: SolarDay) -> tuple[float | None, ...]:
        """Return the forecast as this roof would have it."""
        return tuple(
            None if energy is None else energy * gain
            for energy, gain in zip(forecast_wh, self.gains, strict=True)
        )


def learn_gains(
    forecasts: Sequence[SolarDay], measured: Sequence[SolarDay]
) -> SiteGains | None:
    """Learn from days, oldest first; None before there is a week of both.

    The forecasts must be those that were made before the days they are for.
    """
    pairs = list(zip(forecasts, measured, strict=True))[-DAYS_LEARNED:]
    pairs = [pair for pair in pairs if any(f for f, _ in both_known(*pair))]
    if len(pairs) < DAYS_LEAST:
        return None
    steps = len(pairs[0][0])
    said, came = [0.0] * steps, [0.0] * steps
    for forecast, day in pairs:
        for step, (f, m) in enumerate(zip(forecast, day, strict=True)):
            if f is not None and m is not None:
                said[step] += f
                came[step] += m
    whole = sum(came) / sum(said)
    belief = BELIEF * sum(said) / steps
    return SiteGains(
        gains=tuple(
            _bounded(
                (_around(came, step) + belief * whole) / (_around(said, step) + belief)
            )
            for step in range(steps)
        )
    )


def weigh_providers(
    forecasts: Sequence[Sequence[SolarDay]], measured: Sequence[SolarDay]
) -> tuple[float, ...]:
    """Weigh several providers by how little they erred in two weeks; adds up to one.

    Who has not been judged counts for nothing beside who has; with nobody judged, all
    count alike.
    """
    weights = []
    for days in forecasts:
        errors = [
            abs(said - came)
            for pair in list(zip(days, measured, strict=True))[-DAYS_JUDGED:]
            for said, came in both_known(*pair)
        ]
        weights.append(len(errors) / max(sum(errors), 1e-6) if errors else 0.0)
    if not any(weights):
        weights = [1.0] * len(weights)
    return tuple(weight / sum(weights) for weight in weights)


def _around(values: Sequence[float], step: int) -> float:
    """Return a step's value and half of what is beside it."""
    before = values[step - 1] if step else 0.0
    behind = values[step + 1] if step + 1 < len(values) else 0.0
    return values[step] + (before + behind) / 2


def _bounded(gain: float) -> float:
    return min(max(gain, GAIN_MIN), GAIN_MAX)
