"""What a producer gives of its export, in a form whose parts can be proved one by one.

The root goes to the chain; each beneficiary is handed its own leaf and its place, and
learns of the others no more than a digest and a sum.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ...wire.ethereum import Address
from .day import salt_of
from .structs import Mandate, Share
from .sum_tree import EMPTY_ROOT, Place, SumTree

WHOLE_PPM: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareProof:
    """What a beneficiary keeps: its leaf, and where it stands."""

    share: Share
    place: Place


@dataclass(frozen=True, slots=True)
class GivenShares:
    """All shares of one producer, ascending by beneficiary."""

    shares: tuple[Share, ...]

    @property
    def root(self) -> bytes:
        """What goes to the chain; zero, which ends a mandate, if nothing is given."""
        return self._tree.root if self.shares else EMPTY_ROOT

    def proof(self, beneficiary: Address) -> ShareProof:
        """Return what to hand to a beneficiary; LookupError if it gets nothing."""
        for index, share in enumerate(self.shares):
            if share.beneficiary == beneficiary:
                return ShareProof(share=share, place=self._tree.place(index))
        raise LookupError(beneficiary.hex())

    @property
    def _tree(self) -> SumTree:
        return SumTree([share.node for share in self.shares])


def given_shares(ppm: Mapping[Address, int], *, secret: bytes) -> GivenShares:
    """Return the shares by what each beneficiary gets, in millionths of the export.

    ``secret`` is known to the producer alone: no beneficiary can guess another's leaf.
    ValueError for more than the whole, or a share that is none.
    """
    if any(part <= 0 for part in ppm.values()) or sum(ppm.values()) > WHOLE_PPM:
        raise ValueError("shares are positive and a million in all at most")
    return GivenShares(
        tuple(
            Share(
                beneficiary=beneficiary,
                share_ppm=part,
                salt=salt_of(secret, beneficiary),
            )
            for beneficiary, part in sorted(ppm.items())
        )
    )


def mandate_after(
    before: Mandate, shares: GivenShares, *, from_day: int, to_day: int
) -> Mandate:
    """Return the mandate that replaces ``before``; days are UTC days from the epoch.

    ValueError for days that end before they begin.
    """
    if not 0 <= from_day <= to_day:
        raise ValueError("a mandate ends on the day it begins, or later")
    return Mandate(
        producer=before.producer,
        shares=shares.root,
        from_day=from_day,
        to_day=to_day,
        version=before.version + 1,
    )
