"""The journal's chain: as published, and broken by any change."""

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.ledger.journal import (
    BODY_BYTES_MAX,
    GENESIS,
    EntryKind,
    JournalEntry,
    chain_digest,
)
from custom_components.commonwatt.engine.model.period import Instant
from tests.engine.wire.second_implementation import digest, journal_digest
from tests.engine.wire.vectors import load

VECTORS = load("journal")

entries = st.builds(
    JournalEntry,
    kind=st.sampled_from(EntryKind),
    at=st.integers(0, 1 << 48).map(Instant),
    body=st.binary(max_size=50),
)


def test_the_chain_has_the_published_digests() -> None:
    assert GENESIS.hex() == VECTORS.text("genesis")
    assert digest("journal/1", b"") == GENESIS

    head = second = GENESIS
    for case in VECTORS.cases("entries"):
        kind, at, body = case.integer("kind"), case.integer("at"), case.bytes("body")
        entry = JournalEntry(kind=EntryKind(kind), at=Instant(at), body=body)
        head = chain_digest(head, entry)
        second = journal_digest(second, kind=kind, at=at, body=body)
        assert head.hex() == second.hex() == case.text("digest")


@given(st.lists(entries, max_size=5), st.lists(entries, max_size=5))
def test_different_journals_have_different_heads(
    one: list[JournalEntry], other: list[JournalEntry]
) -> None:
    heads = []
    for journal in (one, other):
        head = GENESIS
        for entry in journal:
            head = chain_digest(head, entry)
        heads.append(head)

    assert (heads[0] == heads[1]) == (one == other)


def test_an_entry_is_bounded() -> None:
    kind, at = EntryKind.SENT, Instant(0)

    JournalEntry(kind=kind, at=at, body=bytes(BODY_BYTES_MAX))
    with pytest.raises(AssertionError, match="megabyte"):
        JournalEntry(kind=kind, at=at, body=bytes(BODY_BYTES_MAX + 1))


def test_kinds_keep_their_numbers_for_ever() -> None:
    numbers = {kind.name: kind.value for kind in EntryKind}

    assert (
        numbers
        | {
            "COMMITTED": 1,
            "SENT": 2,
            "RECEIVED": 3,
            "OBSERVED": 4,
            "FINAL": 5,
            "SETTLED": 6,
            "CORRECTED": 7,
            "SALVAGED": 8,
        }
        == numbers
    )
