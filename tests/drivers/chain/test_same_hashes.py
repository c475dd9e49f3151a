"""Python and the contracts agree on every digest, tree and proof, on a real chain."""

from hashlib import sha256
import random

import pytest

from custom_components.commonwatt.engine.ledger.chain.consents import (
    Proposal,
    ProposalKind,
    keeping_hash,
    resignation_hash,
    rotation_hash,
)
from custom_components.commonwatt.engine.ledger.chain.structs import (
    AnchoredScore,
    Balance,
    Batch,
    Mandate,
    OriginClaim,
    Share,
    scores_hash,
)
from custom_components.commonwatt.engine.ledger.chain.sum_tree import SumTree
from custom_components.commonwatt.engine.wire.ethereum import (
    Address,
    address_of,
    checksummed,
    sign_recoverable,
)
from tools.anvil import Chain, Refused
from tools.chain_community import ChainCommunity, household


@pytest.fixture(scope="module")
def world(chain: Chain) -> ChainCommunity:
    return ChainCommunity(chain, 9)


def word(text: str) -> bytes:
    return sha256(text.encode()).digest()


def account(number: int) -> Address:
    return Address(word(f"account {number}")[:20])


def test_a_batch_has_one_digest(world: ChainCommunity) -> None:
    batch = Batch(
        number=2**32 - 1,
        day=20_000,
        prev=word("prev"),
        balances=word("balances"),
        certificates=word("certificates"),
        journal=word("journal"),
        metered_wh=2**64 - 1,
    )

    found = world.settlement.functions.digestOf(batch.abi).call()

    assert found == batch.struct_hash


@pytest.mark.parametrize("amount", [0, 1, -1, 2**63 - 1, -(2**63), 987_654_321])
def test_leaves_have_one_digest(world: ChainCommunity, amount: int) -> None:
    balance = Balance(
        account=account(1), net_nano=amount, released_nano=2**64 - 1, salt=word("salt")
    )
    origin = OriginClaim(
        certificate=word("c"), holder=account(2), energy_wh=amount, salt=word("salt")
    )
    share = Share(beneficiary=account(3), share_ppm=amount, salt=word("salt"))
    score = AnchoredScore(
        account=account(4), score_ppm=amount, evidence=word("e"), salt=word("salt")
    )

    for leaf, contract in (
        (balance, world.settlement),
        (origin, world.certificates),
        (share, world.mandates),
        (score, world.reputation),
    ):
        assert contract.functions.leafOf(leaf.abi).call() == leaf.node.digest


@pytest.mark.parametrize("kind", ProposalKind)
def test_a_proposal_has_one_name(world: ChainCommunity, kind: ProposalKind) -> None:
    proposal = Proposal(
        kind=kind,
        account=account(1),
        key=account(2),
        amount=2**64 - 1,
        document=word("charter"),
        closes_at=2**40 - 1,
    )

    found = world.community.functions.proposalId(proposal.abi).call()

    assert found == proposal.struct_hash


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 11, 64, 65])
def test_contracts_follow_every_proof(world: ChainCommunity, count: int) -> None:
    dice = random.Random(count)
    nets = [dice.randint(-(10**12), 10**12) for _ in range(count - 1)]
    nets.append(-sum(nets))
    leaves = [
        Balance(account=account(i), net_nano=net, released_nano=0, salt=word(str(i)))
        for i, net in enumerate(nets)
    ]
    tree = SumTree([leaf.node for leaf in leaves])
    world.next_day()
    batch = world.settle_root(tree.root)

    for _ in range(6):
        first = dice.randrange(count)
        length = dice.randint(1, count - first)
        chosen = [leaf.abi for leaf in leaves[first : first + length]]
        place = tree.place(first, length)
        holds = world.settlement.functions.holds
        assert holds(batch.abi, chosen, place.abi).call()

        wrong = (place.first, place.count + 1, place.abi[2])
        with pytest.raises(Refused):
            world.chain.ask(holds(batch.abi, chosen, wrong))


