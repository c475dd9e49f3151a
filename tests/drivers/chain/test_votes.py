"""What homes decide by vote, and what no vote can touch."""

from hashlib import sha256

import pytest

from custom_components.commonwatt.engine.ledger.chain.consents import (
    Proposal,
    ProposalKind,
    keeping_hash,
)
from custom_components.commonwatt.engine.ledger.chain.day import FUND
from custom_components.commonwatt.engine.wire.ethereum import (
    Address,
    address_of,
    checksummed,
    sign_recoverable,
)
from tools.anvil import Chain, Refused
from tools.chain_community import (
    DAY_S,
    LINE_NANO,
    WINDOW_S,
    ChainCommunity,
    household,
)

COIN = 10**9


@pytest.fixture
def world(chain: Chain) -> ChainCommunity:
    community = ChainCommunity(chain, 5)
    community.next_day()
    return community


def question(world: ChainCommunity, kind: ProposalKind, **fields: object) -> Proposal:
    proposal = Proposal(kind=kind, closes_at=world.chain.now + 7 * DAY_S)
    for name, value in fields.items():
        object.__setattr__(proposal, name, value)
    return proposal


def earn(world: ChainCommunity, home: Address, amount: int = COIN) -> None:
    day = world.day({home: amount, world.homes[-1]: -amount})
    world.settle(day)
    world.claim(day)


def test_a_vote_changes_the_charter(world: ChainCommunity) -> None:
    charter = sha256(b"a lower fee").digest()
    proposal = question(world, ProposalKind.AMEND, document=charter)
    execute = world.community.functions.execute(proposal.abi)
    world.propose(proposal, world.homes[0])
    for home in world.homes[:2]:
        world.vote(proposal, home, is_approved=True)
    world.vote(proposal, world.homes[2], is_approved=False)

    with pytest.raises(Refused, match="NotPassed"):
        world.chain.send(execute)
    world.vote(proposal, world.homes[3], is_approved=True)
    world.chain.send(execute)

    assert world.community.functions.charter().call() == charter
    assert world.community.functions.charterVersion().call() == 2
    with pytest.raises(Refused, match="NotOpen"):
        world.chain.send(execute)


def test_one_home_has_one_vote(world: ChainCommunity) -> None:
    proposal = question(world, ProposalKind.AMEND)
    world.propose(proposal, world.homes[0])
    world.vote(proposal, world.homes[1], is_approved=True)

    with pytest.raises(Refused, match="AlreadyVoted"):
        world.vote(proposal, world.homes[1], is_approved=True)
    with pytest.raises(Refused, match="AlreadyProposed"):
        world.propose(proposal, world.homes[2])
    world.chain.travel(7 * DAY_S)
    with pytest.raises(Refused, match="NotOpen"):
        world.vote(proposal, world.homes[2], is_approved=True)


def test_who_joins_later_does_not_vote_on_what_was_asked_before(
    world: ChainCommunity,
) -> None:
    key = household("newcomer")
    newcomer = address_of(key.public)
    old = question(world, ProposalKind.AMEND)
    world.propose(old, world.homes[0])
    world.decide(question(world, ProposalKind.ADMIT, key=newcomer, amount=LINE_NANO))
    world.keys[newcomer] = key

    with pytest.raises(Refused, match="NotAMember"):
        world.vote(old, newcomer, is_approved=True)
    later = question(world, ProposalKind.PAUSE, amount=0)
    world.propose(later, newcomer)
    world.vote(later, newcomer, is_approved=True)

    assert world.community.functions.isMember(checksummed(newcomer)).call()
    world.chain.send(world.settlement.functions.align())
    assert world.credit.functions.totalSupply().call() == 6 * LINE_NANO


def test_strangers_neither_ask_nor_vote(world: ChainCommunity) -> None:
    key = household("stranger")
    stranger = address_of(key.public)
    world.keys[stranger] = key

    with pytest.raises(Refused, match="NotAMember"):
        world.propose(question(world, ProposalKind.AMEND), stranger)


def test_a_pause_stops_new_batches_only_and_ends_by_itself(
    world: ChainCommunity,
) -> None:
    home = world.homes[0]
    day = world.day({home: COIN, world.homes[-1]: -COIN})
    world.settle(day)
    until = world.chain.now + 10 * DAY_S
    world.decide(question(world, ProposalKind.PAUSE, amount=until))
    world.next_day()

    with pytest.raises(Refused, match="BatchesPaused"):
        world.submit(world.day({}).batch)
    world.claim(day)
    assert world.credit_of(home) == COIN
    transfer = world.credit.functions.transfer(world.chain.sender, COIN)
    world.chain.send(transfer, sender=world.chain.fund(home))
    world.chain.travel_to(until)
    world.settle(world.day({home: COIN, world.homes[-1]: -COIN}))


def test_a_pause_lasts_two_weeks_at_most(world: ChainCommunity) -> None:
    until = world.chain.now + 15 * DAY_S

    with pytest.raises(Refused, match="OutOfBounds"):
        world.decide(question(world, ProposalKind.PAUSE, amount=until))


