"""Receipts: which orders voters had in time, signed when a book leaves one out.

One receipt may be a lie, and one order may have got lost on its way to the proposer.
When more voters than may lie had it, somebody honest had.
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
    """What voters have signed about one round, and the books it convicts."""

    __slots__ = ("_convicted", "_electorate", "_omissions", "_receipts")

    def __init__(self, electorate: Electorate) -> None:
        self._electorate: Final = electorate
        self._receipts: Final[dict[PartyId, tuple[frozenset[PartyId], bytes]]] = {}
        self._omissions: Final[dict[PartyId, Omission]] = {}
        self._convicted: Final[set[PartyId]] = set()

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
        """Return, once for each proposer, the proof that it left out an order.

        Nobody owes a place to the ``excused``: they have signed two orders.
        """
        for proposer, omission in sorted(self._omissions.items()):
            if proposer in self._convicted:
                continue
            proof = self._proof(omission, omission.missing - frozenset(excused))
            if proof is not None:
                self._convicted.add(proposer)
                evidence = (omission.data, *proof)
                return Misdeed(
                    party=proposer, fault=Fault.CENSORSHIP, evidence=evidence
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