def test_signatures_for_homes_are_taken(world: ChainCommunity) -> None:
    """Each consent is signed here and checked there; the wrong nonce is refused."""
    home, other = world.homes[0], world.homes[1]
    new = household("new key")
    rotation = world.digest(
        world.community,
        "Community",
        rotation_hash(home, address_of(new.public), nonce=0),
    )
    by_old = sign_recoverable(world.keys[home], rotation)
    by_new = sign_recoverable(new, rotation)
    functions = world.community.functions

    world.chain.send(
        functions.rotate(
            checksummed(home), checksummed(address_of(new.public)), by_old, by_new
        )
    )
    keeping = world.sign(
        other, world.community, "Community", keeping_hash(other, nonce=0)
    )
    world.chain.send(functions.keepKey(checksummed(other), keeping))
    stale = world.sign(
        other, world.community, "Community", resignation_hash(other, nonce=0)
    )
    with pytest.raises(Refused, match="NotAMember"):
        world.chain.send(functions.resign(checksummed(other), stale))
    fresh = world.sign(
        other, world.community, "Community", resignation_hash(other, nonce=1)
    )
    world.chain.send(functions.resign(checksummed(other), fresh))

    assert functions.keyOf(checksummed(home)).call() == checksummed(
        address_of(new.public)
    )
    assert not functions.isMember(checksummed(other)).call()


def test_a_mandate_is_taken_from_its_producer_alone(world: ChainCommunity) -> None:
    producer = world.homes[2]
    shares = [
        Share(beneficiary=account(i), share_ppm=ppm, salt=word(f"share {i}"))
        for i, ppm in enumerate((250_000, 500_000, 250_000))
    ]
    tree = SumTree([share.node for share in shares])
    mandate = Mandate(
        producer=producer, shares=tree.root, from_day=10, to_day=20, version=1
    )
    functions = world.mandates.functions
    theft = world.sign(world.homes[3], world.mandates, "Mandates", mandate.struct_hash)
    with pytest.raises(Refused, match="WrongSigner"):
        world.chain.send(functions.appoint(mandate.abi, theft))
    signature = world.sign(producer, world.mandates, "Mandates", mandate.struct_hash)

    world.chain.send(functions.appoint(mandate.abi, signature))

    place = tree.place(1).abi
    assert functions.hashOf(mandate.abi).call() == mandate.struct_hash
    gives = functions.gives
    assert gives(checksummed(producer), 20, shares[1].abi, place).call()
    assert not gives(checksummed(producer), 21, shares[1].abi, place).call()
    assert not gives(checksummed(producer), 20, shares[0].abi, place).call()
    with pytest.raises(Refused, match="WrongVersion"):
        world.chain.send(functions.appoint(mandate.abi, signature))


def test_shares_beyond_the_whole_are_worth_nothing(world: ChainCommunity) -> None:
    producer = world.homes[4]
    shares = [
        Share(beneficiary=account(i), share_ppm=600_000, salt=word(f"share {i}"))
        for i in range(2)
    ]
    tree = SumTree([share.node for share in shares])
    mandate = Mandate(
        producer=producer, shares=tree.root, from_day=0, to_day=99, version=1
    )
    signature = world.sign(producer, world.mandates, "Mandates", mandate.struct_hash)

    world.chain.send(world.mandates.functions.appoint(mandate.abi, signature))

    gives = world.mandates.functions.gives
    place = tree.place(0).abi
    assert not gives(checksummed(producer), 5, shares[0].abi, place).call()


def test_scores_are_anchored_by_the_committee(chain: Chain) -> None:
    world = ChainCommunity(chain, 9)
    scores = [
        AnchoredScore(
            account=home, score_ppm=900_000 + i, evidence=word("e"), salt=word(f"s{i}")
        )
        for i, home in enumerate(world.homes)
    ]
    tree = SumTree([score.node for score in scores])
    day = world.today
    digest = world.digest(
        world.reputation, "Reputation", scores_hash(day=day, root=tree.root)
    )
    functions = world.reputation.functions
    with pytest.raises(Refused, match="TooFewApprovals"):
        world.chain.send(
            functions.anchor((day, tree.root), world.approvals(digest, silent=3))
        )

    world.chain.send(
        functions.anchor((day, tree.root), world.approvals(digest, silent=2))
    )

    assert functions.proves(scores[7].abi, tree.place(7).abi).call()
    assert not functions.proves(scores[7].abi, tree.place(6).abi).call()
