"""Invented homes for the load forecasts, each with habits and noise of its own."""

import numpy as np

from custom_components.commonwatt.engine.forecast.load import (
    SUMS,
    Days,
    Experience,
    Floats,
    Prior,
    first_coefficients,
)

MONDAY = 0


def home(seed: int, *, days: int = 60, steps: int = 24, size_wh: float = 500.0) -> Days:
    """Return a home with a morning and an evening, a rhythm of weeks, and whims."""
    random = np.random.default_rng(seed)
    hours = (np.arange(steps) + 0.5) * 24 / steps
    kinds = np.arange(days) % 7
    morning = np.exp(-((hours - random.uniform(6, 9)) ** 2) / 2)
    evening = np.exp(-((hours - random.uniform(17, 21)) ** 2) / 6)
    level = 1 + 0.3 * np.sin(np.arange(days) / 9 + seed)[:, None]
    free = 1 + 0.4 * (kinds >= 5)[:, None]
    usual = (0.3 + morning[None] + 1.5 * evening[None] * free) * level
    noise = random.gamma(4.0, 0.25, (days, steps))
    return Days(energy_wh=size_wh * 24 / steps * usual * noise, kinds=kinds)


def street(count: int = 8, *, first_seed: int = 100) -> list[Days]:
    """Return several homes with half a year each."""
    return [home(first_seed + n, days=120) for n in range(count)]


def together(homes: list[Days]) -> Prior:
    """Return what homes know together."""
    experiences = [Experience.of(days) for days in homes]
    coefficients = first_coefficients()
    prior = None
    for _ in range(SUMS):
        total = np.sum(
            [e.contribution(coefficients) for e in experiences if e is not None], axis=0
        )
        prior = Prior.from_sum(total)
        assert prior is not None
        coefficients = prior.coefficients
    assert prior is not None
    return prior


def with_gaps(days: Days, share: float, seed: int = 1) -> Days:
    """Return days of which a share of the steps is unknown, and one whole day."""
    random = np.random.default_rng(seed)
    energy: Floats = days.energy_wh.copy()
    energy[random.random(energy.shape) < share] = np.nan
    energy[days.count // 2] = np.nan
    return Days(energy_wh=energy, kinds=days.kinds)
