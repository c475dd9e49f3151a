"""What a clearing decides: zone prices, flows, fills and trades of one period."""

from dataclasses import dataclass

from .order import Side
from .party import PartyId
from .period import DeliveryPeriod
from .units import cost_nano
from .zone import ZoneId


@dataclass(frozen=True, slots=True, kw_only=True)
class ZonePrice:
    """The uniform price of one zone."""

    zone: ZoneId
    price_micro_per_kwh: int
    """An indication only where nothing is traded in the zone."""

    traded_wh: int
    """Energy bought in the zone plus energy sent on from it: 0 means no trade."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeFlow:
    """Energy over the edge of a zone to its parent, and what the edge earned."""

    zone: ZoneId
    export_wh: int
    """Energy towards the parent; negative: from the parent into the zone."""

    fee_nano: int
    rent_nano: int
    """Congestion rent: zero unless the edge is full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """How much of one step was matched; steps that got nothing have no fill."""

    party: PartyId
    side: Side
    limit_micro_per_kwh: int
    energy_wh: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """Energy one party supplies to another; each side at the price of its own zone."""

    seller: PartyId
    buyer: PartyId
    energy_wh: int
    seller_price_micro_per_kwh: int
    buyer_price_micro_per_kwh: int

    @property
    def paid_nano(self) -> int:
        """What the buyer pays."""
        return cost_nano(
            energy_wh=self.energy_wh, price_micro_per_kwh=self.buyer_price_micro_per_kwh
        )

    @property
    def received_nano(self) -> int:
        """What the seller receives; the rest is network fee and congestion rent."""
        return cost_nano(
            energy_wh=self.energy_wh,
            price_micro_per_kwh=self.seller_price_micro_per_kwh,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingResult:
    """The outcome every member computes for itself, bit by bit the same.

    Payments = receipts + fees + rents, exactly, in nano-currency.
    """

    period: DeliveryPeriod
    prices: tuple[ZonePrice, ...]
    """In the order of the fee tree."""

    flows: tuple[EdgeFlow, ...]
    """One for each zone but the root, in the order of the fee tree."""

    fills: tuple[Fill, ...]
    """Ascending by party, then side, then limit."""

    trades: tuple[Trade, ...]
    """Ascending by seller, then buyer; energy over all trades is the energy bought."""

    @property
    def energy_wh(self) -> int:
        """Energy traded in the period."""
        return sum(fill.energy_wh for fill in self.fills if fill.side is Side.BUY)

    @property
    def zone_prices(self) -> dict[ZoneId, int]:
        """The price of each zone, in micro-currency per kWh."""
        return {price.zone: price.price_micro_per_kwh for price in self.prices}

    def price_micro_per_kwh(self, zone: ZoneId) -> int:
        """Return the price of a zone; ValueError if it was not in the tree."""
        for price in self.prices:
            if price.zone == zone:
                return price.price_micro_per_kwh
        msg = f"no price for zone {zone}"
        raise ValueError(msg)

    def position_wh(self, party: PartyId) -> int:
        """Return what ``party`` sold minus what it bought."""
        return sum(f.side * f.energy_wh for f in self.fills if f.party == party)
