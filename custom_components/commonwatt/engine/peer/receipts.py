"""Receipts: which orders voters had in time, signed when a book leaves one out.

One receipt may be a lie.  When more voters than may lie had an order, somebody honest
had.  That the proposer had it does not follow: who omits and who never heard look alike
(``PeerReview``, Haeberlen et al., 2007, tells the suspected from the exposed).
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from ..model.party import Charter, PartyId
from ..wire.messages import Receipt
from .book import Book
from .electorate import Electorate
from .fault import Fault, Misdeed


@dataclass(frozen=True, slots=True, kw_only=True)
class Omission:
    """A book without orders that we had in time."""

    proposer: PartyId
    data: bytes
    """The sealed book."""

    missing: frozenset[PartyId]
    """Of all members that are not in the book."""

    @classmethod
    def of(cls, book: Book, charter: Charter) -> Omission:
        """Return what a book leaves out, whoever of them had an order."""
        members = {member.party for member in charter.members}
        missing = frozenset(members - book.digests.keys())
        return cls(proposer=book.proposer, data=book.data, missing=missing)


class Receipts:
    """What voters have signed about one round, and the books that lack something."""

    __slots__ = ("_electorate", "_omissions", "_receipts", "_witnessed")

    def __init__(self, electorate: Electorate) -> None:
        self._electorate: Final = electorate
        self._receipts: Final[dict[PartyId, tuple[frozenset[PartyId], bytes]]] = {}
        self._omissions: Final[dict[PartyId, Omission]] = {}
        self._witnessed: Final[set[PartyId]] = set()

    def is_owed(self, voter: PartyId) -> bool:
        """Tell whether a voter has seen an omission and signed no receipt yet."""
        is_voter = voter in self._electorate.voters
        return is_voter and bool(self._omissions) and voter not in self._receipts

    def note(self, omission: Omission) -> None:
        """Keep the first omission of a proposer."""
        self._omissions.setdefault(omission.proposer, omission)

    def take(self, voter: PartyId, receipt: Receipt, data: bytes) -> None:
        """Take what a voter has signed; its first word counts."""
        if voter in self._electorate.voters:
            self._receipts.setdefault(voter, (frozenset(receipt.parties), data))

    def verdict(self, excused: Collection[PartyId] = ()) -> Misdeed | None:
        """Return, once for each proposer, that its book lacks an order, with receipts.

        Nobody owes a place to the ``excused``: they have signed two orders.
        """
        for proposer, omission in sorted(self._omissions.items()):
            if proposer in self._witnessed:
                continue
            proof = self._proof(omission, omission.missing - frozenset(excused))
            if proof is not None:
                self._witnessed.add(proposer)
                evidence = (omission.data, *proof)
                return Misdeed(
                    party=proposer, fault=Fault.WITNESSED_OMISSION, evidence=evidence
                )
        return None

    def _proof(
        self, omission: Omission, missing: frozenset[PartyId]
    ) -> tuple[bytes, ...] | None:
        """Return receipts for one missing order, its author's own not counted."""
        counts = Counter(
            party
            for voter, (parties, _) in self._receipts.items()
            for party in parties & missing
            if party not in {voter, omission.proposer}
        )
        for party, count in sorted(counts.items()):
            if count > self._electorate.liars_max:
                return tuple(
                    data
                    for voter, (parties, data) in sorted(self._receipts.items())
                    if party in parties and party != voter
                )
        return None
