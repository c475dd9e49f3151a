"""The metering point: limits, prices, neighbours' offers, what is already traded."""

from dataclasses import dataclass

from ...model.order import Side
from ...model.period import DeliveryPeriod


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What a kWh from and to the retailer costs and earns, for every step.

    ``None`` is a price not known yet; what carbon an import causes may be unknown
    altogether.
    """

    import_micro_per_kwh: tuple[int | None, ...]
    export_micro_per_kwh: tuple[int | None, ...]
    carbon_g_per_kwh: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityTariff:
    """A price on the highest mean import of a quarter of an hour (billing period)."""

    price_micro_per_kw: int
    peak_w: int = 0
    """Highest import so far: it is paid for anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tranche:
    """Energy neighbours would sell (``BUY``: we buy it) or take at a known price."""

    period: DeliveryPeriod
    side: Side
    price_micro_per_kwh: int
    """All in: with the network fee the home pays."""

    energy_wh: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What is already traded for a period: paid for, to be delivered."""

    period: DeliveryPeriod
    sold_wh: int
    """Energy sold minus energy bought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The connection to the grid and everything priced at it."""

    import_w_max: int
    """0 on an island."""

    export_w_max: int
    prices: Prices
    capacity: CapacityTariff | None = None
    tranches: tuple[Tranche, ...] = ()
    positions: tuple[Position, ...] = ()
    """At most one for each period; what differs is settled at the retail price."""

    def __post_init__(self) -> None:
        """Refuse negative limits and doubled positions."""
        if min(self.import_w_max, self.export_w_max) < 0:
            raise ValueError("a connection has no negative limit")
        periods = [position.period for position in self.positions]
        if len(set(periods)) != len(periods):
            raise ValueError("two positions for one period")
