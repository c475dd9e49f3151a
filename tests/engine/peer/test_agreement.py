"""Agreement, clause by clause: ``docs/reference/agreement.md``."""

import pytest

from custom_components.commonwatt.engine.model.party import (
    Charter,
    FaultModel,
    PartyId,
)
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.peer import (
    Agreement,
    Choice,
    electorate_of,
)
from custom_components.commonwatt.engine.peer.agreement import Lock, Proposal
from custom_components.commonwatt.engine.peer.electorate import PERIODS_A_DAY
from tests.engine.peer.assembly import charter_of
from tests.engine.peer.voters import (
    BLUE,
    COMMUNITY,
    PRECOMMIT,
    PREVOTE,
    RED,
    choice,
    electorate,
    fresh,
    hear,
    party,
    vote,
)


def one_of_four() -> Agreement:
    """Return the part of voter 0 among four."""
    return Agreement(me=party(0), electorate=electorate(4))


def locked_on_red() -> Agreement:
    """Return voter 0 after it has precommitted to red in attempt 0."""
    agreement = one_of_four()
    hear(agreement, 0, PREVOTE, RED, 0, 1, 2)
    hear(agreement, 0, PRECOMMIT, RED, 0)
    return agreement


def test_a_proposal_is_prevoted_for_once() -> None:
    agreement = one_of_four()
    wanted = Choice(attempt=0, stage=PREVOTE, digest=RED)
    assert choice(agreement, 0, fresh(0, RED)) == wanted

    hear(agreement, 0, PREVOTE, RED, 0)
    assert choice(agreement, 0, fresh(0, RED)) is None
    assert choice(agreement, 0, fresh(0, BLUE)) is None


def test_what_is_not_acceptable_is_not_prevoted_for() -> None:
    refused = one_of_four().next_vote(
        0, fresh(0, RED), is_known=lambda _: True, is_acceptable=lambda _: False
    )

    assert refused is None


def test_a_quorum_of_prevotes_is_precommitted_to() -> None:
    agreement = one_of_four()
    hear(agreement, 0, PREVOTE, RED, 1, 2)
    assert choice(agreement, 0) is None
    hear(agreement, 0, PREVOTE, RED, 3)

    assert choice(agreement, 0) == Choice(attempt=0, stage=PRECOMMIT, digest=RED)
    assert agreement.valid is not None
    assert len(agreement.valid.votes) == 3


def test_nobody_precommits_to_what_they_do_not_know() -> None:
    agreement = one_of_four()
    hear(agreement, 0, PREVOTE, RED, 1, 2, 3)
    unknown = agreement.next_vote(
        0, None, is_known=lambda _: False, is_acceptable=lambda _: True
    )

    assert unknown is None


def test_a_precommit_locks() -> None:
    agreement = locked_on_red()

    assert agreement.lock == Lock(digest=RED, attempt=0)
    assert choice(agreement, 1, fresh(1, BLUE)) is None
    assert choice(agreement, 1, fresh(1, RED)) == Choice(
        attempt=1, stage=PREVOTE, digest=RED
    )


def test_a_later_quorum_of_prevotes_opens_a_lock() -> None:
    agreement = locked_on_red()
    again = Proposal(attempt=3, digest=BLUE, valid_attempt=2)
    assert choice(agreement, 3, again) is None
    hear(agreement, 2, PREVOTE, BLUE, 1, 2, 3)

    assert choice(agreement, 3, again) == Choice(attempt=3, stage=PREVOTE, digest=BLUE)
    hear(agreement, 3, PREVOTE, BLUE, 0, 1, 2)
    hear(agreement, 3, PRECOMMIT, BLUE, 0)
    assert agreement.lock == Lock(digest=BLUE, attempt=3)


def test_an_earlier_quorum_of_prevotes_opens_no_lock() -> None:
    agreement = one_of_four()
    hear(agreement, 0, PREVOTE, BLUE, 1, 2, 3)
    hear(agreement, 1, PREVOTE, RED, 0, 1, 2)
    hear(agreement, 1, PRECOMMIT, RED, 0)
    earlier = Proposal(attempt=2, digest=BLUE, valid_attempt=0)

    assert choice(agreement, 2, earlier) is None


def test_a_claim_of_prevotes_nobody_has_seen_is_not_believed() -> None:
    agreement = one_of_four()
    hear(agreement, 0, PREVOTE, BLUE, 1, 2)
    claimed = Proposal(attempt=1, digest=BLUE, valid_attempt=0)
    assert choice(agreement, 1, claimed) is None
    hear(agreement, 0, PREVOTE, BLUE, 3)
    other = Proposal(attempt=1, digest=RED, valid_attempt=0)

    assert choice(agreement, 1, other) is None
    assert choice(agreement, 1, claimed) is not None


