"""Invitations as links: what somebody needs to knock on a community's door.

A link holds no secret but itself: whoever has it first can ask to join, once.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ..model.community import Invitation
from ..model.party import CommunityId
from ..model.period import Instant
from .canonical import decode, encode
from .envelope import peek
from .fields import array, array_of, byte_string, community_bytes, integer, text
from .rejection import Rejected

PREFIX: Final = "commonwatt:join?i="
LINK_LENGTH_MAX: Final = 2_048
ADDRESSES_MAX: Final = 8
ADDRESS_LENGTH_MAX: Final = 200
COMMUNITY_BYTES: Final = 32
_VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """Which community, with what invitation, and where its members can be reached."""

    community: CommunityId
    invitation: bytes
    """The sealed envelope of an :class:`~..model.community.Invitation`."""

    addresses: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what fits into no QR code."""
        lengths = [len(address) for address in self.addresses]
        if len(lengths) > ADDRESSES_MAX or max(lengths, default=0) > ADDRESS_LENGTH_MAX:
            raise ValueError("so many addresses, or such long ones, fit in no link")

    def at(self, addresses: Sequence[str]) -> Invite:
        """Return the same invitation to other addresses."""
        return Invite(
            community=self.community,
            invitation=self.invitation,
            addresses=tuple(addresses),
        )

    @property
    def expires_at(self) -> Instant | None:
        """When the invitation expires, by its own words; None if it says nothing."""
        opened = peek(self.invitation)
        if isinstance(opened, Rejected) or not isinstance(opened.message, Invitation):
            return None
        return opened.message.expires_at

    @property
    def link(self) -> str:
        """The invitation as a text to send, or to show as a QR code."""
        value = (
            _VERSION,
            community_bytes(self.community),
            self.invitation,
            self.addresses,
        )
        code = base64.urlsafe_b64encode(encode(value)).decode().rstrip("=")
        return PREFIX + code


def read_invite(link: str) -> Invite:
    """Return the invitation a link is; ValueError if it is none."""
    code = link.strip().removeprefix(PREFIX)
    if len(code) > LINK_LENGTH_MAX:
        raise ValueError("no invitation is so long")
    try:
        data = base64.b64decode(
            code + "=" * (-len(code) % 4), altchars=b"-_", validate=True
        )
    except binascii.Error as err:
        raise ValueError("no invitation") from err
    version, community, invitation, addresses = array_of(decode(data), 4)
    integer(version, least=_VERSION, most=_VERSION)
    return Invite(
        community=CommunityId(byte_string(community, COMMUNITY_BYTES).hex()),
        invitation=byte_string(invitation),
        addresses=tuple(text(address) for address in array(addresses)),
    )
