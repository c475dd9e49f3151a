"""Attacks on reputations that count: what they let one buy on a word nobody keeps.

A street of twelve deals for eight weeks, is assessed week by week as homes assess it,
and clears its market on the terms that follow.  Some of them play foul.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

import pytest

from custom_components.commonwatt.engine.ledger.allocation import (
    Delivery,
    DeliveryKind,
)
from custom_components.commonwatt.engine.ledger.settlement import Settlement
from custom_components.commonwatt.engine.market import clear, weighted, within_credit
from custom_components.commonwatt.engine.model.community import VouchFor
from custom_components.commonwatt.engine.model.order import (
    Order,
    OrderBook,
    PlacedOrder,
    Side,
    Step,
)
from custom_components.commonwatt.engine.model.party import Charter, Member, PartyId
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.standing import (
    CREDIT_WH,
    Belief,
    Standing,
)
from custom_components.commonwatt.engine.model.zone import FeeTree
from custom_components.commonwatt.engine.node import testimony
from custom_components.commonwatt.engine.node.terms import terms_of
from custom_components.commonwatt.engine.peer.motions import applied
from custom_components.commonwatt.engine.scores.evidence import (
    DayEvidence,
    Lapse,
    PairEvidence,
)
from custom_components.commonwatt.engine.scores.reputation import Start, reputations

HOMES: Final = tuple(PartyId(f"{n:040x}") for n in range(1, 13))
FOUL, ALLY = HOMES[10], HOMES[11]
HONEST: Final = HOMES[:10]
WEEKS: Final = 8
TREE: Final = FeeTree.single()
PERIOD: Final = DeliveryPeriod(2_000_000)

type Day = Callable[[int], DayEvidence]


def day_of(
    number: int,
    deals: Iterable[tuple[PartyId, PartyId]],
    *,
    broken: Iterable[PartyId] = (),
    silent: Iterable[PartyId] = (),
) -> DayEvidence:
    """Return a day on which pairs deal, both ways; who is silent has no reading."""
    unread = frozenset(silent)
    failing = frozenset(broken)
    both = {pair for one, other in deals for pair in ((one, other), (other, one))}
    return DayEvidence(
        day=number,
        pairs=tuple(
            PairEvidence(
                party=party,
                partner=partner,
                contracted_wh=2_000,
                failed_wh=2_000 if party in failing else 100,
            )
            for party, partner in sorted(both)
            if party not in unread
        ),
        lapses={(party, Lapse.NO_READING): 96 for party in sorted(unread)},
    )


def among(parties: tuple[PartyId, ...], number: int) -> list[tuple[PartyId, PartyId]]:
    """Return who deals with whom on a day: each with the next but one, or two."""
    count = len(parties)
    return [
        (party, parties[(place + 1 + number % 3) % count])
        for place, party in enumerate(parties)
    ]


def fair(number: int) -> DayEvidence:
    """Let everybody deal with everybody, and keep its word."""
    return day_of(number, among(HOMES, number))


def puppet(number: int) -> DayEvidence:
    """Promise a second identity without a meter whatever there is."""
    deals = [*among(HONEST, number), (FOUL, ALLY)]
    return day_of(number, deals, broken=[FOUL], silent=[ALLY])


def to_and_fro(number: int) -> DayEvidence:
    """Deal with an accomplice and nobody else, and always keep one's word."""
    return day_of(number, [*among(HONEST, number), (FOUL, ALLY)])


def faithful_until_it_pays(number: int) -> DayEvidence:
    """Keep one's word for seven weeks, and break it in the last."""
    broken = [FOUL] if number >= 7 * (WEEKS - 1) else []
    return day_of(number, among(HOMES, number), broken=broken)


def assessed(day: Day, *, weeks: int = WEEKS) -> dict[PartyId, Belief]:
    """Return what is believed after some weeks, assessed one by one."""
    days = [day(number) for number in range(7 * weeks)]
    beliefs: dict[PartyId, Belief] = {}
    for week in range(weeks):
        found = reputations(
            days,
            members=HOMES,
            until_day=7 * (week + 1),
            start=Start(day=7 * week, beliefs=beliefs),
        )
        beliefs = {
            party: Belief(
                party=party, good_micro=one.good_micro, bad_micro=one.bad_micro
            )
            for party, one in found.items()
        }
    return beliefs


def charter(beliefs: Mapping[PartyId, Belief], *, day: int | None = 56) -> Charter:
    """Return the charter of the street with what is believed in it."""
    root = TREE.root.id
    return Charter(
        members=tuple(
            Member(party=party, zone=root, household_key=b"\2" * 33) for party in HOMES
        ),
        fee_tree=TREE,
        standing=Standing(
            day=day, beliefs=tuple(beliefs[party] for party in sorted(beliefs))
        ),
    )


