"""Which batches the settlement takes: signed, in order, once."""

from dataclasses import replace

import pytest

from custom_components.commonwatt.engine.wire.ethereum import (
    Address,
    compact,
    sign_recoverable,
)
from tools.anvil import Chain, Refused
from tools.chain_community import (
    DAY_S,
    EPOCH_DAYS,
    WINDOW_S,
    ChainCommunity,
    household,
)


@pytest.fixture
def world(chain: Chain) -> ChainCommunity:
    community = ChainCommunity(chain, 7)
    community.next_day()
    return community


def nets(world: ChainCommunity, amount: int = 10**9) -> dict[Address, int]:
    """One home earned what another owes."""
    return {world.homes[0]: amount, world.homes[1]: -amount}


def test_a_batch_stands_when_its_window_is_over(world: ChainCommunity) -> None:
    day = world.day(nets(world))
    world.submit(day.batch)

    assert world.head()["standing"] == 0
    with pytest.raises(Refused, match="NotStanding"):
        world.claim(day)
    world.chain.travel(WINDOW_S)

    assert world.head()["standing"] == 1
    assert world.settlement.functions.hasStood(day.batch.abi).call()


def test_the_next_batch_waits_for_the_one_before(world: ChainCommunity) -> None:
    world.submit(world.day(nets(world)).batch)

    with pytest.raises(Refused, match="Pending"):
        world.submit(world.day(nets(world)).batch)


def test_a_replayed_batch_is_refused(world: ChainCommunity) -> None:
    day = world.day(nets(world))
    world.settle(day)

    with pytest.raises(Refused, match="OutOfOrder"):
        world.submit(day.batch)


def test_a_batch_that_a_reorganisation_dropped_lands_once(
    world: ChainCommunity,
) -> None:
    day = world.day(nets(world))
    world.submit(day.batch)
    world.chain.rpc("anvil_reorg", [1, []])
    assert world.head()["number"] == 0

    world.settle(day)

    assert world.head()["number"] == 1
    with pytest.raises(Refused, match="OutOfOrder"):
        world.submit(day.batch)


def test_a_batch_must_follow_the_one_that_stands(world: ChainCommunity) -> None:
    batch = world.day(nets(world)).batch

    with pytest.raises(Refused, match="OutOfOrder"):
        world.submit(replace(batch, prev=b"\x01" * 32))
    with pytest.raises(Refused, match="OutOfOrder"):
        world.submit(replace(batch, number=2))


def test_a_signature_of_a_stranger_is_refused(world: ChainCommunity) -> None:
    batch = world.day(nets(world)).batch
    digest = world.digest(world.settlement, "Settlement", batch.struct_hash)
    approvals = world.approvals(digest, silent=0)
    approvals[3] = compact(sign_recoverable(household("stranger"), digest))

    with pytest.raises(Refused, match="NotTheCommittee"):
        world.chain.send(world.settlement.functions.submit(batch.abi, approvals))


def test_a_seat_cannot_sign_twice(world: ChainCommunity) -> None:
    batch = world.day(nets(world)).batch
    digest = world.digest(world.settlement, "Settlement", batch.struct_hash)
    approvals = world.approvals(digest, silent=3)
    approvals[-1] = approvals[0]

    with pytest.raises(Refused, match="NotTheCommittee"):
        world.chain.send(world.settlement.functions.submit(batch.abi, approvals))


def test_four_of_seven_are_too_few_and_five_are_enough(world: ChainCommunity) -> None:
    batch = world.day(nets(world)).batch

    with pytest.raises(Refused, match="TooFewApprovals"):
        world.submit(batch, silent=3)
    world.submit(batch, silent=2)

    assert world.head()["number"] == 1


def test_signatures_for_another_contract_are_refused(
    world: ChainCommunity, chain: Chain
) -> None:
    twin = ChainCommunity(chain, 7)
    batch = world.day(nets(world)).batch
    digest = twin.digest(twin.settlement, "Settlement", batch.struct_hash)

    with pytest.raises(Refused, match="NotTheCommittee"):
        world.chain.send(
            world.settlement.functions.submit(batch.abi, world.approvals(digest))
        )


def test_a_day_that_is_not_over_is_refused(world: ChainCommunity) -> None:
    batch = world.day(nets(world)).batch

    with pytest.raises(Refused, match="DayNotOver"):
        world.submit(replace(batch, day=world.today))


def test_one_batch_catches_up_with_missed_days(world: ChainCommunity) -> None:
    world.settle(world.day(nets(world)))
    world.chain.travel(4 * DAY_S)

    late = world.day(nets(world, 5 * 10**9))
    world.settle(late)
    world.claim(late)

    assert world.head()["day"] == world.today - 1
    assert world.credit_of(world.homes[0]) == 5 * 10**9


def test_days_go_on_and_never_back(world: ChainCommunity) -> None:
    first = world.day(nets(world))
    world.settle(first)

    with pytest.raises(Refused, match="OutOfOrder"):
        world.submit(world.day(nets(world)).batch)


def test_an_old_committee_signs_its_own_days_only(chain: Chain) -> None:
    world = ChainCommunity(chain, 20)
    world.next_day()
    before = world.day(nets(world))
    digest = world.digest(world.settlement, "Settlement", before.batch.struct_hash)
    by_old = world.approvals(digest)
    submit = world.settlement.functions.submit
    draw = world.community.functions.draw()
    with pytest.raises(Refused, match="TooEarly"):
        chain.send(draw)
    chain.travel(EPOCH_DAYS * DAY_S)

    chain.send(draw)

    chain.send(submit(before.batch.abi, by_old))
    chain.travel(2 * DAY_S)
    after = world.day(nets(world)).batch
    digest = world.digest(world.settlement, "Settlement", after.struct_hash)
    seats = world.community.functions.seats().call()
    assert len(set(seats)) == 7
    chain.send(submit(after.abi, world.approvals(digest)))
