"""A month of a street that trades, for attacks on its settlement.

Twelve homes with forecast errors bid what they expect, at prices of their own; two
batteries bid in between.  Attackers change their own orders, never anybody's meter.
Everything is drawn from a seed before anyone decides, so that honest and dishonest play
of the same month differ in nothing else.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
import random
from statistics import stdev
from typing import Final

from custom_components.commonwatt.engine.ledger.rules import (
    Reclearing,
    SettlementRules,
)
from custom_components.commonwatt.engine.ledger.settlement import settle
from custom_components.commonwatt.engine.market import clear, zone_prices
from custom_components.commonwatt.engine.model.order import (
    Order,
    OrderBook,
    PlacedOrder,
    Side,
    Step,
)
from custom_components.commonwatt.engine.model.party import (
    BillingBasis,
    Charter,
    Member,
    PartyId,
)
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.model.tariff import Tariff
from custom_components.commonwatt.engine.model.zone import FeeTree, ZoneId

STREET: Final = ZoneId("street")
HOMES: Final = 12
SELLERS: Final = 5
BATTERIES: Final = 2
DAYS: Final = 30
PERIODS_A_DAY: Final = 24
"""One quarter of every hour: what happens in the others is more of the same."""

FIRST: Final = 1_900_000
BATTERY_WH: Final = 400
BATTERY_BID: Final = 120_000


def home(index: int) -> PartyId:
    """Return the party of a home.  The first are sellers, the last have batteries."""
    return PartyId(f"{index:040x}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a home knows when it bids: its surplus (need: negative) as it expects it."""

    party: PartyId
    expected_wh: int
    tariff: Tariff


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One period as it will be, whoever bids what."""

    period: DeliveryPeriod
    outlooks: tuple[Outlook, ...]
    net_wh: Mapping[PartyId, int]
    made_wh: Mapping[PartyId, int]
    """What the panels give; the rest of the net is use."""

    @property
    def expected_gap_wh(self) -> int:
        """What the street will have too much of, as far as everybody knows."""
        return sum(outlook.expected_wh for outlook in self.outlooks)


type Steps = tuple[Step, ...]
type Bidding = Callable[[Outlook, Moment], Steps]


def step(side: Side, energy_wh: int, price: int) -> Steps:
    """Return one step, or none without energy."""
    if energy_wh <= 0:
        return ()
    return (Step(side=side, price_micro_per_kwh=price, energy_wh=energy_wh),)


def honest(outlook: Outlook, _: Moment) -> Steps:
    """Bid what is expected, within the home's outside options."""
    return scaled(outlook, 100)


def scaled(outlook: Outlook, percent: int) -> Steps:
    """Bid a share of what is expected."""
    if outlook.expected_wh > 0:
        return step(
            Side.SELL,
            outlook.expected_wh * percent // 100,
            outlook.tariff.feed_in_micro_per_kwh + 2_000,
        )
    return step(
        Side.BUY,
        -outlook.expected_wh * percent // 100,
        outlook.tariff.import_micro_per_kwh - 2_000,
    )


def tariff_of(rng: random.Random) -> Tariff:
    """Return a home's own tariff: all between 23 and 29, and 7 and 9 cents."""
    return Tariff(
        energy_micro_per_kwh=rng.randrange(230, 290) * 1_000,
        feed_in_micro_per_kwh=rng.randrange(70, 90) * 1_000,
    )


