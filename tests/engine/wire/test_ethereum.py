"""Household keys as Ethereum accounts, beside eth-account and eth-keys."""

from eth_account import Account
from eth_account.messages import encode_typed_data
from hypothesis import given, settings, strategies as st
import pytest

from custom_components.commonwatt.engine.wire.eip712 import (
    StructType,
    domain_separator,
    typed_digest,
)
from custom_components.commonwatt.engine.wire.ethereum import (
    Address,
    address_from,
    address_of,
    checksummed,
    compact,
    recover_address,
    sign_recoverable,
)
from custom_components.commonwatt.engine.wire.keys import (
    SECP256K1_ORDER,
    HouseholdKey,
)

secrets = st.integers(1, SECP256K1_ORDER - 1).map(lambda number: number.to_bytes(32))
digests = st.binary(min_size=32, max_size=32)


@settings(max_examples=15, deadline=None)
@given(secrets, digests)
def test_address_and_signature_are_those_of_eth_account(
    secret: bytes, digest: bytes
) -> None:
    key, other = HouseholdKey(secret), Account.from_key(secret)

    signature = sign_recoverable(key, digest)

    assert checksummed(address_of(key.public)) == other.address
    assert signature == other.unsafe_sign_hash(digest).signature
    assert recover_address(digest, signature) == address_of(key.public)


def test_a_digest_of_another_recovers_to_somebody_else() -> None:
    key = HouseholdKey(b"\x07" * 32)
    signature = sign_recoverable(key, b"\x01" * 32)

    found = recover_address(b"\x02" * 32, signature)

    assert found is not None
    assert found != address_of(key.public)


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        bytes(65),
        b"\x01" * 32 + (SECP256K1_ORDER - 1).to_bytes(32) + b"\x1b",
        b"\xff" * 32 + b"\x01" * 32 + b"\x1b",
        (5).to_bytes(32) + b"\x01" * 32 + b"\x1b",
        b"\x01" * 64 + b"\x00",
    ],
)
def test_what_nobody_signed_recovers_to_nobody(signature: bytes) -> None:
    assert recover_address(b"\x01" * 32, signature) is None


def test_a_compact_signature_holds_the_parity_in_its_highest_bit() -> None:
    signature = b"\x01" * 32 + b"\x02" * 32

    assert compact(signature + b"\x1b") == (b"\x01" * 32, b"\x02" * 32)
    assert compact(signature + b"\x1c") == (b"\x01" * 32, b"\x82" + b"\x02" * 31)


@given(st.binary(min_size=20, max_size=20))
def test_addresses_survive_their_text(data: bytes) -> None:
    address = Address(data)

    assert address_from(checksummed(address)) == address
    assert address_from("0x" + data.hex()) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0x",
        "0x" + 39 * "a",
        41 * "a",
        "0x" + 40 * "g",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD".replace("5aA", "5AA"),
    ],
)
def test_texts_that_are_no_address_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"address|hex"):
        address_from(text)


def test_typed_data_are_hashed_as_eth_account_does() -> None:
    mail = StructType("Mail(address to,uint40 at,int64 sum,bool urgent,string text)")
    to = Address(b"\xcd" * 20)
    separator = domain_separator(name="Mail", chain_id=31_337, contract=b"\xcc" * 20)
    digest = typed_digest(separator, mail.struct_hash(to, 2**40 - 1, -7, 1, "Grüße"))
    fields = [{"name": name, "type": kind} for name, kind in mail.fields.items()]
    other = encode_typed_data(
        domain_data={
            "name": "Mail",
            "version": "1",
            "chainId": 31_337,
            "verifyingContract": "0x" + "cc" * 20,
        },
        message_types={"Mail": fields},
        message_data={
            "to": "0x" + "cd" * 20,
            "at": 2**40 - 1,
            "sum": -7,
            "urgent": True,
            "text": "Grüße",
        },
    )
    signed = Account.sign_message(other, b"\x07" * 32)

    assert sign_recoverable(HouseholdKey(b"\x07" * 32), digest) == signed.signature


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("uint8", 256),
        ("uint64", -1),
        ("int64", 2**63),
        ("bytes32", b"short"),
        ("address", bytes(32)),
        ("uint64", "text"),
        ("bytes", 1),
    ],
)
def test_a_value_that_does_not_fit_its_type_is_our_mistake(
    kind: str, value: int | bytes | str
) -> None:
    with pytest.raises(AssertionError):
        StructType(f"Thing({kind} value)").struct_hash(value)
