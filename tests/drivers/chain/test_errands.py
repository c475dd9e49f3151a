"""A home needs no coins: it signs, another sends; nobody can change or repeat it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from custom_components.commonwatt.drivers.chain import (
    ChainError,
    ChainHome,
    Errands,
    ErrandState,
    JobState,
)
from custom_components.commonwatt.drivers.chain.errands import (
    CARRIED_DAY_MAX,
    LIFETIME_S,
    WAITING_MAX,
)
from custom_components.commonwatt.engine.model.errand import SignedErrand
from tests.drivers.chain.shop import state
from tests.drivers.chain.street import COIN, Street
from tests.drivers.chain.test_days_on_chain import certificate

EARNED = 100 * COIN


@pytest.fixture
def poor(street: Street) -> ChainHome:
    """A home that earned credit and a certificate, and has no coins."""
    holder = street.accounts[1]
    day = street.settle(
        street.closed(
            {1: EARNED, 2: -EARNED},
            certificates={holder: (certificate(1, 300),)},
            metered_wh=300,
        )
    )
    street.home.certificates.claim(day, 0)
    street.work()
    home = street.open(1)
    street.impoverish(1)
    return home


def origin(street: Street) -> bytes:
    """Return the certificate the poor home holds."""
    name = next(job.name for job in street.home.jobs() if "certificate:" in job.name)
    return bytes.fromhex(name.partition(":")[2])


def carry(street: Street, *signed: SignedErrand) -> None:
    """Let the home that has coins send what is due."""
    for one in street.home.errands.due(signed):
        street.home.errands.carry(one)
    street.work()


WISHES: dict[str, Callable[[Errands, Street], SignedErrand]] = {
    "pay in": lambda mine, _: mine.pay_in(COIN, "wish"),
    "transfer": lambda mine, street: mine.transfer(street.accounts[3], COIN, "wish"),
    "hand on": lambda mine, street: mine.transfer_certificate(
        origin(street), street.accounts[3], 100, "wish"
    ),
    "use up": lambda mine, street: mine.retire(origin(street), 100, "May", "wish"),
}


@pytest.mark.parametrize("wish", WISHES)
def test_what_is_signed_is_done_once_by_whoever_has_coins(
    street: Street, poor: ChainHome, wish: str
) -> None:
    signed = WISHES[wish](poor.errands, street)
    assert poor.errands.state("wish") is ErrandState.WAITING
    assert poor.errands.waiting() == (signed,)

    carry(street, signed)
    carry(street, signed)

    assert poor.errands.state("wish") is ErrandState.DONE
    assert poor.errands.waiting() == ()
    assert WISHES[wish](poor.errands, street) == signed
    name = "errand:" + poor.errands.digest(signed.errand).hex()
    (job,) = [job for job in street.home.jobs() if job.name == name]
    assert job.state is JobState.FINAL
    state, other = poor.wallet.balance(), street.credit(3)
    held = poor.certificates.held_wh(origin(street))
    assert (state.deposited_nano, other, held) == {
        "pay in": (COIN, 0, 300),
        "transfer": (0, COIN, 300),
        "hand on": (0, 0, 200),
        "use up": (0, 0, 200),
    }[wish]


def test_errands_are_done_in_the_order_in_which_they_were_signed(
    street: Street, poor: ChainHome
) -> None:
    first = poor.errands.pay_in(COIN, "first")
    second = poor.errands.transfer(street.accounts[3], COIN, "second")
    assert street.home.errands.due([second]) == ()

    carry(street, second, first)
    carry(street, second, first)

    assert poor.errands.state("second") is ErrandState.DONE
    assert street.credit(3) == COIN


def test_what_was_altered_on_the_way_goes_nowhere(
    street: Street, poor: ChainHome
) -> None:
    signed = poor.errands.transfer(street.accounts[3], COIN, "a gift")
    more = replace(signed, errand=replace(signed.errand, amount=2 * COIN))

    assert street.home.errands.due([more]) == ()
    assert street.home.errands.carry(more) is None

    carry(street, more, signed)
    assert street.credit(3) == COIN


def test_what_nobody_sent_in_time_expires_and_can_be_signed_anew(
    street: Street, poor: ChainHome
) -> None:
    late = poor.errands.transfer(street.accounts[3], COIN, "a gift")
    street.chain.travel(LIFETIME_S + 1)

    assert poor.errands.state("a gift") is ErrandState.EXPIRED
    assert street.home.errands.due([late]) == ()
    assert street.home.errands.carry(late) is None
    again = poor.errands.transfer(street.accounts[3], COIN, "a gift")
    carry(street, late, again)

    assert poor.errands.state("a gift") is ErrandState.DONE
    assert street.credit(3) == COIN


def test_what_expired_holds_up_nothing_for_good(
    street: Street, poor: ChainHome
) -> None:
    poor.errands.transfer(street.accounts[3], COIN, "a gift")
    street.chain.travel(LIFETIME_S - 30)  # it still waits when the second is signed
    second = poor.errands.pay_in(COIN, "for winter")
    street.chain.travel(60)
    assert poor.errands.waiting() == (second,)
    assert street.home.errands.due([second]) == ()

    again = poor.errands.transfer(street.accounts[3], COIN, "a gift")
    carry(street, again, second)
    carry(street, again, second)

    assert poor.errands.waiting() == ()
    assert (street.credit(3), poor.wallet.balance().deposited_nano) == (COIN, COIN)


def test_what_was_signed_is_known_after_a_restart(
    street: Street, poor: ChainHome
) -> None:
    signed = poor.errands.transfer(street.accounts[3], COIN, "a gift")
    poor.close()

    again = street.open(1)

    assert again.errands.waiting() == (signed,)
    assert again.errands.transfer(street.accounts[3], COIN, "a gift") == signed
    assert again.errands.state("another") is None


def test_what_a_contract_would_refuse_is_not_signed(
    street: Street, poor: ChainHome
) -> None:
    with pytest.raises(ChainError, match="ERC20InsufficientBalance"):
        poor.errands.transfer(street.accounts[3], EARNED + 1, "too much")
    with pytest.raises(ChainError, match="NotBacked"):
        poor.errands.withdraw(COIN, "no coins behind it")
    with pytest.raises(ChainError, match="out of bounds"):
        poor.errands.pay_in(0, "nothing")

    assert poor.errands.waiting() == ()


def test_only_so_many_wait(street: Street, poor: ChainHome) -> None:
    for number in range(WAITING_MAX):
        poor.errands.transfer(street.accounts[3], COIN, f"gift {number}")

    with pytest.raises(ChainError, match="too many"):
        poor.errands.transfer(street.accounts[3], COIN, "one more")


def test_one_home_is_not_paid_for_without_end(
    street: Street, poor: ChainHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "custom_components.commonwatt.drivers.chain.errands.CARRIED_DAY_MAX", 1
    )
    first = poor.errands.transfer(street.accounts[3], COIN, "first")
    second = poor.errands.transfer(street.accounts[3], COIN, "second")

    carry(street, first)
    carry(street, second)
    assert poor.errands.state("second") is ErrandState.WAITING
    street.next_day()
    carry(street, second)

    assert CARRIED_DAY_MAX > WAITING_MAX
    assert poor.errands.state("second") is ErrandState.DONE


def test_an_errand_whose_block_is_taken_back_is_done_once(
    street: Street, poor: ChainHome
) -> None:
    signed = poor.errands.transfer(street.accounts[3], COIN, "a gift")
    job = street.home.errands.carry(signed)
    assert job is not None
    while state(street.home, job.name) is not JobState.MINED:
        street.home.step()
    assert poor.errands.state("a gift") is ErrandState.DONE

    street.chain.rpc("anvil_reorg", [1, []])
    assert poor.errands.waiting() == (signed,)
    carry(street, signed)

    assert poor.errands.state("a gift") is ErrandState.DONE
    assert street.credit(3) == COIN
