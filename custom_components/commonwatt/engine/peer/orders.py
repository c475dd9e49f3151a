"""The orders of one delivery period: who committed to what, and who has shown it."""

from dataclasses import dataclass
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
    """Commitments and reveals, as one member heard them in time."""

    __slots__ = ("_commitments", "_period", "_reveals", "_rules", "_witness")

    def __init__(
        self, period: DeliveryPeriod, rules: RoundRules, *, witness: bool
    ) -> None:
        """Begin; a ``witness`` is there from the start and can tell what is whole."""
        self._period: Final = period
        self._rules: Final = rules
        self._witness: Final = witness
        self._commitments: Final[dict[PartyId, _Commitment]] = {}
        self._reveals: Final[dict[PartyId, RevealedOrder]] = {}

    # -- what is known -----------------------------------------------------------

    @property
    def reveals(self) -> tuple[RevealedOrder, ...]:
        """Orders revealed in time, ascending by party."""
        return tuple(self._reveals[party] for party in sorted(self._reveals))

    @property
    def revealed_by(self) -> tuple[PartyId, ...]:
        """Whose order was revealed in time, ascending."""
        return tuple(sorted(self._reveals))

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
        return tuple(sorted(self._reveals.keys() - book.digests.keys()))

    def were_committed(self, book: Book) -> bool:
        """Tell whether we heard in time of all orders of a book."""
        return book.digests.keys() <= self._commitments.keys()

    def bind_otherwise(self, book: Book) -> bool:
        """Tell whether a book holds another order than its party is bound to."""
        return any(
            commitment.digest != book.digests[party]
            for party, commitment in self._commitments.items()
            if party in book.digests
        )

    # -- what members say --------------------------------------------------------

    def take_commitment(self, envelope: Envelope, now: Instant) -> Misdeed | None:
        """Bind the author to an order."""
        message = envelope.message
        assert isinstance(message, OrderCommitment), "a commitment"
        party = envelope.author
        known = self._commitments.get(party)
        if known is not None:
            same = known.digest == message.digest
            return None if same else contradiction(envelope, known.data)
        if now >= self._rules.timing.gate_closure(self._period):
            return Misdeed(party=party, fault=Fault.TOO_LATE)
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
            was_away = not self._witness
            return None if was_away else Misdeed(party=party, fault=Fault.UNCOMMITTED)
        if reveal.digest != commitment.digest:
            evidence = (commitment.data, envelope.data)
            return Misdeed(party=party, fault=Fault.UNCOMMITTED, evidence=evidence)
        if is_oversized(reveal.order, self._rules.charter):
            return Misdeed(party=party, fault=Fault.OUT_OF_BOUNDS)
        if now < self._rules.timing.reveal_closure(self._period):
            self._reveals.setdefault(party, reveal)
        known = party in self._reveals
        return None if known else Misdeed(party=party, fault=Fault.TOO_LATE)
