"""Everything is done exactly once, whatever happens to what was sent."""

from pathlib import Path

import pytest
from web3.types import Wei

from custom_components.commonwatt.drivers.chain import (
    ChainError,
    ChainFault,
    JobState,
)
from custom_components.commonwatt.drivers.chain.outbox import GAS_MAX
from custom_components.commonwatt.drivers.chain.outbox_file import OutboxFile
from custom_components.commonwatt.engine.ledger.chain.consents import (
    Proposal,
    ProposalKind,
)
from custom_components.commonwatt.engine.wire.ethereum import Address
from tests.drivers.chain.shop import (
    DEAR_WEI,
    base_fee,
    buy,
    now,
    sales,
    state,
)
from tests.drivers.chain.street import Street


def test_the_same_name_is_done_once(street: Street) -> None:
    for _ in range(3):
        buy(street.home, "bread")
        street.work()
    buy(street.home, "milk")
    street.work()

    assert sales(street) == 2
    assert street.home.outbox.job("bread") is not None
    assert street.home.status(now(street)).gas_spent_wei > 0


def test_what_was_signed_before_a_crash_is_sent_after_it(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: bytes) -> None:
        raise ChainError(ChainFault.UNREACHABLE)

    with monkeypatch.context() as broken:
        broken.setattr(street.home.client, "send", fail)
        buy(street.home, "bread")
        with pytest.raises(ChainError, match="unreachable"):
            street.home.step()
    (signed,) = street.open_jobs()

    street.crash()
    street.work()

    assert sales(street) == 1
    found = street.home.outbox.job("bread")
    assert found is not None
    assert found.nonce == signed.nonce
    assert found.state is JobState.FINAL


def test_what_was_sent_before_a_crash_is_found_after_it(street: Street) -> None:
    buy(street.home, "bread")
    street.home.step()

    street.crash()
    buy(street.home, "bread")
    street.work()

    assert sales(street) == 1


def test_what_the_chain_forgets_is_sent_again(street: Street) -> None:
    street.chain.rpc("evm_setAutomine", [False])
    buy(street.home, "bread")
    street.home.step()
    street.chain.rpc("anvil_dropAllTransactions", [])
    street.mine()
    assert sales(street) == 0

    street.chain.rpc("evm_setAutomine", [True])
    street.work()

    assert sales(street) == 1


def test_a_transaction_nobody_mines_is_replaced_by_one_that_offers_more(
    street: Street,
) -> None:
    street.chain.rpc("evm_setAutomine", [False])
    buy(street.home, "bread")
    street.home.step()
    for _ in range(4):
        base_fee(street, DEAR_WEI)
        street.mine()
    assert sales(street) == 0

    street.home.step()
    assert street.home.outbox.situation.is_stuck
    base_fee(street, DEAR_WEI)
    street.mine()
    street.work()

    assert sales(street) == 1
    assert state(street.home, "bread") is JobState.FINAL
    assert len(street.home._file.attempts(street.home.jobs()[-1])) > 1


def test_a_block_that_is_taken_back_loses_nothing(street: Street) -> None:
    buy(street.home, "bread")
    street.home.step()
    street.home.step()
    assert state(street.home, "bread") is JobState.MINED

    street.chain.rpc("anvil_reorg", [1, []])
    assert sales(street) == 0
    changes = street.home.step()
    assert [(c.name, c.state) for c in changes] == [("bread", JobState.SENT)]
    street.work()

    assert sales(street) == 1
    assert state(street.home, "bread") is JobState.FINAL


