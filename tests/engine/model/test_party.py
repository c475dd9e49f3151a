"""A charter names each party once and says how many votes make a result final."""

import pytest

from custom_components.commonwatt.engine.model.party import (
    Charter,
    FaultModel,
    Member,
    PartyId,
)
from custom_components.commonwatt.engine.model.zone import FeeTree, ZoneId


def member(number: int, zone: str = "community") -> Member:
    return Member(
        party=PartyId(f"{number:040x}"),
        zone=ZoneId(zone),
        household_key=number.to_bytes(33),
    )


def charter(count: int, fault_model: FaultModel = FaultModel.BYZANTINE) -> Charter:
    return Charter(
        members=tuple(member(number) for number in range(count)),
        fee_tree=FeeTree.single(),
        fault_model=fault_model,
    )


@pytest.mark.parametrize(
    ("count", "crash", "byzantine"),
    [(1, 1, 1), (2, 2, 2), (3, 2, 3), (4, 3, 3), (7, 4, 5), (12, 7, 9)],
)
def test_two_quorums_always_share_an_honest_member(
    count: int, crash: int, byzantine: int
) -> None:
    assert charter(count, FaultModel.CRASH).quorum == crash
    quorum = charter(count, FaultModel.BYZANTINE).quorum
    assert quorum == byzantine
    liars = (count - 1) // 3
    assert 2 * quorum - count > liars
    assert count - liars >= quorum


def test_a_member_is_found_by_its_party() -> None:
    rules = charter(3)
    assert rules.member(PartyId(f"{2:040x}")) == member(2)
    assert rules.member(PartyId("f" * 40)) is None


@pytest.mark.parametrize(
    ("members", "complaint"),
    [
        ((), "1 to 10000 members"),
        ((member(1), member(1)), "each party once"),
        ((member(1, zone="elsewhere"),), "no zone elsewhere"),
    ],
)
def test_a_charter_that_contradicts_itself_is_refused(
    members: tuple[Member, ...], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        Charter(members=members, fee_tree=FeeTree.single())
