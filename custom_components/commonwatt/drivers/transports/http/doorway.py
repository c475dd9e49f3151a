"""Where a member is dialled: an address, and whom to ask for there.

Several members may share one address, as the homes in one Home Assistant do.
"""

from typing import Final, NamedTuple

from ....engine.model.party import PartyId

HOME: Final = "home"
"""The parameter of the request that tells whom it is for."""


class Doorway(NamedTuple):
    """An address that is dialled."""

    url: str
    owner: PartyId | None = None
    """Whom to ask for; None: whoever is there."""
