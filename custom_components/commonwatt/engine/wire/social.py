"""Bodies of requests, gifts to the pool, thanks, score cards and live power.

Clauses: section 4 of ``docs/reference/wire-format.md``.
"""

from collections.abc import Callable, Mapping
from typing import Final, assert_never

from ..model.party import PartyId
from ..model.social import (
    POINTS_MAX,
    POWER_W_MAX,
    SEASON_MAX,
    HelpReason,
    HelpRequest,
    League,
    LivePower,
    PoolGift,
    PoolShare,
    ScoreCard,
    SocialMessage,
    Thanks,
)
from ..model.units import ENERGY_WH_MAX
from .canonical import Value
from .fields import (
    array,
    array_of,
    boolean,
    integer,
    party_bytes,
    period,
    read_party,
    text,
)
from .terms import contract_bytes, read_contract_id

NUMBER_MAX: Final = (1 << 32) - 1


def social_value(message: SocialMessage) -> Value:
    """Return the body of ``message``."""
    match message:
        case HelpRequest():
            return (
                message.number,
                message.energy_wh,
                message.until.number,
                message.reason.value,
            )
        case PoolGift():
            return (
                message.number,
                message.energy_wh,
                message.until.number,
                tuple(
                    (
                        party_bytes(share.party),
                        share.request,
                        share.energy_wh,
                        share.until.number,
                    )
                    for share in message.shares
                ),
            )
        case Thanks():
            return (party_bytes(message.to), contract_bytes(message.gift))
        case ScoreCard():
            return (
                message.season,
                message.league.value,
                message.bucket,
                message.improvement,
                message.is_shown,
            )
        case LivePower():
            return (message.power_w,)
    assert_never(message)


def _request(value: Value, _: PartyId) -> HelpRequest:
    number, energy_wh, until, reason = array_of(value, 4)
    return HelpRequest(
        number=integer(number, least=0, most=NUMBER_MAX),
        energy_wh=integer(energy_wh, least=0, most=ENERGY_WH_MAX),
        until=period(until),
        reason=HelpReason(text(reason)),
    )


def _pool_gift(value: Value, _: PartyId) -> PoolGift:
    number, energy_wh, until, shares = array_of(value, 4)
    return PoolGift(
        number=integer(number, least=0, most=NUMBER_MAX),
        energy_wh=integer(energy_wh, least=0, most=ENERGY_WH_MAX),
        until=period(until),
        shares=tuple(_share(share) for share in array(shares)),
    )


def _share(value: Value) -> PoolShare:
    party, request, energy_wh, until = array_of(value, 4)
    return PoolShare(
        party=read_party(party),
        request=integer(request, least=0, most=NUMBER_MAX),
        energy_wh=integer(energy_wh, least=1, most=ENERGY_WH_MAX),
        until=period(until),
    )


def _thanks(value: Value, _: PartyId) -> Thanks:
    to, gift = array_of(value, 2)
    return Thanks(
        to=read_party(to),
        gift=read_contract_id(gift),
    )


def _card(value: Value, _: PartyId) -> ScoreCard:
    season, league, bucket, improvement, is_shown = array_of(value, 5)
    return ScoreCard(
        season=integer(season, least=0, most=SEASON_MAX),
        league=League(text(league)),
        bucket=integer(bucket, least=0, most=POINTS_MAX),
        improvement=integer(improvement, least=-POINTS_MAX, most=POINTS_MAX),
        is_shown=boolean(is_shown),
    )


def _power(value: Value, _: PartyId) -> LivePower:
    (power_w,) = array_of(value, 1)
    if power_w is None:
        return LivePower(power_w=None)
    return LivePower(power_w=integer(power_w, least=-POWER_W_MAX, most=POWER_W_MAX))


SOCIAL_PARSERS: Final[
    Mapping[type[SocialMessage], Callable[[Value, PartyId], SocialMessage]]
] = {
    HelpRequest: _request,
    PoolGift: _pool_gift,
    Thanks: _thanks,
    ScoreCard: _card,
    LivePower: _power,
}
