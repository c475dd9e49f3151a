"""The scores of all members in a form whose parts can be proved one by one.

Every member computes the same tree from what all know, so that the committee can sign
its root; a member shows its own leaf to whom it likes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ...wire.ethereum import Address
from .day import salt_of
from .structs import AnchoredScore, scores_hash
from .sum_tree import Place, SumTree


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreProof:
    """What a member shows: its score, and where it stands."""

    score: AnchoredScore
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSheet:
    """The scores of a day, ascending by account."""

    day: int
    """Last UTC day they rest on, counted from the epoch."""

    scores: tuple[AnchoredScore, ...]

    @property
    def root(self) -> bytes:
        """What goes to the chain."""
        return self._tree.root

    @property
    def struct_hash(self) -> bytes:
        """What the committee signs, once the domain is added."""
        return scores_hash(day=self.day, root=self.root)

    def proof(self, account: Address) -> ScoreProof:
        """Return what a member can show; LookupError if it has no score."""
        for index, score in enumerate(self.scores):
            if score.account == account:
                return ScoreProof(score=score, place=self._tree.place(index))
        raise LookupError(account.hex())

    @property
    def _tree(self) -> SumTree:
        return SumTree([score.node for score in self.scores])


def score_sheet(
    day: int, scores_ppm: Mapping[Address, int], *, evidence: bytes, secret: bytes
) -> ScoreSheet:
    """Return the scores of a day in the form of the chain.

    ``evidence`` is the digest of what they rest on (32 bytes), ``secret`` is known to
    members only, so that nobody else can guess a leaf.  ValueError without scores.
    """
    if not scores_ppm:
        raise ValueError("nobody has a score")
    return ScoreSheet(
        day=day,
        scores=tuple(
            AnchoredScore(
                account=account,
                score_ppm=score,
                evidence=evidence,
                salt=salt_of(secret, account),
            )
            for account, score in sorted(scores_ppm.items())
        ),
    )
