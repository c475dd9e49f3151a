"""What a peer is told next from our shelf: whole, by name, or not at all."""

from collections.abc import Container
from typing import Final

from ...engine.model.party import PartyId
from .conversation import Conversation
from .frames import NAMES_MAX, Have, Here
from .parcel import ParcelKind
from .shelf import Shelf, Shelved

FRESH_SECONDS: Final = 30.0
"""What we said within so long goes out whole; older things are announced."""

ANNOUNCE_SECONDS: Final = 0.15
"""How long we wait before announcing: most peers hear it directly meanwhile."""

GATHER_SECONDS: Final = 0.4
"""How long what is to be announced waits for more: one frame for many names."""


def next_news(
    shelf: Shelf, conversation: Conversation, linked: Container[PartyId], now: float
) -> Here | Have | None:
    """Return what to say next, and move the peer's place on; None: nothing now."""
    if conversation.place is None:
        return None
    names: list[bytes] = []
    for row in shelf.read(conversation.place):
        if not _is_news(row, conversation, linked):
            conversation.place = row.number + 1
        elif _is_urgent(row, conversation, now):
            if names:
                break
            conversation.place = row.number + 1
            conversation.knows.add(row.parcel.name)
            return Here(conversation.place, row.parcel)
        elif len(names) == NAMES_MAX or now - row.at < _patience(names):
            break
        else:
            conversation.place = row.number + 1
            names.append(row.parcel.name)
    return Have(conversation.place, tuple(names)) if names else None


def until_news(shelf: Shelf, conversation: Conversation, now: float) -> float | None:
    """Return in how many seconds there is something to say; None: nobody knows."""
    if conversation.place is None:
        return None
    row = next(shelf.read(conversation.place), None)
    return None if row is None else max(0.0, row.at + GATHER_SECONDS - now)


def _is_news(
    row: Shelved, conversation: Conversation, linked: Container[PartyId]
) -> bool:
    parcel = row.parcel
    if parcel.name in conversation.knows:
        return False
    if conversation.is_guest or not parcel.is_for(conversation.peer):
        return False
    # A box goes straight to its addressee where we can reach it ourselves.
    is_on_its_way = parcel.to is not None and parcel.to in linked
    return parcel.to == conversation.peer or not is_on_its_way


def _is_urgent(row: Shelved, conversation: Conversation, now: float) -> bool:
    if row.parcel.kind is ParcelKind.BOX:
        return row.parcel.to == conversation.peer
    return row.is_own and now - row.at < FRESH_SECONDS


def _patience(names: list[bytes]) -> float:
    """Return how long a name waits: less where others wait for it."""
    return ANNOUNCE_SECONDS if names else GATHER_SECONDS
