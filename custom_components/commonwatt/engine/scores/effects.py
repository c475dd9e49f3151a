"""What a reputation changes: deposit, credit line, forward contracts, rank in a tie.

Never solidarity energy, never supply from the grid: nobody sits in the dark for a
promise it broke.
"""

from dataclasses import dataclass
from typing import Final

from ..model.units import PPM, div_floor
from .fixed import clip_ppm, times_ppm

PREPAID_BELOW_PPM: Final = 350_000
SPOT_ONLY_BELOW_PPM: Final = 150_000
TIE_ADVANTAGE_PPM: Final = 100_000
"""How much more of a tie the most trusted member gets than the least trusted."""

TRIAL_PPM: Final = 10_000
"""Of the ordinary line, what the unreliable may buy: so as to earn trust anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Privileges:
    """What a member may do, and on what terms."""

    deposit_ppm: int
    """Of the value of a contract, laid down before it starts."""

    credit_ppm: int
    """Of the community's ordinary credit line."""

    prepaid: bool
    """Pays before it receives."""

    contracts: bool
    """May sign contracts for periods to come."""

    tie_weight_ppm: int
    """Weight of its orders among those at the same price; one for a newcomer at 0."""


def privileges_of(trust_ppm: int) -> Privileges:
    """Return what a reputation entitles to (docs/reference/reputation.md, 4)."""
    return Privileges(
        deposit_ppm=clip_ppm(1_200_000 - trust_ppm, least=250_000),
        credit_ppm=250_000 + times_ppm(times_ppm(trust_ppm, trust_ppm), 1_750_000),
        prepaid=trust_ppm < PREPAID_BELOW_PPM,
        contracts=trust_ppm >= SPOT_ONLY_BELOW_PPM,
        tie_weight_ppm=PPM + times_ppm(trust_ppm, TIE_ADVANTAGE_PPM),
    )


def credit_wh(trust_ppm: int, *, line_wh: int, given_wh: int, periods: int) -> int:
    """Return what a member's word is good for in one delivery period, in Wh.

    Who pays before it receives is trusted with a trial, and with what it gave to the
    others in an assessed week, spread over its ``periods``.
    """
    privileges = privileges_of(trust_ppm)
    if not privileges.prepaid:
        return times_ppm(line_wh, privileges.credit_ppm)
    earned_wh = div_floor(max(0, given_wh), periods)
    return times_ppm(line_wh, TRIAL_PPM) + earned_wh
