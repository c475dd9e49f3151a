"""Watches one home while its entry is loaded, and tells what has changed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.event import async_track_time_interval

from ..data import CommonWattData
from ..engine.dispatch import AssetId
from ..engine.dispatch.story import ActionKind
from ..engine.ledger.allocation import DeliveryKind
from ..engine.ledger.settlement import Settlement
from ..engine.model.party import PartyId
from ..engine.model.period import datetime_from_instant
from ..engine.model.units import MICRO_PER_UNIT
from ..engine.node import (
    Event,
    HelpAsked,
    MotionClosed,
    MotionOpened,
    PeriodFinal,
    PeriodSettled,
    Thanked,
)
from ..engine.scores.badges import Badge
from ..engine.scores.missions import Mission
from ..market_feed import HomeTrade
from ..planning.story import coming
from .item import NEWS, Detail, News, NewsKind
from .surplus import has_surplus

WH_PER_KWH: Final = 1000
LOOK: Final = timedelta(minutes=1)
"""Steps of a plan begin without anybody saying so."""


class NewsDesk:
    """Turns what rooms report into news."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, data: CommonWattData
    ) -> None:
        self._hass: Final = hass
        self._entry: Final = entry
        self._data: Final = data
        self._price: int | None = None
        self._has_surplus: bool | None = None
        self._is_island: bool | None = None
        self._mission: tuple[Mission, bool] | None = None
        self._good_for: frozenset[AssetId] | None = None
        """The appliances the plan runs; None before there was a plan."""

    @callback
    def async_start(self) -> None:
        """Begin to watch."""
        data, unload = self._data, self._entry.async_on_unload
        unload(data.market.async_listen(self._look))
        unload(data.market.async_listen_to_events(self._hear))
        unload(data.market.async_listen_to_trades(self._traded))
        unload(data.home.async_add_listener(self._look_at_surplus))
        unload(data.scoring.async_listen(self._look_at_mission))
        unload(data.plans.async_listen(self._look_at_times))
        look = async_track_time_interval(self._hass, self._look_at_times, LOOK)
        unload(look)
        unload(data.scoring.async_listen_to_badges(self._badge))

    # -------------------------------------------------------------------- helpers

    @callback
    def _tell(self, kind: NewsKind, **details: Detail) -> None:
        news = News(
            entry_id=self._entry.entry_id,
            home=self._entry.title,
            kind=kind,
            details=details,
        )
        async_dispatcher_send(self._hass, NEWS, news)

    @callback
    def _look(self) -> None:
        status = self._data.market.status
        price = None if status is None else status.clearing_price_micro_per_kwh
        if status is not None and status.members > 1 and price != self._price:
            before, self._price = self._price, price
            self._tell(
                NewsKind.PRICE_CHANGED,
                price_per_kwh=None if price is None else price / MICRO_PER_UNIT,
                price_before=None if before is None else before / MICRO_PER_UNIT,
            )
        self._look_at_surplus()

    @callback
    def _look_at_surplus(self) -> None:
        found = has_surplus(self._data)
        if found is None:
            return  # unknown is neither the end of it nor a beginning
        before, self._has_surplus = self._has_surplus, found
        if found and not before:
            self._tell(NewsKind.SURPLUS_BEGAN)
        elif before and not found:
            self._tell(NewsKind.SURPLUS_ENDED)

    @callback
    def _traded(self, trade: HomeTrade) -> None:
        self._tell(
            NewsKind.TRADE_MATCHED,
            direction=trade.direction.value,
            energy_kwh=trade.energy_wh / WH_PER_KWH,
            price_per_kwh=trade.price_micro_per_kwh / MICRO_PER_UNIT,
            delivery_start=datetime_from_instant(trade.period.start).isoformat(),
        )

    @callback
    def _hear(self, events: Iterable[Event]) -> None:
        for event in events:
            match event:
                case PeriodFinal(result=None):
                    self._tell(NewsKind.ROUND_VOID, period=str(event.period))
                case PeriodSettled():
                    self._settled(event.settlement)
                case HelpAsked():
                    self._asked(event)
                case Thanked():
                    self._tell(NewsKind.THANKED, neighbour=self._name(event.party))
                case MotionOpened():
                    self._vote(NewsKind.VOTE_OPENED, event.motion)
                case MotionClosed():
                    passed = event.adopted
                    kind = NewsKind.VOTE_PASSED if passed else NewsKind.VOTE_FAILED
                    self._vote(kind, event.motion)
                case _:
                    pass

    @callback
    def _asked(self, asked: HelpAsked) -> None:
        request = asked.request
        self._tell(
            NewsKind.HELP_ASKED,
            neighbour=self._name(asked.party),
            energy_kwh=request.energy_wh / WH_PER_KWH,
            reason=request.reason.value,
            until=datetime_from_instant(request.until.start).isoformat(),
        )

    @callback
    def _vote(self, kind: NewsKind, digest: bytes) -> None:
        motion = self._data.votes.find(digest.hex())
        if motion is None:
            return  # nobody is asked: somebody leaves, say
        said = self._data.votes.say(motion)
        self._tell(
            kind,
            proposal=motion.id,
            title=said.title,
            description=said.description,
            neighbour=said.author,
            own=motion.author == self._data.market.party,
            until=datetime_from_instant(motion.deadline).isoformat(),
        )

    def _name(self, party: PartyId) -> str:
        names = {one.party: one.name for one in self._data.neighbours()}
        return names.get(party, party)

    @callback
    def _settled(self, settlement: Settlement) -> None:
        taken_wh = sum(
            one.energy_wh
            for one in settlement.deliveries
            if one.kind is DeliveryKind.GIFT and one.buyer == self._data.market.party
        )
        if taken_wh:
            self._tell(NewsKind.GIFT_RECEIVED, energy_kwh=taken_wh / WH_PER_KWH)
        if len(settlement.parties) == 1 or settlement.missing:
            return
        net_wh = sum(
            (one.import_wh or 0) - (one.export_wh or 0) for one in settlement.parties
        )
        before, self._is_island = self._is_island, net_wh <= 0
        if self._is_island and not before:
            self._tell(NewsKind.ISLAND_BEGAN, period=str(settlement.period))
        elif before and not self._is_island:
            self._tell(NewsKind.ISLAND_ENDED, period=str(settlement.period))

    @callback
    def _look_at_times(self, _moment: datetime | None = None) -> None:
        """Tell when the plan begins to run an appliance: by the clock or anew."""
        plans = self._data.plans
        if plans.plan is None:
            return
        running = {
            action.asset: action
            for action in coming(plans)
            if action.kind is ActionKind.RUN_APPLIANCE and action.starts_at <= plans.now
        }
        before, self._good_for = self._good_for, frozenset(running)
        for asset in sorted(self._good_for - (before or frozenset())):
            self._tell(
                NewsKind.GOOD_TIME,
                appliance=plans.names.get(asset, asset),
                reason=running[asset].reason.value,
                until=datetime_from_instant(running[asset].ends_at).isoformat(),
            )

    @callback
    def _badge(self, badge: Badge) -> None:
        self._tell(NewsKind.BADGE_EARNED, badge=badge.value)

    @callback
    def _look_at_mission(self) -> None:
        scores = self._data.scoring.scores
        progress = None if scores is None else scores.mission
        if progress is None:
            return
        before = self._mission
        self._mission = (progress.mission, progress.done)
        details: dict[str, Detail] = {
            "mission": progress.mission.kind.value,
            "goal_kwh": progress.mission.goal_wh / WH_PER_KWH,
        }
        if before is None or before[0].first_day != progress.mission.first_day:
            self._tell(NewsKind.MISSION_STARTED, **details)
        if progress.done and (before is None or not before[1]):
            self._tell(NewsKind.MISSION_DONE, **details)
