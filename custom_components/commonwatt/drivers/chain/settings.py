"""What an owner says about a chain: how to reach it, and what it may cost."""

from dataclasses import dataclass
from typing import Final

from .deployment import Deployment
from .fees import GWEI

FEE_WEI_MAX: Final = 500 * GWEI
BLOCKS_UNTIL_STUCK: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainSettings:
    """One chain, and the community's contracts on it."""

    urls: tuple[str, ...]
    """Endpoints of its JSON-RPC, the preferred one first."""

    chain_id: int
    deployment: Deployment | None = None
    """None: the contracts are still to be made, or to be looked for."""

    fee_wei_max: int = FEE_WEI_MAX
    """The most that is paid for one unit of gas."""

    blocks_until_stuck: int = BLOCKS_UNTIL_STUCK
    """Blocks after which a transaction offers more."""
