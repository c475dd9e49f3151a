"""Whatever the network loses and whoever lies: no two results of one period."""

import itertools

from hypothesis import given, settings, strategies as st

from custom_components.commonwatt.engine.model.party import FaultModel
from custom_components.commonwatt.engine.model.vote import VoteStage
from custom_components.commonwatt.engine.peer import Phase
from custom_components.commonwatt.engine.wire.messages import (
    BookProposal,
    ResultVote,
)
from tests.engine.peer.assembly import (
    CLOSURE,
    GATE,
    PERIOD,
    Assembly,
    attempt_begins,
)

COUNT = 5
FIRST = PERIOD.number % COUNT
"""Who proposes first."""

HONEST = [number for number in range(COUNT) if number != FIRST]

links = st.sets(
    st.tuples(st.integers(0, COUNT - 1), st.integers(0, COUNT - 1)), max_size=16
)
"""Who does not hear whom."""


@settings(max_examples=60, deadline=None)
@given(
    fault_model=st.sampled_from(FaultModel),
    absent=st.sets(st.integers(0, COUNT - 1), max_size=3),
    losses=st.lists(links, min_size=4, max_size=14),
)
def test_loss_and_silence_never_decide_a_period_twice(
    fault_model: FaultModel,
    absent: set[int],
    losses: list[set[tuple[int, int]]],
) -> None:
    assembly = Assembly(COUNT, fault_model=fault_model, absent=absent)
    assembly.deaf = losses[0]
    assembly.everybody_commits()
    assembly.deaf = losses[1]
    assembly.run(GATE)
    for attempt, lost in enumerate(losses[2:]):
        assembly.deaf = lost
        if attempt == 4:
            assembly.silent.clear()
        assembly.run(attempt_begins(attempt * 2))

    assert len(assembly.decided()) <= 1


@settings(max_examples=60, deadline=None)
@given(losses=st.lists(links, min_size=3, max_size=10))
def test_once_all_hear_each_other_a_period_with_a_voted_book_is_decided(
    losses: list[set[tuple[int, int]]],
) -> None:
    assembly = Assembly(COUNT)
    assembly.everybody_commits()
    assembly.run(GATE)
    for attempt, lost in enumerate(losses):
        # The first proposer is heard by all: there is one book to agree on.
        assembly.deaf = {link for link in lost if link[1] != FIRST}
        assembly.run(attempt_begins(attempt))
    assembly.deaf = set()
    for attempt in range(len(losses), len(losses) + COUNT):
        assembly.run(attempt_begins(attempt))

    assert assembly.phases() == [Phase.FINAL] * COUNT


@settings(max_examples=60, deadline=None)
@given(
    heard=st.tuples(st.sets(st.sampled_from(HONEST)), st.sets(st.sampled_from(HONEST))),
    voted=st.tuples(st.sets(st.sampled_from(HONEST)), st.sets(st.sampled_from(HONEST))),
)
def test_a_liar_with_two_books_and_two_votes_never_gets_two_results(
    heard: tuple[set[int], set[int]], voted: tuple[set[int], set[int]]
) -> None:
    assembly = Assembly(COUNT)
    assembly.everybody_commits()
    assembly.run(GATE)
    assembly.silent = {FIRST}
    full, short = (
        BookProposal(
            period=PERIOD,
            attempt=0,
            reveals=tuple(assembly.revealed(number).data for number in members),
        )
        for members in (range(COUNT), range(1, COUNT))
    )
    for proposal, listeners in ((full, heard[0]), (short, heard[1])):
        for listener in sorted(listeners):
            assembly.hear(listener, assembly.envelope(FIRST, proposal), CLOSURE)
    assembly.run(CLOSURE)
    cast = [assembly.rounds[number].vote for number in HONEST]
    digests = sorted({vote.digest for vote in cast if vote is not None})
    for digest, listeners in zip(digests, voted, strict=False):
        for stage, listener in itertools.product(VoteStage, sorted(listeners)):
            vote = ResultVote(period=PERIOD, attempt=0, stage=stage, digest=digest)
            assembly.hear(listener, assembly.envelope(FIRST, vote), CLOSURE)
    for attempt in range(12):
        assembly.run(attempt_begins(attempt))

    assert len(assembly.decided()) <= 1
