"""What a batch that stands pays, and what nobody can take."""

from eth_account import Account
from eth_account.messages import encode_typed_data
import pytest
from web3.contract import Contract

from custom_components.commonwatt.engine.ledger.chain.day import FUND
from custom_components.commonwatt.engine.ledger.chain.errands import errand_hash
from custom_components.commonwatt.engine.model.errand import Errand, ErrandKind
from custom_components.commonwatt.engine.wire.eip712 import (
    domain_separator,
    typed_digest,
)
from custom_components.commonwatt.engine.wire.ethereum import (
    Address,
    address_from,
    checksummed,
    sign_recoverable,
)
from tools.anvil import Chain, Refused
from tools.chain_community import (
    DAY_S,
    LINE_NANO,
    WITHDRAWN_DAY_MAX,
    ChainCommunity,
)

COIN = 10**9


@pytest.fixture
def world(chain: Chain) -> ChainCommunity:
    community = ChainCommunity(chain, 5)
    community.next_day()
    return community


@pytest.fixture
def coin(chain: Chain) -> Contract:
    """A token to deposit: credit that anvil's first account issues to itself."""
    token = chain.deploy("Credit", "Coin", "COIN", "0x" + 40 * "0", 0)
    chain.send(token.functions.issue(10_000 * COIN))
    return token


@pytest.fixture
def backed(chain: Chain, coin: Contract) -> ChainCommunity:
    community = ChainCommunity(chain, 5, backing=coin.address)
    for home in community.homes:
        holder = chain.fund(home)
        chain.send(coin.functions.transfer(holder, 1_000 * COIN))
        approve = coin.functions.approve(community.credit.address, 2**256 - 1)
        chain.send(approve, sender=holder)
        approve = community.credit.functions.approve(
            community.settlement.address, 2**256 - 1
        )
        chain.send(approve, sender=holder)
    community.next_day()
    return community


def deposit(world: ChainCommunity, home: Address, amount: int) -> None:
    """Change coins into credit and pay them in."""
    holder = checksummed(home)
    world.chain.send(world.credit.functions.deposit(holder, amount), sender=holder)
    world.chain.send(world.settlement.functions.payIn(holder, amount), sender=holder)


def held_by(token: Contract, holder: str) -> int:
    amount: int = token.functions.balanceOf(holder).call()
    return amount


def test_a_claim_pays_once(world: ChainCommunity) -> None:
    day = world.day({world.homes[0]: 3 * COIN, world.homes[1]: -3 * COIN})
    world.settle(day)

    world.claim(day)
    world.claim(day)

    assert world.credit_of(world.homes[0]) == 3 * COIN
    assert world.credit_of(world.homes[1]) == 0


def test_balances_are_cumulative(world: ChainCommunity) -> None:
    giver, taker = world.homes[:2]
    for amount in (3 * COIN, 7 * COIN, 5 * COIN):
        world.next_day()
        day = world.day(
            {giver: amount, taker: -amount},
            {giver: 7 * COIN if amount > 3 * COIN else amount},
        )
        world.settle(day)
        world.claim(day)

    assert world.credit_of(giver) == 7 * COIN


def test_a_claim_for_one_home_equals_its_part_of_a_claim_for_all(
    world: ChainCommunity,
) -> None:
    homes = world.homes
    day = world.day({homes[0]: 3 * COIN, homes[1]: COIN, homes[2]: -4 * COIN})
    world.settle(day)

    world.claim(day, day.index_of(homes[0]), 1)

    assert world.credit_of(homes[0]) == 3 * COIN
    assert world.credit_of(homes[1]) == 0
    world.claim(day)
    assert world.credit_of(homes[0]) == 3 * COIN
    assert world.credit_of(homes[1]) == COIN


def test_credit_is_as_much_as_the_lines_and_moves_only(world: ChainCommunity) -> None:
    supply = world.credit.functions.totalSupply().call()
    day = world.day({world.homes[0]: 3 * COIN, world.homes[1]: -3 * COIN})
    world.settle(day)
    world.claim(day)
    world.chain.send(world.settlement.functions.align())

    assert supply == 5 * LINE_NANO
    assert world.credit.functions.totalSupply().call() == supply


def test_nobody_issues_credit(world: ChainCommunity) -> None:
    with pytest.raises(Refused, match="NotTheSettlement"):
        world.chain.send(world.credit.functions.issue(1))
    with pytest.raises(Refused, match="NotBacked"):
        world.chain.send(world.credit.functions.withdraw(world.chain.sender, 1))


def test_debts_are_paid_back_by_permit_without_gas(world: ChainCommunity) -> None:
    """Credit earned is paid in for a home by whoever relays its signature."""
    home = world.homes[0]
    day = world.day({home: 3 * COIN, world.homes[1]: -3 * COIN})
    world.settle(day)
    world.claim(day)
    deadline = world.chain.now + 3_600
    permit = encode_typed_data(
        domain_data={
            "name": "CommonWatt Credit",
            "version": "1",
            "chainId": world.chain.chain_id,
            "verifyingContract": world.credit.address,
        },
        message_types={
            "Permit": [
                {"name": "owner", "type": "address"},
                {"name": "spender", "type": "address"},
                {"name": "value", "type": "uint256"},
                {"name": "nonce", "type": "uint256"},
                {"name": "deadline", "type": "uint256"},
            ]
        },
        message_data={
            "owner": checksummed(home),
            "spender": world.settlement.address,
            "value": 2 * COIN,
            "nonce": 0,
            "deadline": deadline,
        },
    )
    secret = world.keys[home]._key.private_numbers().private_value.to_bytes(32)
    signed = Account.sign_message(permit, secret)
    pay_in = world.settlement.functions.payInFor(
        checksummed(home),
        2 * COIN,
        deadline,
        signed.v,
        signed.r.to_bytes(32),
        signed.s.to_bytes(32),
    )

    # Somebody who saw it used the permit first: that holds up nobody.
    owner, value, *rest = pay_in.args
    spender = world.settlement.address
    world.chain.send(world.credit.functions.permit(owner, spender, value, *rest))
    world.chain.send(pay_in)

    deposited, claimed = world.settlement.functions.ledgers(checksummed(home)).call()
    assert (deposited, claimed) == (2 * COIN, 3 * COIN)
    assert world.credit_of(home) == COIN
    with pytest.raises(Refused, match="NotPermitted"):
        world.chain.send(pay_in)


