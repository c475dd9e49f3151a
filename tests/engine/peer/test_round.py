"""The round of a delivery period: who says what when, and what comes of it."""

import re

import pytest

from custom_components.commonwatt.engine.model.party import FaultModel
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    MINUTE_MS,
    Instant,
    after,
)
from custom_components.commonwatt.engine.model.vote import VoteStage
from custom_components.commonwatt.engine.peer import VOID, Phase
from custom_components.commonwatt.engine.peer.phase import TRANSITIONS, Trigger
from custom_components.commonwatt.engine.peer.proposals import BOOKS_MAX
from custom_components.commonwatt.engine.wire.messages import (
    BookProposal,
    OrderReveal,
    ResultVote,
)
from tests.conftest import ROOT
from tests.engine.peer.assembly import (
    BIDDING,
    CLOSURE,
    GATE,
    PERIOD,
    TIMING,
    Assembly,
    attempt_begins,
    play,
    result_digest,
)

NORMAL_COURSE = [Phase.REVEALING, Phase.PROPOSING, Phase.VOTING, Phase.FINAL]
SHORT_COURSE = [Phase.REVEALING, Phase.PROPOSING, Phase.FINAL]
"""Of the member whose own vote makes the quorum."""


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("fault_model", FaultModel)
def test_everybody_agrees_in_the_first_attempt(
    count: int, fault_model: FaultModel
) -> None:
    assembly = Assembly(count, fault_model=fault_model)

    play(assembly)

    assert all(way in (NORMAL_COURSE, SHORT_COURSE) for way in assembly.entered)
    assert len(assembly.decided()) == 1
    assert None not in assembly.decided()
    assert assembly.misdeeds == []


def test_no_step_is_taken_before_its_time() -> None:
    assembly = Assembly(3)
    assembly.everybody_commits()

    for now, phase in (
        (after(GATE, -1), Phase.COMMITTING),
        (GATE, Phase.REVEALING),
        (after(CLOSURE, -1), Phase.REVEALING),
    ):
        assembly.run(now)
        assert assembly.phases() == [phase] * 3


def test_only_the_table_leads_from_phase_to_phase() -> None:
    decided = [phase for phase in Phase if phase.decided]

    assert not any(phase in decided for phase, _ in TRANSITIONS)
    assert set(TRANSITIONS.values()) == set(Phase) - {Phase.COMMITTING}
    assert {trigger for _, trigger in TRANSITIONS} == set(Trigger)


def test_the_diagram_in_the_documentation_is_the_table() -> None:
    page = ROOT / "docs" / "explanation" / "architecture.md"
    arrows = re.findall(r"^    ([A-Z]+) --> ([A-Z]+): ", page.read_text(), re.MULTILINE)
    table = [(before.name, after.name) for (before, _), after in TRANSITIONS.items()]

    assert sorted(arrows) == sorted(table)


def test_orders_stay_secret_until_the_gate_is_closed() -> None:
    assembly = Assembly(3)
    assembly.everybody_commits()
    assembly.run(after(GATE, -1))

    assert not any(isinstance(message, OrderReveal) for _, message in assembly.said)


def test_the_next_member_proposes_when_the_first_is_silent() -> None:
    assembly = Assembly(4, absent=[0])

    play(assembly)
    assert assembly.phases()[1:] == [Phase.PROPOSING] * 3
    assembly.run(attempt_begins(1))

    proposers = [who for who, said in assembly.said if isinstance(said, BookProposal)]
    assert proposers == [1]
    assert assembly.phases()[1:] == [Phase.FINAL] * 3


def test_without_a_quorum_the_period_stays_open() -> None:
    assembly = Assembly(4, absent=[2, 3])

    play(assembly, attempt_begins(1), PERIOD.start, PERIOD.end)

    assert assembly.phases()[:2] == [Phase.OPEN] * 2
    assert assembly.decided() == set()


def test_an_open_period_is_decided_when_the_others_come_back() -> None:
    assembly = Assembly(4, absent=[2, 3])
    play(assembly, attempt_begins(1), PERIOD.start)

    assembly.silent.clear()
    for attempt in range(9, 13):
        assembly.run(attempt_begins(attempt))

    assert assembly.phases() == [Phase.FINAL] * 4
    assert len(assembly.decided()) == 1


def test_a_member_that_was_away_believes_no_book_before_delivery() -> None:
    assembly = Assembly(4, absent=[3])
    play(assembly)
    assembly.silent.clear()
    assembly.run(attempt_begins(3))

    assert assembly.rounds[3].vote is None


