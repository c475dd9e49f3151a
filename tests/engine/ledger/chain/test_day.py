"""A day of the journal as the chain sees it, and who bears what a debtor cannot."""

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.ledger.balances import balances
from custom_components.commonwatt.engine.ledger.chain.cover import covered
from custom_components.commonwatt.engine.ledger.chain.day import (
    FUND,
    GENESIS,
    NETWORK,
    ChainDay,
    chain_day,
    nets_of,
    released_after,
    stated_nets,
)
from custom_components.commonwatt.engine.ledger.merkle import merkle_root
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.posting import (
    Account,
    AccountKind,
    Posting,
    Transaction,
    Unit,
)
from custom_components.commonwatt.engine.wire.ethereum import Address

ANNA, BEN = PartyId("a" * 40), PartyId("b" * 40)
ADDRESSES = {ANNA: Address(b"\xaa" * 20), BEN: Address(b"\xbb" * 20)}


def account(kind: AccountKind, party: PartyId | None = None) -> Account:
    return Account(kind=kind, party=party)


def paid(*legs: tuple[Account, int], unit: Unit = Unit.NANO) -> Transaction:
    return Transaction(
        reason="trade",
        postings=tuple(
            Posting(account=account, unit=unit, amount=amount)
            for account, amount in legs
        ),
    )


def a_day(nets: dict[Address, int], records: tuple[bytes, ...] = (b"r",)) -> ChainDay:
    return chain_day(
        number=1,
        day=20_000,
        prev=GENESIS,
        nets_nano=nets,
        released_nano=released_after({}, nets),
        records=records,
        metered_wh=0,
    )


def test_money_of_the_journal_is_money_of_the_chain() -> None:
    closing = balances(
        [
            paid(
                (account(AccountKind.PARTY, ANNA), 70),
                (account(AccountKind.PARTY, BEN), -100),
                (account(AccountKind.NETWORK), 20),
                (account(AccountKind.FUND), 10),
            ),
            paid(
                (account(AccountKind.SUSPENSE, BEN), 5),
                (account(AccountKind.PARTY, ANNA), -5),
            ),
            paid(
                (account(AccountKind.PARTY, ANNA), 9),
                (account(AccountKind.PARTY, BEN), -9),
                unit=Unit.WH,
            ),
        ]
    )

    assert nets_of(closing, ADDRESSES) == {
        FUND: 10,
        NETWORK: 20,
        ADDRESSES[ANNA]: 65,
        ADDRESSES[BEN]: -95,
    }


def test_a_home_without_postings_has_an_account_too() -> None:
    assert nets_of({}, ADDRESSES) == dict.fromkeys(
        (FUND, NETWORK, *ADDRESSES.values()), 0
    )


def test_bills_of_retailers_do_not_reach_the_chain() -> None:
    bill = balances(
        [
            paid(
                (account(AccountKind.PARTY, ANNA), -5),
                (account(AccountKind.RETAILER, ANNA), 5),
            )
        ]
    )

    with pytest.raises(AssertionError):
        nets_of(bill, ADDRESSES)


def test_leaves_ascend_and_salts_differ_from_day_to_day() -> None:
    nets = nets_of({}, ADDRESSES)
    first, second = a_day(nets), a_day(nets, records=(b"other",))

    accounts = [balance.account for balance in first.balances]
    assert accounts == sorted(accounts)
    assert first.index_of(ADDRESSES[BEN]) == 3
    assert first.batch.journal == merkle_root([b"r"])
    assert first.balances[0].salt != second.balances[0].salt
    assert len({balance.salt for balance in first.balances}) == len(accounts)
    with pytest.raises(LookupError):
        first.index_of(Address(bytes(20)))


def test_what_was_released_stays_released() -> None:
    nets = {ADDRESSES[ANNA]: 40, ADDRESSES[BEN]: -40}

    released = released_after({ADDRESSES[ANNA]: 50}, nets)
    careful = released_after({}, nets, reserve_nano=15)

    assert released == {ADDRESSES[ANNA]: 50, ADDRESSES[BEN]: 0}
    assert careful == {ADDRESSES[ANNA]: 25, ADDRESSES[BEN]: 0}


def test_the_others_bear_what_a_debtor_does_not_cover() -> None:
    a, b, c = (Address(bytes([n]) * 20) for n in range(3))

    found = covered({a: 60, b: 30, c: -90}, {a: 0, b: 0, c: -60})

    assert found == {a: 40, b: 20, c: -60}


def test_a_batch_states_what_is_covered() -> None:
    closing = balances(
        [
            paid(
                (account(AccountKind.PARTY, ANNA), 70),
                (account(AccountKind.PARTY, BEN), -70),
            )
        ]
    )
    floors = dict.fromkeys((FUND, NETWORK, ADDRESSES[ANNA]), 0)

    found = stated_nets(closing, ADDRESSES, floors | {ADDRESSES[BEN]: -50})

    assert found == {FUND: 0, NETWORK: 0, ADDRESSES[ANNA]: 50, ADDRESSES[BEN]: -50}


def test_nothing_is_covered_where_too_much_was_released() -> None:
    a, b = Address(b"\x01" * 20), Address(b"\x02" * 20)

    assert covered({a: 60, b: -60}, {a: 60, b: -10}) is None


@given(st.lists(st.tuples(st.integers(-1000, 1000), st.integers(-800, 0)), min_size=2))
def test_covered_nets_sum_to_zero_above_their_floors(
    homes: list[tuple[int, int]],
) -> None:
    names = [Address(number.to_bytes(20)) for number in range(len(homes) + 1)]
    nets = [net for net, _ in homes]
    nets.append(-sum(nets))
    floors = [floor for _, floor in homes] + [0]

    found = covered(
        dict(zip(names, nets, strict=True)), dict(zip(names, floors, strict=True))
    )

    assert found is not None
    assert sum(found.values()) == 0
    for name, net, floor in zip(names, nets, floors, strict=True):
        assert found[name] >= floor
        assert found[name] <= max(net, floor)
