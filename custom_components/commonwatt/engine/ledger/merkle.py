"""Merkle trees: one digest for a day of records, and short proofs that a record is in.

Leaves and nodes are hashed in different domains, so that no record can pass for an
inner node (RFC 6962, section 2.1).  An odd node at the end of a level is carried up as
it is, never doubled: doubling would give two different lists of records the same root.
The number of records is part of the root, and the place of a record says on which side
each sibling stands.

The hash is an argument of every function, SHA-256 if nothing is said.  What contracts
check are sum trees of the same shape (:mod:`.chain.sum_tree`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from ..wire.domain import Domain, separated

type Digest = Callable[[bytes], bytes]
"""Any hash of 32 bytes."""

RECORDS_MAX: Final = (1 << 32) - 1
"""Records under one root; a proof has at most 32 siblings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InclusionProof:
    """Why a record belongs to a root."""

    index: int
    count: int
    """Records under the root."""

    siblings: tuple[bytes, ...]
    """From the leaf upwards; levels where the node was carried up have none."""


def sha256_digest(data: bytes) -> bytes:
    """Return the SHA-256 of ``data``."""
    return sha256(data).digest()


def leaf_digest(record: bytes, digest: Digest = sha256_digest) -> bytes:
    """Return the digest of one record."""
    return digest(separated(Domain.MERKLE_LEAF, record))


def merkle_root(records: Sequence[bytes], digest: Digest = sha256_digest) -> bytes:
    """Return the root of ``records`` in their order; no records have a root as well."""
    level = [leaf_digest(record, digest) for record in records]
    while len(level) > 1:
        level = _parents(level, digest)
    return _root(level[0] if level else b"", len(records), digest)


def prove(
    records: Sequence[bytes], index: int, digest: Digest = sha256_digest
) -> InclusionProof:
    """Return the proof of the record at ``index``."""
    assert 0 <= index < len(records), "a record that is there can be proved"
    level = [leaf_digest(record, digest) for record in records]
    siblings: list[bytes] = []
    place = index
    while len(level) > 1:
        if place ^ 1 < len(level):
            siblings.append(level[place ^ 1])
        level = _parents(level, digest)
        place //= 2
    return InclusionProof(index=index, count=len(records), siblings=tuple(siblings))


def is_included(
    record: bytes,
    proof: InclusionProof,
    root: bytes,
    digest: Digest = sha256_digest,
) -> bool:
    """Tell whether ``proof`` shows that ``record`` is under ``root``; never raises."""
    return root_of(record, proof, digest) == root


def root_of(
    record: bytes, proof: InclusionProof, digest: Digest = sha256_digest
) -> bytes | None:
    """Return the root a record is under if its proof is one; never raises."""
    if not 0 <= proof.index < proof.count <= RECORDS_MAX:
        return None
    node, place, width = leaf_digest(record, digest), proof.index, proof.count
    siblings = list(reversed(proof.siblings))
    while width > 1:
        if place ^ 1 < width:
            if not siblings:
                return None
            sibling = siblings.pop()
            pair = sibling + node if place & 1 else node + sibling
            node = digest(separated(Domain.MERKLE_NODE, pair))
        place, width = place // 2, (width + 1) // 2
    return None if siblings else _root(node, proof.count, digest)


def _parents(level: list[bytes], digest: Digest) -> list[bytes]:
    pairs = [
        digest(separated(Domain.MERKLE_NODE, left + right))
        for left, right in zip(level[::2], level[1::2], strict=False)
    ]
    return pairs + level[len(pairs) * 2 :]


def _root(top: bytes, count: int, digest: Digest) -> bytes:
    return digest(separated(Domain.MERKLE_ROOT, count.to_bytes(8, "big") + top))
