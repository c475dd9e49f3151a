"""Attacks on reputation and scores: a season of each, beside honest play of the same.

Run as a module this file prints the table of docs/explanation/playing-fair.md.
"""

from collections.abc import Mapping
from functools import cache
import sys
from typing import Final

import pytest

from custom_components.commonwatt.engine.ledger.rules import Agreement
from custom_components.commonwatt.engine.model.order import Side
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import Instant
from custom_components.commonwatt.engine.model.units import PPM
from custom_components.commonwatt.engine.scores.flexibility import (
    Participation,
    flexibility_ppm,
    frozen_baseline_wh,
)
from custom_components.commonwatt.engine.scores.honesty import Quantiles
from tests.simulation.score_season import (
    HOURS,
    Play,
    Standing,
    contract,
    gift,
    honest_report,
    standing,
)
from tests.simulation.settlement_month import (
    Bidding,
    Moment,
    Outlook,
    Steps,
    home,
    honest,
    step,
)

ATTACKER, ALLY = home(0), home(11)
PASSED_WH: Final = 400


def hour_of(moment: Moment) -> int:
    """Return the hour of a day a period lies in."""
    return moment.period.number // 4 % 24


def promises_to_a_puppet(_: Moment) -> tuple[Agreement, ...]:
    """Promise a second identity of one's own more than anybody has."""
    return (contract(ATTACKER, ALLY, 2_000),)


def to_and_fro(moment: Moment) -> tuple[Agreement, ...]:
    """Pass energy to an ally's battery at noon and take it back at night."""
    if hour_of(moment) == HOURS[2]:
        return (contract(ATTACKER, ALLY, PASSED_WH),)
    if hour_of(moment) == HOURS[5]:
        return (contract(ALLY, ATTACKER, PASSED_WH),)
    return ()


def with_a_battery(moment: Moment) -> Mapping[PartyId, int]:
    """Count what an ally's battery really stores and gives back."""
    net = dict(moment.net_wh)
    if hour_of(moment) == HOURS[2]:
        net[ALLY] -= PASSED_WH
    if hour_of(moment) == HOURS[5]:
        net[ALLY] += PASSED_WH
    return net


def gifts_in_a_circle(moment: Moment) -> tuple[Agreement, ...]:
    """Give at noon what comes back by way of an accomplice at night."""
    if hour_of(moment) == HOURS[2]:
        return (gift(ATTACKER, ALLY, PASSED_WH),)
    if hour_of(moment) == HOURS[5]:
        return (gift(ALLY, ATTACKER, PASSED_WH),)
    return ()


def wasted(moment: Moment) -> Mapping[PartyId, int]:
    """Use the surplus for nothing rather than sell it to the grid."""
    net = dict(moment.net_wh)
    net[ATTACKER] -= abs(net[ATTACKER]) // 2
    return net


def wasteful(outlook: Outlook, moment: Moment) -> Steps:
    """Bid what is left, or needed, after the waste."""
    waste_wh = abs(outlook.expected_wh) // 2
    return honest(
        Outlook(
            party=outlook.party,
            expected_wh=outlook.expected_wh - waste_wh,
            tariff=outlook.tariff,
        ),
        moment,
    )


def doctored(moment: Moment) -> Mapping[PartyId, int]:
    """Count half as much again of what the panels give."""
    net = dict(moment.net_wh)
    net[ATTACKER] += max(0, net[ATTACKER]) // 2
    return net


def busy_with_itself(outlook: Outlook, moment: Moment) -> Steps:
    """Bid dearly for what one offers cheaply, so as to trade more."""
    both = (*step(Side.SELL, 500, 100_000), *step(Side.BUY, 500, 200_000))
    return (*honest(outlook, moment), *both)


def wide(_: Outlook) -> Quantiles:
    """Report a band nothing can miss."""
    return Quantiles(p10_wh=-5_000, p50_wh=0, p90_wh=5_000)


