"""Merkle trees that add up: whoever proves a leaf proves the sum of the whole tree.

The same shape as :mod:`..merkle`: an odd node at the end of a level is carried up as it
is and the number of leaves is part of the root.  Here every node also states the sum of
what lies below it, and digests are EIP-712 struct hashes, as in
``contracts/src/SumTree.sol``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ...wire.canonical import INTEGER_MAX, INTEGER_MIN
from ...wire.eip712 import StructType

_NODE: Final = StructType(
    "SumNode(bytes32 left,int64 leftSum,bytes32 right,int64 rightSum)"
)
_ROOT: Final = StructType("SumRoot(uint64 count,bytes32 top,int64 sum)")
LEAVES_MAX: Final = (1 << 32) - 1
EMPTY_ROOT: Final = bytes(32)
"""Stands for a tree without leaves: no proof leads to it."""


@dataclass(frozen=True, slots=True)
class Node:
    """A digest and the sum of all amounts below it: 64 bits, signed."""

    digest: bytes
    sum: int

    @property
    def abi(self) -> tuple[bytes, int]:
        """The node as a contract takes it."""
        return self.digest, self.sum


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where consecutive leaves stand, and the nodes beside their way to the root."""

    first: int
    count: int
    """Leaves of the whole tree."""

    siblings: tuple[Node, ...]
    """From the leaves upwards; in a level the left one comes before the right one."""

    @property
    def abi(self) -> tuple[int, int, list[tuple[bytes, int]]]:
        """The place as a contract takes it."""
        return self.first, self.count, [node.abi for node in self.siblings]


class SumTree:
    """All levels of a tree over at least one leaf."""

    __slots__ = ("_levels",)

    def __init__(self, leaves: Sequence[Node]) -> None:
        """Hash everything once; ValueError if a sum leaves 64 bits."""
        assert 0 < len(leaves) <= LEAVES_MAX, "a tree has leaves"
        self._levels: Final = [list(leaves)]
        while len(self._levels[-1]) > 1:
            self._levels.append(list(_parents(self._levels[-1])))

    @property
    def count(self) -> int:
        """The number of leaves."""
        return len(self._levels[0])

    @property
    def top(self) -> Node:
        """The one node of the highest level."""
        return self._levels[-1][0]

    @property
    def sum(self) -> int:
        """What all leaves add up to."""
        return self.top.sum

    @property
    def root(self) -> bytes:
        """The digest that stands for the tree."""
        return _ROOT.struct_hash(self.count, self.top.digest, self.sum)

    def place(self, first: int, length: int = 1) -> Place:
        """Return the proof of ``length`` leaves from ``first`` on."""
        assert 0 <= first < first + length <= self.count, "leaves that are there"
        siblings = []
        left, right = first, first + length
        for level in self._levels[:-1]:
            if left & 1:
                siblings.append(level[left - 1])
            if right & 1 and right < len(level):
                siblings.append(level[right])
            left, right = left // 2, (right + 1) // 2
        return Place(first=first, count=self.count, siblings=tuple(siblings))


def fold(nodes: Sequence[Node], place: Place) -> tuple[bytes, int] | None:
    """Return root and sum of the tree that holds ``nodes`` at ``place``.

    None if there is no such tree.  Mirrors ``SumTree.fold`` of the contracts.
    """
    level, first, width = list(nodes), place.first, place.count
    if not level or not 0 <= first <= first + len(level) <= width <= LEAVES_MAX:
        return None
    siblings = list(reversed(place.siblings))
    try:
        while width > 1:
            if first & 1:
                level.insert(0, siblings.pop())
                first -= 1
            if len(level) & 1 and first + len(level) < width:
                level.append(siblings.pop())
            level = list(_parents(level))
            first, width = first // 2, (width + 1) // 2
    except IndexError, ValueError:
        return None
    if siblings:
        return None
    top = level[0]
    return _ROOT.struct_hash(place.count, top.digest, top.sum), top.sum


def _parents(level: Sequence[Node]) -> Iterator[Node]:
    for left, right in zip(level[::2], level[1::2], strict=False):
        total = left.sum + right.sum
        if not INTEGER_MIN <= total <= INTEGER_MAX:
            raise ValueError("a sum of more than 64 bits")
        digest = _NODE.struct_hash(left.digest, left.sum, right.digest, right.sum)
        yield Node(digest, total)
    if len(level) & 1:
        yield level[-1]