def test_a_nonce_that_somebody_else_used_is_given_anew(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The owner's wallet, or a restored backup, signs with the same key."""
    with monkeypatch.context() as broken:
        broken.setattr(street.home.client, "send", lambda _: None)
        buy(street.home, "bread")
        street.home.step()
    me = street.chain.fund(street.accounts[0])
    street.chain.web3.eth.send_transaction({"from": me, "to": me, "value": Wei(1)})
    street.mine(3)

    street.work()

    assert sales(street) == 1
    assert state(street.home, "bread") is JobState.FINAL


def ballot_question(street: Street) -> Proposal:
    closes_at = street.chain.now + 86_400
    return Proposal(kind=ProposalKind.AMEND, document=b"2" * 32, closes_at=closes_at)


def test_what_a_contract_refuses_is_not_sent(street: Street) -> None:
    spent = street.home.status(now(street)).coins_wei
    question = ballot_question(street)

    with pytest.raises(ChainError, match="NotOpen"):
        street.home.votes.vote(question, is_approved=True)

    assert street.open_jobs() == []
    assert street.home.status(now(street)).coins_wei == spent


def test_what_fails_in_its_block_is_told_and_costs_once(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another member relayed the same vote first."""
    other = street.open(1)
    question = ballot_question(street)
    street.home.votes.propose(question)
    street.work()
    street.chain.rpc("evm_setAutomine", [False])
    ballot = street.home.votes.ballot(question, is_approved=True)
    other.votes.vote(question, is_approved=True, signature=ballot)
    job = street.home.votes.vote(question, is_approved=True)
    held: list[bytes] = []
    with monkeypatch.context() as slow:
        for home in (other, street.home):
            slow.setattr(home.client, "send", held.append)
            home.step()
    for raw in held:
        street.home.client.send(raw)
    street.mine(4)

    street.home.step()
    other.step()

    states = {state(street.home, job.name), other.jobs()[-1].state}
    assert states == {JobState.FINAL, JobState.REVERTED}
    poll = street.home.votes.poll(question)
    assert poll is not None
    assert poll.approvals == 1


def test_what_became_impossible_gives_its_place_free(street: Street) -> None:
    """While it was stuck somebody else did it: the nonce is used for nothing."""
    other = street.open(1)
    question = ballot_question(street)
    street.home.votes.propose(question)
    street.work()
    street.chain.rpc("evm_setAutomine", [False])
    ballot = street.home.votes.ballot(question, is_approved=True)
    job = street.home.votes.vote(question, is_approved=True)
    street.home.step()
    street.chain.rpc("anvil_dropAllTransactions", [])
    other.votes.vote(question, is_approved=True, signature=ballot)
    other.step()
    street.mine(4)

    street.chain.rpc("evm_setAutomine", [True])
    street.home.step()
    street.work()

    found = street.home.outbox.job(job.name)
    assert found is not None
    assert (found.state, found.detail) == (JobState.REFUSED, "AlreadyVoted")
    buy(street.home, "bread")
    street.work()
    assert sales(street) == 1


def test_an_outbox_has_one_owner(street: Street) -> None:
    with pytest.raises(ChainError, match="in_use"):
        street.open()


def test_a_file_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    account = Address(bytes(20))
    path = tmp_path / f"chain-1-{account.hex()}.sqlite"
    path.write_bytes(b"somebody's letters, " * 100)

    with pytest.raises(ChainError, match="disk"):
        OutboxFile.open(tmp_path, chain_id=1, account=account)

    assert path.read_bytes().startswith(b"somebody's letters")


def test_what_was_refused_can_be_queued_anew_and_stays_in_the_history(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    buy(street.home, "bread")
    with monkeypatch.context() as dear:
        dear.setattr(street.home.client, "estimate", lambda *_: GAS_MAX)
        street.home.step()

    buy(street.home, "bread")
    street.work()

    assert [job.state for job in street.home.jobs()] == [
        JobState.REFUSED,
        JobState.FINAL,
    ]
    assert sales(street) == 1


def test_an_endpoint_that_lags_behind_makes_nothing_done_twice(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One endpoint counts the nonce, another does not know the receipt yet."""
    buy(street.home, "bread")
    street.home.step()
    street.mine(4)
    client = street.home.client
    counted = iter([1_000])

    def nonce(*_: object) -> int:
        return next(counted, 0)

    with monkeypatch.context() as lagging:
        lagging.setattr(client, "nonce", nonce)
        lagging.setattr(client, "receipt", lambda _: None)
        street.home.step()

    street.work()

    assert sales(street) == 1
    assert state(street.home, "bread") is JobState.FINAL
