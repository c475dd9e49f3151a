"""Requests for help, the pool, thanks and score cards, as this home heard them.

Nothing here moves energy: who wants to help gives (``agreements.give``), or lets the
pool give.
"""

from collections.abc import Mapping
from typing import Final

from ..model.contract import ContractId
from ..model.party import PartyId
from ..model.period import PERIODS_PER_HOUR, DeliveryPeriod, Instant
from ..model.social import (
    REQUEST_PERIODS_MAX,
    REQUESTS_MAX,
    HelpReason,
    HelpRequest,
    PoolGift,
    ScoreCard,
    Thanks,
)
from ..model.units import ENERGY_WH_MAX
from .agreements import Agreements, Refusal, Refused
from .config import NodeConfig
from .events import HelpAsked, Thanked
from .outbox import Outbox
from .pool import Pool
from .pool_shares import OpenRequest


class Social:
    """What members tell each other besides business."""

    def __init__(
        self, config: NodeConfig, outbox: Outbox, agreements: Agreements, born: Instant
    ) -> None:
        """Begin with nothing heard."""
        self._config: Final = config
        self._outbox: Final = outbox
        self.pool: Final = Pool(config, outbox, agreements, born)
        """Energy at the community's disposal: to put in and to take back."""

        self._requests: Final[dict[PartyId, dict[int, OpenRequest]]] = {}
        self._cards: Final[dict[PartyId, ScoreCard]] = {}

    # -- commands ----------------------------------------------------------------------

    def ask(
        self, energy_wh: int, until: DeliveryPeriod, reason: HelpReason, now: Instant
    ) -> int | Refused:
        """Ask everybody for energy; return the number of the request."""
        current = DeliveryPeriod.containing(now)
        ahead = until.number - current.number
        if not 0 < ahead <= REQUEST_PERIODS_MAX or not 0 < energy_wh <= ENERGY_WH_MAX:
            return Refused(Refusal.OUT_OF_BOUNDS)
        mine = [one.request for one in self.requests(now) if one.party == self._me]
        if len(mine) >= REQUESTS_MAX:
            return Refused(Refusal.TOO_MANY)
        number = 1 + max(self._requests.get(self._me, {}), default=0)
        self._say(
            HelpRequest(number=number, energy_wh=energy_wh, until=until, reason=reason),
            now,
        )
        return number

    def end_request(self, number: int, now: Instant) -> Refused | None:
        """Need no more of what was asked for."""
        known = self._requests.get(self._me, {}).get(number)
        if known is None:
            return Refused(Refusal.UNKNOWN)
        until = known.request.until
        self._say(HelpRequest(number=number, energy_wh=0, until=until), now)
        return None

    def thank(self, to: PartyId, gift: ContractId, now: Instant) -> Refused | None:
        """Thank a member for a gift."""
        if to == self._me:
            return Refused(Refusal.ONESELF)
        if self._config.statutes.latest.member(to) is None:
            return Refused(Refusal.NOT_A_MEMBER)
        self._outbox.say(Thanks(to=to, gift=gift), now, to=to)
        return None

    def show_score(self, card: ScoreCard, now: Instant) -> None:
        """Tell everybody how this home stands; the same again is not said twice."""
        if self._cards.get(self._me) != card:
            self._say(card, now)

    # -- what others say ---------------------------------------------------------------

    def take(
        self,
        author: PartyId,
        message: HelpRequest | PoolGift | Thanks | ScoreCard,
        said_at: Instant,
    ) -> None:
        """Take the word of a member, or one's own from the journal."""
        match message:
            case HelpRequest():
                self._take_request(author, message, said_at)
            case PoolGift():
                self.pool.take(author, message, said_at)
            case ScoreCard():
                self._cards[author] = message
            case Thanks():
                if message.to == self._me:
                    self._outbox.report(Thanked(party=author, gift=message.gift))

    def begin_period(self, now: Instant) -> None:
        """Let the pool give; say once an hour what holds, for those who were away."""
        self.pool.begin_period(self.requests(now), now)
        if DeliveryPeriod.containing(now).number % PERIODS_PER_HOUR:
            return
        for one in self.requests(now):
            if one.party == self._me:
                self._outbox.say(one.request, now)
        if (card := self._cards.get(self._me)) is not None:
            self._outbox.say(card, now)

    def requests(self, now: Instant) -> tuple[OpenRequest, ...]:
        """Return all requests that can still be answered, the most urgent first."""
        current = DeliveryPeriod.containing(now)
        found = [
            one
            for requests in self._requests.values()
            for one in requests.values()
            if one.request.energy_wh and one.request.until > current
        ]
        return tuple(
            sorted(
                found,
                key=lambda one: (one.request.until, one.party, one.request.number),
            )
        )

    @property
    def cards(self) -> Mapping[PartyId, ScoreCard]:
        """The last score card of each member that shows one."""
        return {party: card for party, card in self._cards.items() if card.is_shown}

    @property
    def _me(self) -> PartyId:
        return self._config.party

    def _say(self, message: HelpRequest | ScoreCard, now: Instant) -> None:
        self._outbox.say(message, now)
        self.take(self._me, message, now)

    def _take_request(
        self, author: PartyId, request: HelpRequest, said_at: Instant
    ) -> None:
        current = DeliveryPeriod.containing(said_at)
        if request.until.number - current.number > REQUEST_PERIODS_MAX:
            return
        known = self._requests.setdefault(author, {})
        last = known.get(request.number)
        if last is not None and last.request == request:
            return
        known[request.number] = OpenRequest(
            party=author, request=request, since=said_at
        )
        for number in sorted(known)[:-REQUESTS_MAX]:
            del known[number]
        is_open = request.energy_wh > 0 and request.until > current
        if is_open and author != self._me:
            self._outbox.report(HelpAsked(party=author, request=request))
