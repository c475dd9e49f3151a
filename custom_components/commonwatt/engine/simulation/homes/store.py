"""A store of energy with losses both ways.  Integers: what goes in comes out exactly.

Energy is kept in mJ (= W x ms), so that a power held for some milliseconds changes it
exactly, however the time is cut.
"""

from typing import Final

from ...model.units import PPM

MJ_PER_WH: Final = 3_600_000
TRICKLE_W: Final = 20
"""A store so full, or so empty, that less would do until the next choice, rests."""


class Store:
    """Energy between a floor and a capacity, filled and drained through efficiencies.

    ``power_w`` is what the outside sees, + when the store gives.  ``drain_w`` is what
    leaves the store itself: more than it gives, less than it takes.
    """

    __slots__ = (
        "_charge_efficiency_ppm",
        "_discharge_efficiency_ppm",
        "capacity_mj",
        "stored_mj",
    )

    def __init__(
        self,
        *,
        capacity_wh: int,
        fill_ppm: int,
        charge_efficiency_ppm: int,
        discharge_efficiency_ppm: int,
    ) -> None:
        assert 0 < charge_efficiency_ppm <= PPM, "nothing gains by being stored"
        assert 0 < discharge_efficiency_ppm <= PPM, "nothing gains by being stored"
        self.capacity_mj = capacity_wh * MJ_PER_WH
        self.stored_mj = self.capacity_mj * fill_ppm // PPM
        self._charge_efficiency_ppm = charge_efficiency_ppm
        self._discharge_efficiency_ppm = discharge_efficiency_ppm

    @property
    def stored_wh(self) -> int:
        """Energy in store."""
        return self.stored_mj // MJ_PER_WH

    @property
    def fill_ppm(self) -> int:
        """Share of the capacity that is filled."""
        return self.stored_mj * PPM // self.capacity_mj

    def giving_w_max(self, span_ms: int, *, floor_ppm: int = 0) -> int:
        """Return the most it can give for ``span_ms`` without going below the floor."""
        above_mj = self.stored_mj - self.capacity_mj * floor_ppm // PPM
        return _unless_trickle(
            max(0, above_mj) // span_ms * self._discharge_efficiency_ppm // PPM
        )

    def taking_w_max(self, span_ms: int, *, ceiling_ppm: int = PPM) -> int:
        """Return the most it can take for ``span_ms`` without exceeding the ceiling."""
        room_mj = self.capacity_mj * ceiling_ppm // PPM - self.stored_mj
        return _unless_trickle(
            max(0, room_mj) // span_ms * PPM // self._charge_efficiency_ppm
        )

    def drain_w(self, power_w: int) -> int:
        """Return what leaves the store while it gives ``power_w``; losses round up."""
        if power_w >= 0:
            return -(-power_w * PPM // self._discharge_efficiency_ppm)
        return -(-power_w * self._charge_efficiency_ppm // PPM)

    def flow(self, drain_w: int, span_ms: int) -> None:
        """Let ``drain_w`` leave the store for ``span_ms``."""
        self.stored_mj -= drain_w * span_ms
        assert 0 <= self.stored_mj <= self.capacity_mj, "a store is never over-drawn"


def _unless_trickle(power_w: int) -> int:
    return power_w if power_w >= TRICKLE_W else 0
