"""A season of a street that plays for points, for attacks on its scores.

The same homes, sun and forecast errors as the attacked month; how the home that is
looked at lives is ``score_life``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from custom_components.commonwatt.engine.ledger.rules import (
    SettlementRules,
)
from custom_components.commonwatt.engine.ledger.settlement import Settlement, settle
from custom_components.commonwatt.engine.market import clear
from custom_components.commonwatt.engine.model.clearing import ClearingResult
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
    Instant,
    after,
)
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.scores.badges import Badge
from custom_components.commonwatt.engine.scores.book import ScoreBook
from custom_components.commonwatt.engine.scores.evidence import day_of
from custom_components.commonwatt.engine.scores.facts import SeasonFacts
from custom_components.commonwatt.engine.scores.own.book import OwnBook
from custom_components.commonwatt.engine.scores.own.evenings import is_event
from custom_components.commonwatt.engine.scores.own.feeding import (
    Circumstances,
    facts_of,
)
from custom_components.commonwatt.engine.scores.own.periods import Metered, Seen
from custom_components.commonwatt.engine.scores.records import (
    PeriodRecord,
    record_of,
)
from custom_components.commonwatt.engine.scores.season import (
    Part,
    season_days,
)
from tests.simulation.score_life import (
    EVENING,
    FIRST_DAY,
    GRID_G,
    HOURS,
    PANELS_W,
    PLAYER,
    SEASON,
    STORE,
    TAUGHT_WEEKS,
    Life,
    Play,
    honest_report,
    hour_of,
    lived,
    lives,
    season,
    weekly_gift,
)
from tests.simulation.settlement_month import (
    HOMES,
    STREET,
    Moment,
    charter,
    home,
    honest,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One period and what came of it."""

    moment: Moment
    result: ClearingResult
    settlement: Settlement


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
