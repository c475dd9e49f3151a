"""Credit that stands for coins: brought in, taken out, and kept from debtors."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custom_components.commonwatt.drivers.chain import (
    ChainError,
    Deployment,
    ErrandState,
    JobState,
)
from custom_components.commonwatt.engine.wire.ethereum import address_from, checksummed
from tests.drivers.chain.street import COIN, HOMES, WITHDRAWN_DAY_MAX_NANO, Street
from tools.anvil import Chain

HELD = 3_000 * COIN


@pytest.fixture(scope="module")
def backed(final_chain: Chain, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """Make contracts whose credit stands for a token that all homes have."""
    token = final_chain.deploy("Credit", "Coin", "COIN", "0x" + 40 * "0", 0)
    final_chain.send(token.functions.issue(2 * HOMES * HELD))
    street = Street(final_chain, tmp_path_factory.mktemp("deployer"))
    try:
        for account in street.accounts:
            transfer = token.functions.transfer(checksummed(account), HELD)
            final_chain.send(transfer)
        return street.deploy(street.terms(backing=address_from(token.address)))
    finally:
        street.close()


@pytest.fixture
def backed_street(
    final_chain: Chain, backed: Deployment, tmp_path: Path
) -> Iterator[Street]:
    """Give each test the homes with their coins."""
    before = final_chain.rpc("evm_snapshot", [])
    found = Street(final_chain, tmp_path, backed)
    found.next_day()
    yield found
    found.close()
    final_chain.rpc("evm_revert", [before])


def test_a_deposit_comes_to_the_pool_once(backed_street: Street) -> None:
    wallet = backed_street.home.wallet
    for _ in range(2):
        wallet.deposit(40 * COIN, "in spring")
        backed_street.work()

    state = wallet.balance()
    assert state.backing_nano == HELD - 40 * COIN
    assert state.deposited_nano == 40 * COIN
    assert state.credit_nano == 0
    assert {job.state for job in backed_street.home.jobs()} == {JobState.FINAL}


def test_more_than_there_is_cannot_be_deposited(backed_street: Street) -> None:
    with pytest.raises(ChainError, match="ERC20InsufficientBalance"):
        backed_street.home.wallet.deposit(HELD + 1, "too much")

    assert backed_street.home.jobs() == ()


def test_what_was_earned_is_changed_back_into_coins(backed_street: Street) -> None:
    debtor = backed_street.open(1)
    debtor.wallet.deposit(60 * COIN, "for winter")
    backed_street.work(debtor)
    backed_street.settle(backed_street.closed({0: 50 * COIN, 1: -50 * COIN}))
    wallet = backed_street.home.wallet

    wallet.withdraw(50 * COIN, "to the bank")
    backed_street.work()

    assert wallet.balance().backing_nano == HELD + 50 * COIN
    assert wallet.balance().withdrawable_nano == WITHDRAWN_DAY_MAX_NANO - 50 * COIN


def test_a_debtor_cannot_withdraw_what_it_owes(backed_street: Street) -> None:
    """Its deposit stays in the pool until a batch says that it is not needed."""
    debtor = backed_street.open(1)
    debtor.wallet.deposit(60 * COIN, "for winter")
    backed_street.work(debtor)
    backed_street.settle(backed_street.closed({0: 50 * COIN, 1: -50 * COIN}))

    with pytest.raises(ChainError, match="ERC20InsufficientBalance"):
        debtor.wallet.withdraw(1, "run")

    assert debtor.wallet.balance().credit_nano == 0


def test_so_much_a_day_leaves_and_no_more(backed_street: Street) -> None:
    debtor = backed_street.open(1)
    debtor.wallet.deposit(2_000 * COIN, "for winter")
    backed_street.work(debtor)
    backed_street.settle(backed_street.closed({0: 1_500 * COIN, 1: -1_500 * COIN}))
    wallet = backed_street.home.wallet
    wallet.withdraw(WITHDRAWN_DAY_MAX_NANO, "as much as may be")
    backed_street.work()

    with pytest.raises(ChainError, match="DayExhausted"):
        wallet.withdraw(1, "a little more")

    backed_street.next_day()
    wallet.withdraw(1, "a little more")
    backed_street.work()
    assert wallet.balance().backing_nano == HELD + WITHDRAWN_DAY_MAX_NANO + 1


def test_a_unit_of_account_is_no_money(street: Street) -> None:
    street.settle(street.closed({0: 5 * COIN, 1: -5 * COIN}))
    wallet = street.home.wallet

    with pytest.raises(ChainError, match="NotBacked"):
        wallet.withdraw(COIN, "to the bank")

    assert wallet.balance().backing_nano is None
    assert wallet.balance().withdrawable_nano == 0


def test_credit_is_handed_on_and_debts_are_paid_back(street: Street) -> None:
    street.settle(street.closed({0: 5 * COIN, 1: -5 * COIN}))
    street.home.wallet.transfer(street.accounts[1], 2 * COIN, "a loan")
    street.work()
    debtor = street.open(1)

    debtor.wallet.deposit(2 * COIN, "paid back")
    street.work(debtor)

    assert debtor.wallet.balance().deposited_nano == 2 * COIN
    assert street.home.wallet.balance().credit_nano == 3 * COIN


def test_a_home_without_coins_for_gas_has_its_credit_changed_back(
    backed_street: Street,
) -> None:
    debtor = backed_street.home
    debtor.wallet.deposit(60 * COIN, "for winter")
    backed_street.work()
    backed_street.settle(backed_street.closed({0: -50 * COIN, 1: 50 * COIN}))
    poor = backed_street.open(1)
    backed_street.impoverish(1)

    signed = poor.errands.withdraw(50 * COIN, "to the bank")
    for _ in range(2):
        for one in backed_street.home.errands.due([signed]):
            backed_street.home.errands.carry(one)
        backed_street.work()

    assert poor.errands.state("to the bank") is ErrandState.DONE
    assert poor.wallet.balance().backing_nano == HELD + 50 * COIN
