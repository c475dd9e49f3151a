"""What travels between members: letters for all or some, boxes for one, and beacons.

A letter is a sealed envelope, which is looked at only to see whose it claims to be.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from typing import Final

from ...engine.model.party import PARTY_ID_BYTES, PartyId
from ...engine.wire.bodies import ENVELOPE_SIZE_MAX
from ...engine.wire.canonical import CanonicalError, decode, encode
from ...engine.wire.domain import Domain, tagged_digest
from ...engine.wire.fields import array, array_of, byte_string, integer, party_bytes
from .box import BOX_OVERHEAD

NAME_BYTES: Final = 8
CIRCLES_KEPT: Final = 64
"""Latest circles that are not read anew: all letters of a period have the same."""

CIRCLE_MAX: Final = 64
"""Members of a circle; a larger one is told one by one."""

PARCEL_SIZE_MAX: Final = (
    ENVELOPE_SIZE_MAX + BOX_OVERHEAD + 64 + CIRCLE_MAX * PARTY_ID_BYTES
)

_HEAD_FIELDS: Final = 7
_HEAD_ITEMS_MAX: Final = 16
_AUTHOR: Final = 2


class ParcelKind(IntEnum):
    """What is in a parcel."""

    LETTER = 0
    """An envelope anybody may read."""

    BOX = 1
    """An envelope in a box."""

    BEACON = 2
    ROUND_ROBIN = 3
    """An envelope that some members may read and pass on to one another."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Something to pass on."""

    kind: ParcelKind
    data: bytes
    to: PartyId | None = None
    """Who can open a box; None for all else."""

    circle: tuple[PartyId, ...] = ()
    """Who may see a round robin; empty for all else."""

    name: bytes = field(init=False, compare=False)
    """Eight bytes by which members ask for it."""

    def __post_init__(self) -> None:
        """Name it."""
        digest = tagged_digest(Domain.PARCEL, self.encoded())
        object.__setattr__(self, "name", digest[:NAME_BYTES])

    def encoded(self) -> bytes:
        """Return the bytes that travel."""
        to = None if self.to is None else party_bytes(self.to)
        if self.circle:
            to = b"".join(map(party_bytes, self.circle))
        return encode((self.kind, to, self.data))

    def is_for(self, party: PartyId) -> bool:
        """Tell whether ``party`` may have this, sealed or not."""
        return not self.circle or party in self.circle


def read_parcel(data: bytes) -> Parcel:
    """Read what :meth:`Parcel.encoded` wrote; ValueError for anything else."""
    if len(data) > PARCEL_SIZE_MAX:
        raise ValueError("too long")
    kind, to, content = array_of(decode(data, items_max=4), 3)
    number = integer(kind, least=0, most=max(ParcelKind))
    if number == ParcelKind.ROUND_ROBIN:
        circle = _circle(byte_string(to))
        return Parcel(ParcelKind.ROUND_ROBIN, byte_string(content), circle=circle)
    addressee = None if to is None else byte_string(to, PARTY_ID_BYTES).hex()
    if (number == ParcelKind.BOX) != (addressee is not None):
        raise ValueError("boxes have an addressee, and nothing else has")
    return Parcel(
        kind=ParcelKind(number),
        data=byte_string(content),
        to=None if addressee is None else PartyId(addressee),
    )


@lru_cache(maxsize=CIRCLES_KEPT)
def _circle(joined: bytes) -> tuple[PartyId, ...]:
    count, rest = divmod(len(joined), PARTY_ID_BYTES)
    if rest or not 0 < count <= CIRCLE_MAX:
        raise ValueError("a circle of nobody, or of too many")
    starts = range(0, len(joined), PARTY_ID_BYTES)
    return tuple(PartyId(joined[n : n + PARTY_ID_BYTES].hex()) for n in starts)


def author_of(letter: bytes) -> PartyId | None:
    """Return who is said to have signed an envelope; None if it is none."""
    if len(letter) > ENVELOPE_SIZE_MAX:
        return None
    try:
        signed_part, _ = array_of(decode(letter, items_max=3), 2)
        head = array(decode(byte_string(signed_part), items_max=_HEAD_ITEMS_MAX))
        if len(head) != _HEAD_FIELDS:
            return None
        return PartyId(byte_string(head[_AUTHOR], PARTY_ID_BYTES).hex())
    except CanonicalError, ValueError:
        return None
