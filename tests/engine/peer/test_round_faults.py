"""Late, wrong and contradicting: what a round does not take, and how it is proved."""

from dataclasses import replace

import pytest

from custom_components.commonwatt.engine.model.period import (
    after,
)
from custom_components.commonwatt.engine.model.vote import VoteStage
from custom_components.commonwatt.engine.peer import Fault, Phase, order_wh_max
from custom_components.commonwatt.engine.wire.digests import order_digest
from custom_components.commonwatt.engine.wire.envelope import Envelope
from custom_components.commonwatt.engine.wire.messages import (
    BookProposal,
    OrderCommitment,
    OrderReveal,
    Receipt,
    ResultVote,
)
from tests.engine.peer.assembly import (
    BIDDING,
    CLOSURE,
    GATE,
    PERIOD,
    SALT,
    Assembly,
    attempt_begins,
    play,
)

NORMAL_COURSE = [Phase.REVEALING, Phase.PROPOSING, Phase.VOTING, Phase.FINAL]
SHORT_COURSE = [Phase.REVEALING, Phase.PROPOSING, Phase.FINAL]
"""Of the member whose own vote makes the quorum."""


def test_a_late_reveal_is_void() -> None:
    assembly = Assembly(4)
    assembly.deaf = {(listener, 3) for listener in range(3)}
    assembly.everybody_commits(BIDDING)
    assembly.deaf.clear()
    for number in range(3):
        assembly.hear(
            number, assembly.envelope(3, assembly.commitment(3)), after(BIDDING, 1)
        )
    assembly.deaf = {(listener, 3) for listener in range(3)}
    assembly.run(GATE)
    assembly.deaf.clear()

    assembly.say(3, assembly.reveal(3), CLOSURE)
    assembly.run(CLOSURE)

    assert {fault for _, fault in assembly.faults} <= {Fault.OMISSION}
    digest = next(iter(assembly.decided()))
    assert digest is not None
    agreed = assembly.rounds[0].book_for(digest)
    assert agreed is not None
    assert [r.order.party for r in agreed.reveals] == assembly.parties[:3]


def test_a_commitment_after_gate_closure_does_not_count() -> None:
    assembly = Assembly(3)
    assembly.say(1, assembly.commitment(1), GATE)

    assert assembly.faults == []
    assert not assembly.rounds[0].orders.has_committed(assembly.parties[1])


def test_what_is_signed_too_late_is_blamed_and_what_is_delayed_is_not() -> None:
    assembly = Assembly(3)
    on_time = assembly.envelope(1, assembly.commitment(1))
    too_late = replace(assembly.envelope(2, assembly.commitment(2)), sent_at=GATE)
    assembly.hear(0, on_time, GATE)
    assembly.hear(0, too_late, GATE)

    assert assembly.faults == [(0, Fault.TOO_LATE)]


def test_who_commits_to_two_orders_has_none() -> None:
    assembly = Assembly(4)
    assembly.everybody_commits()
    assembly.run(GATE)
    other = OrderCommitment(period=PERIOD, digest=bytes(32))
    for number in (1, 2, 3):
        assembly.hear(number, assembly.envelope(0, other), after(GATE, 1))
    full = assembly.envelope(PERIOD.number % 4, assembly.book(0, 1, 2, 3))
    for number in (1, 2, 3):
        assembly.hear(number, full, CLOSURE)

    for number in (1, 2, 3):
        orders = assembly.rounds[number].orders
        assert orders.revealed_by == tuple(sorted(assembly.parties[1:]))
        book = assembly.rounds[number]._proposals
        assert all(orders.bind_otherwise(one) for one in book)


def test_a_reveal_without_a_commitment_does_not_count() -> None:
    assembly = Assembly(2)
    assembly.say(1, assembly.reveal(1), GATE)

    assert assembly.faults == []
    assert assembly.rounds[0].orders.reveals == ()