def certain(outlook: Outlook) -> Quantiles:
    """Claim to know exactly."""
    expected = -outlook.expected_wh
    return Quantiles(p10_wh=expected, p50_wh=expected, p90_wh=expected)


def shifted(outlook: Outlook) -> Quantiles:
    """Report too much import, to look thrifty."""
    told = honest_report(outlook)
    return Quantiles(
        p10_wh=told.p10_wh + 200, p50_wh=told.p50_wh + 200, p90_wh=told.p90_wh + 200
    )


def nothing(_: Outlook) -> None:
    """Report nothing at all."""


def bids(bidding: Bidding) -> Mapping[PartyId, Bidding]:
    """Let the attacker bid."""
    return {ATTACKER: bidding}


ATTACKS: Final[Mapping[str, Play]] = {
    "sock puppet: promises without a meter": Play(deals=promises_to_a_puppet),
    "wash trades with itself": Play(bidding=bids(busy_with_itself)),
    "wash trades: to and fro with a battery": Play(
        deals=to_and_fro, meters=with_a_battery
    ),
    "gift circle": Play(deals=gifts_in_a_circle, meters=with_a_battery),
    "wasteful use": Play(
        bidding=bids(wasteful),
        meters=wasted,
        extra_use_ppm={ATTACKER: 3 * PPM // 2},
    ),
    "junk forecasts: a band nothing can miss": Play(reports={ATTACKER: wide}),
    "junk forecasts: false certainty": Play(reports={ATTACKER: certain}),
    "junk forecasts: shifted": Play(reports={ATTACKER: shifted}),
    "junk forecasts: withheld": Play(reports={ATTACKER: nothing}),
    "a doctored meter": Play(meters=doctored),
}


@cache
def honest_standing() -> Standing:
    """Return where the attacker ends up without its attack."""
    return standing(Play(), ATTACKER)


@cache
def attacked_standing(name: str) -> Standing:
    """Return where it ends up with it."""
    return standing(ATTACKS[name], ATTACKER)


def test_honest_play_is_worth_something() -> None:
    found = honest_standing()

    assert found.points_ppm is not None
    assert found.points_ppm > PPM // 2
    assert found.trust_ppm > PPM // 2


@pytest.mark.slow
@pytest.mark.parametrize("name", ATTACKS)
def test_no_attack_scores_more_than_honest_play(name: str) -> None:
    fair, foul = honest_standing(), attacked_standing(name)

    assert (foul.points_ppm or 0) <= (fair.points_ppm or 0)
    assert foul.trust_ppm <= fair.trust_ppm


def test_sandbagging_before_an_event_is_worth_nothing() -> None:
    """A home uses double for ten days, so that its usual use looks like a saving."""
    usual, inflated = [1_000] * 10, [2_000] * 10
    now = Instant(0)

    def points(last_days_wh: list[int], baseline_wh: int) -> int | None:
        part = Participation(
            baseline_wh=baseline_wh, metered_wh=1_000, committed_wh=500
        )
        assert last_days_wh
        return flexibility_ppm([part])

    def frozen(own_p50_wh: int) -> int:
        return frozen_baseline_wh(
            community_p50_wh=1_000, own_p50_wh=own_p50_wh, known_at=now, event_at=now
        )

    mean_of_ten = sum(inflated) // 10
    assert points(inflated, mean_of_ten) == PPM, "the attack is a real one"
    assert points(inflated, frozen(2_000)) == points(usual, frozen(1_000)) == 0


def table() -> str:
    """Return the figures as a Markdown table."""
    fair = honest_standing()
    lines = [
        "| play | season score | reputation |",
        "|---|--:|--:|",
        f"| honest | {(fair.points_ppm or 0) / 1e4:.1f} | {fair.trust_ppm / PPM:.3f} |",
    ]
    for name in ATTACKS:
        foul = attacked_standing(name)
        points = "none" if foul.points_ppm is None else f"{foul.points_ppm / 1e4:.1f}"
        lines.append(f"| {name} | {points} | {foul.trust_ppm / PPM:.3f} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
