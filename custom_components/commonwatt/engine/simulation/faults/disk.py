"""The disk of a member: what survives a crash, and what of it does not."""

from collections.abc import Iterable
from typing import Final

from ...ledger.journal import EntryKind, JournalEntry
from ...model.period import Instant
from ..homes.dice import Dice

TORN_MAX: Final = 30
"""So many entries at the end of a journal may be damaged at once."""


class Disk:
    """A journal, and the last backup of it."""

    def __init__(self, entries: Iterable[JournalEntry] = ()) -> None:
        """Begin with what there is."""
        self._entries: list[JournalEntry] = list(entries)
        self._backup = len(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def entries(self) -> tuple[JournalEntry, ...]:
        """The journal, oldest first."""
        return tuple(self._entries)

    def write(self, entries: Iterable[JournalEntry]) -> None:
        """Append; it is safe once this returns."""
        self._entries.extend(entries)

    def back_up(self) -> None:
        """Remember the journal as it stands."""
        self._backup = len(self._entries)

    def tear(self, dice: Dice, now: Instant) -> int:
        """Lose the end, as the driver salvages a damaged journal: and says so.

        Return how many entries are left, the one that says so not counted.
        """
        lost = min(len(self._entries), dice.between(1, TORN_MAX))
        del self._entries[len(self._entries) - lost :]
        self._backup = min(self._backup, len(self._entries))
        note = JournalEntry(kind=EntryKind.SALVAGED, at=now, body=b"")
        self._entries.append(note)
        return len(self._entries) - 1

    def restore_backup(self) -> None:
        """Lose all that came after the backup, and do not even know."""
        del self._entries[self._backup :]
