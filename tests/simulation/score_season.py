"""A season of a street that plays for points, for attacks on its scores.

The same homes, sun and forecast errors as the attacked month, six periods of it a day
and thirteen weeks long.  What a home can attain is what it gets when nobody errs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.model.units import PPM
from custom_components.commonwatt.engine.scores.evidence import (
    day_of,
    evidence_by_day,
    evidence_of,
)
from custom_components.commonwatt.engine.scores.facts import SeasonFacts, score_of
from custom_components.commonwatt.engine.scores.fixed import clip_ppm, ratio_ppm
from custom_components.commonwatt.engine.scores.honesty import (
    HonestyPeriod,
    Quantiles,
    climatology,
)
from custom_components.commonwatt.engine.scores.plausibility import (
    doubted_days,
)
from custom_components.commonwatt.engine.scores.reputation import (
    Reputation,
    reputations,
)
from custom_components.commonwatt.engine.scores.season import (
    SEASON_DAYS,
    Attainment,
)
from custom_components.commonwatt.engine.scores.tally import tally_by_week
from tests.simulation.settlement_month import (
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

NOON: Final = range(1, 4)
"""Which of them show what panels give."""

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
    claims_ppm: Mapping[PartyId, int] | None = None
    """What panels claim to have given over what they gave."""

    extra_use_ppm: Mapping[PartyId, int] | None = None
    """Metered use over expected use, for those who waste."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One period and what came of it."""

    moment: Moment
    result: ClearingResult
    settlement: Settlement


@cache
def season(*, error_percent: int = 25) -> tuple[Moment, ...]:
    """Return the periods of a season."""
    days = moments(7, days=SEASON_DAYS, error_percent=error_percent)
    return tuple(days[day * 24 + hour] for day in range(SEASON_DAYS) for hour in HOURS)


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
    """None: no points while the sensor is in doubt."""

    trust_ppm: int


def local_share_ppm(played: Sequence[Played], party: PartyId) -> int:
    """Return net local energy over what went through the meter."""
    tallies = tally_by_week(one.settlement for one in played)
    local_wh = sum(
        t.net_bought_wh(party) + t.net_sold_wh(party) for t in tallies.values()
    )
    metered_wh = 0
    for one in played:
        summary = one.settlement.summary(party)
        assert summary is not None
        metered_wh += (summary.import_wh or 0) + (summary.export_wh or 0)
    return clip_ppm(ratio_ppm(local_wh, metered_wh))


@cache
def attainable_ppm(party: PartyId) -> int:
    """Return the local share of a home when nobody errs."""
    return local_share_ppm(perfect_play(), party)


@cache
def perfect_play() -> tuple[Played, ...]:
    """Play the season without forecast errors."""
    return tuple(play(season(error_percent=0), Play()))


def trust_of(how: Play, played: Sequence[Played]) -> dict[PartyId, Reputation]:
    """Return everybody's reputation at the end."""
    first = day_of(played[0].moment.period)
    days = evidence_by_day(
        (evidence_of(one.settlement, one.result) for one in played),
        doubted={
            (home(index), first + number)
            for index in range(SELLERS)
            for number, doubted in enumerate(doubts(how, home(index)))
            if doubted
        },
    )
    return reputations(
        days,
        members=[home(index) for index in range(HOMES)],
        until_day=day_of(played[-1].moment.period) + 1,
    )


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


def doubts(how: Play, party: PartyId) -> tuple[bool, ...]:
    """Tell on which days a seller's panels stood out from the other sellers'."""
    sellers = [home(index) for index in range(SELLERS)]
    if party not in sellers:
        return ()
    yields = {seller: daily_yield(how, seller) for seller in sellers}
    own = yields.pop(party)
    return doubted_days(own, [*yields.values()])


def daily_yield(how: Play, seller: PartyId) -> list[int]:
    """Return what a seller's panels claim to have given around noon, day by day."""
    claim_ppm = (how.claims_ppm or {}).get(seller, PPM)
    surplus = [max(0, moment.net_wh[seller]) * claim_ppm for moment in season()]
    return [
        sum(surplus[start + place] for place in NOON)
        for start in range(0, len(surplus), len(HOURS))
    ]


def standing(how: Play, party: PartyId) -> Standing:
    """Play a season and return where one home ends up."""
    played = play(season(), how)
    trust = trust_of(how, played)[party].trust_ppm
    tallies = tally_by_week(one.settlement for one in played)
    reports = (how.reports or {}).get(party, honest_report)
    score = score_of(
        SeasonFacts(
            prosumer=party in {home(index) for index in range(SELLERS)},
            local_share=Attainment(
                reached_ppm=local_share_ppm(played, party),
                without_ppm=0,
                best_ppm=attainable_ppm(party),
            ),
            forecasts=forecasts_of(played, party, reports),
            trust_ppm=trust,
            net_given_wh_by_week=tuple(
                tally.net_given_wh(party) for tally in tallies.values()
            ),
            used_wh=(how.extra_use_ppm or {}).get(party, PPM),
            expected_use_wh=PPM,
            sensor_in_doubt=any(doubts(how, party)),
        )
    )
    points_ppm = None if score is None else score.points_ppm
    return Standing(points_ppm=points_ppm, trust_ppm=trust)
