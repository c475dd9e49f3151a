"""Sums that others say came about: believed when two members say the same."""

from typing import Final

from ...model.federation import PublishedSum, SumName
from ...model.party import PartyId

WITNESSES: Final = 2
CLAIMS_PER_MEMBER_MAX: Final = 16
"""More than a training has sums; whoever says more is not listened to."""


class Claims:
    """What was claimed of the sums of one training, and by whom."""

    __slots__ = ("_said",)

    def __init__(self) -> None:
        self._said: Final[dict[PartyId, dict[SumName, PublishedSum]]] = {}

    def hear(self, author: PartyId, claim: PublishedSum) -> PublishedSum | None:
        """Take a claim; return it as soon as enough members have made it.

        A member's first word about a sum is its only one.
        """
        said = self._said.setdefault(author, {})
        if len(said) < CLAIMS_PER_MEMBER_MAX:
            said.setdefault(claim.sum_name, claim)
        agreeing = sum(
            known.get(claim.sum_name) == claim for known in self._said.values()
        )
        return claim if agreeing >= WITNESSES else None
