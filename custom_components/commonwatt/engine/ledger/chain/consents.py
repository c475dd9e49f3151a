"""What a home signs as a member: questions, votes, and who holds its key.

Struct hashes only.  Each is bound to the contract by its domain, and to one use by a
nonce that the contract counts.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from ...wire.eip712 import StructType
from ...wire.ethereum import Address

_PROPOSAL: Final = StructType(
    "Proposal(uint8 kind,address account,address key,uint64 amount,"
    "bytes32 document,uint40 closesAt)"
)
_BALLOT: Final = StructType("Ballot(bytes32 proposal,bool approve)")
_ROTATION: Final = StructType("Rotation(address account,address key,uint256 nonce)")
_RESIGNATION: Final = StructType("Resignation(address account,uint256 nonce)")
_KEEPING: Final = StructType("Keeping(address account,uint256 nonce)")

NOBODY: Final = Address(bytes(20))


class ProposalKind(IntEnum):
    """What a vote can decide; the order is that of the contract."""

    AMEND = 0
    ADMIT = 1
    DISMISS = 2
    LINE = 3
    PAYEE = 4
    RECOVER = 5
    PAUSE = 6
    SUCCEED = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One question to all homes; which fields count depends on the kind."""

    kind: ProposalKind
    account: Address = NOBODY
    key: Address = NOBODY
    amount: int = 0
    document: bytes = bytes(32)
    closes_at: int
    """Seconds since the epoch: after it nobody votes."""

    @property
    def abi(self) -> tuple[int, Address, Address, int, bytes, int]:
        """The proposal as a contract takes it."""
        return (
            int(self.kind),
            self.account,
            self.key,
            self.amount,
            self.document,
            self.closes_at,
        )

    @property
    def struct_hash(self) -> bytes:
        """What its author signs, and its name in every ballot."""
        return _PROPOSAL.struct_hash(*self.abi)


def ballot_hash(proposal: bytes, *, is_approved: bool) -> bytes:
    """Return the struct hash of a vote on the proposal of that name."""
    return _BALLOT.struct_hash(proposal, is_approved)


def rotation_hash(account: Address, key: Address, *, nonce: int) -> bytes:
    """Return what the old and the new key of an account sign."""
    return _ROTATION.struct_hash(account, key, nonce)


def resignation_hash(account: Address, *, nonce: int) -> bytes:
    """Return what a home signs to leave."""
    return _RESIGNATION.struct_hash(account, nonce)


def keeping_hash(account: Address, *, nonce: int) -> bytes:
    """Return what the present key signs to refuse a recovery."""
    return _KEEPING.struct_hash(account, nonce)
