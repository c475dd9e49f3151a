"""What is left in a battery at the end of a plan is worth what plans said before.

A plan ends somewhere, life goes on: a kWh left over is worth what a kWh was worth at
the same time of the day in the plans of the last day.  That is followed slowly, so that
no single plan talks itself into hoarding.  The first plan estimates it from prices
(:mod:`..linear.rows`), as every plan does for cars, which have trips, and for hydrogen,
which has seasons.
"""

from dataclasses import replace
from math import exp
from typing import Final

from ...model.period import DAY_MS, HOUR_MS, Instant
from ..assets import AssetId
from ..home import Battery, HomePlan, HomeProblem, Worth

FOLLOWED_MS: Final = 12 * HOUR_MS
"""How fast a new value is believed (1/e)."""

UPPER_HALF_PERCENT: Final = 80
"""What a kWh in the upper half is worth of one in the lower."""


class EndValues:
    """Remembers one value for each battery, in micro-currency per kWh."""

    def __init__(self) -> None:
        """Know nothing."""
        self._known: Final[dict[AssetId, float]] = {}
        self._at: Instant | None = None

    def put_into(self, problem: HomeProblem) -> HomeProblem:
        """Return the problem; batteries of open value have the remembered one."""
        return replace(
            problem,
            storages=tuple(
                self._valued(storage)
                if isinstance(storage, Battery) and storage.worth is None
                else storage
                for storage in problem.storages
            ),
        )

    def learn(self, problem: HomeProblem, plan: HomePlan) -> None:
        """Take in what a plan says of the time of day at which it ends."""
        start = plan.horizon.start
        elapsed_ms = DAY_MS if self._at is None else max(start - self._at, 0)
        trust = 1.0 - exp(-elapsed_ms / FOLLOWED_MS)
        self._at = start
        step = plan.horizon.step_at(Instant(plan.horizon.end - DAY_MS))
        if step is None:
            return
        highest = max(p or 0 for p in problem.grid.prices.import_micro_per_kwh)
        for storage in problem.storages:
            planned = plan.asset(storage.id)
            if not isinstance(storage, Battery) or planned is None:
                continue
            if step < len(planned.value_micro_per_kwh):
                said = min(max(planned.value_micro_per_kwh[step], 0), max(highest, 0))
                before = self._known.get(storage.id, float(said))
                self._known[storage.id] = before + trust * (said - before)

    def _valued(self, battery: Battery) -> Battery:
        if battery.id not in self._known:
            return battery
        half_wh = battery.capacity_wh // 2
        value = round(self._known[battery.id])
        upper = value * UPPER_HALF_PERCENT // 100
        return replace(
            battery,
            worth=(
                Worth(energy_wh=half_wh, price_micro_per_kwh=value),
                Worth(
                    energy_wh=battery.capacity_wh - half_wh, price_micro_per_kwh=upper
                ),
            ),
        )
