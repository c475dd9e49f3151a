"""What the subentry of a membership says, parsed once into values.

One home is a member of one community at most.  The subentry keeps how the community
began and how its members are reached; keys, journal and
names lie in files of their own.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.util.json import JsonValueType

from ..engine.model.party import Charter, CommunityId, PartyId
from ..engine.wire.canonical import decode, encode
from ..engine.wire.charters import charter_value, read_charter
from ..engine.wire.digests import community_id
from ..engine.wire.invite import Invite, read_invite
from ..settings import integer, optional_text, section_of, text

SUBENTRY_COMMUNITY: Final = "community"
CHARTER_BYTES_MAX: Final = 96 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class HTTPWay:
    """Members dial each other."""

    addresses: tuple[str, ...] = ()
    """Where this home can be dialled; none behind a router that lets nobody in."""

    dial: tuple[str, ...] = ()
    """Where others were reached when the home joined, or as its owner says."""

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Self:
        """Parse what ``as_data`` wrote."""
        return cls(addresses=_texts(data, "addresses"), dial=_texts(data, "dial"))

    def as_data(self) -> dict[str, JsonValueType]:
        """Return the way as JSON."""
        return {"addresses": list(self.addresses), "dial": list(self.dial)}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class BrokerWay:
    """Members meet at a broker that this home has an account with."""

    host: str
    port: int
    username: str | None = None
    password: str | None = None
    tls: bool = False
    certificate: str | None = None
    """PEM of the authority that vouches for the broker; None: the usual ones."""

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Self:
        """Parse what ``as_data`` wrote."""
        return cls(
            host=text(data, "host"),
            port=integer(data, "port"),
            username=optional_text(data, "username"),
            password=optional_text(data, "password"),
            tls=bool(data.get("tls")),
            certificate=optional_text(data, "certificate"),
        )

    def as_data(self) -> dict[str, JsonValueType]:
        """Return the way as JSON, the password in it."""
        return {
            "host": self.host,
            "port": self.port,
            "username": self.username,
            "password": self.password,
            "tls": self.tls,
            "certificate": self.certificate,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class WaySettings:
    """All ways the home is connected by; there is at least one."""

    http: HTTPWay | None = None
    broker: BrokerWay | None = None
    home_assistant_mqtt: bool = False
    """Over the broker that Home Assistant itself is connected to."""

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Self:
        """Parse what ``as_data`` wrote."""
        http, broker = data.get("http"), data.get("broker")
        return cls(
            http=HTTPWay.from_data(http) if isinstance(http, Mapping) else None,
            broker=BrokerWay.from_data(broker) if isinstance(broker, Mapping) else None,
            home_assistant_mqtt=bool(data.get("home_assistant_mqtt")),
        )

    def as_data(self) -> dict[str, JsonValueType]:
        """Return the ways as JSON."""
        return {
            "http": None if self.http is None else self.http.as_data(),
            "broker": None if self.broker is None else self.broker.as_data(),
            "home_assistant_mqtt": self.home_assistant_mqtt,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunitySettings:
    """One membership."""

    community: CommunityId
    party: PartyId
    """Who the home is there: the digest of a key that is its own for this one."""

    place: str
    """Names the files of the membership."""

    founding: Charter
    """The first charter; all later ones are in the journal."""

    ways: WaySettings
    invite: Invite | None = None
    """What the home joins by; None for a founder, and once it is a member."""

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Self:
        """Parse what ``as_data`` wrote."""
        invite = optional_text(data, "invite")
        founding = base64.b64decode(text(data, "founding"))
        return cls(
            community=CommunityId(text(data, "community")),
            party=PartyId(text(data, "party")),
            place=text(data, "place"),
            founding=read_charter(decode(founding, size_max=CHARTER_BYTES_MAX)),
            ways=WaySettings.from_data(section_of(data, "ways")),
            invite=None if invite is None else read_invite(invite),
        )

    def as_data(self) -> dict[str, JsonValueType]:
        """Return the data of the subentry."""
        founding = encode(charter_value(self.founding))
        return {
            "community": self.community,
            "party": self.party,
            "place": self.place,
            "founding": base64.b64encode(founding).decode(),
            "ways": self.ways.as_data(),
            "invite": None if self.invite is None else self.invite.link,
        }

    @classmethod
    def of_founder(
        cls, charter: Charter, *, party: PartyId, place: str, ways: WaySettings
    ) -> Self:
        """Return the membership of a home that founds a community."""
        return cls(
            community=community_id(charter),
            party=party,
            place=place,
            founding=charter,
            ways=ways,
        )


def membership_of(entry: ConfigEntry) -> ConfigSubentry | None:
    """Return the subentry by which a home belongs to a community, if it does."""
    found = entry.get_subentries_of_type(SUBENTRY_COMMUNITY)
    return next(iter(found), None)


def community_settings(entry: ConfigEntry) -> CommunitySettings | None:
    """Return the membership of a home; None while it is on its own."""
    subentry = membership_of(entry)
    return None if subentry is None else CommunitySettings.from_data(subentry.data)


def _texts(data: Mapping[str, object], key: str) -> tuple[str, ...]:
    values = data.get(key, ())
    assert isinstance(values, list | tuple), f"{key} is no list"
    return tuple(str(value) for value in values)
