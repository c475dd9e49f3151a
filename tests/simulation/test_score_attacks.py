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
from custom_components.commonwatt.engine.model.period import DeliveryPeriod, Instant
from custom_components.commonwatt.engine.model.units import PPM
from custom_components.commonwatt.engine.scores.evidence import day_of
from custom_components.commonwatt.engine.scores.flexibility import (
    Participation,
    flexibility_ppm,
    frozen_baseline_wh,
)
from custom_components.commonwatt.engine.scores.honesty import Quantiles
from custom_components.commonwatt.engine.scores.own.evenings import is_event
from custom_components.commonwatt.engine.scores.season import Part
from tests.simulation.score_life import (
    EVENING,
    FIRST_DAY,
    NOON,
    PLAYER,
    SPREAD_WH,
    Play,
    contract,
    gift,
    hour_of,
)
from tests.simulation.score_season import Outcome, outcome
from tests.simulation.settlement_month import Moment, Outlook, Steps, home, honest, step

ALLY: Final = home(11)
PASSED_WH: Final = 400


def promises_to_a_puppet(_: Moment) -> tuple[Agreement, ...]:
    """Promise a second identity of one's own more than anybody has."""
    return (contract(PLAYER, ALLY, 2_000),)


def to_and_fro(moment: Moment) -> tuple[Agreement, ...]:
    """Pass energy to an ally's battery at noon and take it back at night."""
    if hour_of(moment.period) == NOON:
        return (contract(PLAYER, ALLY, PASSED_WH),)
    if hour_of(moment.period) == EVENING:
        return (contract(ALLY, PLAYER, PASSED_WH),)
    return ()


def with_a_battery(moment: Moment) -> Mapping[PartyId, int]:
    """Count what an ally's battery really stores and gives back."""
    net = dict(moment.net_wh)
    if hour_of(moment.period) == NOON:
        net[ALLY] -= PASSED_WH
    if hour_of(moment.period) == EVENING:
        net[ALLY] += PASSED_WH
    return net


def gifts_in_a_circle(moment: Moment) -> tuple[Agreement, ...]:
    """Give at noon what comes back by way of an accomplice at night."""
    if hour_of(moment.period) == NOON:
        return (gift(PLAYER, ALLY, PASSED_WH),)
    if hour_of(moment.period) == EVENING:
        return (gift(ALLY, PLAYER, PASSED_WH),)
    return ()


def in_season(period: DeliveryPeriod) -> bool:
    """Tell whether a period counts."""
    return day_of(period) >= FIRST_DAY


def burning_the_surplus(period: DeliveryPeriod, used_wh: int, made_wh: int) -> int:
    """Use what is left over for nothing rather than sell it."""
    return max(0, made_wh - used_wh) if in_season(period) else 0


def using_more(period: DeliveryPeriod, used_wh: int, made_wh: int) -> int:  # noqa: ARG001  # as all of its type
    """Use half as much again, always."""
    return used_wh // 2 if in_season(period) else 0


def using_more_long_before(
    period: DeliveryPeriod,  # noqa: ARG001  # as all of its type
    used_wh: int,
    made_wh: int,  # noqa: ARG001  # as all of its type
) -> int:
    """Use half as much again from before the season on, so that it looks usual."""
    return used_wh // 2


def sandbagging_between(
    period: DeliveryPeriod,
    used_wh: int,
    made_wh: int,  # noqa: ARG001  # as all of its type
) -> int:
    """Use double on evenings that are no events, so that others look like a saving."""
    quiet = hour_of(period) == EVENING and not is_event(day_of(period))
    return used_wh if quiet and in_season(period) else 0


def sandbagging_before(
    period: DeliveryPeriod,
    used_wh: int,
    made_wh: int,  # noqa: ARG001  # as all of its type
) -> int:
    """Use double on the evenings of the weeks from which baselines are frozen."""
    return used_wh if hour_of(period) == EVENING and not in_season(period) else 0


def doctored(moment: Moment) -> Mapping[PartyId, int]:
    """Count half as much again of what is exported."""
    net = dict(moment.net_wh)
    net[PLAYER] += max(0, net[PLAYER]) // 2
    return net


def busy_with_itself(outlook: Outlook, moment: Moment) -> Steps:
    """Bid dearly for what one offers cheaply, so as to trade more."""
    both = (*step(Side.SELL, 500, 100_000), *step(Side.BUY, 500, 200_000))
    return (*honest(outlook, moment), *both)


