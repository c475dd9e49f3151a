"""Attacks on settlement: a month of each, beside honest play of the same month.

The argument and the figures are in docs/explanation/market-design.md; run as a module
this file prints the table that stands there.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
import sys
from typing import Final

import pytest

from custom_components.commonwatt.engine.model.order import Side
from custom_components.commonwatt.engine.model.party import PartyId
from tests.simulation.settlement_month import (
    Bidding,
    Moment,
    Outlook,
    Steps,
    Verdict,
    home,
    honest,
    judge,
    moments,
    play,
    scaled,
    step,
)

SEED: Final = 1
SELLER, OTHER_SELLER = home(0), home(1)
BUYER, OTHER_BUYER, THIRD_BUYER = home(6), home(7), home(8)
LOW, HIGH = 90_000, 230_000


def phantom_offer(energy_wh: int) -> Bidding:
    """Offer energy that will not come, cheaply."""

    def bidding(outlook: Outlook, moment: Moment) -> Steps:
        return (*honest(outlook, moment), *step(Side.SELL, energy_wh, LOW + 1))

    return bidding


def phantom_bid(energy_wh: int) -> Bidding:
    """Bid for energy that will not be taken, dearly."""

    def bidding(outlook: Outlook, moment: Moment) -> Steps:
        return (*honest(outlook, moment), *step(Side.BUY, energy_wh, HIGH + 1))

    return bidding


def percent(share: int) -> Bidding:
    """Bid a share of what is expected."""

    def bidding(outlook: Outlook, _: Moment) -> Steps:
        return scaled(outlook, share)

    return bidding


def silent(_: Outlook, __: Moment) -> Steps:
    """Place no order at all."""
    return ()


def with_itself(outlook: Outlook, moment: Moment) -> Steps:
    """Bid dearly for what one offers cheaply, to look busy or to move the price."""
    both = (*step(Side.SELL, 500, 100_000), *step(Side.BUY, 500, 200_000))
    return (*honest(outlook, moment), *both)


type Attack = tuple[Mapping[PartyId, Bidding], tuple[PartyId, ...]]
"""Who plays what, and whose gain counts."""

ATTACKS: Final[Mapping[str, Attack]] = {
    "phantom offers, 200 Wh, for a buying ally": (
        {OTHER_BUYER: phantom_offer(200)},
        (BUYER, OTHER_BUYER),
    ),
    "phantom offers, 1000 Wh, for a buying ally": (
        {OTHER_BUYER: phantom_offer(1_000)},
        (BUYER, OTHER_BUYER),
    ),
    "phantom offers of two, 500 Wh each, for a buying ally": (
        {OTHER_BUYER: phantom_offer(500), THIRD_BUYER: phantom_offer(500)},
        (BUYER, OTHER_BUYER, THIRD_BUYER),
    ),
    "phantom bids, 200 Wh, for a selling ally": (
        {OTHER_SELLER: phantom_bid(200)},
        (SELLER, OTHER_SELLER),
    ),
    "phantom bids, 1000 Wh, for a selling ally": (
        {OTHER_BUYER: phantom_bid(1_000)},
        (SELLER, OTHER_BUYER),
    ),
    "half of the surplus withheld": ({SELLER: percent(50)}, (SELLER,)),
    "half of the surplus withheld by two": (
        {SELLER: percent(50), OTHER_SELLER: percent(50)},
        (SELLER, OTHER_SELLER),
    ),
    "all surplus withheld for a selling ally": (
        {SELLER: percent(0)},
        (SELLER, OTHER_SELLER),
    ),
    "over-bidding, 150 % of the need": ({BUYER: percent(150)}, (BUYER,)),
    "over-offering, 150 % of the surplus": ({SELLER: percent(150)}, (SELLER,)),
    "under-bidding, 50 % of the need": ({BUYER: percent(50)}, (BUYER,)),
    "no bidding, a buyer": ({BUYER: silent}, (BUYER,)),
    "no bidding, a seller": ({SELLER: silent}, (SELLER,)),
    "trading with oneself, a seller": ({SELLER: with_itself}, (SELLER,)),
    "trading with oneself, a buyer": ({BUYER: with_itself}, (BUYER,)),
}


@cache
def the_month() -> list[Moment]:
    """Return the month everything is played in."""
    return moments(SEED)


@cache
def honest_play() -> list[dict[PartyId, int]]:
    """Return what everybody saves when all are honest."""
    return play(the_month(), {})


@cache
def verdict(name: str) -> Verdict:
    """Play an attack."""
    bidding, coalition = ATTACKS[name]
    return judge(honest_play(), play(the_month(), bidding), coalition)


def test_honest_homes_save_in_every_week() -> None:
    weeks = [honest_play()[start : start + 168] for start in range(0, 672, 168)]
    for week in weeks:
        for party in week[0]:
            assert sum(period[party] for period in week) > 0


@pytest.mark.slow
@pytest.mark.parametrize("name", ATTACKS)
def test_no_attack_earns_more_than_honest_play(name: str) -> None:
    seen = verdict(name)

    assert seen.gain <= seen.noise


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [name for name in ATTACKS if name.startswith(("phantom", "trading"))]
)
def test_phantoms_do_not_pay_at_the_expense_of_others(name: str) -> None:
    seen = verdict(name)

    assert seen.gain + seen.noise < seen.honest
    assert seen.gain < 0


def table(names: Sequence[str], judged: Callable[[str], Verdict]) -> str:
    """Return the figures as a Markdown table."""
    lines = [
        "| attack | honest play | gain | noise | others |",
        "|---|--:|--:|--:|--:|",
    ]
    for name in names:
        seen = judged(name)
        lines.append(
            f"| {name} | {seen.honest:.2f} | {seen.gain:+.2f} | {seen.noise:.2f} "
            f"| {seen.others:+.2f} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table([*ATTACKS], verdict))
