"""The ways a home is connected to its community by, made from what its owner chose.

Over HTTP the home answers in Home Assistant's own web server, dials out, and finds
others on the local network.  Over MQTT it meets them at a broker.  Homes of one
community in one Home Assistant hear each other without either.
"""

from collections.abc import Callable
import random
import ssl
from typing import TYPE_CHECKING, Final, Protocol

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.ssl import client_context

from ..const import DOMAIN
from ..drivers.transports import (
    Bundle,
    Credentials,
    Gossip,
    MemoryHub,
    Refusals,
    Roster,
    Transport,
)
from ..drivers.transports.http import HTTPTransport
from ..engine.model.party import CommunityId, PartyId
from .doors import async_doors
from .nearby import Nearby
from .settings import BrokerWay, HTTPWay, WaySettings

if TYPE_CHECKING:
    from ..drivers.transports.mqtt import Broker, BrokerFault, OwnBroker

_HUBS: Final[HassKey[dict[CommunityId, MemoryHub]]] = HassKey(f"{DOMAIN}_hubs")


class WatchedBroker(Protocol):
    """A broker that tells how it stands."""

    @property
    def is_connected(self) -> bool:
        """Whether there is a connection now."""
        ...

    @property
    def fault(self) -> BrokerFault | None:
        """Why there is none."""
        ...


class Ways:
    """Server, dialler, broker and discovery of one home in one community."""

    def __init__(
        self,
        hass: HomeAssistant,
        settings: WaySettings,
        *,
        roster: Roster,
        credentials: Credentials,
        is_guest: bool = False,
    ) -> None:
        """Prepare; nothing is opened yet.  A guest is not found, it only asks."""
        self.refusals: Final = Refusals()
        self.roster: Final = roster
        self.settings: Final = settings
        self.broker: WatchedBroker | None = None
        self._hass: Final = hass
        self._credentials: Final = credentials
        self._is_guest: Final = is_guest
        self._http: Final = self._http_transport(settings.http)
        self._nearby: Nearby | None = None

    # ------------------------------------------------------------- how it stands

    @property
    def linked(self) -> tuple[PartyId, ...]:
        """The members we are linked with over HTTP."""
        return () if self._http is None else self._http.linked

    @property
    def known_addresses(self) -> tuple[str, ...]:
        """Where other members can be dialled, as they told."""
        return () if self._http is None else tuple(sorted(self._http.told_addresses))

    # ------------------------------------------------------------ start and stop

    async def async_transport(self) -> Transport:
        """Return all ways as one."""
        transports: list[Transport] = []
        if self._http is not None:
            transports.append(self._http)
        settings = self.settings
        if settings.broker is not None:
            transports.append(await self._own_broker(settings.broker))
        if settings.home_assistant_mqtt:
            transports.append(await self._home_assistants_broker())
        hubs = self._hass.data.setdefault(_HUBS, {})
        hub = hubs.setdefault(self.roster.community, MemoryHub())
        transports.append(hub.transport(self._credentials.party))
        return Bundle(transports)

    async def async_open(self) -> None:
        """Open the door and look around, once the transport has been started."""
        if self._http is None:
            return
        if not self._is_guest:
            async_doors(self._hass).open(self._http)
        self._nearby = Nearby(
            self._hass, community=self.roster.community, on_found=self._http.dial
        )
        await self._nearby.async_start(is_found=not self._is_guest)

    async def async_close(self) -> None:
        """Close what was opened; a second call does nothing."""
        nearby, self._nearby = self._nearby, None
        if nearby is not None:
            if self._http is not None and not self._is_guest:
                async_doors(self._hass).close(self._http)
            await nearby.async_stop()

    # -------------------------------------------------------------------- helpers

    def _http_transport(self, settings: HTTPWay | None) -> HTTPTransport | None:
        if settings is None:
            return None
        gossip = Gossip(
            roster=self.roster,
            credentials=self._credentials,
            refusals=self.refusals,
            addresses=() if self._is_guest else settings.addresses,
        )
        return HTTPTransport(
            gossip,
            client=async_get_clientsession(self._hass),
            addresses=settings.dial,
            chance=random.SystemRandom().random,
        )

    async def _own_broker(self, way: BrokerWay) -> Transport:
        broker = self.broker = await async_own_broker(
            self._hass,
            way,
            identifier=f"commonwatt-{self._credentials.party}",
            chance=random.SystemRandom().random,
        )
        return self._mqtt_transport(broker)

    async def _home_assistants_broker(self) -> Transport:
        await self._hass.async_add_import_executor_job(_load_home_broker)
        from .home_broker import HomeAssistantBroker  # noqa: PLC0415

        broker = HomeAssistantBroker(self._hass)
        if self.broker is None:
            self.broker = broker
        return self._mqtt_transport(broker)

    def _mqtt_transport(self, broker: Broker) -> Transport:
        from ..drivers.transports.mqtt import MQTTTransport  # noqa: PLC0415

        return MQTTTransport(
            roster=self.roster,
            credentials=self._credentials,
            refusals=self.refusals,
            broker=broker,
            is_guest=self._is_guest,
        )


async def async_own_broker(
    hass: HomeAssistant,
    way: BrokerWay,
    *,
    identifier: str,
    chance: Callable[[], float],
) -> OwnBroker:
    """Return a connection to a broker, not opened yet."""
    tls = await hass.async_add_executor_job(_tls_of, way)
    await hass.async_add_import_executor_job(_load_mqtt)
    from ..drivers.transports.mqtt import BrokerSettings, OwnBroker  # noqa: PLC0415

    return OwnBroker(
        BrokerSettings(
            host=way.host,
            port=way.port,
            username=way.username,
            password=way.password,
            tls=tls,
        ),
        identifier=identifier,
        chance=chance,
    )


def _tls_of(way: BrokerWay) -> ssl.SSLContext | None:
    """Return whom to believe that a broker is the broker (may block)."""
    if not way.tls:
        return None
    if way.certificate is None:
        return client_context()
    return ssl.create_default_context(cadata=way.certificate)


def _load_mqtt() -> None:
    """Load the client, which only communities at a broker need."""
    from ..drivers.transports import mqtt  # noqa: F401, PLC0415


def _load_home_broker() -> None:
    """Load what knows Home Assistant's MQTT."""
    from . import home_broker  # noqa: F401, PLC0415
