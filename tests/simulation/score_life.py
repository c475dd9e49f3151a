"""The home whose score is looked at, and how it lives through a season of its street.

Six periods a day are played: four weeks from which baselines are frozen, then thirteen
that count.  The home has a battery and a car, gives a little, saves a little on lighter
evenings and does nothing perfectly, so that every part of its score could still rise.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from custom_components.commonwatt.engine.ledger.rules import (
    Agreement,
    AgreementKind,
)
from custom_components.commonwatt.engine.model.clearing import Trade
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import (
    DeliveryPeriod,
)
from custom_components.commonwatt.engine.scores.evidence import PERIODS_A_DAY, day_of
from custom_components.commonwatt.engine.scores.honesty import Quantiles
from custom_components.commonwatt.engine.scores.own.evenings import is_event
from custom_components.commonwatt.engine.scores.own.hindsight import Store, balanced
from custom_components.commonwatt.engine.scores.season import (
    SEASON_DAYS,
    season_days,
)
from tests.simulation.settlement_month import (
    FIRST,
    SELLERS,
    Bidding,
    Moment,
    home,
    honest,
    moments,
)

HOURS: Final = (3, 7, 10, 12, 14, 18)
"""The hours of a day of which one period is played."""

NIGHT, NOON, EVENING = HOURS[0], HOURS[3], HOURS[5]
SEASON: Final = 220
WEEKS_BEFORE: Final = 4
FIRST_DAY: Final = season_days(SEASON)[0]
PANELS_W: Final = {home(index): 6_000 for index in range(SELLERS)}
GRID_G: Final = {3: 180, 7: 320, 10: 260, 12: 150, 14: 170, 18: 400}

PLAYER: Final = home(0)
"""Whose score is looked at; whoever attacks is it."""

FRIEND: Final = home(7)
"""Who gets a small gift every week, and has nothing else to do with it."""

STORE: Final = Store(capacity_wh=1_500, charge_wh_max=500, discharge_wh_max=500)
SKILL_PERCENT: Final = 70
"""How much of what its battery could do the player's battery does."""

SAVED_PERCENT: Final = 12
"""What the player leaves out on a lighter evening; it promises 15."""

GIFT_WH: Final = 300
CAR_WH: Final = 400
TAUGHT_WEEKS: Final = 3
"""Of four weeks, in how many the player adds to the shared forecast."""

SPREAD_WH: Final = 120

type Deals = Callable[[Moment], tuple[Agreement, ...]]
type Meters = Callable[[Moment], Mapping[PartyId, int]]
type Reports = Callable[[int, Quantiles | None], Quantiles | None]
"""From what the player expects, and would honestly say, to what it says."""

type Extra = Callable[[DeliveryPeriod, int, int], int]
"""Additional use of a period, by what is used and made in it."""


def no_deals(_: Moment) -> tuple[Agreement, ...]:
    """Agree on nothing."""
    return ()


def true_meters(moment: Moment) -> Mapping[PartyId, int]:
    """Count what came."""
    return moment.net_wh


def honest_report(_: int, believed: Quantiles | None) -> Quantiles | None:
    """Say what is believed."""
    return believed


def no_extra(_: DeliveryPeriod, used_wh: int, made_wh: int) -> int:  # noqa: ARG001  # as all of its type
    """Use what is needed."""
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """How the season is played; by default honestly, by everybody."""

    bidding: Bidding = honest
    """Of the player; all others are honest."""

    deals: Deals = no_deals
    meters: Meters = true_meters
    report: Reports = honest_report
    extra_use: Extra = no_extra
    joins: bool = True
    saved_percent: int = SAVED_PERCENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What happens in the player's home in one period."""

    used_wh: int
    made_wh: int
    net_wh: int
    """At the meter, import is positive."""

    expected_wh: int
    """The same, as it was foreseen when bids were made."""

    guess_wh: int
    """The same, as its forecast had it: half of that is the day before."""

    car_wh: int


