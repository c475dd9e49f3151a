"""The community's pool: energy members put at everybody's disposal, and who gets it.

Nobody runs the pool.  Every member says what it puts in and what of it went where; all
work out the same shares (``pool_shares``), and each gives its own, as a gift.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from ..model.party import PartyId
from ..model.period import (
    HOUR_MS,
    PERIODS_PER_HOUR,
    DeliveryPeriod,
    Instant,
    after,
)
from ..model.social import (
    POOL_GIFTS_MAX,
    POOL_PERIODS_MAX,
    REQUEST_PERIODS_MAX,
    PoolGift,
    PoolShare,
)
from ..model.units import ENERGY_WH_MAX
from .agreements import Agreements, Refusal, Refused
from .config import NodeConfig
from .outbox import Outbox
from .pool_shares import OpenPoolGift, OpenRequest, served, share_for, with_share

HEARD_MS: Final = 2 * HOUR_MS
"""Gifts are said once an hour: who has said nothing for longer is away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """What a member last said of a gift, and what it had said before that period."""

    gift: PoolGift
    said_at: Instant
    before: PoolGift | None

    def known_at(self, start: Instant) -> PoolGift | None:
        """Return the gift as it stood when a period began: the same for everybody."""
        gift = self.gift if self.said_at < start else self.before
        if gift is None or after(self.said_at, HEARD_MS) >= start:
            return gift
        return replace(gift, energy_wh=0)


