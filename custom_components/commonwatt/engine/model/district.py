"""A whole subtree of the network as one member of a larger market."""

from dataclasses import dataclass
from itertools import pairwise

from .order import Step
from .party import PartyId
from .period import DeliveryPeriod
from .units import ENERGY_WH_MAX
from .zone import ZoneId


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictCurve:
    """The net-export curve of a district: all its neighbours need to know of its homes.

    The district sends out ``lowest_wh`` (negative: it takes) at the lowest price, and
    with every step, passed on the way up, that much more.
    """

    district: PartyId
    period: DeliveryPeriod
    lowest_wh: int
    steps: tuple[Step, ...]
    """Ascending by price, offers before bids of the same price, each once."""

    def __post_init__(self) -> None:
        """Refuse what is not the curve of any book."""
        keys = [(step.price_micro_per_kwh, -step.side) for step in self.steps]
        if any(earlier >= later for earlier, later in pairwise(keys)):
            msg = "the steps of a curve ascend by price, offers first, each once"
            raise ValueError(msg)
        highest_wh = self.lowest_wh + sum(step.energy_wh for step in self.steps)
        if not -ENERGY_WH_MAX <= self.lowest_wh <= 0 <= highest_wh <= ENERGY_WH_MAX:
            msg = f"a curve from {self.lowest_wh} to {highest_wh} Wh is out of bounds"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedDistrict:
    """A district and the zone it is behind, a leaf without other orders."""

    curve: DistrictCurve
    zone: ZoneId
