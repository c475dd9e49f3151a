"""A home's secrets in a file: out again with the passphrase, and only with it."""

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.commonwatt.engine.wire.canonical import decode, encode
from custom_components.commonwatt.engine.wire.keys import HouseholdKey
from custom_components.commonwatt.engine.wire.vault import (
    Identity,
    VaultError,
    VaultFault,
    open_identity,
    seal_identity,
)
from tests.engine.wire.community import secret

IDENTITY = Identity(
    household=secret("home"), sessions=secret("sessions"), salts=secret("salts")
)
CHEAP = 1 << 4
PASSPHRASE = "four words in a row"


def sealed(passphrase: str = PASSPHRASE) -> bytes:
    """Return a file that opens at once."""
    return seal_identity(
        IDENTITY, passphrase, salt=bytes(16), nonce=bytes(12), work=CHEAP
    )


def fault(data: bytes, passphrase: str = PASSPHRASE) -> VaultFault:
    """Return why a file does not open."""
    with pytest.raises(VaultError) as refused:
        open_identity(data, passphrase)
    return refused.value.fault


def test_a_home_comes_back_from_its_file() -> None:
    found = open_identity(sealed(), PASSPHRASE)

    assert found == IDENTITY
    assert HouseholdKey(found.household).party == HouseholdKey(secret("home")).party


def test_the_usual_file_takes_work_to_open() -> None:
    data = seal_identity(IDENTITY, PASSPHRASE, salt=bytes(16), nonce=bytes(12))
    head = decode(data)
    assert isinstance(head, tuple)
    assert isinstance(head[0], bytes)
    fields = decode(head[0])

    assert isinstance(fields, tuple)
    assert fields[2] == 1 << 16
    assert open_identity(data, PASSPHRASE) == IDENTITY


def test_another_passphrase_opens_nothing() -> None:
    assert fault(sealed(), "four words in a raw") is VaultFault.WRONG_PASSPHRASE


def test_letters_written_another_way_are_the_same_passphrase() -> None:
    data = sealed("cafe\u0301 au lait")

    assert open_identity(data, "caf\u00e9 au lait") == IDENTITY


def test_nothing_secret_is_readable_in_the_file() -> None:
    data = sealed()

    assert IDENTITY.household not in data
    assert IDENTITY.sessions not in data
    assert secret("home").hex() not in repr(IDENTITY)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_changed_byte_is_noticed(data: st.DataObject) -> None:
    whole = bytearray(sealed())
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= 1 << data.draw(st.integers(0, 7))
    try:
        open_identity(bytes(whole), PASSPHRASE)
    except VaultError:
        return
    raise AssertionError("opened although it was changed")


@given(st.binary(max_size=200))
def test_what_is_no_file_of_ours_is_refused(data: bytes) -> None:
    assert fault(data) is VaultFault.NOT_A_VAULT


def test_a_file_that_would_eat_the_memory_is_refused() -> None:
    head = encode(("commonwatt-identity", 1, 1 << 30, bytes(16), bytes(12)))

    assert fault(encode((head, bytes(120)))) is VaultFault.TOO_DEAR


def test_a_file_of_a_later_version_is_left_alone() -> None:
    head = encode(("commonwatt-identity", 2, "something else"))

    assert fault(encode((head, b""))) is VaultFault.FROM_THE_FUTURE


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(ValueError, match="guessed"):
        sealed("short")


def test_secrets_have_their_length() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Identity(household=b"", sessions=bytes(32), salts=bytes(32))