def test_after_an_upgrade_all_have_what_they_earned(world: ChainCommunity) -> None:
    """A successor ends the batches after a notice; the old contracts pay in full."""
    home = world.homes[0]
    successor = address_of(household("successor").public)
    world.decide(question(world, ProposalKind.SUCCEED, key=successor))
    day = world.day({home: 3 * COIN, world.homes[-1]: -3 * COIN}, {home: COIN})
    world.settle(day)
    world.claim(day)
    assert world.credit_of(home) == COIN
    world.chain.travel(30 * DAY_S)
    world.next_day()

    with pytest.raises(Refused, match="BatchesClosed"):
        world.submit(world.day({}).batch)
    world.claim(day)

    assert world.credit_of(home) == 3 * COIN
    assert world.community.functions.successor().call() == checksummed(successor)


def test_a_home_that_is_dismissed_keeps_what_it_earned(world: ChainCommunity) -> None:
    home = world.homes[0]
    day = world.day({home: COIN, world.homes[-1]: -COIN})
    world.settle(day)
    world.decide(question(world, ProposalKind.DISMISS, account=home))

    world.claim(day)

    assert world.credit_of(home) == COIN
    assert not world.community.functions.isMember(checksummed(home)).call()
    with pytest.raises(Refused, match="NotAMember"):
        world.propose(question(world, ProposalKind.AMEND), home)


def test_a_line_rises_and_never_falls(world: ChainCommunity) -> None:
    home = world.homes[0]
    world.decide(question(world, ProposalKind.LINE, account=home, amount=LINE_NANO + 1))

    assert world.community.functions.lineOf(checksummed(home)).call() == LINE_NANO + 1
    with pytest.raises(Refused, match="LineMustRise"):
        world.decide(question(world, ProposalKind.LINE, account=home, amount=1))


def test_a_lost_key_is_replaced_after_a_notice_that_its_owner_can_refuse(
    world: ChainCommunity,
) -> None:
    home = world.homes[0]
    key = address_of(household("replacement").public)
    functions = world.community.functions
    finish = functions.finishRecovery(checksummed(home))
    world.decide(question(world, ProposalKind.RECOVER, account=home, key=key))
    with pytest.raises(Refused, match="TooEarly"):
        world.chain.send(finish)
    keeping = world.sign(
        home, world.community, "Community", keeping_hash(home, nonce=0)
    )
    world.chain.send(functions.keepKey(checksummed(home), keeping))
    world.chain.travel(31 * DAY_S)
    with pytest.raises(Refused, match="NotOpen"):
        world.chain.send(finish)

    world.decide(question(world, ProposalKind.RECOVER, account=home, key=key))
    world.chain.travel(31 * DAY_S)
    world.chain.send(finish)

    assert functions.keyOf(checksummed(home)).call() == checksummed(key)
    assert checksummed(key) in functions.seats().call()


def test_a_rotated_key_is_paid_and_signs_in_place_of_the_old(
    world: ChainCommunity,
) -> None:
    home = world.homes[0]
    fresh = household("fresh")
    world.decide(
        question(
            world, ProposalKind.RECOVER, account=home, key=address_of(fresh.public)
        )
    )
    world.chain.travel(31 * DAY_S)
    world.chain.send(world.community.functions.finishRecovery(checksummed(home)))
    day = world.day({home: COIN, world.homes[-1]: -COIN})
    digest = world.digest(world.settlement, "Settlement", day.batch.struct_hash)
    approvals = world.approvals(digest, silent=0, keys=[fresh])

    world.chain.send(world.settlement.functions.submit(day.batch.abi, approvals))
    world.chain.travel(WINDOW_S)
    world.claim(day)

    assert world.credit_of(address_of(fresh.public)) == COIN
    assert world.credit_of(home) == 0
    assert sign_recoverable(fresh, digest) != sign_recoverable(world.keys[home], digest)


def test_the_fund_pays_whom_the_homes_name(world: ChainCommunity) -> None:
    payee = address_of(household("school").public)
    world.decide(question(world, ProposalKind.PAYEE, account=FUND, key=payee))

    earn(world, FUND, 2 * COIN)

    assert world.credit_of(payee) == 2 * COIN
    with pytest.raises(Refused, match="NotAnAccount"):
        world.decide(
            question(world, ProposalKind.PAYEE, account=world.homes[0], key=payee)
        )


def test_homes_get_out_when_the_committee_falls_silent(world: ChainCommunity) -> None:
    home = world.homes[0]
    day = world.day({home: 3 * COIN, world.homes[-1]: -3 * COIN}, {home: COIN})
    world.settle(day)
    escape = world.settlement.functions.escape()
    with pytest.raises(Refused, match="TooEarly"):
        world.chain.send(escape)
    world.chain.travel(30 * DAY_S)

    world.chain.send(escape)
    world.claim(day)

    assert world.credit_of(home) == 3 * COIN
    with pytest.raises(Refused, match="Over"):
        world.submit(world.day({}).batch)
