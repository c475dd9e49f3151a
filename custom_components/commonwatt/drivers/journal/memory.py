"""A journal that lives as long as the process: for simulations and demo neighbours."""

from collections.abc import Iterator, Sequence

from ...engine.ledger.journal import GENESIS, JournalEntry, chain_digest


class MemoryJournal:
    """The promises of a journal, but for the disk."""

    def __init__(self) -> None:
        self._entries: list[JournalEntry] = []
        self._head = GENESIS

    @property
    def count(self) -> int:
        """Number of entries; the first has number 0."""
        return len(self._entries)

    @property
    def head(self) -> bytes:
        """Digest of the last entry and so of all; of none: ``GENESIS``."""
        return self._head

    def append(self, entries: Sequence[JournalEntry]) -> None:
        """Add all ``entries``."""
        for entry in entries:
            self._head = chain_digest(self._head, entry)
        self._entries.extend(entries)

    def entries(self, *, first: int = 0) -> Iterator[JournalEntry]:
        """Yield the entries from number ``first`` on."""
        yield from self._entries[first:]

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""
