"""How a wrong or withheld batch is undone while it is pending."""

from dataclasses import replace

from eth_typing import ChecksumAddress
import pytest

from custom_components.commonwatt.engine.ledger.chain.consents import (
    Proposal,
    ProposalKind,
)
from custom_components.commonwatt.engine.ledger.chain.day import FUND, ChainDay
from custom_components.commonwatt.engine.ledger.chain.structs import (
    Balance,
    objection_hash,
)
from custom_components.commonwatt.engine.ledger.chain.sum_tree import SumTree
from custom_components.commonwatt.engine.wire.ethereum import (
    Address,
    address_of,
    checksummed,
)
from tools.anvil import Chain, Refused
from tools.chain_community import (
    BOND_WEI,
    LINE_NANO,
    WINDOW_S,
    ChainCommunity,
    household,
)

HOMES = 7


@pytest.fixture
def world(chain: Chain) -> ChainCommunity:
    community = ChainCommunity(chain, HOMES)
    community.next_day()
    return community


def forged(world: ChainCommunity, *balances: Balance) -> ChainDay:
    """A batch that the committee signed although it never should have."""
    honest = world.day({})
    changed = {balance.account: balance for balance in balances}
    leaves = tuple(changed.pop(balance.account, balance) for balance in honest.balances)
    leaves += tuple(changed.values())
    root = SumTree([leaf.node for leaf in leaves]).root
    return replace(honest, batch=replace(honest.batch, balances=root), balances=leaves)


def balance(account: Address, net: int, released: int = 0) -> Balance:
    return Balance(
        account=account, net_nano=net, released_nano=released, salt=b"\x05" * 32
    )


def challenge(world: ChainCommunity, day: ChainDay) -> None:
    leaves = [leaf.abi for leaf in day.balances]
    place = day.balance_tree.place(0, len(leaves)).abi
    world.chain.send(world.settlement.functions.challenge(day.batch.abi, leaves, place))


def test_unbalanced_nets_are_undone_and_never_paid(world: ChainCommunity) -> None:
    day = forged(world, balance(world.homes[0], 5_000, 5_000))
    world.submit(day.batch)

    challenge(world, day)

    assert world.head()["isVoid"]
    world.chain.travel(WINDOW_S)
    with pytest.raises(Refused, match="NotStanding"):
        world.claim(day)


def test_unbalanced_nets_that_nobody_challenged_are_not_paid_either(
    world: ChainCommunity,
) -> None:
    day = forged(world, balance(world.homes[0], 5_000, 5_000))
    world.settle(day)

    with pytest.raises(Refused, match="Unbalanced"):
        world.claim(day)


@pytest.mark.parametrize("beyond", [0, 1])
def test_a_debt_beyond_the_line_is_undone(world: ChainCommunity, beyond: int) -> None:
    debt = LINE_NANO + beyond
    day = forged(
        world, balance(world.homes[0], debt, debt), balance(world.homes[1], -debt)
    )
    world.submit(day.batch)

    if beyond:
        challenge(world, day)
        assert world.head()["isVoid"]
    else:
        with pytest.raises(Refused, match="Faultless"):
            challenge(world, day)


def test_the_account_of_a_stranger_is_undone(world: ChainCommunity) -> None:
    stranger = address_of(household("stranger").public)
    day = forged(world, balance(stranger, 7), balance(FUND, -7))
    day_sorted = sorted(day.balances, key=lambda leaf: leaf.account)
    root = SumTree([leaf.node for leaf in day_sorted]).root
    day = replace(
        day, batch=replace(day.batch, balances=root), balances=tuple(day_sorted)
    )
    world.submit(day.batch)

    challenge(world, day)

    assert world.head()["isVoid"]