def test_a_member_repeats_its_vote_in_every_attempt_but_never_another_one() -> None:
    assembly = Assembly(4, absent=[2, 3])
    play(assembly, *(attempt_begins(attempt) for attempt in range(1, 6)))

    votes = [said for who, said in assembly.said if who == 0]
    digests = {vote.digest for vote in votes if isinstance(vote, ResultVote)}
    repeated = [said for who, said in assembly.repeated if who == 0]
    assert len([vote for vote in votes if isinstance(vote, ResultVote)]) == 4
    assert len(repeated) == 5
    assert len(digests) == 1


def test_who_has_voted_proposes_the_same_book_again() -> None:
    assembly = Assembly(4, absent=[2, 3])
    play(assembly, attempt_begins(1), attempt_begins(4))

    books = [said for _, said in assembly.said if isinstance(said, BookProposal)]
    assert [proposal.attempt for proposal in books] == [0, 1, 4]
    assert len({proposal.reveals for proposal in books}) == 1


def test_what_nobody_can_propose_is_void_after_everybody_had_a_turn() -> None:
    assembly = Assembly(4, absent=[0, 1, 2, 3])
    assembly.silent.clear()
    for attempt in (8, 9):
        assembly.run(attempt_begins(attempt))
        assert assembly.phases() == [Phase.OPEN] * 4
    assembly.run(attempt_begins(10))

    assert assembly.phases() == [Phase.VOID] * 4
    assert assembly.decided() == {VOID}
    assert len(assembly.rounds[0].proof) == assembly.charter.quorum


def test_nothing_is_void_while_there_is_no_quorum_to_say_so() -> None:
    assembly = Assembly(3, absent=[0, 1, 2])
    assembly.silent.clear()
    assembly.quorum_online = False
    for attempt in range(8, 30):
        assembly.run(attempt_begins(attempt))

    assert assembly.phases() == [Phase.OPEN] * 3


def test_a_member_that_missed_the_book_takes_it_with_the_proof() -> None:
    assembly = Assembly(4)
    assembly.deaf = {(3, other) for other in range(3)}
    play(assembly)
    assembly.deaf.clear()
    assert assembly.phases() == [*[Phase.FINAL] * 3, Phase.PROPOSING]
    proof = assembly.rounds[0].proof

    sent = {
        assembly.envelope(who, said).data: (who, said) for who, said in assembly.said
    }
    for data in proof:
        who, said = sent[data]
        assembly.hear(3, assembly.envelope(who, said), attempt_begins(1))
    assembly.run(attempt_begins(1))

    assert assembly.phases() == [Phase.FINAL] * 4
    assert len(assembly.decided()) == 1


def test_who_votes_for_what_follows_from_no_book_is_named() -> None:
    assembly = Assembly(4)
    lie = ResultVote(
        period=PERIOD, attempt=0, stage=VoteStage.PREVOTE, digest=b"\x01" * 32
    )
    assembly.hear(0, assembly.envelope(3, lie), CLOSURE)
    play(assembly)

    assert assembly.rounds[0].phase is Phase.FINAL
    assert assembly.rounds[0].wrong_voters == (assembly.parties[3],)
    assert assembly.rounds[1].wrong_voters == ()


def test_a_flood_of_books_does_not_fill_the_memory() -> None:
    assembly = Assembly(6)
    play(assembly)
    voted = assembly.rounds[1].vote
    assert voted is not None
    now = after(PERIOD.start, DAY_MS)
    for attempt in range(1, 64):
        members = [number for number in range(6) if attempt >> number & 1]
        proposal = assembly.book(*members, attempt=attempt)
        author = (PERIOD.number + attempt) % 6
        assembly.hear(1, assembly.envelope(author, proposal), now)
        for book in assembly.rounds[1]._proposals:
            assembly.rounds[1].take_result(book, result_digest(book.seed))

    assert len(list(assembly.rounds[1]._proposals)) == BOOKS_MAX
    assert assembly.rounds[1].book_for(voted.digest) is not None


def test_a_round_says_when_time_moves_it_on() -> None:
    assembly = Assembly(3, absent=[0, 1])
    own = assembly.rounds[2]
    assert own.deadline(BIDDING) == GATE
    assembly.run(GATE)
    assert own.deadline(GATE) == CLOSURE
    assembly.run(CLOSURE)
    assert own.deadline(CLOSURE) == attempt_begins(1)
    last = attempt_begins(TIMING.attempts_before_delivery - 1)
    assembly.run(last)
    assert own.deadline(last) == PERIOD.start
    assembly.run(PERIOD.start)
    assert own.deadline(PERIOD.start) == Instant(PERIOD.start + 2 * MINUTE_MS)
    finished = Assembly(1)
    play(finished)
    assert finished.rounds[0].deadline(CLOSURE) is None
