"""Transactions as bytes: the same as a library of the field makes, and their price."""

from hashlib import sha256

from eth_account import Account
from hypothesis import given, settings, strategies as st
import rlp  # type: ignore[import-untyped]  # it has none

from custom_components.commonwatt.drivers.chain.fees import (
    TIP_WEI_MIN,
    Fees,
    offered,
    raised,
)
from custom_components.commonwatt.drivers.chain.transaction import (
    Transaction,
    made_address,
    rlp as our_rlp,
)
from custom_components.commonwatt.drivers.chain.values import Call
from custom_components.commonwatt.engine.wire.ethereum import (
    Address,
    address_of,
    checksummed,
)
from custom_components.commonwatt.engine.wire.keys import HouseholdKey

SECRET = sha256(b"a home").digest()
KEY = HouseholdKey(SECRET)
WEI = st.integers(0, 10**15)


@settings(max_examples=25, deadline=None)
@given(
    nonce=st.integers(0, 2**40),
    tip=WEI,
    fee=WEI,
    gas=st.integers(21_000, 30_000_000),
    value=st.integers(0, 10**24),
    data=st.binary(max_size=300),
    recipient=st.binary(min_size=20, max_size=20) | st.none(),
)
def test_a_transaction_has_the_bytes_that_everybody_makes(
    nonce: int,
    tip: int,
    fee: int,
    gas: int,
    value: int,
    data: bytes,
    recipient: bytes | None,
) -> None:
    to = None if recipient is None else Address(recipient)
    signed = Transaction(
        chain_id=100,
        nonce=nonce,
        call=Call(recipient=to, data=data, value_wei=value),
        gas_max=gas,
        fees=Fees(fee_wei=fee, tip_wei=tip),
    ).signed(KEY)

    theirs = Account.sign_transaction(
        {
            "type": 2,
            "chainId": 100,
            "nonce": nonce,
            "maxPriorityFeePerGas": tip,
            "maxFeePerGas": fee,
            "gas": gas,
            "value": value,
            "data": data,
            **({} if to is None else {"to": checksummed(to)}),
        },
        SECRET,
    )
    assert signed.raw == bytes(theirs.raw_transaction)
    assert signed.hash == bytes(theirs.hash)


@given(st.recursive(st.binary(max_size=80), lambda inner: st.lists(inner, max_size=6)))
def test_lists_have_the_prefix_that_everybody_gives_them(item: bytes) -> None:
    assert our_rlp(item) == rlp.encode(item)


def test_a_contract_lies_where_the_nonce_says() -> None:
    """The example of the first account of anvil and hardhat, nonce 0."""
    maker = Address(bytes.fromhex("f39fd6e51aad88f6f4ce6ab8827279cfffb92266"))

    made = made_address(maker, 0)

    assert checksummed(made) == "0x5FbDB2315678afecb367f032d93F642f64180aa3"
    assert address_of(KEY.public) != maker


@given(base=WEI, tip=WEI, ceiling=WEI)
def test_an_offer_pays_for_the_next_block_and_stays_below_the_ceiling(
    base: int, tip: int, ceiling: int
) -> None:
    fees = offered(base_wei=base, tip_wei=tip, ceiling_wei=ceiling)

    if fees is None:
        assert base + max(tip, TIP_WEI_MIN) > ceiling
    else:
        assert base + fees.tip_wei <= fees.fee_wei <= ceiling


@given(fee=WEI, tip=WEI, base=WEI, ceiling=WEI)
def test_a_replacement_offers_an_eighth_more_or_is_not_made(
    fee: int, tip: int, base: int, ceiling: int
) -> None:
    before = Fees(fee_wei=fee, tip_wei=min(fee, tip))

    after = raised(before, base_wei=base, tip_wei=tip, ceiling_wei=ceiling)

    if after is not None:
        assert 8 * after.fee_wei >= 9 * before.fee_wei
        assert 8 * after.tip_wei >= 9 * before.tip_wei
        assert base + after.tip_wei <= after.fee_wei <= ceiling