def hour_of(period: DeliveryPeriod) -> int:
    """Return the hour of a day a period lies in."""
    return period.number // 4 % 24


@cache
def season() -> tuple[Moment, ...]:
    """Return the periods from four weeks before the season to its end."""
    count = SEASON_DAYS + 7 * WEEKS_BEFORE
    later = (FIRST_DAY - 7 * WEEKS_BEFORE) * PERIODS_A_DAY - FIRST
    days = moments(7, days=count)
    return tuple(
        replace(moment, period=moment.period.next(later))
        for day in range(count)
        for hour in HOURS
        for moment in (days[day * 24 + hour],)
    )


def lives(how: Play) -> tuple[Life, ...]:
    """Return how the player lives through all periods, its battery and car included."""
    bare = []
    for moment in season():
        made_wh = moment.made_wh[PLAYER]
        used_wh = made_wh - moment.net_wh[PLAYER]
        hour = hour_of(moment.period)
        if hour == EVENING and is_event(day_of(moment.period)) and how.joins:
            used_wh -= used_wh * how.saved_percent // 100
        used_wh += how.extra_use(moment.period, used_wh, made_wh)
        car_wh = CAR_WH if hour in {NIGHT, NOON} else 0
        bare.append((used_wh + car_wh, made_wh, car_wh))
    nets = [used_wh - made_wh for used_wh, made_wh, _ in bare]
    flows = [
        (best - net) * SKILL_PERCENT // 100
        for best, net in zip(balanced(nets, STORE), nets, strict=True)
    ]
    met = [net + flow for net, flow in zip(nets, flows, strict=True)]
    before = [*met[: len(HOURS)], *met[: -len(HOURS)]]
    return tuple(
        Life(
            used_wh=used_wh,
            made_wh=made_wh,
            net_wh=net_wh,
            expected_wh=net_wh + error_wh,
            guess_wh=(net_wh + error_wh + before_wh) // 2,
            car_wh=car_wh,
        )
        for (used_wh, made_wh, car_wh), net_wh, before_wh, error_wh in zip(
            bare, met, before, _errors(), strict=True
        )
    )


def _errors() -> list[int]:
    """Return how far off the player's bids are: a third of everybody else's error.

    Its battery makes up for the rest.
    """
    return [
        (
            moment.net_wh[PLAYER]
            - next(one.expected_wh for one in moment.outlooks if one.party == PLAYER)
        )
        // 3
        for moment in season()
    ]


def lived(moment: Moment, life: Life) -> Moment:
    """Return a moment in which the player lives as it does."""
    return replace(
        moment,
        net_wh={**moment.net_wh, PLAYER: -life.net_wh},
        outlooks=tuple(
            replace(one, expected_wh=-life.expected_wh) if one.party == PLAYER else one
            for one in moment.outlooks
        ),
    )


def gift(giver: PartyId, receiver: PartyId, energy_wh: int) -> Agreement:
    """Return a declared gift."""
    return _agreement(AgreementKind.GIFT, giver, receiver, energy_wh, price=0)


def contract(seller: PartyId, buyer: PartyId, energy_wh: int) -> Agreement:
    """Return a declared contract at a fixed price."""
    return _agreement(AgreementKind.CONTRACT, seller, buyer, energy_wh, price=150_000)


def _agreement(
    kind: AgreementKind, seller: PartyId, buyer: PartyId, energy_wh: int, *, price: int
) -> Agreement:
    return Agreement(
        kind=kind,
        trade=Trade(
            seller=seller,
            buyer=buyer,
            energy_wh=energy_wh,
            seller_price_micro_per_kwh=price,
            buyer_price_micro_per_kwh=price,
        ),
        declared=True,
    )


def weekly_gift(moment: Moment) -> tuple[Agreement, ...]:
    """Give a neighbour a little every Saturday at noon."""
    saturday = (day_of(moment.period) - FIRST_DAY) % 7 == 5
    if saturday and hour_of(moment.period) == NOON:
        return (gift(PLAYER, FRIEND, GIFT_WH),)
    return ()
