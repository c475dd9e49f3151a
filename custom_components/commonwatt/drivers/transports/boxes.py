"""Opens boxes for one member, and closes those for others; knows no way to them."""

from typing import Final

from ...engine.model.party import PartyId
from ...engine.wire.fields import community_bytes, party_bytes
from .beacon import Beacon
from .box import BOX_KEY_BYTES, BoxKey, close_box
from .credentials import Credentials
from .parcel import Parcel, ParcelKind
from .roster import Roster


class Boxes:
    """Boxes that mean nothing in another community, or to another member."""

    def __init__(self, roster: Roster, credentials: Credentials) -> None:
        """Draw a key for as long as we are here."""
        self._roster: Final = roster
        self._credentials: Final = credentials
        self._key: Final = BoxKey(credentials.random(BOX_KEY_BYTES))

    @property
    def key(self) -> bytes:
        """The key by which others close boxes for us."""
        return self._key.public

    def close(self, letter: bytes, to: Beacon) -> Parcel:
        """Return a letter in a box for the owner of a beacon."""
        box = close_box(
            letter,
            to=to.box_key,
            once=self._credentials.random(BOX_KEY_BYTES),
            context=self._context(to.party),
        )
        return Parcel(ParcelKind.BOX, box, to.party)

    def open(self, parcel: Parcel) -> bytes | None:
        """Return the letter in a box for us; None if it was tampered with."""
        return self._key.open(
            parcel.data, context=self._context(self._credentials.party)
        )

    def _context(self, to: PartyId) -> bytes:
        return community_bytes(self._roster.community) + party_bytes(to)
