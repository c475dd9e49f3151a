"""Keys and signatures: against the textbook, published vectors and forgers."""

import pytest

from custom_components.commonwatt.engine.wire.keys import (
    SECP256K1_ORDER,
    HouseholdKey,
    SessionKey,
    household_secret,
)
from custom_components.commonwatt.engine.wire.verifier import MemoVerifier, verify
from tests.engine.wire.second_implementation import party
from tests.engine.wire.textbook_curves import (
    ed25519_public,
    ed25519_sign,
    secp256k1_public,
    secp256k1_sign,
)
from tests.engine.wire.vectors import Case, load

VECTORS = load("keys")
GENUINE = {
    "public_key": VECTORS.cases("session")[2].bytes("public"),
    "signature": VECTORS.cases("session")[2].bytes("signature"),
    "payload": VECTORS.cases("session")[2].bytes("payload"),
}


@pytest.mark.parametrize("case", VECTORS.cases("household"), ids=str)
def test_a_household_key_signs_as_published(case: Case) -> None:
    key = HouseholdKey(case.bytes("secret"))
    signature = key.sign(case.bytes("payload"))

    assert key.public.hex() == case.text("public")
    assert key.party == case.text("party")
    assert signature.hex() == case.text("signature")
    assert verify(
        public_key=key.public, signature=signature, payload=case.bytes("payload")
    )


@pytest.mark.parametrize("case", VECTORS.cases("household"), ids=str)
def test_the_textbook_signs_for_a_household_alike(case: Case) -> None:
    secret = case.bytes("secret")

    assert secp256k1_public(secret).hex() == case.text("public")
    assert party(secret).hex() == case.text("party")
    signature = secp256k1_sign(secret, case.bytes("payload"))
    assert signature.hex() == case.text("signature")


@pytest.mark.parametrize("case", VECTORS.cases("session"), ids=str)
def test_a_session_key_signs_as_published(case: Case) -> None:
    key = SessionKey(case.bytes("secret"))
    signature = key.sign(case.bytes("payload"))

    assert key.public.hex() == case.text("public")
    assert signature.hex() == case.text("signature")
    assert verify(
        public_key=key.public, signature=signature, payload=case.bytes("payload")
    )


@pytest.mark.parametrize("case", VECTORS.cases("session"), ids=str)
def test_the_textbook_signs_for_a_session_alike(case: Case) -> None:
    secret = case.bytes("secret")

    assert ed25519_public(secret).hex() == case.text("public")
    signature = ed25519_sign(secret, case.bytes("payload"))
    assert signature.hex() == case.text("signature")


@pytest.mark.parametrize("case", VECTORS.cases("refused_signatures"), ids=str)
def test_a_forged_or_altered_signature_is_refused(case: Case) -> None:
    for verifier in (verify, MemoVerifier()):
        assert not verifier(
            public_key=case.bytes("public_key"),
            signature=case.bytes("signature"),
            payload=case.bytes("payload"),
        )


def test_the_high_twin_of_a_signature_is_never_made() -> None:
    key = HouseholdKey(bytes(31) + b"\x05")
    for number in range(20):
        signature = key.sign(bytes([number]))
        assert int.from_bytes(signature[32:]) <= SECP256K1_ORDER // 2


@pytest.mark.parametrize(
    "secret",
    [b"", bytes(31), bytes(33), bytes(32), SECP256K1_ORDER.to_bytes(32), b"\xff" * 32],
)
def test_bytes_that_are_no_household_key_are_refused(secret: bytes) -> None:
    with pytest.raises(ValueError, match="no secp256k1 key"):
        HouseholdKey(secret)


def test_a_session_key_has_32_secret_bytes() -> None:
    with pytest.raises(ValueError, match="32 secret bytes"):
        SessionKey(bytes(31))


def test_a_key_never_shows_its_secret() -> None:
    secret = bytes(range(1, 33))

    for key in (HouseholdKey(secret), SessionKey(secret)):
        shown = f"{key!r} {key!s}"
        assert secret.hex() not in shown
        assert str(int.from_bytes(secret)) not in shown


class CountingVerifier:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, *, public_key: bytes, signature: bytes, payload: bytes) -> bool:
        """Verify and count."""
        self.asked += 1
        return verify(public_key=public_key, signature=signature, payload=payload)


def test_a_verdict_is_remembered_good_or_bad() -> None:
    counting = CountingVerifier()
    remembering = MemoVerifier(counting)
    forged = {**GENUINE, "payload": b"something else"}

    verdicts = [remembering(**case) for case in (GENUINE, forged) * 3]

    assert verdicts == [True, False] * 3
    assert counting.asked == 2


def test_a_verdict_belongs_to_key_signature_and_payload_together() -> None:
    remembering = MemoVerifier()
    assert remembering(**GENUINE)

    other = VECTORS.cases("session")[1]
    for part in ("public_key", "signature", "payload"):
        name = "public" if part == "public_key" else part
        assert not remembering(**{**GENUINE, part: other.bytes(name)})


def test_only_the_latest_verdicts_are_remembered() -> None:
    counting = CountingVerifier()
    remembering = MemoVerifier(counting, entries_max=2)
    first, second, third = ({**GENUINE, "payload": bytes([n])} for n in range(3))

    for case in (first, second, first, third):  # the second is the oldest now
        remembering(**case)
    assert counting.asked == 3
    remembering(**first)
    assert counting.asked == 3
    remembering(**second)
    assert counting.asked == 4


def test_a_private_key_is_read_as_wallets_show_it() -> None:
    key = bytes(range(1, 33))

    for shown in (key.hex(), f"0x{key.hex()}", f"  0x{key.hex().upper()}\n"):
        assert household_secret(shown) == key


@pytest.mark.parametrize("shown", ["", "0x", "12" * 31, "zz" * 32, "00" * 32, "f" * 64])
def test_what_is_no_private_key_is_not_repeated(shown: str) -> None:
    with pytest.raises(ValueError, match=r"key") as refused:
        household_secret(shown)
    assert not shown or shown not in str(refused.value)
