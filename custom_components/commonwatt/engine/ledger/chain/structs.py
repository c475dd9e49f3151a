"""What is signed for the contracts and what lies in their trees, field by field.

Each knows its EIP-712 struct hash and the tuple that a contract's function takes; names
and types are those of ``contracts/src``.
"""

from dataclasses import dataclass
from typing import Final

from ...wire.eip712 import StructType
from ...wire.ethereum import Address
from .sum_tree import Node

_BATCH: Final = StructType(
    "Batch(uint32 number,uint32 day,bytes32 prev,bytes32 balances,"
    "bytes32 certificates,bytes32 journal,uint64 meteredWh)"
)
_BALANCE: Final = StructType(
    "Balance(address account,int64 net,uint64 released,bytes32 salt)"
)
_ORIGIN: Final = StructType(
    "Origin(bytes32 certificate,address holder,int64 energyWh,bytes32 salt)"
)
_SHARE: Final = StructType("Share(address beneficiary,int64 ppm,bytes32 salt)")
_MANDATE: Final = StructType(
    "Mandate(address producer,bytes32 shares,uint32 fromDay,uint32 toDay,"
    "uint32 version)"
)
_SCORE: Final = StructType(
    "Score(address account,int64 ppm,bytes32 evidence,bytes32 salt)"
)
_SCORES: Final = StructType("Scores(uint32 day,bytes32 root)")
_OBJECTION: Final = StructType("Objection(bytes32 batch)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What the committee signs once a day."""

    number: int
    day: int
    """Last UTC day it covers, counted from the epoch."""

    prev: bytes
    """Struct hash of the batch it follows; zero for the first."""

    balances: bytes
    certificates: bytes
    journal: bytes
    """Root of all records of the day (SHA-256), off the chain."""

    metered_wh: int
    """What all members exported since the batch before."""

    @property
    def abi(self) -> tuple[int, int, bytes, bytes, bytes, bytes, int]:
        """The batch as a contract takes it."""
        return (
            self.number,
            self.day,
            self.prev,
            self.balances,
            self.certificates,
            self.journal,
            self.metered_wh,
        )

    @property
    def struct_hash(self) -> bytes:
        """The name of the batch, and what the next one follows."""
        return _BATCH.struct_hash(*self.abi)


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Where one account stands."""

    account: Address
    net_nano: int
    """Everything earned less everything owed so far."""

    released_nano: int
    """What was released to the account's key so far; never falls."""

    salt: bytes

    @property
    def abi(self) -> tuple[Address, int, int, bytes]:
        """The leaf as a contract takes it."""
        return self.account, self.net_nano, self.released_nano, self.salt

    @property
    def node(self) -> Node:
        """The leaf in its tree."""
        return Node(_BALANCE.struct_hash(*self.abi), self.net_nano)


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginClaim:
    """A granular certificate that leaves the community."""

    certificate: bytes
    holder: Address
    energy_wh: int
    salt: bytes

    @property
    def abi(self) -> tuple[bytes, Address, int, bytes]:
        """The leaf as a contract takes it."""
        return self.certificate, self.holder, self.energy_wh, self.salt

    @property
    def node(self) -> Node:
        """The leaf in its tree."""
        return Node(_ORIGIN.struct_hash(*self.abi), self.energy_wh)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one beneficiary gets of a producer's export."""

    beneficiary: Address
    share_ppm: int
    salt: bytes

    @property
    def abi(self) -> tuple[Address, int, bytes]:
        """The leaf as a contract takes it."""
        return self.beneficiary, self.share_ppm, self.salt

    @property
    def node(self) -> Node:
        """The leaf in its tree."""
        return Node(_SHARE.struct_hash(*self.abi), self.share_ppm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """What a producer signs: the root of its shares and when they hold."""

    producer: Address
    shares: bytes
    from_day: int
    to_day: int
    version: int

    @property
    def abi(self) -> tuple[Address, bytes, int, int, int]:
        """The mandate as a contract takes it."""
        return self.producer, self.shares, self.from_day, self.to_day, self.version

    @property
    def struct_hash(self) -> bytes:
        """What is signed, once the domain is added."""
        return _MANDATE.struct_hash(*self.abi)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchoredScore:
    """The score of one account, and what it rests on."""

    account: Address
    score_ppm: int
    evidence: bytes
    salt: bytes

    @property
    def abi(self) -> tuple[Address, int, bytes, bytes]:
        """The leaf as a contract takes it."""
        return self.account, self.score_ppm, self.evidence, self.salt

    @property
    def node(self) -> Node:
        """The leaf in its tree."""
        return Node(_SCORE.struct_hash(*self.abi), self.score_ppm)


def scores_hash(*, day: int, root: bytes) -> bytes:
    """Return the struct hash that the committee signs for the scores of a day."""
    return _SCORES.struct_hash(day, root)


def objection_hash(batch: Batch) -> bytes:
    """Return the struct hash that a home signs to object to a batch."""
    return _OBJECTION.struct_hash(batch.struct_hash)
