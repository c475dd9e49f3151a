"""What is offered for gas: enough for the next blocks, never more than the ceiling.

Wei for one unit of gas throughout.  Source of the rules: EIP-1559; that a replacement
offers an eighth more is what nodes ask for before they relay it.
"""

from dataclasses import dataclass
from typing import Final

GWEI: Final = 10**9
TIP_WEI_MIN: Final = GWEI // 100
"""Chains that suggest no tip at all still want to see one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fees:
    """The most that is paid, and the part of it for whoever makes the block."""

    fee_wei: int
    tip_wei: int


def offered(*, base_wei: int, tip_wei: int, ceiling_wei: int) -> Fees | None:
    """Return what to offer; None if that would be above the ceiling.

    The base fee may double before the offer is too low: six full blocks.
    """
    tip = max(tip_wei, TIP_WEI_MIN)
    if base_wei + tip > ceiling_wei:
        return None
    return Fees(fee_wei=min(2 * base_wei + tip, ceiling_wei), tip_wei=tip)


def raised(
    before: Fees, *, base_wei: int, tip_wei: int, ceiling_wei: int
) -> Fees | None:
    """Return what takes the place of an offer; None if the ceiling is in the way."""
    tip = max(_eighth_more(before.tip_wei), tip_wei)
    fee = max(_eighth_more(before.fee_wei), base_wei + tip)
    if fee > ceiling_wei:
        return None
    wanted = max(fee, 2 * base_wei + tip)
    return Fees(fee_wei=min(wanted, ceiling_wei), tip_wei=tip)


def _eighth_more(amount: int) -> int:
    return -(-amount * 9 // 8)
