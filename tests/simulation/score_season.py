"""A season of a street that plays for points, for attacks on its scores.

The same homes, sun and forecast errors as the attacked month, six periods of it a day:
four weeks from which baselines are frozen, then thirteen weeks that count.  The home
that is looked at has a battery and a car, gives a little, saves a little on lighter
evenings and does nothing perfectly, so that every part of its score could still rise.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from custom_components.commonwatt.engine.ledger.rules import (
    Agreement,
    AgreementKind,
    SettlementRules,
)
from custom_components.commonwatt.engine.ledger.settlement import Settlement, settle
from custom_components.commonwatt.engine.market import clear
from custom_components.commonwatt.engine.model.clearing import ClearingResult, Trade
from custom_components.commonwatt.engine.model.order import (
    Order,
    OrderBook,
    PlacedOrder,
)
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    DeliveryPeriod,
    Instant,
    after,
)
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.scores.badges import Badge
from custom_components.commonwatt.engine.scores.book import ScoreBook
from custom_components.commonwatt.engine.scores.evidence import PERIODS_A_DAY, day_of
from custom_components.commonwatt.engine.scores.facts import SeasonFacts
from custom_components.commonwatt.engine.scores.honesty import Quantiles
from custom_components.commonwatt.engine.scores.own.book import OwnBook
from custom_components.commonwatt.engine.scores.own.evenings import is_event
from custom_components.commonwatt.engine.scores.own.feeding import (
    Circumstances,
    facts_of,
)
from custom_components.commonwatt.engine.scores.own.hindsight import Store, balanced
from custom_components.commonwatt.engine.scores.own.periods import Metered, Seen
from custom_components.commonwatt.engine.scores.records import (
    PeriodRecord,
    record_of,
)
from custom_components.commonwatt.engine.scores.season import (
    SEASON_DAYS,
    Part,
    season_days,
)
from tests.simulation.settlement_month import (
    FIRST,
    HOMES,
    SELLERS,
    STREET,
    Bidding,
    Moment,
    charter,
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
class Played:
    """One period and what came of it."""

    moment: Moment
    result: ClearingResult
    settlement: Settlement


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


def play(moments_: Iterable[Moment], how: Play) -> list[Played]:
    """Clear and settle every period."""
    street, rules = charter(), SettlementRules()
    played = []
    for moment in moments_:
        orders = tuple(
            PlacedOrder(
                order=Order.of(
                    outlook.party,
                    moment.period,
                    *(how.bidding if outlook.party == PLAYER else honest)(
                        outlook, moment
                    ),
                ),
                zone=STREET,
            )
            for outlook in moment.outlooks
        )
        book = OrderBook(period=moment.period, seed=b"seed", orders=orders)
        result = clear(book, street.fee_tree)
        settlement = settle(
            period=moment.period,
            charter=street,
            result=result,
            readings={
                party: MeterReading(
                    party=party,
                    period=moment.period,
                    import_wh=max(0, -wh),
                    export_wh=max(0, wh),
                )
                for party, wh in how.meters(moment).items()
            },
            tariffs={},
            rules=rules,
            agreements=(*weekly_gift(moment), *how.deals(moment)),
        )
        played.append(Played(moment=moment, result=result, settlement=settlement))
    return played


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Where the player ends up."""

    points_ppm: int | None
    """None: no points while the meter is in doubt."""

    trust_ppm: int
    parts_ppm: Mapping[Part, int]
    badges: frozenset[Badge]
    facts: SeasonFacts


@cache
def _played(how: Play) -> list[Played]:
    """Play a season; what is said of it changes nothing in it."""
    life = lives(how)
    return play((lived(m, one) for m, one in zip(season(), life, strict=True)), how)


def outcome(how: Play, *, weekly: bool = False) -> Outcome:
    """Play a season, close its days one by one, and return where the player ends up.

    Points and reputation follow from the last look at the book; badges need it to be
    looked at ``weekly``.
    """
    life, played = lives(how), _played(replace(how, report=honest_report))
    members = [home(index) for index in range(HOMES)]
    book, own = ScoreBook(PLAYER), OwnBook()
    for start in range(0, len(played), len(HOURS)):
        whole = slice(start, start + len(HOURS))
        day = day_of(played[start].moment.period)
        own = _live_a_day(own, played[whole], life[whole], how)
        for one in played[whole]:
            record = kept(one, PLAYER)
            book.add(record)
            own.meter(record.period, Metered(
                import_wh=record.own.import_wh, export_wh=record.own.export_wh
            ))  # fmt: skip
        now = closing(day)
        own.close(now, STORE)
        if weekly and (day - FIRST_DAY) % 7 == 0:
            book.turn(now, _facts(own, book, day), members=members)
        else:
            book.turn(now, SeasonFacts(prosumer=True))
    last_day = season_days(SEASON)[-1]
    facts = _facts(own, book, last_day)
    evening = Instant((last_day + 1) * DAY_MS - 1)
    found = book.standing(evening, facts, members=members)
    return Outcome(
        points_ppm=None if found.score is None else found.score.points_ppm,
        trust_ppm=found.reputations[PLAYER].trust_ppm,
        parts_ppm={} if found.score is None else found.score.parts_ppm,
        badges=found.badges,
        facts=found.facts,
    )


def _live_a_day(
    own: OwnBook, played: Sequence[Played], life: Sequence[Life], how: Play
) -> OwnBook:
    for one, living in zip(played, life, strict=True):
        period = one.moment.period
        closes_at = after(period.start, -5 * MINUTE_MS)
        early = after(closes_at, -MINUTE_MS)
        own.say(period, [living.guess_wh], now=early, closes_at=closes_at)
        own.see(
            Seen(
                period=period,
                used_wh=living.used_wh,
                made_wh=living.made_wh,
                car_wh=living.car_wh,
                car_here=living.car_wh > 0,
                carbon_g_per_kwh=GRID_G[hour_of(period)],
            )
        )
    day = day_of(played[0].moment.period)
    if how.joins and is_event(day):
        own.join(day)
    if (day - FIRST_DAY) % 7 == 0:
        week = (day - FIRST_DAY) // 7
        own.trained(day // 7, taught=week % 4 < TAUGHT_WEEKS)
    return own if how.report is honest_report else _lie(own, played, life, how)


def _lie(
    own: OwnBook, played: Sequence[Played], life: Sequence[Life], how: Play
) -> OwnBook:
    """Say something else than what is believed: software can be changed."""
    expected = {
        one.moment.period: living.guess_wh
        for one, living in zip(played, life, strict=True)
    }
    saved = own.save()
    sayings = tuple(
        replace(one, report=how.report(expected[one.period], one.report))
        if one.period in expected
        else one
        for one in saved.sayings
    )
    return OwnBook(replace(saved, sayings=sayings))


def _facts(own: OwnBook, book: ScoreBook, day: int) -> SeasonFacts:
    return facts_of(own, book.by_day(), Circumstances(prosumer=True), today=day)


def kept(one: Played, party: PartyId) -> PeriodRecord:
    """Return what a home keeps of a period."""
    return record_of(
        one.settlement,
        one.result,
        party=party,
        evening=hour_of(one.moment.period) == EVENING,
        panels_w=PANELS_W,
    )


def closing(day: int) -> Instant:
    """Return the instant at which a day is closed: two hours past midnight."""
    return Instant((day + 1) * DAY_MS + 2 * HOUR_MS)
