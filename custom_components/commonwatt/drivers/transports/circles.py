"""Circles: members who may all read the same letters and pass them on to one another.

Those of a circle look for links with each other, and others for some links into it, so
that a letter for fifteen needs neither fifteen boxes nor the help of anybody else.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Final

from ...engine.model.party import PartyId
from ...engine.node import Outgoing
from .conversation import Conversation
from .frames import NAMES_MAX
from .parcel import CIRCLE_MAX, NAME_BYTES, Parcel, ParcelKind

LINKS_INTO_CIRCLE: Final = 3
"""Links into a circle for whoever does not belong to it."""


def goes_round(outgoing: Outgoing, linked: Mapping[PartyId, Conversation]) -> bool:
    """Tell whether the members of a circle will bring each other a letter.

    One of them that can be dialled has links with all others: they look for it.
    """
    circle = outgoing.circle
    if not 0 < len(circle) < CIRCLE_MAX:
        return False
    if outgoing.to in linked and outgoing.to not in circle:
        return False  # for one alone, whom we can tell ourselves
    inside = [linked[party] for party in circle if party in linked]
    can_be_dialled = any(conversation.beacon.addresses for conversation in inside)
    return outgoing.to in linked or can_be_dialled


def round_robin(outgoing: Outgoing) -> Parcel:
    """Return a letter for its circle, and for its addressee if that is outside."""
    circle = outgoing.circle
    if outgoing.to is not None and outgoing.to not in circle:
        circle = (*circle, outgoing.to)
    return Parcel(ParcelKind.ROUND_ROBIN, outgoing.data, circle=circle)


def short_names(parties: Iterable[PartyId]) -> tuple[bytes, ...]:
    """Return the short names of members, ascending."""
    return tuple(sorted(bytes.fromhex(party)[:NAME_BYTES] for party in parties))


def carried(
    outgoing: Outgoing, linked: Mapping[PartyId, Conversation]
) -> Parcel | None:
    """Return a letter for somebody outside a circle, and one in it that is linked.

    None: we are linked ourselves, or know of nobody.  Of several the name of the
    addressee draws one, so that not all work is one member's.
    """
    to = outgoing.to
    if to is None or to in outgoing.circle or to in linked:
        return None
    (name,) = short_names([to])
    able = [p for p in outgoing.circle if p in linked and name in linked[p].neighbours]
    if not able:
        return None
    carrier = able[int.from_bytes(name) % len(able)]
    return round_robin(replace(outgoing, circle=(carrier,)))


def tell_neighbours(
    me: PartyId, circle: Collection[PartyId], linked: Mapping[PartyId, Conversation]
) -> None:
    """Tell the rest of our circle whom outside it we are linked with."""
    if me not in circle:
        return
    names = short_names(
        party
        for party, conversation in linked.items()
        if party not in circle and not conversation.is_guest
    )
    for party in circle:
        if party in linked:
            linked[party].tell_neighbours(names[:NAMES_MAX])


def is_missed(
    party: PartyId,
    *,
    me: PartyId,
    circle: Collection[PartyId],
    linked: Collection[PartyId],
) -> bool:
    """Tell whether letters that go round need a link with ``party``."""
    if party == me or party not in circle or party in linked:
        return False
    inside = sum(other in linked for other in circle)
    return me in circle or inside < LINKS_INTO_CIRCLE
