"""What can be wrong with a journal, as values for a repair issue."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class DamageKind(StrEnum):
    """How a journal is broken."""

    NOT_A_JOURNAL = "not_a_journal"
    """Another type of file, or its first page is gone."""

    UNREADABLE = "unreadable"
    """SQLite finds its own structures broken."""

    CHAIN_BROKEN = "chain_broken"
    """An entry was changed, or is missing between others."""

    TRUNCATED = "truncated"
    """Entries are missing at the end, or the record of how many there are is wrong."""

    FILE_MISSING = "file_missing"
    """Only the write-ahead log is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """Where a journal stops being sound."""

    kind: DamageKind
    entry: int
    """Number of the first entry that cannot be trusted; all before it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DamagedJournal:
    """A journal that was found damaged and replaced by what could be salvaged."""

    damage: Damage
    kept_as: Path
    """Where the damaged file lies now, unchanged."""

    @property
    def salvaged(self) -> int:
        """Number of entries that live on in the new journal."""
        return self.damage.entry
