"""What cannot be sent now waits, and says why."""

from pathlib import Path

import pytest

from custom_components.commonwatt.drivers.chain import (
    ChainError,
    ChainFault,
    JobState,
    outbox,
)
from custom_components.commonwatt.drivers.chain.outbox import GAS_MAX
from custom_components.commonwatt.engine.wire.ethereum import checksummed
from tests.drivers.chain.shop import (
    DEAR_WEI,
    base_fee,
    buy,
    sales,
    state,
)
from tests.drivers.chain.street import Street


def test_above_the_ceiling_nothing_is_sent(street: Street, tmp_path: Path) -> None:
    street.home.close()
    home = street.open(fee_wei_max=1)
    buy(home, "bread")

    home.step()

    assert state(home, "bread") is JobState.QUEUED
    assert home.outbox.situation.is_too_dear
    assert sales(street) == 0
    assert list(tmp_path.glob("*.sqlite"))


def test_without_coins_it_waits(street: Street) -> None:
    account = checksummed(street.accounts[0])
    street.chain.rpc("anvil_setBalance", [account, "0x0"])
    buy(street.home, "bread")
    street.home.step()
    assert street.home.outbox.situation.is_out_of_coins
    assert state(street.home, "bread") is JobState.QUEUED

    street.chain.fund(street.accounts[0])
    street.work()

    assert sales(street) == 1
    assert not street.home.outbox.situation.is_out_of_coins


def test_a_stuck_transaction_stays_below_the_ceiling(street: Street) -> None:
    """Gas became dearer than the owner pays: it waits, and goes when gas is cheap."""
    home = street.open(1, fee_wei_max=3 * 10**9)
    street.chain.rpc("evm_setAutomine", [False])
    buy(home, "bread")
    home.step()
    for _ in range(4):
        base_fee(street, DEAR_WEI)
        street.mine()

    home.step()

    assert home.outbox.situation.is_stuck
    assert home.outbox.situation.is_too_dear
    assert len(home._file.attempts(home.jobs()[-1])) == 1
    base_fee(street, 10**9)
    street.mine()
    street.chain.rpc("evm_setAutomine", [True])
    street.work(home)
    assert sales(street) == 1


@pytest.mark.parametrize("fault", [ChainFault.UNREACHABLE, ChainFault.BAD_ANSWER])
def test_what_cannot_be_tried_now_is_tried_later(
    street: Street, monkeypatch: pytest.MonkeyPatch, fault: ChainFault
) -> None:
    def fail(*_: object) -> int:
        raise ChainError(fault)

    buy(street.home, "bread")
    with monkeypatch.context() as broken:
        broken.setattr(street.home.client, "estimate", fail)
        with pytest.raises(ChainError, match=fault):
            street.home.step()
    assert state(street.home, "bread") is JobState.QUEUED

    street.work()

    assert sales(street) == 1


def test_an_estimate_without_coins_waits(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise ChainError(ChainFault.NO_COINS)

    buy(street.home, "bread")
    with monkeypatch.context() as poor:
        poor.setattr(street.home.client, "estimate", fail)
        street.home.step()

    assert street.home.outbox.situation.is_out_of_coins
    assert state(street.home, "bread") is JobState.QUEUED


def test_what_takes_more_gas_than_anything_of_ours_is_refused(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    buy(street.home, "bread")
    monkeypatch.setattr(street.home.client, "estimate", lambda *_: GAS_MAX)

    street.home.step()

    assert state(street.home, "bread") is JobState.REFUSED
    assert sales(street) == 0


def test_a_queue_has_an_end(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "JOBS_OPEN_MAX", 1)
    buy(street.home, "bread")

    with pytest.raises(ChainError, match="too many jobs"):
        buy(street.home, "milk")
