"""What a peer is told next from our shelf: whole, by name, or not at all."""

from collections.abc import Container

from ...engine.model.party import PartyId
from .conversation import Conversation
from .frames import NAMES_MAX, Have, Here
from .parcel import Parcel, ParcelKind
from .shelf import Shelf, Shelved


def next_parcel(
    shelf: Shelf, conversation: Conversation, linked: Container[PartyId], now: float
) -> Here | Have | None:
    """Return what a peer is told next: first what it asked for, then what is news."""
    if (parcel := _next_asked(shelf, conversation)) is not None:
        return Here(None, parcel)
    if (news := _next_news(shelf, conversation, linked, now)) is not None:
        return news
    parcel = _next_owed(shelf, conversation)
    return None if parcel is None else Here(None, parcel)


def is_urgent(parcel: Parcel, conversation: Conversation, *, is_fresh: bool) -> bool:
    """Tell whether a peer gets a parcel whole: it is for it, or we just said it.

    ``is_fresh``: we said it ourselves, and lately.
    """
    if conversation.is_guest or not parcel.is_for(conversation.peer):
        return False
    if parcel.kind is ParcelKind.BOX:
        return parcel.to == conversation.peer
    return is_fresh


def _next_asked(shelf: Shelf, conversation: Conversation) -> Parcel | None:
    """Take out the next parcel the peer asked for, of those it may have."""
    while (name := conversation.asked.pop()) is not None:
        parcel = shelf.get(name)
        if parcel is not None and parcel.is_for(conversation.peer):
            conversation.knows.add(name)
            return parcel
    return None


def _next_owed(shelf: Shelf, conversation: Conversation) -> Parcel | None:
    """Take out the next urgent parcel that stands behind others that still wait.

    Nothing overtakes the beginning of the shelf: our hello stands there.
    """
    if conversation.place is None:
        return None
    while (name := conversation.owed.pop()) is not None:
        parcel = shelf.get(name)
        if parcel is not None and name not in conversation.knows:
            conversation.knows.add(name)
            return parcel
    return None


def _next_news(
    shelf: Shelf, conversation: Conversation, linked: Container[PartyId], now: float
) -> Here | Have | None:
    """Return what to say next, and move the peer's place on; None: nothing now."""
    if conversation.place is None:
        return None
    names: list[bytes] = []
    for row in shelf.read(conversation.place):
        if not _is_news(row, conversation, linked):
            conversation.place = row.number + 1
        elif is_urgent(row.parcel, conversation, is_fresh=row.is_fresh(now)):
            if names:
                break
            conversation.place = row.number + 1
            conversation.knows.add(row.parcel.name)
            return Here(conversation.place, row.parcel)
        elif len(names) == NAMES_MAX or now < row.ripe_at:
            break
        else:
            conversation.place = row.number + 1
            names.append(row.parcel.name)
    return Have(conversation.place, tuple(names)) if names else None


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
