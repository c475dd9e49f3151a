"""Marks: what a home holds of a period, in 16 bytes that are equal if it is the same.

Pure functions; clauses: section 7 of ``docs/reference/agreement.md``.
"""

from collections.abc import Iterable

from ..model.comparison import MARK_BYTES
from ..model.party import PartyId
from ..wire.bodies import encode_body
from ..wire.canonical import encode
from ..wire.domain import Domain, tagged_digest
from ..wire.fields import party_bytes
from ..wire.messages import ReadingReport


def reading_mark(report: ReadingReport, *, is_contradicted: bool) -> bytes:
    """Return the mark of a reading.

    Who has signed two of one revision has none, whichever two they are.
    """
    party = report.reading.party
    said = None if is_contradicted else encode_body(report, author=party)
    return mark_of(encode((party_bytes(party), report.revision, said)))


def mark_of(content: bytes) -> bytes:
    """Return the mark of whatever these bytes say."""
    return tagged_digest(Domain.MARK, content)[:MARK_BYTES]


def together(marks: Iterable[bytes]) -> bytes:
    """Return one mark for several."""
    return mark_of(b"".join(marks))


def marks_of(known: dict[PartyId, bytes], parties: Iterable[PartyId]) -> bytes:
    """Return the marks of several readings, of those that are lacking as well."""
    return b"".join(known.get(party, bytes(MARK_BYTES)) for party in parties)
