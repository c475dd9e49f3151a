"""What those outside a committee are shown: their own part, and why it is true.

Clauses: section 7 of ``docs/reference/community.md``.
"""

from dataclasses import dataclass
from typing import Final

from .period import DeliveryPeriod

RECORD_BYTES_MAX: Final = 96 * 1024
SIBLINGS_MAX: Final = 32
KNOWN_MAX: Final = 1 << 24

_DIGEST_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedRecord:
    """One record of a Merkle tree with its proof, as it travels."""

    record: bytes
    index: int
    count: int
    siblings: tuple[bytes, ...]

    def __post_init__(self) -> None:
        """Refuse a record that is too long and a path that is none."""
        if len(self.record) > RECORD_BYTES_MAX:
            raise ValueError(f"a record of {len(self.record)} bytes is out of bounds")
        if not 0 <= self.index < self.count or len(self.siblings) > SIBLINGS_MAX:
            raise ValueError("no place in a tree")
        if any(len(sibling) != _DIGEST_BYTES for sibling in self.siblings):
            raise ValueError("siblings are digests")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultExtract:
    """This is your part in the result of a period; its root is what was voted for."""

    period: DeliveryPeriod
    proved: ProvedRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementExtract:
    """This is your part in the settlement of a period; its root is attested."""

    period: DeliveryPeriod
    proved: ProvedRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """I have settled a period, and the root of all parts in it is this."""

    period: DeliveryPeriod
    known: int
    """Readings and corrections it rests on; who knows more is right."""

    root: bytes

    def __post_init__(self) -> None:
        """Refuse what is no digest, and more readings than there are."""
        if len(self.root) != _DIGEST_BYTES or not 0 <= self.known <= KNOWN_MAX:
            raise ValueError("no digest, or too many readings")


type ExtractMessage = ResultExtract | SettlementExtract | Attestation
