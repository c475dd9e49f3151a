"""The orders of one delivery period: who committed to what, and who has shown it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ..model.party import PartyId
from ..model.period import DeliveryPeriod, Instant
from ..wire.envelope import Envelope
from ..wire.messages import OrderCommitment
from .book import Book, RevealedOrder, is_oversized
from .fault import Fault, Misdeed, contradiction
from .rules import RoundRules


@dataclass(frozen=True, slots=True, kw_only=True)
class _Commitment:
    digest: bytes
    data: bytes


class Orders:
    """Commitments and reveals, as one member heard them in time.

    Whoever signs two orders has none: which of them came first looks different from
    every home, and members would wait for each other.
    """

    __slots__ = (
        "_commitments",
        "_evidence",
        "_period",
        "_reveals",
        "_rules",
        "_witness",
    )

    def __init__(
        self, period: DeliveryPeriod, rules: RoundRules, *, witness: bool
    ) -> None:
        """Begin; a ``witness`` is there from the start and can tell what is whole."""
        self._period: Final = period
        self._rules: Final = rules
        self._witness: Final = witness
        self._commitments: Final[dict[PartyId, _Commitment]] = {}
        self._reveals: Final[dict[PartyId, RevealedOrder]] = {}
        self._evidence: Final[dict[PartyId, tuple[bytes, bytes]]] = {}

    # -- what is known -----------------------------------------------------------

    @property
    def reveals(self) -> tuple[RevealedOrder, ...]:
        """Orders revealed in time, ascending by party."""
        return tuple(self._reveals[party] for party in self.revealed_by)

    @property
    def revealed_by(self) -> tuple[PartyId, ...]:
        """Whose order was revealed in time, ascending."""
        return tuple(sorted(self._reveals.keys() - self._evidence.keys()))

    @property
    def contradicted(self) -> Mapping[PartyId, tuple[bytes, bytes]]:
        """Who has signed two orders, and two envelopes that prove it."""
        return MappingProxyType(self._evidence)

    def has_committed(self, party: PartyId) -> bool:
        """Tell whether ``party`` is bound to an order."""
        return party in self._commitments

    def owes_reveal(self, party: PartyId) -> bool:
        """Tell whether ``party`` has committed to an order and not shown it."""
        return party in self._commitments and party not in self._reveals

    def revealed(self, data: bytes) -> RevealedOrder | None:
        """Return the reveal of exactly these sealed bytes, if it was taken before."""
        return next((r for r in self._reveals.values() if r.data == data), None)

    def omitted(self, book: Book) -> tuple[PartyId, ...]:
        """Return whose order was revealed in time and is not in a book, ascending."""
        return tuple(p for p in self.revealed_by if p not in book.digests)

    def were_committed(self, book: Book) -> bool:
        """Tell whether we heard in time of all orders of a book."""
        return book.digests.keys() <= self._commitments.keys()

    def bind_otherwise(self, book: Book) -> bool:
        """Tell whether a book holds the order of somebody who has signed two."""
        return any(party in self._evidence for party in book.digests)

    # -- what members say --------------------------------------------------------

    def compare(self, book: Book) -> Misdeed | None:
        """Hold a book against the commitments; return whose order was another.

        Whoever made the book may have heard of no other.
        """
        found: Misdeed | None = None
        for reveal in book.reveals:
            party = reveal.order.party
            known = self._commitments.get(party)
            if known is not None and known.digest != reveal.digest:
                found = found or self._unmask(party, known.data, reveal.data)
        return found

    def take_commitment(self, envelope: Envelope, now: Instant) -> Misdeed | None:
        """Bind the author to an order."""
        message = envelope.message
        assert isinstance(message, OrderCommitment), "a commitment"
        party = envelope.author
        known = self._commitments.get(party)
        if known is not None:
            # Others show the proof around; it tells nothing new when it comes back.
            is_proof = envelope.data in self._evidence.get(party, ())
            if known.digest == message.digest or is_proof:
                return None
            self._evidence.setdefault(party, (known.data, envelope.data))
            return contradiction(envelope, known.data)
        closure = self._rules.timing.gate_closure(self._period)
        if now >= closure:
            return self._too_late(envelope, closure)
        self._commitments[party] = _Commitment(
            digest=message.digest, data=envelope.data
        )
        return None

    def take_reveal(self, envelope: Envelope, now: Instant) -> Misdeed | None:
        """Take the order its author is bound to."""
        reveal = RevealedOrder.of(envelope)
        assert reveal is not None, "a reveal"
        party = envelope.author
        commitment = self._commitments.get(party)
        if commitment is None:
            return None  # it may have got lost on its way to us
        if reveal.digest != commitment.digest:
            return self._unmask(party, commitment.data, envelope.data)
        if is_oversized(reveal.order, self._rules.charter):
            return Misdeed(party=party, fault=Fault.OUT_OF_BOUNDS)
        closure = self._rules.timing.reveal_closure(self._period)
        if now < closure:
            self._reveals.setdefault(party, reveal)
        return None if party in self._reveals else self._too_late(envelope, closure)

    def _unmask(self, party: PartyId, commitment: bytes, reveal: bytes) -> Misdeed:
        evidence = self._evidence.setdefault(party, (commitment, reveal))
        return Misdeed(party=party, fault=Fault.UNCOMMITTED, evidence=evidence)

    def _too_late(self, envelope: Envelope, closure: Instant) -> Misdeed | None:
        """Blame who sent something too late, and nobody for the delay of the post."""
        if envelope.sent_at < closure:
            return None
        return Misdeed(party=envelope.author, fault=Fault.TOO_LATE)
