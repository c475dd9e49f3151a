"""A season of a street that plays for points, for attacks on its scores.

The same homes, sun and forecast errors as the attacked month, six periods of it a day
and thirteen weeks long.
"""

from collections.abc import Callable, Mapping, Sequence
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
from custom_components.commonwatt.engine.model.period import DAY_MS, Instant
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.model.units import PPM
from custom_components.commonwatt.engine.scores.book import ScoreBook
from custom_components.commonwatt.engine.scores.evidence import PERIODS_A_DAY, day_of
from custom_components.commonwatt.engine.scores.facts import SeasonFacts
from custom_components.commonwatt.engine.scores.honesty import (
    HonestyPeriod,
    Quantiles,
    climatology,
    losses_of,
)
from custom_components.commonwatt.engine.scores.records import (
    PeriodRecord,
    record_of,
)
from custom_components.commonwatt.engine.scores.season import (
    SEASON_DAYS,
    season_days,
)
from tests.simulation.settlement_month import (
    FIRST,
    HOMES,
    SELLERS,
    STREET,
    Bidding,
    Moment,
    Outlook,
    charter,
    home,
    honest,
    moments,
)

HOURS: Final = (7, 10, 12, 14, 18, 21)
"""The hours of a day of which one period is played."""

SEASON: Final = 220
PANELS_W: Final = {home(index): 6_000 for index in range(SELLERS)}

SPREAD_WH: Final = 120
"""Half the width of the band a home honestly reports around its expectation."""

type Deals = Callable[[Moment], tuple[Agreement, ...]]
type Meters = Callable[[Moment], Mapping[PartyId, int]]
type Reports = Callable[[Outlook], Quantiles | None]


def no_deals(_: Moment) -> tuple[Agreement, ...]:
    """Agree on nothing."""
    return ()


def true_meters(moment: Moment) -> Mapping[PartyId, int]:
    """Count what came."""
    return moment.net_wh


def honest_report(outlook: Outlook) -> Quantiles:
    """Say what is expected, and how surely."""
    expected = -outlook.expected_wh
    return Quantiles(
        p10_wh=expected - SPREAD_WH, p50_wh=expected, p90_wh=expected + SPREAD_WH
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """How the season is played; by default honestly, by everybody."""

    bidding: Mapping[PartyId, Bidding] | None = None
    deals: Deals = no_deals
    meters: Meters = true_meters
    reports: Mapping[PartyId, Reports] | None = None
    extra_use_ppm: Mapping[PartyId, int] | None = None
    """Metered use over expected use, for those who waste."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One period and what came of it."""

    moment: Moment
    result: ClearingResult
    settlement: Settlement


@cache
def season() -> tuple[Moment, ...]:
    """Return the periods of a season, from its first midnight on."""
    later = season_days(SEASON)[0] * PERIODS_A_DAY - FIRST
    days = moments(7, days=SEASON_DAYS)
    return tuple(
        replace(moment, period=moment.period.next(later))
        for day in range(SEASON_DAYS)
        for hour in HOURS
        for moment in (days[day * 24 + hour],)
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


def play(moments_: Sequence[Moment], how: Play) -> list[Played]:
    """Clear and settle every period."""
    street, rules = charter(), SettlementRules()
    played = []
    for moment in moments_:
        bidding = how.bidding or {}
        orders = tuple(
            PlacedOrder(
                order=Order.of(
                    outlook.party,
                    moment.period,
                    *bidding.get(outlook.party, honest)(outlook, moment),
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
            agreements=how.deals(moment),
        )
        played.append(Played(moment=moment, result=result, settlement=settlement))
    return played


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a home ends up."""

    points_ppm: int | None
    """None: no points while the meter is in doubt."""

    trust_ppm: int


def forecasts_of(
    played: Sequence[Played], party: PartyId, reports: Reports
) -> tuple[HonestyPeriod, ...]:
    """Return a home's forecasts beside what its meter counted before."""
    past: dict[int, list[int]] = {}
    found = []
    for index, one in enumerate(played):
        quarter = past.setdefault(index % len(HOURS), [])
        summary = one.settlement.summary(party)
        assert summary is not None
        actual_wh = (summary.import_wh or 0) - (summary.export_wh or 0)
        reference = climatology(quarter[-28:])
        outlook = next(o for o in one.moment.outlooks if o.party == party)
        if reference is not None:
            found.append(
                HonestyPeriod(
                    actual_wh=actual_wh, report=reports(outlook), reference=reference
                )
            )
        quarter.append(actual_wh)
    return tuple(found)


def standing(how: Play, party: PartyId) -> Standing:
    """Play a season, close its days one by one, and return where a home ends up."""
    played = play(season(), how)
    reports = (how.reports or {}).get(party, honest_report)
    facts = SeasonFacts(
        prosumer=party in PANELS_W,
        losses=losses_of(forecasts_of(played, party, reports)),
        used_wh=(how.extra_use_ppm or {}).get(party, PPM),
        expected_use_wh=PPM,
    )
    book = ScoreBook(party)
    for day in season_days(SEASON):
        for one in played:
            if day_of(one.moment.period) == day:
                book.add(kept(one, party))
        book.turn(last_instant(day), facts)
    found = book.standing(
        last_instant(season_days(SEASON)[-1]),
        facts,
        members=[home(index) for index in range(HOMES)],
    )
    return Standing(
        points_ppm=None if found.score is None else found.score.points_ppm,
        trust_ppm=found.reputations[party].trust_ppm,
    )


def kept(one: Played, party: PartyId) -> PeriodRecord:
    """Return what a home keeps of a period."""
    return record_of(
        one.settlement, one.result, party=party, evening=False, panels_w=PANELS_W
    )


def last_instant(day: int) -> Instant:
    """Return the last instant of a day."""
    return Instant((day + 1) * DAY_MS - 1)
