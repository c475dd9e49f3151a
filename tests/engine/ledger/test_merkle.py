"""Merkle trees: proofs that hold, and forgeries that do not."""

from dataclasses import replace
from hashlib import sha3_256

from hypothesis import given, settings, strategies as st

from custom_components.commonwatt.engine.ledger.merkle import (
    RECORDS_MAX,
    InclusionProof,
    is_included,
    leaf_digest,
    merkle_root,
    prove,
    sha256_digest,
)

RECORDS = st.lists(st.binary(max_size=40), min_size=1, max_size=40, unique=True)


@given(RECORDS, st.data())
@settings(max_examples=200, deadline=None)
def test_every_record_has_a_proof(records: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(records) - 1))
    root = merkle_root(records)

    proof = prove(records, index)

    assert is_included(records[index], proof, root)
    assert not is_included(records[index] + b"!", proof, root)
    assert not is_included(records[index], proof, root[::-1] + b"!")


@given(RECORDS, st.data())
@settings(max_examples=200, deadline=None)
def test_a_proof_holds_for_its_place_only(
    records: list[bytes], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(records) - 1))
    other = data.draw(st.integers(0, len(records) - 1))
    root, proof = merkle_root(records), prove(records, index)

    moved = replace(proof, index=other)

    assert is_included(records[index], moved, root) == (other == index)


def test_doubling_the_last_record_changes_the_root() -> None:
    assert merkle_root([b"a", b"b", b"c"]) != merkle_root([b"a", b"b", b"c", b"c"])


def test_an_inner_node_is_no_record() -> None:
    records = [b"a", b"b", b"c", b"d"]
    pair = leaf_digest(b"a") + leaf_digest(b"b")
    shorter = [pair, leaf_digest(b"c") + leaf_digest(b"d")]

    assert merkle_root(shorter) != merkle_root(records)


def test_a_proof_of_the_wrong_length_does_not_hold() -> None:
    records = [b"a", b"b", b"c"]
    root, proof = merkle_root(records), prove(records, 0)

    assert not is_included(b"a", replace(proof, siblings=proof.siblings[:-1]), root)
    assert not is_included(
        b"a", replace(proof, siblings=(*proof.siblings, b"x" * 32)), root
    )


def test_places_that_cannot_be_are_refused() -> None:
    root = merkle_root([b"a"])

    for index, count in ((-1, 1), (1, 1), (0, 0), (0, RECORDS_MAX + 1)):
        proof = InclusionProof(index=index, count=count, siblings=())
        assert not is_included(b"a", proof, root)


def test_a_day_without_records_has_a_root_of_its_own() -> None:
    assert merkle_root([]) != merkle_root([b""])


def test_another_hash_gives_another_tree_of_the_same_shape() -> None:
    def sha3(data: bytes) -> bytes:
        return sha3_256(data).digest()

    records = [b"a", b"b", b"c", b"d", b"e"]
    root, proof = merkle_root(records, sha3), prove(records, 4, sha3)

    assert len(proof.siblings) == len(prove(records, 4).siblings) == 1
    assert is_included(b"e", proof, root, sha3)
    assert not is_included(b"e", proof, root, sha256_digest)
