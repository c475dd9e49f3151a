"""Gifts as people name them: to a neighbour, or to the community's pool.

Decides nothing: the node does.
"""

from typing import Final

from .engine.model.contract import ContractId
from .engine.model.party import PartyId
from .engine.model.period import DAY_MS, PERIOD_MS, DeliveryPeriod, Instant
from .engine.node import Node, Refusal, Refused

POOL: Final = "pool"
"""The word for the pool in the place of a neighbour's name."""

PERIODS_PER_DAY: Final = DAY_MS // PERIOD_MS
_PREFIX: Final = f"{POOL}/"


def is_pool(name: str) -> bool:
    """Tell whether somebody means the pool."""
    return name.strip().casefold() == POOL


def pool_name(number: int) -> str:
    """Return the name of a gift to the pool, by its number."""
    return f"{_PREFIX}{number}"


def give(
    node: Node, to: str, energy_wh: int, now: Instant, *, periods: int = PERIODS_PER_DAY
) -> str | Refused:
    """Give a party or the pool energy for some periods; return the gift's name."""
    if to != POOL:
        return node.agreements.give(PartyId(to), energy_wh, now, periods=periods)
    until = DeliveryPeriod.containing(now).next(periods)
    number = node.social.pool.put(energy_wh, until, now)
    return number if isinstance(number, Refused) else pool_name(number)


def end(node: Node, name: str, now: Instant) -> str | Refused:
    """End a gift or contract, or take back what is left of a gift to the pool."""
    if not name.startswith(_PREFIX):
        return node.agreements.withdraw(ContractId(name), now) or name
    number = name.removeprefix(_PREFIX)
    if not number.isdecimal():
        return Refused(Refusal.UNKNOWN)
    return node.social.pool.take_back(int(number), now) or name
