"""Members that lie about motions, ballots and charters are found out."""

from dataclasses import replace

import pytest

from custom_components.commonwatt.engine.model.community import (
    Amend,
    Ballot,
    CharterVote,
    Enactment,
    Motion,
)
from custom_components.commonwatt.engine.model.party import BillingBasis
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    DeliveryPeriod,
    after,
)
from custom_components.commonwatt.engine.model.vote import VoteStage
from custom_components.commonwatt.engine.node import Node
from custom_components.commonwatt.engine.node.governance import (
    ATTEMPT_MS,
    MOTIONS_OF_ONE_MAX,
)
from custom_components.commonwatt.engine.wire.messages import Message
from tests.engine.node.test_community import SOON, proposed, village
from tests.engine.node.village import Village

LATER = 1_000_000
"""Sequence numbers beyond all that anybody has used."""


def lie(street: Village, author: str, *messages: Message) -> Node:
    """Have a member sign these behind its node's back; return Ben, who hears them."""
    ben = street.nodes["Ben"]
    for number, message in enumerate(messages):
        data = street.lie(author, message, sequence=LATER + number)
        assert ben.receive(data, street.now)
    return ben


def faults(street: Village, of: str) -> set[str]:
    """Return what Ben has found of somebody."""
    return {fault for party, fault in street.faults("Ben") if party == of}


def charter_vote(number: int = 1, digest: bytes = b"\x01" * 32) -> CharterVote:
    """Return a vote on the next charter."""
    return CharterVote(number=number, attempt=7, stage=VoteStage.PREVOTE, digest=digest)


def test_who_is_for_and_against_the_same_is_found_out() -> None:
    street = village()
    motion = proposed(street, "Ann", committee_size=7)

    ben = lie(
        street,
        "Cat",
        Ballot(motion=motion, in_favour=True),
        Ballot(motion=motion, in_favour=True),
        Ballot(motion=motion, in_favour=False),
    )

    assert faults(street, "Cat") == {"contradiction"}
    [known] = ben.community.motions
    assert known.ballots[street.parties["Cat"]][0], "the first word counts"


def test_a_ballot_after_the_deadline_comes_too_late() -> None:
    street = village()
    motion = proposed(street, "Ann", committee_size=7)
    street.now = after(SOON, MINUTE_MS)

    ben = lie(street, "Cat", Ballot(motion=motion, in_favour=True))

    assert all(street.parties["Cat"] not in m.ballots for m in ben.community.motions)


def test_nobody_floods_the_others_with_motions() -> None:
    street = village()
    rules = Amend.of(street.charter)
    motions = [
        Motion(change=replace(rules, committee_size=size), deadline=SOON)
        for size in range(20, 21 + MOTIONS_OF_ONE_MAX)
    ]

    ben = lie(street, "Cat", *motions)

    assert len(ben.community.motions) == MOTIONS_OF_ONE_MAX
    assert faults(street, "Cat") == {"unlawful"}


def test_who_proposes_a_charter_out_of_turn_is_found_out() -> None:
    street = village()
    motion = proposed(street, "Ann", billing_basis=BillingBasis.SHARING)
    enactment = Enactment(
        number=1,
        attempt=street.now // ATTEMPT_MS,
        since=DeliveryPeriod.containing(street.now).next(6),
        motion=motion,
    )

    for author in ("Ann", "Cat", "Dan"):
        lie(street, author, enactment)

    blamed = [name for name in ("Ann", "Cat", "Dan") if faults(street, name)]
    assert len(blamed) >= 2, "at most one of them had the turn"
    assert all(faults(street, name) == {"unlawful"} for name in blamed)


def test_two_votes_of_one_kind_are_evidence() -> None:
    street = village()

    lie(street, "Cat", charter_vote(), charter_vote(digest=b"\x02" * 32))

    assert faults(street, "Cat") == {"contradiction"}


@pytest.mark.parametrize("number", [2, 9])
def test_votes_on_other_charters_change_nothing(number: int) -> None:
    street = village()
    before = street.nodes["Ben"].charter(street.now)

    lie(street, "Cat", charter_vote(number=number))
    lie(
        street,
        "Dan",
        Enactment(
            number=number,
            attempt=0,
            since=DeliveryPeriod.containing(street.now).next(6),
            motion=bytes(32),
        ),
    )
    street.run(after(street.now, HOUR_MS))

    assert street.nodes["Ben"].charter(street.now) == before
    assert not faults(street, "Cat")
