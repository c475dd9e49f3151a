"""What it costs to be settled on a chain: gas for each home and day, all in.

Usage: script/bench chain [--json]
Real transactions on anvil: a batch a day with the signatures of five seats of seven,
and, each once a month, a claim for every home, a draw of the committee and the scores
of all.  Measured when every place the batches use was used before; what the first 64
days cost is told as well.

Claims are relayed together: one transaction pays a whole community, or a hundred homes
of a large one.  What a home would pay that claims alone is told as well.
"""

import argparse
from dataclasses import dataclass
import json
import sys
from typing import Final

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.engine.ledger.chain.day import FUND, ChainDay
from custom_components.commonwatt.engine.ledger.chain.scores import (
    ScoreSheet,
    score_sheet,
)
from tools.anvil import Chain, anvil
from tools.chain_community import DAY_S, ChainCommunity

TARGETS: Final = {10: 9_600, 50: 3_100, 200: 1_900}
DAYS_A_MONTH: Final = 30
KEPT: Final = 64
CLAIMS_MAX: Final = 100
"""Homes whose credit one transaction pays."""

EARNED_NANO: Final = 12_345_678_901


@dataclass(frozen=True, slots=True, kw_only=True)
class Gas:
    """Gas of the transactions of one community."""

    submit_first_days: int
    submit: int
    claim_together: int
    """For all homes."""

    claim_alone: int
    """For one home."""

    draw: int
    anchor: int
    """Of the scores."""

    def household_day(self, homes: int, *, together: bool) -> int:
        """Return the gas of one home and day, rounded up."""
        claims = self.claim_together if together else homes * self.claim_alone
        month = DAYS_A_MONTH * self.submit + claims + self.draw + self.anchor
        return -(-month // (DAYS_A_MONTH * homes))


def main() -> int:
    """Measure all sizes; exit 1 if one misses its target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="end with a line of JSON")
    options = parser.parse_args()
    measured = {}
    for homes, target in TARGETS.items():
        with anvil() as chain:
            gas = measured[homes] = measure(chain, homes)
        all_in = gas.household_day(homes, together=True)
        print(f"{homes:4} homes: {all_in} of {target}; {gas}", file=sys.stderr)
    if options.json:
        print(json.dumps(_result(measured)))
    return int(
        any(
            gas.household_day(homes, together=True) > TARGETS[homes]
            for homes, gas in measured.items()
        )
    )


def measure(chain: Chain, homes: int) -> Gas:
    """Let a community live until its costs are steady, and read them."""
    world = ChainCommunity(chain, homes)
    posted = [_post(world, 0)[1] for _ in range(KEPT + 1)]
    together = alone = 0
    for month in (1, 2, 3):
        day, gas = _post(world, month)
        posted.append(gas)
        if month < 3:  # noqa: PLR2004  # the first claim of an account costs more
            together = _claim_together(world, day)
        else:
            alone = world.claim(day, len(day.balances) // 2, 1)["gasUsed"]
    draw = anchor = 0
    for _ in range(2):
        chain.travel(DAYS_A_MONTH * DAY_S)
        draw = chain.send(world.community.functions.draw())["gasUsed"]
        world.next_day()
        anchor = world.anchor(_scores(world))["gasUsed"]
    return Gas(
        submit_first_days=posted[1],
        submit=posted[-1],
        claim_together=together,
        claim_alone=alone,
        draw=draw,
        anchor=anchor,
    )


def _post(world: ChainCommunity, months: int) -> tuple[ChainDay, int]:
    """Settle a day after which every home has earned so many months' worth."""
    world.next_day()
    nets = dict.fromkeys(world.homes, months * EARNED_NANO)
    nets[FUND] = -sum(nets.values())
    day = world.day(nets, metered_wh=123_456)
    gas = world.submit(day.batch)["gasUsed"]
    world.chain.travel_to(world.head()["finalAt"])
    return day, gas


def _scores(world: ChainCommunity) -> ScoreSheet:
    scores = dict.fromkeys(world.homes, 900_000)
    return score_sheet(world.today, scores, evidence=bytes(32), secret=b"members")


def _claim_together(world: ChainCommunity, day: ChainDay) -> int:
    count = len(day.balances)
    return sum(
        world.claim(day, first, min(CLAIMS_MAX, count - first))["gasUsed"]
        for first in range(0, count, CLAIMS_MAX)
    )


def _result(measured: dict[int, Gas]) -> dict[str, object]:
    def per_day(*, together: bool) -> dict[str, int]:
        return {
            str(homes): gas.household_day(homes, together=together)
            for homes, gas in measured.items()
        }

    return {
        "gas_per_household_day": per_day(together=True),
        "gas_per_household_day_claims_alone": per_day(together=False),
        "targets": {str(homes): target for homes, target in TARGETS.items()},
        "transactions": {
            str(homes): {
                "submit_first_days": gas.submit_first_days,
                "submit": gas.submit,
                "claim_together": gas.claim_together,
                "claim_alone": gas.claim_alone,
                "draw": gas.draw,
                "anchor": gas.anchor,
            }
            for homes, gas in measured.items()
        },
    }


if __name__ == "__main__":
    sys.exit(main())
