"""What the neighbours' panels tell of ours: they are under the same cloud.

The neighbours' energy is a sum over at least five of them (a secure sum, or the open
readings of a community that shares them), so no roof can be told from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .days import SolarDay, both_known

NEIGHBOURS_MIN: Final = 5
DAYS_LEAST: Final = 7
ENERGY_WH_MIN: Final = 500.0
"""Below so much expected energy a day says nothing about a fault."""

FAULT_SHARE: Final = 0.25
"""A shortfall that is worth a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """How far our panels stayed behind what the neighbours' let expect."""

    expected_wh: float
    measured_wh: float

    @property
    def share(self) -> float:
        """0.4 means 40 % less than the neighbours' panels; negative is more."""
        return 1 - self.measured_wh / self.expected_wh

    @property
    def is_fault(self) -> bool:
        """Tell whether somebody should look at the roof."""
        return self.share >= FAULT_SHARE


def nowcast_wh(
    own: Sequence[SolarDay],
    neighbours: Sequence[SolarDay],
    *,
    neighbours_now_wh: float,
    step: int,
    count: int,
) -> float | None:
    """Return our energy in this step from the neighbours' sum in it.

    Learned from days, oldest first, that both know; None without five neighbours or a
    week of days.
    """
    gain = _gain([day[step] for day in own], [day[step] for day in neighbours], count)
    return None if gain is None else gain * neighbours_now_wh


def shortfall(
    own: Sequence[SolarDay],
    neighbours: Sequence[SolarDay],
    *,
    own_today: SolarDay,
    neighbours_today: SolarDay,
    count: int,
) -> Shortfall | None:
    """Compare today with the neighbours, step by step; None if that says nothing.

    ``own`` and ``neighbours`` are the days before, which make the comparison fair: a
    roof in the shade of the morning is not at fault.
    """
    expected = measured = 0.0
    for step, (ours, theirs) in enumerate(
        zip(own_today, neighbours_today, strict=True)
    ):
        gain = _gain(
            [day[step] for day in own], [day[step] for day in neighbours], count
        )
        if gain is not None and ours is not None and theirs is not None:
            expected += gain * theirs
            measured += ours
    if expected < ENERGY_WH_MIN:
        return None
    return Shortfall(expected_wh=expected, measured_wh=measured)


def _gain(own: SolarDay, neighbours: SolarDay, count: int) -> float | None:
    """Return our share of the neighbours' sum in one step of the day."""
    known = list(both_known(own, neighbours))
    theirs = sum(wh for _, wh in known)
    if count < NEIGHBOURS_MIN or len(known) < DAYS_LEAST or theirs <= 0:
        return None
    return sum(wh for wh, _ in known) / theirs
