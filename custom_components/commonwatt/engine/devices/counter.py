"""Energy counters that only grow, whatever the wire delivers.

A wrong digit in a counter ends up in the statistics for ever (and, worse, in a
settlement), so a reading counts only if it fits the last one and the power a home can
have.  What does not fit is held back until it has been said often enough to be true: a
counter that was reset or replaced.
"""

from dataclasses import dataclass, replace
from typing import Final

from ..model.period import HOUR_MS, Instant

COUNTER_WH_MAX: Final = 10**12
"""Beyond a terawatt-hour it is noise."""

POWER_W_MAX: Final = 250_000
"""More than any home's connection; a larger device says so."""

STEP_WH: Final = 1_000
"""Coarsest step of a counter: some count in whole kWh."""

CONFIRMATIONS: Final = 3
"""Readings in a row that must agree before an unlikely counter is believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A counter at an instant."""

    wh: int
    at: Instant

    def may_become(self, later: Reading, *, power_w_max: int) -> bool:
        """Tell whether ``later`` is what this counter can have grown to."""
        elapsed_ms = max(0, later.at - self.at)
        growth_wh_max = STEP_WH + power_w_max * elapsed_ms // HOUR_MS
        return 0 <= later.wh - self.wh <= growth_wh_max


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterGate:
    """The last believed reading of one counter, and one that waits to be believed."""

    power_w_max: int = POWER_W_MAX
    believed: Reading | None = None
    doubted: Reading | None = None
    confirmations: int = 0

    @property
    def wh(self) -> int | None:
        """What to show; None before anything was believed."""
        return None if self.believed is None else self.believed.wh

    def pass_on(self, wh: int | None, now: Instant) -> CounterGate:
        """Return the gate after a reading; unknown and absurd ones are never shown.

        After an absurd one nothing that was doubted counts as said in a row.
        """
        if wh is None:
            return self
        if not 0 <= wh <= COUNTER_WH_MAX:
            return replace(self, doubted=None, confirmations=0)
        reading = Reading(wh=wh, at=now)
        if self._fits(self.believed, reading):
            return replace(self, believed=reading, doubted=None, confirmations=0)
        agreed = self.confirmations if self._fits(self.doubted, reading) else 0
        needed = CONFIRMATIONS if self.believed is not None else 1
        if agreed < needed:
            return replace(self, doubted=reading, confirmations=agreed + 1)
        return replace(self, believed=reading, doubted=None, confirmations=0)

    def _fits(self, earlier: Reading | None, reading: Reading) -> bool:
        return earlier is not None and earlier.may_become(
            reading, power_w_max=self.power_w_max
        )