def test_nobody_pays_in_what_its_owner_did_not_sign(backed: ChainCommunity) -> None:
    """Not even where the owner lets the contract take what it is told to take."""
    home = checksummed(backed.homes[0])
    backed.chain.send(backed.credit.functions.deposit(home, 9 * COIN), sender=home)
    forged = backed.settlement.functions.payInFor(
        home, 9 * COIN, backed.chain.now + 60, 27, b"r" * 32, b"s" * 32
    )

    with pytest.raises(Refused, match="NotPermitted"):
        backed.chain.send(forged)

    assert backed.credit_of(backed.homes[0]) == 9 * COIN


def test_a_debtor_cannot_run_with_its_deposit(backed: ChainCommunity) -> None:
    debtor, creditor = backed.homes[:2]
    deposit(backed, debtor, 100 * COIN)
    nets = {debtor: -60 * COIN, creditor: 60 * COIN}
    greedy = backed.day(nets, {debtor: 41 * COIN, creditor: 60 * COIN})
    backed.submit(greedy.batch)
    leaves = [leaf.abi for leaf in greedy.balances]
    place = greedy.balance_tree.place(0, len(leaves)).abi
    backed.chain.send(
        backed.settlement.functions.challenge(greedy.batch.abi, leaves, place)
    )
    fair = backed.day(nets, {debtor: 40 * COIN, creditor: 60 * COIN})
    backed.settle(fair)
    backed.claim(fair)

    assert backed.credit_of(debtor) == 40 * COIN
    assert backed.credit_of(creditor) == 60 * COIN
    assert backed.credit_of(address_from(backed.settlement.address)) == 0


def test_a_pool_is_never_overdrawn(backed: ChainCommunity) -> None:
    """A committee releases too much, the homes sleep: what is there is paid."""
    debtor, creditor = backed.homes[:2]
    deposit(backed, debtor, 10 * COIN)
    day = backed.day({debtor: -60 * COIN, creditor: 60 * COIN})
    backed.settle(day)

    backed.claim(day)

    assert backed.credit_of(creditor) == 10 * COIN
    assert held_by(backed.credit, backed.settlement.address) == 0


def test_backed_credit_is_given_back_so_much_a_day(
    backed: ChainCommunity, coin: Contract
) -> None:
    homes = [checksummed(home) for home in backed.homes]
    functions = backed.credit.functions
    for holder in homes[:2]:
        call = functions.deposit(holder, 1_000 * COIN)
        backed.chain.send(call, sender=holder)

    withdraw = functions.withdraw(homes[0], 700 * COIN)
    backed.chain.send(withdraw, sender=homes[0])
    second = functions.withdraw(homes[1], WITHDRAWN_DAY_MAX - 700 * COIN + 1)
    with pytest.raises(Refused, match="DayExhausted"):
        backed.chain.send(second, sender=homes[1])
    assert functions.withdrawable().call() == WITHDRAWN_DAY_MAX - 700 * COIN
    backed.chain.travel(DAY_S)
    backed.chain.send(second, sender=homes[1])

    assert held_by(coin, homes[0]) == 700 * COIN
    assert held_by(coin, backed.credit.address) == functions.totalSupply().call()


def test_a_home_without_gas_withdraws_by_signature(
    backed: ChainCommunity, coin: Contract
) -> None:
    home = backed.homes[0]
    holder = checksummed(home)
    functions = backed.credit.functions
    backed.chain.send(functions.deposit(holder, 9 * COIN), sender=holder)
    deadline = backed.chain.now + 60
    errand = Errand(
        kind=ErrandKind.WITHDRAW,
        owner=home,
        to=home,
        amount=9 * COIN,
        nonce=0,
        deadline_s=deadline,
    )
    content = errand_hash(errand, settlement=address_from(backed.settlement.address))
    separator = domain_separator(
        name="CommonWatt Credit",
        chain_id=backed.chain.chain_id,
        contract=address_from(backed.credit.address),
    )
    signature = sign_recoverable(backed.keys[home], typed_digest(separator, content))
    call = functions.withdrawFor(holder, holder, 9 * COIN, deadline, signature)

    backed.chain.send(call)

    assert held_by(coin, holder) == 1_000 * COIN
    with pytest.raises(Refused, match="WrongSigner"):
        backed.chain.send(call)


def test_backed_credit_knows_no_lines(backed: ChainCommunity) -> None:
    with pytest.raises(Refused, match="Backed"):
        backed.chain.send(backed.settlement.functions.align())


def test_what_the_fund_earned_waits_for_a_payee(world: ChainCommunity) -> None:
    day = world.day({FUND: COIN, world.homes[1]: -COIN})
    world.settle(day)

    world.claim(day)

    ledger = world.settlement.functions.ledgers(checksummed(FUND)).call()
    assert ledger == [0, 0]