def test_revealing_another_order_than_committed_is_proved() -> None:
    assembly = Assembly(2)
    assembly.everybody_commits()
    other = OrderReveal(order=assembly.order(1, energy_wh=501), salt=SALT)
    envelope = assembly.envelope(1, other)
    assembly.hear(0, envelope, GATE)

    [(_, misdeed)] = assembly.misdeeds
    assert misdeed.fault is Fault.UNCOMMITTED
    assert envelope.data in misdeed.evidence
    assert len(misdeed.evidence) == 2


def test_an_order_too_large_for_its_share_of_the_book_is_void() -> None:
    assembly = Assembly(2)
    order = assembly.order(1, energy_wh=order_wh_max(assembly.charter) + 1)
    reveal = OrderReveal(order=order, salt=SALT)
    digest = order_digest(order, SALT)
    commitment = OrderCommitment(period=PERIOD, digest=digest)
    assembly.hear(0, assembly.envelope(1, commitment), BIDDING)
    assembly.hear(0, assembly.envelope(1, reveal), GATE)

    assert assembly.faults == [(0, Fault.OUT_OF_BOUNDS)]


def test_two_commitments_contradict_each_other() -> None:
    assembly = Assembly(3)
    assembly.everybody_commits()
    other = assembly.envelope(1, OrderCommitment(period=PERIOD, digest=bytes(32)))
    assembly.hear(0, other, BIDDING)

    [(_, misdeed)] = assembly.misdeeds
    assert misdeed.fault is Fault.CONTRADICTION
    assert misdeed.party == assembly.parties[1]
    assert misdeed.evidence[1] == other.data
    assert misdeed.evidence[0] != other.data


def test_saying_the_same_again_is_no_contradiction() -> None:
    assembly = Assembly(3)
    play(assembly)
    for author, message in list(assembly.said):
        assembly.say(author, message, CLOSURE)

    assert assembly.misdeeds == []


def test_two_books_of_one_attempt_contradict_each_other() -> None:
    assembly = Assembly(4)
    assembly.everybody_commits()
    assembly.run(GATE)
    assembly.hear(1, assembly.envelope(0, assembly.book(0, 1, 2, 3)), CLOSURE)
    assembly.hear(1, assembly.envelope(0, assembly.book(0, 1)), CLOSURE)

    [(_, misdeed)] = assembly.misdeeds
    assert misdeed.fault is Fault.CONTRADICTION


def test_two_votes_contradict_each_other_and_the_second_does_not_count() -> None:
    assembly = Assembly(3)
    for digest in (b"\x01" * 32, b"\x02" * 32):
        vote = ResultVote(
            period=PERIOD, attempt=0, stage=VoteStage.PREVOTE, digest=digest
        )
        assembly.hear(0, assembly.envelope(1, vote), CLOSURE)

    [(_, misdeed)] = assembly.misdeeds
    tally = assembly.rounds[0]._agreement.tally
    counted = tally.of(assembly.parties[1], 0, VoteStage.PREVOTE)
    assert misdeed.fault is Fault.CONTRADICTION
    assert counted is not None
    assert counted.digest == b"\x01" * 32


@pytest.mark.parametrize("attempt", [1, 3])
def test_a_book_is_only_taken_from_its_proposer(attempt: int) -> None:
    assembly = Assembly(4)
    proposal = assembly.book(0, attempt=attempt)
    assembly.hear(1, assembly.envelope(2, proposal), attempt_begins(attempt))

    assert assembly.faults == [(1, Fault.OUT_OF_TURN)]


def test_a_book_far_ahead_of_its_turn_is_refused() -> None:
    assembly = Assembly(4)
    assembly.hear(1, assembly.envelope(1, assembly.book(0, attempt=1)), CLOSURE)
    assembly.hear(1, assembly.envelope(2, assembly.book(0, attempt=2)), CLOSURE)

    assert assembly.faults == [(1, Fault.OUT_OF_TURN)]


@pytest.mark.parametrize(
    "members",
    [(1, 0), (0, 0), (0, 1, 1)],
    ids=["not in order", "doubled", "doubled at the end"],
)
def test_a_book_out_of_order_is_bad(members: tuple[int, ...]) -> None:
    assembly = Assembly(4)
    assembly.everybody_commits()
    proposal = assembly.envelope(0, assembly.book(*members))
    assembly.hear(1, proposal, CLOSURE)

    [(_, misdeed)] = assembly.misdeeds
    assert misdeed.fault is Fault.BAD_BOOK
    assert misdeed.evidence == (proposal.data,)


