"""What members tell each other about what their contracts are sent."""

from dataclasses import dataclass
from typing import Final

from .errand import SignedErrand

ACCOUNT_BYTES: Final = 20
WORD_BYTES: Final = 32
APPROVAL_BYTES: Final = 65
LEAVES_MAX: Final = 802
"""As many accounts as orders in one book, and the two that belong to all."""

RECORD_BYTES_MAX: Final = 32 * 1024
"""The record of so many accounts fits."""

SIBLINGS_MAX: Final = 32

_NET_MAX: Final = (1 << 63) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLeaf:
    """Where one account stands in a batch, in nano-currency."""

    account: bytes
    net_nano: int
    released_nano: int
    salt: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchDraft:
    """This is the next batch as I computed it, leaf by leaf.

    So everybody holds what it takes to check it, to claim by it, and to go on from it.
    """

    settlement: bytes
    """The contract it is for, 20 bytes."""

    number: int
    day: int
    """Last UTC day it covers, counted from the epoch."""

    prev: bytes
    certificates: bytes
    journal: bytes
    metered_wh: int
    leaves: tuple[BatchLeaf, ...]
    """Ascending by account."""

    accounts: bytes
    """The first record of the journal: what it says of every account, for whoever goes
    on from here without the books of the days before."""

    records: int
    """Records under the root of the journal."""

    siblings: tuple[bytes, ...]
    """The proof that ``accounts`` is the first of them."""

    def __post_init__(self) -> None:
        """Refuse what no contract would take."""
        if len(self.accounts) > RECORD_BYTES_MAX or len(self.siblings) > SIBLINGS_MAX:
            raise ValueError("a record or its proof is out of bounds")
        accounts = [leaf.account for leaf in self.leaves]
        if not accounts or len(accounts) > LEAVES_MAX:
            raise ValueError(f"a batch of {len(accounts)} accounts is out of bounds")
        if accounts != sorted(set(accounts)):
            raise ValueError("accounts stand once, ascending")
        if sum(leaf.net_nano for leaf in self.leaves):
            raise ValueError("what one earns another owes")
        if any(abs(leaf.net_nano) > _NET_MAX for leaf in self.leaves):
            raise ValueError("more than a contract can count")


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchApproval:
    """I recomputed the batch with this digest; my household key signs it."""

    digest: bytes
    """What the contract asks the committee to sign: chain and contract are in it."""

    signature: bytes
    """r, s and v: 65 bytes."""


type BatchMessage = BatchDraft | BatchApproval | SignedErrand
