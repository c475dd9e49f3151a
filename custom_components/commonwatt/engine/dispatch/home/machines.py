"""Appliances that may wait, and generators that can be asked for power."""

from dataclasses import dataclass
from typing import Final

from ...model.period import MINUTE_MS, Instant
from ..assets import AssetId
from .dwell import UNBOUND, Dwell

SKIP_MICRO: Final = 5_000_000
"""What it is worth not to go without: five units of currency for each run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleAppliance:
    """An appliance that runs its programme without a break, such as a dishwasher."""

    id: AssetId
    profile_w: tuple[int, ...]
    profile_step_ms: int = 15 * MINUTE_MS
    earliest: Instant
    done_by: Instant
    skip_micro: int = SKIP_MICRO

    def __post_init__(self) -> None:
        """Refuse a programme of no length."""
        if not self.profile_w or self.profile_step_ms <= 0:
            raise ValueError("a programme takes time")


@dataclass(frozen=True, slots=True, kw_only=True)
class FlexibleAppliance:
    """An appliance that runs for some time in all, in as many pieces as it likes."""

    id: AssetId
    power_w: int
    runtime_ms: int
    earliest: Instant
    done_by: Instant
    skip_micro: int = SKIP_MICRO
    """For the whole run; a missed part costs its share."""


type Appliance = CycleAppliance | FlexibleAppliance


@dataclass(frozen=True, slots=True, kw_only=True)
class Generator:
    """A generator that can be asked for power, such as a biogas CHP."""

    id: AssetId
    power_w_max: int
    power_w_min: int = 0
    """It runs at this power at least, or not at all."""

    cost_micro_per_kwh: int
    start_micro: int = 0
    heat_ppm: int = 0
    """Useful heat for each unit of electric power."""

    warms: AssetId | None = None
    """The tank its heat goes to; what does not fit is cooled away."""

    dwell: Dwell = UNBOUND
