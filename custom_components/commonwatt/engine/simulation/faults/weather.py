"""What may go wrong, and how often."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ...model.period import MINUTE_MS, SECOND_MS


class FaultLevel(StrEnum):
    """How bad the weather is."""

    NONE = "none"
    LOW = "low"
    """What homes and their networks do anyway."""

    HIGH = "high"
    """Worse than any street has seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """Chances in ppm; of an envelope, or of a member in a delivery period."""

    loss_ppm: int = 0
    double_ppm: int = 0
    garble_ppm: int = 0
    """One bit of an envelope is turned over on the way."""

    late_ppm: int = 0
    """An envelope takes up to ``late_ms_max``, and others overtake it."""

    late_ms_max: int = 0
    split_ppm: int = 0
    """The network falls apart into two, for up to a delivery period."""

    crash_ppm: int = 0
    away_ms_max: int = 0
    """How long a member that crashed is away."""

    torn_ppm: int = 0
    """Of crashes: the end of the journal is damaged."""

    backup_ppm: int = 0
    """Of crashes: the disk is gone, and an old backup takes its place."""

    skew_ms_max: int = 0
    """How far a clock is off, one way or the other."""

    liar_ppm: int = 0
    """Of seeds: there are liars, as many as the charter bears."""

    plot_ppm: int = 0
    """Of seeds: there are as many liars as no charter bears, and they conspire."""

    change_ppm: int = 0
    """Of delivery periods: somebody joins, leaves, or puts something to the vote."""


CLEAR: Final = Weather()

WEATHERS: Final = {
    FaultLevel.NONE: CLEAR,
    FaultLevel.LOW: Weather(
        loss_ppm=10_000,
        double_ppm=10_000,
        garble_ppm=1_000,
        late_ppm=20_000,
        late_ms_max=5 * SECOND_MS,
        split_ppm=100_000,
        crash_ppm=30_000,
        away_ms_max=5 * MINUTE_MS,
        torn_ppm=100_000,
        backup_ppm=50_000,
        skew_ms_max=500,
        liar_ppm=300_000,
        change_ppm=200_000,
    ),
    FaultLevel.HIGH: Weather(
        loss_ppm=100_000,
        double_ppm=50_000,
        garble_ppm=10_000,
        late_ppm=100_000,
        late_ms_max=20 * SECOND_MS,
        split_ppm=400_000,
        crash_ppm=150_000,
        away_ms_max=20 * MINUTE_MS,
        torn_ppm=200_000,
        backup_ppm=150_000,
        skew_ms_max=3 * SECOND_MS,
        liar_ppm=750_000,
        plot_ppm=100_000,
        change_ppm=300_000,
    ),
}