def test_a_book_with_what_is_no_order_is_bad() -> None:
    assembly = Assembly(4)
    proposal = BookProposal(period=PERIOD, attempt=0, reveals=(b"nothing",))
    assembly.hear(1, assembly.envelope(0, proposal), CLOSURE)

    assert assembly.faults == [(1, Fault.BAD_BOOK)]


def test_a_book_with_another_order_than_committed_convicts_whose_order_it_is() -> None:
    assembly = Assembly(4)
    other = OrderCommitment(period=PERIOD, digest=bytes(32))
    assembly.hear(1, assembly.envelope(2, other), BIDDING)
    assembly.hear(1, assembly.envelope(0, assembly.book(2)), CLOSURE)

    assert assembly.faults == [(1, Fault.UNCOMMITTED)]
    assert list(assembly.rounds[1].orders.contradicted) == [assembly.parties[2]]
    assert assembly.rounds[1].vote is None


def test_a_book_that_omits_an_order_finds_no_votes() -> None:
    assembly = Assembly(4)
    assembly.everybody_commits()
    assembly.run(GATE)
    assembly.silent = {0}
    omitting = assembly.envelope(0, assembly.book(0, 1, 2))
    for number in (1, 2, 3):
        assembly.hear(number, omitting, CLOSURE)
    assembly.run(CLOSURE)

    omissions = [(number, Fault.OMISSION) for number in (1, 2, 3)]
    assert [fault for fault in assembly.faults if fault in omissions] == omissions
    assert assembly.phases()[1:] == [Phase.PROPOSING] * 3

    assembly.run(attempt_begins(1))
    digest = next(iter(assembly.decided()))
    assert digest is not None
    agreed = assembly.rounds[1].book_for(digest)
    assert agreed is not None
    assert len(agreed.reveals) == 4


def test_a_book_with_an_order_nobody_committed_to_finds_no_votes() -> None:
    assembly = Assembly(4)
    for number in (0, 1, 2):
        assembly.say(number, assembly.commitment(number), BIDDING)
    assembly.run(GATE)
    assembly.silent = {0}
    invented = assembly.envelope(0, assembly.book(0, 1, 2, 3))
    for number in (1, 2, 3):
        assembly.hear(number, invented, CLOSURE)
    assembly.run(CLOSURE)

    assert all(assembly.rounds[number].vote is None for number in (1, 2, 3))


def omitting(assembly: Assembly, *listeners: int) -> Envelope:
    """Let the proposer show a book without the order of member 3."""
    assembly.everybody_commits()
    assembly.run(GATE)
    assembly.silent = {0}
    book = assembly.envelope(0, assembly.book(0, 1, 2))
    for number in listeners:
        assembly.hear(number, book, CLOSURE)
    assembly.run(CLOSURE)
    return book


def test_receipts_of_more_voters_than_may_lie_witness_an_omission() -> None:
    assembly = Assembly(4)
    book = omitting(assembly, 1, 2, 3)

    proved = [m for _, m in assembly.misdeeds if m.fault is Fault.WITNESSED_OMISSION]
    assert {misdeed.party for misdeed in proved} == {assembly.parties[0]}
    assert len(proved) == 3
    for misdeed in proved:
        first, *receipts = misdeed.evidence
        assert first == book.data
        assert len(receipts) >= 2


def test_the_word_of_one_voter_proves_nothing() -> None:
    assembly = Assembly(4)
    omitting(assembly, 1, 3)

    faults = {fault for _, fault in assembly.faults}
    assert Fault.OMISSION in faults
    assert Fault.WITNESSED_OMISSION not in faults


def test_nobody_signs_receipts_while_all_orders_are_in_the_book() -> None:
    assembly = Assembly(4)
    play(assembly)

    assert not any(isinstance(said, Receipt) for _, said in assembly.said)
