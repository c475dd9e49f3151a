"""Keeping the journal: on disk with SQLite, or in memory for simulations.

Owns files, transactions and what happens when they break; what the entries mean is the
ledger's business.  Everything here blocks, and belongs in an executor.
"""

from .damage import DamagedJournal, DamageKind
from .inspection import Inspection, inspect
from .memory import MemoryJournal
from .sqlite import OpenedJournal, SQLiteJournal
from .store import Journal, JournalError, JournalFault

__all__ = [
    "DamageKind",
    "DamagedJournal",
    "Inspection",
    "Journal",
    "JournalError",
    "JournalFault",
    "MemoryJournal",
    "OpenedJournal",
    "SQLiteJournal",
    "inspect",
]
