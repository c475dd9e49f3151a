"""An order that most have heard of and the proposer has not: nobody's fault."""

import pytest

from custom_components.commonwatt.engine.ledger.journal import EntryKind
from custom_components.commonwatt.engine.model.period import MINUTE_MS, after
from custom_components.commonwatt.engine.peer import OF_THE_NETWORK, Fault, Phase
from custom_components.commonwatt.engine.wire.messages import (
    BookProposal,
    Message,
    OrderReveal,
    Receipt,
)
from tests.engine.node.street import ANN, BEN, CAT, FIRST, Street


def others_of(street: Street) -> list[str]:
    """Return the homes that do not propose first."""
    return [name for name in street.homes if name != street.first_proposer]


def misses(street: Street, *, author: str, reader: str) -> None:
    """Let every order of ``author`` get lost on its way to ``reader``."""

    def is_lost(sender: str, receiver: str, message: Message) -> bool:
        return (sender, receiver) == (author, reader) and isinstance(
            message, OrderReveal
        )

    street.lost = is_lost


@pytest.mark.parametrize("number", [0, 1])
def test_a_proposer_that_never_had_an_order_is_blamed_for_nothing(number: int) -> None:
    street = Street(ANN, BEN, CAT)
    proposer, author = street.first_proposer, others_of(street)[number]
    misses(street, author=author, reader=proposer)

    street.run_until(FIRST.next(2))

    blamed = street.parties[proposer]
    for name in others_of(street):
        outcome = street.nodes[name].outcome(FIRST)
        assert outcome is not None
        assert outcome.phase is Phase.FINAL
        assert outcome.cleared is not None
        orders = {placed.order.party for placed in outcome.cleared.book.orders}
        assert street.parties[author] in orders
        wrongs = {fault for who, fault in street.status(name).faults if who == blamed}
        assert Fault.OMISSION in wrongs
        assert wrongs <= OF_THE_NETWORK


def test_that_an_order_was_there_is_kept_with_what_the_voters_signed() -> None:
    street = Street(ANN, BEN, CAT)
    proposer, (author, witness) = street.first_proposer, others_of(street)
    misses(street, author=author, reader=proposer)

    street.run(after(FIRST.start, MINUTE_MS))

    accused = street.parties[proposer], Fault.WITNESSED_OMISSION
    assert accused in street.status(witness).faults
    received = street.journaled(witness, EntryKind.RECEIVED)
    kept = {type(street.opened(entry.body).message) for entry in received}
    assert {BookProposal, Receipt} <= kept
