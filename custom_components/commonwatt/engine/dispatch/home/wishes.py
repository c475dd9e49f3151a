"""What the people in the home want, besides low cost."""

from dataclasses import dataclass
from typing import Final

from ...model.units import PPM

CARBON_MICRO_PER_KG: Final = 250_000
"""What a kg of CO2 is worth where carbon has its full weight: about its damage.

Umweltbundesamt, "Methodenkonvention 3.1" (2020): 195 EUR/t, 680 EUR/t if later
generations count as much as we do; a round value between.
"""

OUTAGE_MICRO_PER_KWH: Final = 5_000_000
"""What a kWh is worth to somebody in the dark: the order of magnitude of studies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much each goal counts."""

    money_ppm: int = PPM
    carbon_ppm: int = 0
    """At 1,000,000 a kg of CO2 costs what it does to the world."""

    resilience_ppm: int = PPM
    """Scales what a missing hour of autonomy costs."""

    def __post_init__(self) -> None:
        """Refuse negative weights: nobody wants to pay more."""
        if min(self.money_ppm, self.carbon_ppm, self.resilience_ppm) < 0:
            raise ValueError("a goal has no negative weight")


EVERY_DAY: Final = Weights()
"""Low cost, and an eye on bad days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Autonomy:
    """Hours the critical loads should go on if the grid fails, at any time.

    ``critical_w`` and ``production_low_w`` have a value for every step;
    ``production_low_w`` is what the sun gives even on a bad day (10 % quantile).
    """

    hours_ms: int
    critical_w: tuple[int, ...]
    production_low_w: tuple[int, ...] = ()
    outage_micro_per_kwh: int = OUTAGE_MICRO_PER_KWH
    outages_ppm_per_hour: int = 2_000
    """Chance that the grid fails in an hour; storm mode raises it."""
