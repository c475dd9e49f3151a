"""What was traded lately, period by period, as the node reported it.

Forgets what is older than two days; the journal does not.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from ..engine.ledger.allocation import DeliveryKind
from ..engine.ledger.settlement import Settlement
from ..engine.model.clearing import ClearingResult
from ..engine.model.party import PartyId
from ..engine.model.period import DeliveryPeriod
from ..engine.node import Event, PeriodCorrected, PeriodFinal, PeriodSettled

PERIODS_KEPT: Final = 192


class LinkState(StrEnum):
    """How sure it is that energy went from one home to another."""

    FINAL = "final"
    """Traded: a quorum agreed."""

    SETTLED = "settled"
    """Delivered: the meters confirm it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Energy that goes from one home to another in a delivery period."""

    seller: PartyId
    buyer: PartyId
    energy_wh: int
    kind: DeliveryKind
    price_micro_per_kwh: int | None
    """What the buyer pays; None where no auction made a price."""


@dataclass(slots=True, kw_only=True)
class Page:
    """One delivery period."""

    price_micro_per_kwh: int | None = None
    """None: unknown, void, or nothing was traded."""

    bought_wh: int | None = None
    sold_wh: int | None = None
    saved_nano: int | None = None
    state: LinkState | None = None
    links: tuple[Link, ...] = ()
    prices: dict[tuple[PartyId, PartyId], int] = field(default_factory=dict)
    """What buyers pay, by seller and buyer."""


class Chronicle:
    """The pages of one home."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.pages: Final[dict[DeliveryPeriod, Page]] = {}
        self.revision = 0
        """Goes up when something was settled: then more can be asked of the node."""

    def take(self, events: Iterable[Event], home: PartyId) -> None:
        """Write down what the node reported."""
        for event in events:
            match event:
                case PeriodFinal(period=period, result=result):
                    self._take_result(self.page(period), result)
                case PeriodSettled(period=period, settlement=settlement):
                    self._take_settlement(period, settlement, home)
                case PeriodCorrected(period=period, difference=settlement):
                    self._take_settlement(period, settlement, home)
                case _:
                    pass

    def page(self, period: DeliveryPeriod) -> Page:
        """Return the page of a period, a new one if need be."""
        if period not in self.pages:
            self.pages[period] = Page()
            for old in sorted(self.pages)[:-PERIODS_KEPT]:
                del self.pages[old]
        return self.pages.get(period, Page())

    def _take_result(self, page: Page, result: ClearingResult | None) -> None:
        trades = () if result is None else result.trades
        others = [trade for trade in trades if trade.seller != trade.buyer]
        page.prices = {
            (trade.seller, trade.buyer): trade.buyer_price_micro_per_kwh
            for trade in others
        }
        page.price_micro_per_kwh = (
            result.prices[0].price_micro_per_kwh if result and others else None
        )
        page.state = LinkState.FINAL
        page.links = tuple(
            Link(
                seller=trade.seller,
                buyer=trade.buyer,
                energy_wh=trade.energy_wh,
                kind=DeliveryKind.POSITION,
                price_micro_per_kwh=trade.buyer_price_micro_per_kwh,
            )
            for trade in others
        )

    def _take_settlement(
        self, period: DeliveryPeriod, settlement: Settlement, home: PartyId
    ) -> None:
        page = self.page(period)
        self.revision += 1
        summary = settlement.summary(home)
        if summary is not None:
            page.bought_wh, page.sold_wh = summary.bought_wh, summary.sold_wh
            page.saved_nano = summary.saved_nano
        page.state = LinkState.SETTLED
        page.links = tuple(
            Link(
                seller=delivery.seller,
                buyer=delivery.buyer,
                energy_wh=delivery.energy_wh,
                kind=delivery.kind,
                price_micro_per_kwh=page.prices.get((delivery.seller, delivery.buyer))
                if delivery.kind is DeliveryKind.POSITION
                else None,
            )
            for delivery in settlement.deliveries
            if delivery.seller != delivery.buyer and delivery.energy_wh > 0
        )