def test_an_account_named_twice_is_undone(world: ChainCommunity) -> None:
    honest = world.day({})
    leaves = (*honest.balances, honest.balances[-1])
    root = SumTree([leaf.node for leaf in leaves]).root
    day = replace(honest, batch=replace(honest.batch, balances=root), balances=leaves)
    world.submit(day.batch)

    challenge(world, day)

    assert world.head()["isVoid"]


def test_an_honest_batch_cannot_be_challenged(world: ChainCommunity) -> None:
    day = world.day({world.homes[0]: 5_000, world.homes[1]: -5_000})
    world.submit(day.batch)

    with pytest.raises(Refused, match="Faultless"):
        challenge(world, day)
    world.chain.travel(WINDOW_S)
    with pytest.raises(Refused, match="NotPending"):
        challenge(world, day)


def test_an_undone_batch_is_replaced_and_never_comes_back(
    world: ChainCommunity,
) -> None:
    wrong = forged(world, balance(world.homes[0], 5_000, 5_000))
    world.submit(wrong.batch)
    challenge(world, wrong)

    with pytest.raises(Refused, match="OutOfOrder"):
        world.submit(wrong.batch)
    right = world.day({world.homes[0]: 4_000, world.homes[1]: -4_000})
    world.settle(right)
    world.claim(right)

    assert right.batch.number == 2
    assert world.head()["standing"] == 2
    assert world.credit_of(world.homes[0]) == 4_000
    assert not world.settlement.functions.hasStood(wrong.batch.abi).call()