def moments(seed: int, *, days: int = DAYS, error_percent: int = 25) -> list[Moment]:
    """Return a month: sun by the hour, needs of its own for every home, and errors."""
    rng = random.Random(seed)
    tariffs = [tariff_of(rng) for _ in range(HOMES)]
    month: list[Moment] = []
    for day in range(days):
        cloud = rng.uniform(0.2, 1.0)
        for hour in range(PERIODS_A_DAY):
            sun = max(0, 1 - abs(hour - 12.5) / 6.5) * cloud
            net: dict[PartyId, int] = {}
            made: dict[PartyId, int] = {}
            outlooks: list[Outlook] = []
            for index in range(HOMES):
                panel = 1_500 if index < SELLERS else 0
                need = rng.randrange(60, 500)
                made[home(index)] = round(panel * sun * rng.uniform(0.8, 1.2))
                wh = made[home(index)] - need
                error = rng.gauss(0, error_percent / 100) * (need + panel * sun) / 2
                net[home(index)] = wh
                outlooks.append(
                    Outlook(
                        party=home(index),
                        expected_wh=wh + round(error),
                        tariff=tariffs[index],
                    )
                )
            month.append(
                Moment(
                    period=DeliveryPeriod(FIRST + (day * 24 + hour) * 4),
                    outlooks=tuple(outlooks),
                    net_wh=net,
                    made_wh=made,
                )
            )
    return month


def battery_steps(index: int, outlook: Outlook) -> Steps:
    """Return what a battery adds: cheap energy in, dear energy out."""
    if index < HOMES - BATTERIES or outlook.expected_wh > 0:
        return ()
    return step(Side.BUY, BATTERY_WH, BATTERY_BID)


def charter() -> Charter:
    """Return the charter of the street."""
    return Charter(
        members=tuple(
            Member(party=home(i), zone=STREET, household_key=b"\2" * 33)
            for i in range(HOMES)
        ),
        fee_tree=FeeTree.single(STREET),
        billing_basis=BillingBasis.PRIVATE,
    )


def saved_nano(
    moment: Moment,
    bidding: Mapping[PartyId, Bidding],
    street: Charter,
    rules: SettlementRules,
) -> dict[PartyId, int]:
    """Return what every home saves in one period, played as ``bidding`` says."""
    orders = []
    for index, outlook in enumerate(moment.outlooks):
        steps = bidding.get(outlook.party, honest)(outlook, moment)
        steps += battery_steps(index, outlook)
        order = Order.of(outlook.party, moment.period, *steps)
        orders.append(PlacedOrder(order=order, zone=STREET))
    book = OrderBook(period=moment.period, seed=b"seed", orders=tuple(orders))
    result = clear(book, street.fee_tree)
    net = dict(moment.net_wh)
    for fill in result.fills:
        if fill.limit_micro_per_kwh == BATTERY_BID:
            net[fill.party] -= fill.energy_wh
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
            for party, wh in net.items()
        },
        tariffs={outlook.party: outlook.tariff for outlook in moment.outlooks},
        rules=rules,
        reclearing=Reclearing(book=book, prices=zone_prices),
    )
    return {s.party: s.saved_nano or 0 for s in settlement.parties}


def play(
    month: Sequence[Moment], bidding: Mapping[PartyId, Bidding]
) -> list[dict[PartyId, int]]:
    """Return what every home saves in every period."""
    street, rules = charter(), SettlementRules()
    return [saved_nano(moment, bidding, street, rules) for moment in month]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """An attack beside honest play of the same month, in currency for the month."""

    honest: float
    """What the attackers save without it."""

    gain: float
    """What they save more by it."""

    noise: float
    """Two standard errors of the gain."""

    others: float
    """What everybody else saves more by it."""


def judge(
    base: Sequence[Mapping[PartyId, int]],
    attacked: Sequence[Mapping[PartyId, int]],
    coalition: Collection[PartyId],
) -> Verdict:
    """Compare the same month with and without an attack, period by period."""
    gains, others = [], []
    for before, after in zip(base, attacked, strict=True):
        change = {party: (after[party] - before[party]) / 1e9 for party in before}
        gains.append(sum(change[party] for party in coalition))
        others.append(sum(change[party] for party in change.keys() - coalition))
    return Verdict(
        honest=sum(before[party] for before in base for party in coalition) / 1e9,
        gain=sum(gains),
        noise=2 * stdev(gains) * len(gains) ** 0.5,
        others=sum(others),
    )
