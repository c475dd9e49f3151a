"""What a community chose about settling: a part of its charter, equal for all."""

from dataclasses import dataclass, field
from typing import Final

from .capability import Capability
from .origin import ProductionDevice
from .schemes import SCHEMES, SharingScheme
from .sharing_key import CollectiveAsset, CollectiveKey, ProRataKey, SharingKey
from .units import PRICE_MICRO_PER_KWH_MAX

SPREAD_MICRO_PER_KWH: Final = 2_000
"""Default spread: 0.2 ct/kWh, small beside any tariff, large enough to matter."""

GRID_G_PER_KWH: Final = 240
"""Default: life-cycle greenhouse gases of an ordinary European mix."""

EXAMINED_MAX: Final = 64
"""Default number of deviating parties whose influence on the price is examined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementRules:
    """How a community settles."""

    sharing_key: SharingKey = field(default_factory=ProRataKey)
    """Who gets what nobody traded."""

    sharing_price_micro_per_kwh: int | None = None
    """Price of energy shared by the key; None: the zone price of the seller."""

    spread_micro_per_kwh: int = SPREAD_MICRO_PER_KWH
    """What energy that was not declared before gate closure pays to the fund."""

    scheme: SharingScheme = SCHEMES["DE"]
    """What remains on the bill for a shared kWh, on the billing basis ``sharing``."""

    capabilities: tuple[Capability, ...] = ()
    """What members registered their connections for; orders are cut to it."""

    plants: tuple[ProductionDevice, ...] = ()
    """What members registered to produce with; their certificates say more."""

    grid_g_per_kwh: int = GRID_G_PER_KWH
    """Greenhouse gases of a kWh from the grid, and of one of unknown origin."""

    examined_max: int = EXAMINED_MAX
    """How many deviating parties are examined in a period; the largest come first."""

    @property
    def collective_assets(self) -> tuple[CollectiveAsset, ...]:
        """Plants whose income belongs to several members."""
        key = self.sharing_key
        return key.assets if isinstance(key, CollectiveKey) else ()

    def __post_init__(self) -> None:
        """Refuse a spread that pays and prices out of bounds."""
        if not 0 <= self.spread_micro_per_kwh <= PRICE_MICRO_PER_KWH_MAX:
            msg = f"a spread of {self.spread_micro_per_kwh} is out of bounds"
            raise ValueError(msg)
        if abs(self.sharing_price_micro_per_kwh or 0) > PRICE_MICRO_PER_KWH_MAX:
            msg = f"a price of {self.sharing_price_micro_per_kwh} is out of bounds"
            raise ValueError(msg)
        if self.examined_max < 0:
            msg = "a number of parties is not negative"
            raise ValueError(msg)