def test_more_than_a_third_of_the_homes_undo_a_batch(world: ChainCommunity) -> None:
    day = world.day({world.homes[0]: 5_000, world.homes[1]: -5_000})
    world.submit(day.batch)
    homes = sorted(world.homes)
    signatures = [
        world.sign(home, world.settlement, "Settlement", objection_hash(day.batch))
        for home in homes[: HOMES // 3 + 1]
    ]
    undo = world.settlement.functions.object

    with pytest.raises(Refused, match="TooFewObjections"):
        world.chain.send(undo(day.batch.abi, signatures[:-1]))
    with pytest.raises(Refused, match="SignersNotAscending"):
        world.chain.send(undo(day.batch.abi, [signatures[0]] * len(signatures)))
    world.chain.send(undo(day.batch.abi, signatures))

    assert world.head()["isVoid"]


def ask_at(world: ChainCommunity, day: ChainDay, index: int) -> ChecksumAddress:
    asking = world.chain.fund(world.homes[2])
    tree = day.balance_tree
    call = world.settlement.functions.demandAt(
        day.batch.abi, index, tree.count, tree.top.digest
    )
    world.chain.send(call, sender=asking, value=BOND_WEI)
    return asking


def ask_for(world: ChainCommunity, day: ChainDay, account: Address) -> ChecksumAddress:
    asking = world.chain.fund(world.homes[2])
    call = world.settlement.functions.demand(day.batch.abi, checksummed(account))
    world.chain.send(call, sender=asking, value=BOND_WEI)
    return asking


def answer(world: ChainCommunity, day: ChainDay, index: int) -> None:
    leaf, place = day.balances[index].abi, day.balance_tree.place(index).abi
    world.chain.send(world.settlement.functions.answer(day.batch.abi, leaf, place))


def test_withheld_data_undo_a_batch_and_the_bond_goes_back(
    world: ChainCommunity,
) -> None:
    """Whoever asks knows nothing of the batch but its root."""
    day = world.day({world.homes[0]: 5_000, world.homes[1]: -5_000})
    world.submit(day.batch)
    asking = ask_for(world, day, world.homes[2])
    functions = world.settlement.functions
    expire = functions.expire(1, int.from_bytes(world.homes[2]) << 64)

    with pytest.raises(Refused, match="TooEarly"):
        world.chain.send(expire)
    world.chain.travel(WINDOW_S)
    assert world.head()["standing"] == 0
    world.chain.send(expire)

    assert world.head()["isVoid"]
    assert functions.bonds(asking).call() == BOND_WEI
    before = world.chain.web3.eth.get_balance(asking)
    world.chain.send(functions.collect(asking))
    assert world.chain.web3.eth.get_balance(asking) == before + BOND_WEI


def test_a_leaf_that_belongs_to_nobody_is_found_by_its_place(
    world: ChainCommunity,
) -> None:
    day = world.day({world.homes[0]: 5_000, world.homes[1]: -5_000})
    world.submit(day.batch)

    ask_at(world, day, 5)
    world.chain.travel(WINDOW_S)
    world.chain.send(world.settlement.functions.expire(1, 5))

    assert world.head()["isVoid"]


def test_one_answer_meets_both_demands_and_takes_both_bonds(
    world: ChainCommunity,
) -> None:
    day = world.day({world.homes[0]: 5_000, world.homes[1]: -5_000})
    world.submit(day.batch)
    index = day.index_of(world.homes[0])
    asking = ask_for(world, day, world.homes[0])
    ask_at(world, day, index)
    with pytest.raises(Refused, match="NotOpen"):
        answer(world, day, index - 1)

    answer(world, day, index)

    functions = world.settlement.functions
    assert functions.bonds(asking).call() == 0
    assert functions.bonds(world.chain.sender).call() == 2 * BOND_WEI
    assert world.head()["demands"] == 0
    with pytest.raises(Refused, match="NotOpen"):
        answer(world, day, index)
    world.chain.travel(WINDOW_S)
    assert world.head()["standing"] == 1


def test_the_bond_comes_back_when_a_batch_is_undone_for_another_reason(
    world: ChainCommunity,
) -> None:
    wrong = forged(world, balance(world.homes[0], 5_000, 5_000))
    world.submit(wrong.batch)
    asking = ask_for(world, wrong, world.homes[0])
    challenge(world, wrong)

    functions = world.settlement.functions
    world.chain.send(functions.expire(1, int.from_bytes(world.homes[0]) << 64))

    assert functions.bonds(asking).call() == BOND_WEI


def test_only_members_demand_with_a_bond_twice_at_most_and_what_is_there(
    world: ChainCommunity,
) -> None:
    day = world.day({})
    world.submit(day.batch)
    tree = day.balance_tree
    functions = world.settlement.functions
    call = functions.demand(day.batch.abi, checksummed(world.homes[4]))
    other = world.chain.fund(world.homes[3])
    ask_for(world, day, world.homes[0])

    with pytest.raises(Refused, match="OutOfBounds"):
        ask_for(world, day, world.homes[0])
    ask_at(world, day, 4)
    with pytest.raises(Refused, match="OutOfBounds"):
        ask_at(world, day, 5)
    with pytest.raises(Refused, match="NotAMember"):
        world.chain.send(call, value=BOND_WEI)
    with pytest.raises(Refused, match="WrongBond"):
        world.chain.send(call, sender=other, value=BOND_WEI - 1)
    beyond = functions.demandAt(day.batch.abi, tree.count, tree.count, tree.top.digest)
    with pytest.raises(Refused, match="NotInBatch"):
        world.chain.send(beyond, sender=other, value=BOND_WEI)
    stranger = checksummed(address_of(household("stranger").public))
    with pytest.raises(Refused, match="NotAnAccount"):
        world.chain.send(
            functions.demand(day.batch.abi, stranger), sender=other, value=BOND_WEI
        )


def test_nobody_demands_the_leaf_of_a_home_that_joined_after_the_day(
    world: ChainCommunity,
) -> None:
    newcomer = address_of(household("newcomer").public)
    world.decide(
        Proposal(
            kind=ProposalKind.ADMIT,
            key=newcomer,
            closes_at=world.chain.now + 86_400,
        )
    )
    day = world.day({})
    world.submit(day.batch)

    with pytest.raises(Refused, match="NotAnAccount"):
        ask_for(world, day, newcomer)