class Pool:
    """Gifts to the pool of all members, as this home heard them."""

    def __init__(
        self, config: NodeConfig, outbox: Outbox, agreements: Agreements, born: Instant
    ) -> None:
        """Begin with nothing heard; for the first hour this home only listens."""
        self._config: Final = config
        self._outbox: Final = outbox
        self._agreements: Final = agreements
        self._listens_until: Final = DeliveryPeriod.containing(born).next(
            PERIODS_PER_HOUR + 1
        )
        self._heard: Final[dict[PartyId, dict[int, _Heard]]] = {}

    # -- commands ----------------------------------------------------------------------

    def put(self, energy_wh: int, until: DeliveryPeriod, now: Instant) -> int | Refused:
        """Put energy at the community's disposal; return the number of the gift."""
        current = DeliveryPeriod.containing(now)
        ahead = until.number - current.number
        if self._config.statutes.latest.member(self._me) is None:
            return Refused(Refusal.NOT_A_MEMBER)
        if not 0 < ahead <= POOL_PERIODS_MAX or not 0 < energy_wh <= ENERGY_WH_MAX:
            return Refused(Refusal.OUT_OF_BOUNDS)
        if energy_wh > self._agreements.gift_wh_max(ahead):
            return Refused(Refusal.OVER_THE_CAP)
        self._forget(current)
        mine = self._heard.get(self._me, {})
        if len(mine) >= POOL_GIFTS_MAX:
            return Refused(Refusal.TOO_MANY)
        number = 1 + max(mine, default=0)
        self._say(PoolGift(number=number, energy_wh=energy_wh, until=until), now)
        return number

    def take_back(self, number: int, now: Instant) -> Refused | None:
        """Keep what is left of a gift to the pool."""
        known = self._heard.get(self._me, {}).get(number)
        if known is None or not known.gift.energy_wh:
            return Refused(Refusal.UNKNOWN)
        self._say(replace(known.gift, energy_wh=0), now)
        return None

    # -- what others say, and what happens ---------------------------------------------

    def take(self, author: PartyId, gift: PoolGift, said_at: Instant) -> None:
        """Take the word of a member, or one's own from the journal."""
        current = DeliveryPeriod.containing(said_at)
        known = self._heard.setdefault(author, {})
        last = known.get(gift.number)
        if not _is_timely(gift, current) or (last and said_at < last.said_at):
            return
        before = None if last is None else last.known_at(current.start)
        known[gift.number] = _Heard(gift=gift, said_at=said_at, before=before)
        for number in sorted(known)[:-POOL_GIFTS_MAX]:
            del known[number]

    def begin_period(self, requests: Iterable[OpenRequest], now: Instant) -> None:
        """Give this home's part of what is asked for; say what is left of its gifts."""
        current = DeliveryPeriod.containing(now)
        self._forget(current)
        if self._outbox.is_waking:
            return
        if current >= self._listens_until:
            self._serve(requests, current, now)
        if current.number % PERIODS_PER_HOUR == 0:
            for one in list(self._heard.get(self._me, {}).values()):
                self._say(_without_past(one.gift, current), now)

    def gifts(self, now: Instant) -> tuple[OpenPoolGift, ...]:
        """Return what is left in the pool, ascending by party and number."""
        current = DeliveryPeriod.containing(now)
        return tuple(
            OpenPoolGift(party=party, gift=one.gift)
            for party, gifts in sorted(self._heard.items())
            for _, one in sorted(gifts.items())
            if one.gift.energy_wh
            and one.gift.until > current
            and self._is_member(party)
            and after(one.said_at, HEARD_MS) >= now
        )

    # -- how it works ------------------------------------------------------------------

    @property
    def _me(self) -> PartyId:
        return self._config.party

    def _is_member(self, party: PartyId) -> bool:
        return self._config.statutes.latest.member(party) is not None

    def _serve(
        self, requests: Iterable[OpenRequest], current: DeliveryPeriod, now: Instant
    ) -> None:
        """Work out all shares from what everybody knows, and give one's own."""
        first = current.next()
        known = self._known_at(current)
        timely = [
            one
            for one in requests
            if one.since < current.start
            and one.request.until > first
            and self._is_member(one.party)
        ]
        for old, new in zip(known, served(known, timely), strict=True):
            if old.party != self._me:
                continue
            for share in sorted(
                set(new.gift.shares) - set(old.gift.shares),
                key=lambda one: (one.until, one.party, one.request),
            ):
                self._give(new.gift.number, share, now)

    def _known_at(self, current: DeliveryPeriod) -> tuple[OpenPoolGift, ...]:
        """Return all gifts as they stood when the present period began."""
        found = [
            (party, gift)
            for party, gifts in sorted(self._heard.items())
            for _, one in sorted(gifts.items())
            if self._is_member(party)
            and (gift := one.known_at(current.start)) is not None
        ]
        return tuple(
            OpenPoolGift(
                party=party,
                gift=gift
                if gift.until > current.next()
                else replace(gift, energy_wh=0),
            )
            for party, gift in found
        )

    def _give(self, number: int, share: PoolShare, now: Instant) -> None:
        gift = self._heard[self._me][number].gift
        first = DeliveryPeriod.containing(now).next()
        periods = min(gift.until, share.until).number - first.number
        energy_wh = min(
            share.energy_wh, gift.energy_wh, self._agreements.gift_wh_max(periods)
        )
        is_given = share_for(gift, share.party, share.request) is not None
        if is_given or energy_wh <= 0:
            return  # or taken back in the meantime
        given = self._agreements.give(share.party, energy_wh, now, periods=periods)
        if not isinstance(given, Refused):
            self._say(with_share(gift, replace(share, energy_wh=energy_wh)), now)

    def _say(self, gift: PoolGift, now: Instant) -> None:
        self._outbox.say(gift, now)
        self.take(self._me, gift, now)

    def _forget(self, current: DeliveryPeriod) -> None:
        """Forget gifts that are over, and whose every share is."""
        for gifts in self._heard.values():
            for number, one in list(gifts.items()):
                ends = (one.gift.until, *(share.until for share in one.gift.shares))
                if max(ends) <= current:
                    del gifts[number]


def _is_timely(gift: PoolGift, current: DeliveryPeriod) -> bool:
    """Tell whether neither a gift nor a request it answers lasts too long."""
    return gift.until <= current.next(POOL_PERIODS_MAX) and all(
        share.until <= current.next(REQUEST_PERIODS_MAX) for share in gift.shares
    )


def _without_past(gift: PoolGift, current: DeliveryPeriod) -> PoolGift:
    """Return a gift without what went to requests that are over."""
    shares = tuple(share for share in gift.shares if share.until > current)
    return replace(gift, shares=shares)