def test_a_quorum_of_precommits_decides_whoever_is_locked_on_what() -> None:
    agreement = locked_on_red()
    hear(agreement, 4, PRECOMMIT, BLUE, 1, 2, 3)

    assert agreement.decision is not None
    assert agreement.decision.digest == BLUE
    assert choice(agreement, 5, fresh(5, RED)) is None
    hear(agreement, 5, PRECOMMIT, RED, 1, 2, 3)
    assert agreement.decision.digest == BLUE


def test_votes_of_different_attempts_or_stages_do_not_add_up() -> None:
    agreement = one_of_four()
    hear(agreement, 0, PRECOMMIT, RED, 1)
    hear(agreement, 1, PRECOMMIT, RED, 2)
    hear(agreement, 1, PREVOTE, RED, 3)

    assert agreement.decision is None
    assert agreement.valid is None


def test_two_votes_of_one_voter_contradict_each_other() -> None:
    agreement = one_of_four()
    first = vote(0, PREVOTE, RED)
    assert agreement.take_vote(party(1), first) is None
    assert agreement.take_vote(party(1), vote(0, PREVOTE, RED)) is None

    assert agreement.take_vote(party(1), vote(0, PREVOTE, BLUE)) == first
    assert agreement.take_vote(party(1), vote(0, PRECOMMIT, BLUE)) is None


def test_a_quorum_others_have_seen_counts_even_with_a_liar_in_it() -> None:
    agreement = one_of_four()
    hear(agreement, 0, PREVOTE, BLUE, 3)
    hear(agreement, 0, PREVOTE, RED, 1, 2, 3)

    assert agreement.valid is not None
    assert agreement.valid.digest == RED


def test_a_liar_cannot_fill_the_memory_with_second_votes() -> None:
    agreement = one_of_four()
    for number in range(200):
        hear(agreement, 0, PREVOTE, bytes([number]) * 32, 3)

    (alike,) = agreement.tally._votes.values()
    assert len(alike) == 1


def test_attempts_long_gone_are_forgotten_but_not_what_they_led_to() -> None:
    agreement = locked_on_red()
    for attempt in range(1, 60):
        hear(agreement, attempt, PREVOTE, BLUE, 3)
        agreement.forget_before(attempt)

    assert len(agreement.tally._firsts) <= 4
    assert agreement.lock == Lock(digest=RED, attempt=0)
    again = Proposal(attempt=60, digest=RED, valid_attempt=0)
    assert choice(agreement, 60, again) is not None


@pytest.mark.parametrize(("count", "voters"), [(1, 1), (50, 50), (51, 15), (400, 15)])
def test_more_than_fifty_members_have_a_committee(count: int, voters: int) -> None:
    charter = charter_of(count, FaultModel.BYZANTINE) if count < 100 else many(count)
    drawn = electorate_of(charter, COMMUNITY, DeliveryPeriod(1_999_992))

    assert len(drawn.voters) == voters
    members = [member.party for member in charter.members]
    assert sorted(drawn.voters, key=members.index) == list(drawn.voters)


def test_a_committee_serves_for_a_day_and_everybody_is_drawn_in_time() -> None:
    charter = many(120)
    first = DeliveryPeriod(2_000_000 // PERIODS_A_DAY * PERIODS_A_DAY)
    days = [
        {
            electorate_of(charter, COMMUNITY, first.next(number)).voters
            for number in range(day * PERIODS_A_DAY, (day + 1) * PERIODS_A_DAY, 19)
        }
        for day in range(90)
    ]

    assert all(len(committees) == 1 for committees in days)
    served = {voter for (committee,) in days for voter in committee}
    assert len(served) == 120


def many(count: int) -> Charter:
    """Return a charter of more members than two digits can count."""
    few = charter_of(1, FaultModel.BYZANTINE)
    (member,) = few.members
    members = tuple(
        type(member)(
            party=PartyId(f"{number:040x}"),
            zone=member.zone,
            household_key=member.household_key,
        )
        for number in range(count)
    )
    return Charter(members=members, fee_tree=few.fee_tree)


def test_everybody_has_a_turn_to_propose() -> None:
    five = electorate(5)

    turns = {five.proposer(number=number, attempt=0) for number in range(5)}
    assert turns == set(five.voters)
    assert five.proposer(number=3, attempt=0) != five.proposer(number=3, attempt=1)
