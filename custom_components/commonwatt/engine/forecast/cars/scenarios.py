"""A day of a car as a handful of scenarios whose probabilities add up to one."""

from dataclasses import dataclass
from typing import Final

from .habits import BLOCK_HOURS, HOURS, Habits

PROBABILITY_MIN: Final = 0.02
"""Rarer arrivals are added to the most likely hour: plans need few scenarios."""

ENERGY_WEIGHTS: Final = (0.25, 0.5, 0.25)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What somebody knows: the car's own integration, or a calendar."""

    arrives_h: float | None = None
    departs_h: float | None = None
    energy_wh: float | None = None
    away: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CarScenario:
    """One way the day may go; hours count from local midnight, past 24 is tomorrow."""

    probability: float
    arrives_h: float | None
    """None: it does not come."""

    departs_h: float | None
    energy_wh: float


def scenarios(
    habits: Habits, *, free_day: bool, stated: Stated | None = None
) -> tuple[CarScenario, ...]:
    """Return what may happen, most likely first.  What is stated is not guessed."""
    said = stated or Stated()
    if said.away:
        return (_stays_away(1.0),)
    if said.arrives_h is not None:
        arrivals = {said.arrives_h: 1.0}
    else:
        arrivals = _likely(habits.arrival[free_day])
    found = [
        CarScenario(
            probability=probability * weight,
            arrives_h=hour,
            departs_h=_departure(habits, hour, said),
            energy_wh=energy_wh,
        )
        for hour, probability in arrivals.items()
        for weight, energy_wh in _needs(habits, said)
    ]
    absent = 1.0 - sum(arrivals.values())
    if absent > 0:
        found.append(_stays_away(absent))
    return tuple(sorted(found, key=lambda scenario: -scenario.probability))


def _likely(rates: tuple[float, ...]) -> dict[float, float]:
    """Return arrival hours (their middle) that are worth a scenario."""
    kept = {hour: rate for hour, rate in enumerate(rates) if rate >= PROBABILITY_MIN}
    if not kept:
        return {}
    first = max(kept, key=lambda hour: kept[hour])
    kept[first] += sum(rates) - sum(kept.values())
    return {hour + 0.5: min(rate, 1.0) for hour, rate in kept.items()}


def _departure(habits: Habits, arrives_h: float, said: Stated) -> float:
    if said.departs_h is not None:
        return said.departs_h
    return arrives_h + habits.stay_h[int(arrives_h) % HOURS // BLOCK_HOURS]


def _needs(habits: Habits, said: Stated) -> list[tuple[float, float]]:
    if said.energy_wh is not None:
        return [(1.0, said.energy_wh)]
    return list(zip(ENERGY_WEIGHTS, habits.energy_wh, strict=True))


def _stays_away(probability: float) -> CarScenario:
    return CarScenario(
        probability=probability, arrives_h=None, departs_h=None, energy_wh=0.0
    )
