"""What a settlement is told apart from orders and readings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ..model.clearing import Trade
from ..model.contract import ContractId
from ..model.order import OrderBook
from ..model.settlement_rules import SettlementRules
from ..model.zone import FeeTree, ZoneId

__all__ = [
    "Agreement",
    "AgreementKind",
    "ClearForPrices",
    "Reclearing",
    "SettlementRules",
    "ZonePrices",
]

type ZonePrices = Mapping[ZoneId, int]
"""In micro-currency per kWh."""

type ClearForPrices = Callable[[OrderBook, FeeTree], ZonePrices]
"""What the market's clearing comes to; the ledger never looks inside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reclearing:
    """The book of the period and the means to clear it again."""

    book: OrderBook
    prices: ClearForPrices
    tree: FeeTree | None = None
    """With what declared agreements left of its limits; None: the charter's."""


class AgreementKind(StrEnum):
    """Why two parties supply each other outside the auction."""

    CONTRACT = "contract"
    GIFT = "gift"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Energy one party promised another, with what each pays or gets for it.

    ``trade.buyer_price - trade.seller_price`` covers the network fee of the way: who
    pays the fee is said by which of the two prices contains it (a gift whose giver pays
    the fee has a buyer price of 0 and a negative seller price).
    """

    kind: AgreementKind
    trade: Trade
    declared: bool
    """Before gate closure: it comes before positions; otherwise after them."""

    contract: ContractId | None = None
    """What was agreed on, for those who keep count."""
