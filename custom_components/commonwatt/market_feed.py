"""What the home's node last said, for whoever shows it.

One for each entry, whoever runs the node: membership in a real home, the neighbourhood
in the demo.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from homeassistant.core import CALLBACK_TYPE, callback

from .engine.model.party import PartyId
from .engine.model.period import DeliveryPeriod
from .engine.node import Event, NodeStatus, TradeMatched


class TradeDirection(StrEnum):
    """Which way the energy of a trade goes, seen from the home."""

    BOUGHT = "bought"
    SOLD = "sold"


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeTrade:
    """A trade between the home and one neighbour, who remains unnamed."""

    direction: TradeDirection
    period: DeliveryPeriod
    energy_wh: int
    price_micro_per_kwh: int
    """In the home's own zone."""

    @classmethod
    def of(cls, matched: TradeMatched, home: PartyId) -> HomeTrade | None:
        """See a trade from the home's side; None if there is no neighbour in it."""
        trade = matched.trade
        if trade.seller == trade.buyer or home not in {trade.seller, trade.buyer}:
            return None
        sold = trade.seller == home
        return cls(
            direction=TradeDirection.SOLD if sold else TradeDirection.BOUGHT,
            period=matched.period,
            energy_wh=trade.energy_wh,
            price_micro_per_kwh=trade.seller_price_micro_per_kwh
            if sold
            else trade.buyer_price_micro_per_kwh,
        )


class MarketFeed:
    """The last status of the node, and the trades as they happen."""

    def __init__(self, party: PartyId) -> None:
        self.party = party
        self.status: NodeStatus | None = None
        self._on_status: list[Callable[[], None]] = []
        self._on_trade: list[Callable[[HomeTrade], None]] = []
        self._on_events: list[Callable[[Iterable[Event]], None]] = []

    @callback
    def async_listen(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call ``listener`` whenever there is a new status."""
        return _add(self._on_status, listener)

    @callback
    def async_listen_to_trades(
        self, listener: Callable[[HomeTrade], None]
    ) -> CALLBACK_TYPE:
        """Call ``listener`` for every trade of the home with a neighbour."""
        return _add(self._on_trade, listener)

    @callback
    def async_listen_to_events(
        self, listener: Callable[[Iterable[Event]], None]
    ) -> CALLBACK_TYPE:
        """Call ``listener`` with what the node reports, before its status is shown."""
        return _add(self._on_events, listener)

    @callback
    def publish(self, status: NodeStatus, events: Collection[Event] = ()) -> None:
        """Pass on what the node says."""
        self.status = status
        if events:
            for hear in list(self._on_events):
                hear(events)
        for listener in list(self._on_status):
            listener()
        for event in events:
            if not isinstance(event, TradeMatched):
                continue
            trade = HomeTrade.of(event, self.party)
            if trade is not None:
                for tell in list(self._on_trade):
                    tell(trade)


def _add[Listener](listeners: list[Listener], listener: Listener) -> CALLBACK_TYPE:
    listeners.append(listener)

    @callback
    def remove() -> None:
        listeners.remove(listener)

    return remove
