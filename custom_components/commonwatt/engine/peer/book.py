"""Revealed orders, and the books that proposers make of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
import itertools

from ..model.contract import Pledge
from ..model.order import Order, OrderBook, PlacedOrder
from ..model.party import Charter, PartyId
from ..model.period import DeliveryPeriod
from ..model.preference import Preference
from ..model.units import ENERGY_WH_MAX
from ..wire.digests import book_seed, order_digest
from ..wire.envelope import Envelope, peek
from ..wire.messages import BookProposal, OrderReveal


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealedOrder:
    """An order that its party signed and showed."""

    order: Order
    digest: bytes
    """What the commitment to it says."""

    data: bytes
    """The sealed envelope."""

    pledges: tuple[Pledge, ...] = ()
    """Contracts and gifts the party stands by in the period."""

    preference: Preference | None = None

    @classmethod
    def of(cls, envelope: Envelope) -> RevealedOrder | None:
        """Take a revealed order from its envelope; None if something else is in it."""
        message = envelope.message
        if not isinstance(message, OrderReveal):
            return None
        return cls(
            order=message.order,
            digest=order_digest(
                message.order,
                message.salt,
                pledges=message.pledges,
                preference=message.preference,
            ),
            data=envelope.data,
            pledges=message.pledges,
            preference=message.preference,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What one proposer found in the round: orders, ascending by party."""

    period: DeliveryPeriod
    proposer: PartyId
    attempt: int
    reveals: tuple[RevealedOrder, ...]
    data: bytes
    """The proposer's sealed envelope, which contains those of the reveals."""

    @property
    def digests(self) -> Mapping[PartyId, bytes]:
        """What each party in the book had committed to."""
        return {reveal.order.party: reveal.digest for reveal in self.reveals}

    @property
    def seed(self) -> bytes:
        """Salt of the ranking of ties, which also names the content of the book."""
        return book_seed(self.period, self.digests)

    def order_book(self, charter: Charter) -> OrderBook:
        """Place the orders where the charter says their parties sit."""
        zones = {member.party: member.zone for member in charter.members}
        return OrderBook(
            period=self.period,
            seed=self.seed,
            orders=tuple(
                PlacedOrder(order=reveal.order, zone=zones[reveal.order.party])
                for reveal in self.reveals
            ),
        )


def order_wh_max(charter: Charter) -> int:
    """Return the most energy one order may ask for.

    An equal share of what a book can hold, so that nobody's order can make the book of
    all the others impossible to clear.
    """
    return ENERGY_WH_MAX // len(charter.members)


def is_oversized(order: Order, charter: Charter) -> bool:
    """Tell whether an order asks for more than one member may."""
    return sum(step.energy_wh for step in order.steps) > order_wh_max(charter)


def is_readable(
    sealed: Sequence[bytes], reveals: Sequence[RevealedOrder | None], charter: Charter
) -> bool:
    """Tell whether a proposal says the same to everybody.

    An order that does not open may do so for others, and one of a stranger be a
    member's for them.  What is no order at all is none for anybody.
    """
    for data, reveal in zip(sealed, reveals, strict=True):
        envelope = peek(data)
        if reveal is None and isinstance(envelope, Envelope):
            if isinstance(envelope.message, OrderReveal):
                return False
        elif reveal is not None and charter.member(reveal.order.party) is None:
            return False
    return True


def assemble(
    envelope: Envelope, reveals: Sequence[RevealedOrder | None], charter: Charter
) -> Book | None:
    """Build the book a proposal stands for; None if it cannot be cleared.

    ``reveals`` are the opened envelopes of the proposal, in its order, None for those
    that would not open.
    """
    message = envelope.message
    assert isinstance(message, BookProposal), "only a proposal holds a book"
    assert message.reveals is not None, "and not every one"
    opened = [reveal for reveal in reveals if reveal is not None]
    if len(opened) < len(reveals):
        return None
    parties = [reveal.order.party for reveal in opened]
    if any(a >= b for a, b in itertools.pairwise(parties)):
        return None
    if any(charter.member(party) is None for party in parties):
        return None
    if any(reveal.order.period != message.period for reveal in opened):
        return None
    if any(is_oversized(reveal.order, charter) for reveal in opened):
        return None
    return Book(
        period=message.period,
        proposer=envelope.author,
        attempt=message.attempt,
        reveals=tuple(opened),
        data=envelope.data,
    )
