"""The journal of a node: what it must not forget, each entry sealing the last.

Owns the kinds of entries and the hash chain over them.  Knows no file:
``drivers.journal`` keeps the entries.  The chain finds accidents, and tampering by
anyone who cannot rewrite all that follows; an owner who rewrites everything is found
out by the peers, who keep the signed messages.  Clauses: section 7 of
``docs/reference/wire-format.md``.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from ..model.period import Instant
from ..wire.domain import Domain, tagged_digest

BODY_BYTES_MAX: Final = 1024 * 1024

GENESIS: Final = tagged_digest(Domain.JOURNAL, b"")
"""What the first entry of every journal follows."""


class EntryKind(IntEnum):
    """What an entry records.  Numbers are on disk: never give one a new meaning."""

    COMMITTED = 1
    """Our own order and its salt, before the commitment leaves."""

    SENT = 2
    """An envelope we signed, before it leaves."""

    RECEIVED = 3
    """An envelope of another member that we act on."""

    OBSERVED = 4
    """What our own meter counted in a delivery period."""

    FINAL = 5
    """A result the members agreed on."""

    SETTLED = 6
    """The postings of a delivery period."""

    CORRECTED = 7
    """The postings that a late or corrected reading adds."""

    SALVAGED = 8
    """What followed was lost with a damaged journal; written by the driver."""

    AGREED = 9
    """All contracts and gifts of this home: at every change, and once a day."""

    LOCKED = 10
    """The prevotes our own precommit rests on, before it leaves."""

    CHARTER = 11
    """A change of the charter that the members decided, with its proof."""

    REVOKED = 12
    """A member's word that its earlier session keys count no more."""

    EVIDENCE = 24
    """Who kept its word in a settled period, as this node saw it."""

    WITNESSED = 25
    """The same of a whole day, once nothing of it changes any more."""

    LEARNED = 32
    """A sum of the neighbours' vectors, and with whom this home has summed."""


LASTING: Final = (EntryKind.CHARTER, EntryKind.REVOKED)
"""Kinds that count however old they are: a node is restored from all of them."""

LASTING_DAYS: Final = 60
LASTING_AWHILE: Final = (EntryKind.WITNESSED,)
"""Kinds that count for so many days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One thing that happened."""

    kind: EntryKind
    at: Instant
    body: bytes

    def __post_init__(self) -> None:
        """Assert the bound every reader relies on."""
        assert len(self.body) <= BODY_BYTES_MAX, "an entry holds a megabyte at most"


def chain_digest(previous: bytes, entry: JournalEntry) -> bytes:
    """Return the digest of ``entry`` and of everything before it: 32 bytes."""
    return link_digest(previous, kind=entry.kind, at=entry.at, body=entry.body)


def link_digest(previous: bytes, *, kind: int, at: int, body: bytes) -> bytes:
    """Return the same for an entry of a kind that only a later version may know."""
    frame = kind.to_bytes(8, signed=True) + at.to_bytes(8, signed=True)
    return tagged_digest(Domain.JOURNAL, previous + frame + body)
