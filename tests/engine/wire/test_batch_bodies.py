"""Drafts, approvals and errands on the wire: exact both ways, bounded, and checked."""

from dataclasses import replace

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.model.batch import (
    LEAVES_MAX,
    RECORD_BYTES_MAX,
    SIBLINGS_MAX,
    BatchApproval,
    BatchDraft,
    BatchLeaf,
    BatchMessage,
)
from custom_components.commonwatt.engine.model.errand import (
    AMOUNT_MAX,
    DEADLINE_S_MAX,
    NO_CERTIFICATE,
    NOBODY,
    NONCE_MAX,
    PURPOSE_BYTES_MAX,
    Errand,
    ErrandKind,
    SignedErrand,
)
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.wire.bodies import (
    decode_body,
    encode_body,
    kind_of,
)

ANN = PartyId("a" * 40)
WORDS = st.binary(min_size=32, max_size=32)
MARKS = st.integers(0, 2**63 - 1)


@st.composite
def drafts(draw: st.DrawFn) -> BatchDraft:
    accounts = sorted(
        draw(st.sets(st.binary(min_size=20, max_size=20), min_size=1, max_size=9))
    )
    nets = draw(
        st.lists(
            st.integers(-(2**59), 2**59),
            min_size=len(accounts) - 1,
            max_size=len(accounts) - 1,
        )
    )
    return BatchDraft(
        settlement=draw(st.binary(min_size=20, max_size=20)),
        number=draw(st.integers(1, 2**32 - 1)),
        day=draw(st.integers(0, 2**32 - 1)),
        prev=draw(WORDS),
        certificates=draw(WORDS),
        journal=draw(WORDS),
        metered_wh=draw(MARKS),
        leaves=tuple(
            BatchLeaf(
                account=account, net_nano=net, released_nano=draw(MARKS), salt=b"s" * 32
            )
            for account, net in zip(accounts, [*nets, -sum(nets)], strict=True)
        ),
        accounts=draw(st.binary(max_size=99)),
        records=draw(st.integers(1, 2**32 - 1)),
        siblings=tuple(draw(st.lists(WORDS, max_size=SIBLINGS_MAX))),
    )


def approvals() -> st.SearchStrategy[BatchApproval]:
    signatures = st.binary(min_size=65, max_size=65)
    return st.builds(BatchApproval, digest=WORDS, signature=signatures)


@st.composite
def errands(draw: st.DrawFn) -> SignedErrand:
    kind = draw(st.sampled_from(ErrandKind))
    errand = Errand(
        kind=kind,
        owner=draw(st.binary(min_size=20, max_size=20)),
        to=(
            NOBODY
            if kind in {ErrandKind.PAY_IN, ErrandKind.RETIRE}
            else b"t" + draw(st.binary(min_size=19, max_size=19))
        ),
        amount=draw(st.integers(1, AMOUNT_MAX)),
        certificate=b"c" * 32 if kind.is_of_certificates else NO_CERTIFICATE,
        purpose=(
            draw(st.text(max_size=PURPOSE_BYTES_MAX // 4))
            if kind is ErrandKind.RETIRE
            else ""
        ),
        nonce=draw(st.integers(0, NONCE_MAX)),
        deadline_s=draw(st.integers(1, DEADLINE_S_MAX)),
    )
    return SignedErrand(
        errand=errand, signature=draw(st.binary(min_size=65, max_size=65))
    )


@given(drafts() | approvals() | errands())
def test_what_is_written_is_read_again(message: BatchMessage) -> None:
    body = encode_body(message, author=ANN)

    assert decode_body(kind_of(message), body, author=ANN) == message


def full() -> BatchDraft:
    """Return the largest draft there can be."""
    leaves = tuple(
        BatchLeaf(
            account=number.to_bytes(20),
            net_nano=(2**62 - 1) * (1 if number % 2 else -1),
            released_nano=2**63 - 1,
            salt=b"s" * 32,
        )
        for number in range(LEAVES_MAX)
    )
    return BatchDraft(
        settlement=b"c" * 20,
        number=1,
        day=1,
        prev=b"p" * 32,
        certificates=b"c" * 32,
        journal=b"j" * 32,
        metered_wh=2**63 - 1,
        leaves=leaves,
        accounts=b"a" * RECORD_BYTES_MAX,
        records=2**32 - 1,
        siblings=(b"s" * 32,) * SIBLINGS_MAX,
    )


def test_the_largest_draft_fits() -> None:
    draft = full()

    body = encode_body(draft, author=ANN)

    assert decode_body(kind_of(draft), body, author=ANN) == draft


def test_what_no_contract_would_take_is_no_draft() -> None:
    draft = full()
    first, second, *_ = draft.leaves

    with pytest.raises(ValueError, match="ascending"):
        replace(draft, leaves=(second, first))
    with pytest.raises(ValueError, match="another owes"):
        replace(draft, leaves=(first,))
    with pytest.raises(ValueError, match="out of bounds"):
        replace(draft, leaves=())


def retirement() -> Errand:
    """Return an errand that asks for as much as there is room for."""
    return Errand(
        kind=ErrandKind.RETIRE,
        owner=b"o" * 20,
        amount=AMOUNT_MAX,
        certificate=b"c" * 32,
        purpose="p" * PURPOSE_BYTES_MAX,
        nonce=NONCE_MAX,
        deadline_s=DEADLINE_S_MAX,
    )


def test_the_longest_errand_fits() -> None:
    signed = SignedErrand(errand=retirement(), signature=b"s" * 65)

    body = encode_body(signed, author=ANN)

    assert decode_body(kind_of(signed), body, author=ANN) == signed


def test_an_errand_says_what_its_kind_wants_and_no_more() -> None:
    errand = retirement()

    for wrong in (0, AMOUNT_MAX + 1):
        with pytest.raises(ValueError, match="out of bounds"):
            replace(errand, amount=wrong)
    with pytest.raises(ValueError, match="out of bounds"):
        replace(errand, purpose=errand.purpose + "p")
    with pytest.raises(ValueError, match="somebody"):
        replace(errand, to=b"t" * 20)
    with pytest.raises(ValueError, match="somebody"):
        replace(errand, kind=ErrandKind.TRANSFER, purpose="")
    with pytest.raises(ValueError, match="a certificate"):
        replace(errand, certificate=NO_CERTIFICATE)
    with pytest.raises(ValueError, match="a purpose"):
        replace(errand, kind=ErrandKind.TRANSFER_CERTIFICATE, to=b"t" * 20)