def bought_wh(beliefs: Mapping[PartyId, Belief]) -> dict[PartyId, int]:
    """Return what each can buy at once, where everybody asks for all there is."""
    terms = terms_of(charter(beliefs))
    orders = [
        Order.of(
            party,
            PERIOD,
            Step(side=Side.BUY, price_micro_per_kwh=300_000, energy_wh=50_000),
        )
        for party in HOMES[1:]
    ]
    offer = Step(side=Side.SELL, price_micro_per_kwh=100_000, energy_wh=1_000_000)
    orders.append(Order.of(HOMES[0], PERIOD, offer))
    placed = sorted(
        (PlacedOrder(order=order, zone=TREE.root.id) for order in orders),
        key=lambda one: one.order.party,
    )
    book = OrderBook(period=PERIOD, seed=b"seed", orders=tuple(placed))
    lines = {party: known.credit_wh for party, known in terms.items()}
    result = clear(within_credit(weighted(book, terms), lines), TREE)
    return {f.party: f.energy_wh for f in result.fills if f.side is Side.BUY}


def test_honest_play_leads_to_more_than_the_ordinary_line() -> None:
    beliefs = assessed(fair)

    assert min(one.trust_ppm for one in beliefs.values()) > 800_000
    assert min(bought_wh(beliefs).values()) > CREDIT_WH


@pytest.mark.parametrize("foul", [puppet, to_and_fro, faithful_until_it_pays])
def test_no_attack_is_trusted_more_or_buys_more_than_honest_play(foul: Day) -> None:
    honest, beliefs = assessed(fair), assessed(foul)

    for party in (FOUL, ALLY):
        assert beliefs[party].trust_ppm <= honest[party].trust_ppm
        assert bought_wh(beliefs)[party] <= bought_wh(honest)[party]
    assert beliefs[FOUL].trust_ppm < honest[FOUL].trust_ppm


def test_a_puppet_and_its_owner_buy_a_hundredth_and_have_no_contracts() -> None:
    beliefs = assessed(puppet)
    terms = terms_of(charter(beliefs))

    for party in (FOUL, ALLY):
        assert bought_wh(beliefs)[party] == CREDIT_WH // 100
        assert not terms[party].may_contract


def test_one_broken_week_costs_a_good_name_a_third_of_its_credit() -> None:
    before = assessed(fair, weeks=WEEKS - 1)
    after = assessed(faithful_until_it_pays)

    assert bought_wh(after)[FOUL] < bought_wh(before)[FOUL] * 2 // 3


def test_a_ring_of_newcomers_cannot_vouch_for_each_other() -> None:
    beliefs = {party: one for party, one in assessed(fair).items() if party in HONEST}
    street = charter(beliefs)
    ring = VouchFor(newcomer=ALLY, day=60)

    assert applied(street, FOUL, ring) is None
    assert applied(charter({}, day=None), FOUL, ring) is None
    assert applied(street, HONEST[0], ring) is not None


def test_who_vouches_for_a_puppet_pays_for_it() -> None:
    base = charter({p: b for p, b in assessed(fair).items() if p in HONEST})
    for voucher in HONEST[:2]:
        lent = applied(base, voucher, VouchFor(newcomer=ALLY, day=56))
        assert lent is not None
        base = lent
    standing = base.standing
    assert standing is not None
    days = [puppet(number) for number in range(56, 63)]
    start = Start(day=56, beliefs={one.party: one for one in standing.beliefs})

    alone = reputations(days, members=HOMES, until_day=63, start=start)
    liable = reputations(
        days, members=HOMES, until_day=63, start=start, vouches=standing.vouches
    )

    for voucher in HONEST[:2]:
        assert liable[voucher].trust_ppm < alone[voucher].trust_ppm
    assert standing.belief(ALLY).trust_ppm > 440_000 > liable[ALLY].trust_ppm


def test_gifts_in_a_circle_earn_neither_a_name_nor_credit() -> None:
    deliveries = tuple(
        Delivery(seller=one, buyer=other, energy_wh=5_000, kind=DeliveryKind.GIFT)
        for one, other in ((FOUL, ALLY), (ALLY, FOUL), (FOUL, HONEST[0]))
    )
    settlement = Settlement(
        period=PERIOD, community=(), bills=(), parties=(), deliveries=deliveries
    )

    told = testimony.testimony_of(settlement, None)

    assert told.evidence.pairs == ()
    assert told.given_wh == ()


def test_credit_earned_from_an_ally_is_never_more_than_the_ally_could_buy() -> None:
    poor = Belief(party=ALLY, bad_micro=5_000_000)
    line_wh = terms_of(charter({ALLY: poor}))[ALLY].credit_wh
    sold = replace(poor, party=FOUL, given_wh=line_wh * 672)

    earned = terms_of(charter({ALLY: poor, FOUL: sold}))[FOUL].credit_wh

    assert earned <= 2 * line_wh
