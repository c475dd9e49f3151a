"""The plain forecast: the same delivery period on the days before, adjusted to today.

Integers throughout, so that a replay of the same readings gives the same bids.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ..model.period import DAY_MS, PERIOD_MS, DeliveryPeriod
from ..model.units import div_floor

PERIODS_PER_DAY: Final = DAY_MS // PERIOD_MS
DAYS_KEPT: Final = 8
DAYS_AVERAGED: Final = 3
LEVEL_PERIODS: Final = 6
"""How far back to look at how today compares with the days before."""

LEVEL_MAX: Final = 2
"""Today counts as at most twice, and at least half, of the days before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodEnergy:
    """Energy behind the meter that nobody steers, in one delivery period."""

    load_wh: int
    production_wh: int


type Part = Callable[[PeriodEnergy], int]


class History:
    """The last eight days of one home."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[DeliveryPeriod, PeriodEnergy] = {}

    def learn(self, period: DeliveryPeriod, energy: PeriodEnergy) -> None:
        """Remember a period and forget the one that has become too old."""
        self._known[period] = energy
        oldest = period.next(-DAYS_KEPT * PERIODS_PER_DAY)
        for known in [known for known in self._known if known < oldest]:
            del self._known[known]

    def forecast(self, period: DeliveryPeriod) -> PeriodEnergy | None:
        """Return what to expect in ``period``; None if nothing at all is known."""
        if not self._known:
            return None
        return PeriodEnergy(
            load_wh=self._expect(period, lambda energy: energy.load_wh),
            production_wh=self._expect(period, lambda energy: energy.production_wh),
        )

    def _expect(self, period: DeliveryPeriod, part: Part) -> int:
        usual = self._usual(period, part)
        if usual is None:
            return part(self._known[max(self._known)])
        return self._adjusted(usual, period, part)

    def _usual(self, period: DeliveryPeriod, part: Part) -> int | None:
        """Mean of the same period on the latest days that know it."""
        same = [
            part(self._known[before])
            for day in range(1, DAYS_KEPT + 1)
            if (before := period.next(-day * PERIODS_PER_DAY)) in self._known
        ][:DAYS_AVERAGED]
        return div_floor(sum(same), len(same)) if same else None

    def _adjusted(self, usual: int, period: DeliveryPeriod, part: Part) -> int:
        """Scale what is usual by what the latest periods were against their usual."""
        lately = (period.next(-ago) for ago in range(1, LEVEL_PERIODS + 1))
        pairs = [
            (part(self._known[p]), self._usual(p, part))
            for p in lately
            if p in self._known
        ]
        known = [(now, before) for now, before in pairs if before is not None]
        now = sum(now for now, _ in known)
        before = sum(before for _, before in known)
        if before <= 0:
            return usual
        scaled = div_floor(usual * now, before)
        return min(max(scaled, div_floor(usual, LEVEL_MAX)), usual * LEVEL_MAX)