def wide(_: int, __: Quantiles | None) -> Quantiles:
    """Report a band nothing can miss."""
    return Quantiles(p10_wh=-5_000, p50_wh=0, p90_wh=5_000)


def certain(expected_wh: int, _: Quantiles | None) -> Quantiles:
    """Claim to know exactly."""
    return Quantiles(p10_wh=expected_wh, p50_wh=expected_wh, p90_wh=expected_wh)


def shifted(expected_wh: int, _: Quantiles | None) -> Quantiles:
    """Report too much import, to look thrifty."""
    return Quantiles(
        p10_wh=expected_wh - SPREAD_WH + 200,
        p50_wh=expected_wh + 200,
        p90_wh=expected_wh + SPREAD_WH + 200,
    )


def nothing(_: int, __: Quantiles | None) -> None:
    """Report nothing at all."""


ATTACKS: Final[Mapping[str, Play]] = {
    "sock puppet: promises without a meter": Play(deals=promises_to_a_puppet),
    "wash trades with itself": Play(bidding=busy_with_itself),
    "wash trades: to and fro with a battery": Play(
        deals=to_and_fro, meters=with_a_battery
    ),
    "gift circle": Play(deals=gifts_in_a_circle, meters=with_a_battery),
    "wasteful use: burning the surplus": Play(extra_use=burning_the_surplus),
    "wasteful use: half as much again": Play(extra_use=using_more),
    "wasteful use: from long before on": Play(extra_use=using_more_long_before),
    "sandbagging between events": Play(extra_use=sandbagging_between, saved_percent=0),
    "sandbagging before the season": Play(
        extra_use=sandbagging_before, saved_percent=0
    ),
    "promises nobody means to keep": Play(saved_percent=0),
    "junk forecasts: a band nothing can miss": Play(report=wide),
    "junk forecasts: false certainty": Play(report=certain),
    "junk forecasts: shifted": Play(report=shifted),
    "junk forecasts: withheld": Play(report=nothing),
    "a doctored meter": Play(meters=doctored),
}


@cache
def honest_outcome() -> Outcome:
    """Return where the player ends up without an attack."""
    return outcome(Play())


@cache
def attacked_outcome(name: str) -> Outcome:
    """Return where it ends up with one."""
    return outcome(ATTACKS[name])


def test_honest_play_feeds_every_part_and_leaves_room_in_each() -> None:
    found = honest_outcome()

    assert found.points_ppm is not None
    assert set(found.parts_ppm) == set(Part)
    assert {
        part: points for part, points in found.parts_ppm.items() if not points
    } == {}
    assert max(found.parts_ppm.values()) < PPM
    assert found.trust_ppm > PPM // 3


@pytest.mark.slow
@pytest.mark.parametrize("name", ATTACKS)
def test_no_attack_scores_more_than_honest_play(name: str) -> None:
    fair, foul = honest_outcome(), attacked_outcome(name)

    assert (foul.points_ppm or 0) <= (fair.points_ppm or 0)
    assert foul.trust_ppm <= fair.trust_ppm


def test_with_the_mean_of_the_last_days_sandbagging_would_pay() -> None:
    """A home uses double for ten days, so that its usual use looks like a saving."""
    inflated = [2_000] * 10
    now = Instant(0)

    def points(baseline_wh: int) -> int | None:
        part = Participation(
            baseline_wh=baseline_wh, metered_wh=1_000, committed_wh=500
        )
        return flexibility_ppm([part])

    def frozen(own_p50_wh: int) -> int:
        return frozen_baseline_wh(
            community_p50_wh=1_000, own_p50_wh=own_p50_wh, known_at=now, event_at=now
        )

    mean_of_ten = sum(inflated) // 10
    assert points(mean_of_ten) == PPM, "the attack is a real one"
    assert points(frozen(2_000)) == points(frozen(1_000)) == 0


def table() -> str:
    """Return the figures as a Markdown table."""
    fair = honest_outcome()
    lines = [
        "| play | season score | reputation |",
        "|---|--:|--:|",
        f"| honest | {(fair.points_ppm or 0) / 1e4:.1f} | {fair.trust_ppm / PPM:.3f} |",
    ]
    for name in ATTACKS:
        foul = attacked_outcome(name)
        points = "none" if foul.points_ppm is None else f"{foul.points_ppm / 1e4:.1f}"
        lines.append(f"| {name} | {points} | {foul.trust_ppm / PPM:.3f} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
