"""What two parties agreed on outside the auction: contracts and gifts."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NewType

from .party import PartyId
from .period import DeliveryPeriod
from .units import ENERGY_WH_MAX, PPM, PRICE_MICRO_PER_KWH_MAX

ContractId = NewType("ContractId", str)
"""Name of a contract or a gift, unique in its community; it breaks ties of priority."""


PLEDGES_MAX: Final = 8
"""Contracts and gifts that one party may name in one delivery period."""

PRIORITY_MAX: Final = 1 << 31
"""Bound on the magnitude of a priority."""


class FeePayer(StrEnum):
    """Who pays the network fee of the way from seller to buyer."""

    SELLER = "seller"
    BUYER = "buyer"


@dataclass(frozen=True, slots=True)
class FixedPrice:
    """The same price in every period."""

    price_micro_per_kwh: int

    def __post_init__(self) -> None:
        """Refuse a price out of bounds."""
        _check_price(self.price_micro_per_kwh)


@dataclass(frozen=True, slots=True)
class ZonePricePlus:
    """The clearing price of the seller's zone and a premium (or discount) on it."""

    premium_micro_per_kwh: int

    def __post_init__(self) -> None:
        """Refuse a premium out of bounds."""
        _check_price(self.premium_micro_per_kwh)


@dataclass(frozen=True, slots=True)
class ShareOfSpread:
    """A point between what the seller's retailer pays and the buyer's retailer asks."""

    seller_share_ppm: int
    """0: the seller gets its feed-in tariff, 1,000,000: the buyer's import price."""

    def __post_init__(self) -> None:
        """Refuse a share that is none."""
        if not 0 <= self.seller_share_ppm <= PPM:
            msg = f"a share of {self.seller_share_ppm} ppm is out of bounds"
            raise ValueError(msg)


type PriceRule = FixedPrice | ZonePricePlus | ShareOfSpread


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """One party supplies another, up to a quantity, at a price they agreed on."""

    id: ContractId
    seller: PartyId
    buyer: PartyId
    price: PriceRule
    """What the buyer pays the seller, the network fee apart."""

    energy_wh_max: int
    """In one delivery period."""

    energy_wh_max_day: int
    valid_from: DeliveryPeriod
    valid_until: DeliveryPeriod
    """First period in which the contract is over."""

    fee_payer: FeePayer = FeePayer.BUYER
    priority: int = 0
    """The lower is served first."""

    def __post_init__(self) -> None:
        """Refuse contracts with oneself and limits out of bounds."""
        _check_partners(self.seller, self.buyer)
        _check_energy(self.energy_wh_max, self.energy_wh_max_day)
        if abs(self.priority) > PRIORITY_MAX:
            msg = f"a priority of {self.priority} is out of bounds"
            raise ValueError(msg)

    def covers(self, period: DeliveryPeriod) -> bool:
        """Tell whether the contract is valid in ``period``."""
        return self.valid_from <= period < self.valid_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """Energy one party gives another, once it has some to spare."""

    id: ContractId
    giver: PartyId
    receiver: PartyId
    energy_wh_max: int
    """In all."""

    energy_wh_max_day: int
    valid_from: DeliveryPeriod
    valid_until: DeliveryPeriod
    """First period in which the gift is over."""

    fee_payer: FeePayer = FeePayer.SELLER

    def __post_init__(self) -> None:
        """Refuse gifts to oneself and limits out of bounds."""
        _check_partners(self.giver, self.receiver)
        _check_energy(self.energy_wh_max, self.energy_wh_max_day)

    def covers(self, period: DeliveryPeriod) -> bool:
        """Tell whether the gift can be given in ``period``."""
        return self.valid_from <= period < self.valid_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What one party says, before gate closure, a contract or gift will move."""

    contract: ContractId
    party: PartyId
    energy_wh: int

    def __post_init__(self) -> None:
        """Refuse what no contract can move."""
        _check_energy(self.energy_wh)


type Terms = Contract | Gift


def supplier_of(terms: Terms) -> PartyId:
    """Return who sells or gives."""
    return terms.seller if isinstance(terms, Contract) else terms.giver


def receiver_of(terms: Terms) -> PartyId:
    """Return who buys or is given."""
    return terms.buyer if isinstance(terms, Contract) else terms.receiver


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge:
    """What one party stands by in one period, said together with its order."""

    terms: Terms | ContractId
    """In full by who supplies; the name is enough from who receives."""

    energy_wh: int
    """Declared: it comes before the auction.  0: nothing is."""

    left_wh: int
    """Most that may move in the period, by the party's own books."""

    retailer_micro_per_kwh: int | None = None
    """What the party's retailer pays (to a seller) or asks; for a share of spread."""

    def __post_init__(self) -> None:
        """Refuse more than there is left."""
        _check_energy(self.left_wh)
        if not 0 <= self.energy_wh <= self.left_wh:
            msg = f"a pledge of {self.energy_wh} Wh is out of bounds"
            raise ValueError(msg)
        _check_price(self.retailer_micro_per_kwh or 0)

    @property
    def contract(self) -> ContractId:
        """Name of the contract or gift."""
        return self.terms if isinstance(self.terms, str) else self.terms.id


def _check_price(price_micro_per_kwh: int) -> None:
    if abs(price_micro_per_kwh) > PRICE_MICRO_PER_KWH_MAX:
        msg = f"a price of {price_micro_per_kwh} is out of bounds"
        raise ValueError(msg)


def _check_partners(seller: PartyId, buyer: PartyId) -> None:
    if seller == buyer:
        msg = "nobody makes a contract with itself"
        raise ValueError(msg)


def _check_energy(*energies_wh: int) -> None:
    for energy_wh in energies_wh:
        if not 0 < energy_wh <= ENERGY_WH_MAX:
            msg = f"an agreement on {energy_wh} Wh is out of bounds"
            raise ValueError(msg)
