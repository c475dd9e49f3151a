"""What a home has on a chain, as entities, panel and actions show it."""

from dataclasses import dataclass
from typing import Final

from homeassistant.util.json import JsonValueType

from ..drivers.chain import ChainStatus, Deployment, Head, WalletState
from ..engine.ledger.chain.day import ChainDay
from ..engine.ledger.chain.day_book import ClosedDay
from ..engine.ledger.chain.structs import Balance
from ..engine.wire.ethereum import Address, checksummed

WEI_PER_COIN: Final = 10**18
_COINS: Final = {
    1: "ETH",
    10: "ETH",
    100: "xDAI",
    137: "POL",
    8453: "ETH",
    10200: "xDAI",
    31337: "ETH",
    42161: "ETH",
    11155111: "ETH",
}
"""The coin that pays for gas, by chain id, for the chains people ask for."""


def coin_of(chain_id: int) -> str:
    """Return the symbol of a chain's own coin; the number of the chain if unknown."""
    return _COINS.get(chain_id, f"coin {chain_id}")


def stated_nano(day: ChainDay, account: Address) -> int:
    """Return what a batch states of an account; nothing if it is not in it yet."""
    return sum(leaf.net_nano for leaf in day.balances if leaf.account == account)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedDay:
    """A day that was posted, with everything that can be proved of it."""

    closed: ClosedDay
    posted: ChainDay

    @property
    def number(self) -> int:
        """The number of its batch."""
        return self.posted.batch.number

    def leaf(self, account: Address) -> Balance | None:
        """Return where an account stands at the day's end; None: not there yet."""
        found = (leaf for leaf in self.posted.balances if leaf.account == account)
        return next(found, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wallet:
    """A home on its chain, at one moment."""

    account: Address
    chain_id: int
    deployment: Deployment | None
    """None: the contracts are on their way."""

    status: ChainStatus
    state: WalletState | None = None
    head: Head | None = None
    pending_nano: int | None = None
    """Earned less owed since the batch that stands."""

    released_nano: int = 0
    """What batches that stand have paid out to this home so far."""

    is_caught_up: bool = False
    """Whether every day that is over stands and is paid."""

    @property
    def last_day(self) -> int | None:
        """The UTC day up to which the chain is settled."""
        if self.head is None or not self.head.standing:
            return None
        return self.head.standing_day

    @property
    def waits(self) -> bool:
        """Whether a batch is posted that can still be challenged."""
        head = self.head
        return head is not None and head.number != head.standing and not head.is_void

    def section(self) -> dict[str, JsonValueType]:
        """Return what the panel shows."""
        head, state = self.head, self.state
        return {
            "chain_id": self.chain_id,
            "account": checksummed(self.account),
            "contracts": self._contracts(),
            "credit_nano": None if state is None else state.credit_nano,
            "pending_nano": self.pending_nano,
            "batch": None if head is None else head.standing,
            "day": self.last_day,
            "waits": self.waits,
            "caught_up": self.is_caught_up,
            "released_nano": self.released_nano,
            "claimed_nano": None if state is None else state.claimed_nano,
            "gas_wei": str(self.status.gas_spent_wei),
            "coin": coin_of(self.chain_id),
        }

    def _contracts(self) -> JsonValueType:
        found = self.deployment
        if found is None:
            return None
        return {
            "community": checksummed(found.community),
            "settlement": checksummed(found.settlement),
            "credit": checksummed(found.credit),
            "certificates": checksummed(found.certificates),
        }
