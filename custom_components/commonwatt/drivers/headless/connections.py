"""The ways a headless member is connected by, made from its settings."""

import asyncio
from ipaddress import ip_address
import random
import socket
import ssl
from typing import Final

import aiohttp
import ifaddr
from zeroconf import IPVersion
from zeroconf.asyncio import AsyncZeroconf

from ...engine.node import CharterChanged, Event, SessionsRevoked
from ..transports import Bundle, Credentials, Gossip, Refusals, Roster, Transport
from ..transports.discovery import Discovery
from ..transports.http import HTTPServer, HTTPTransport, server_tls
from ..transports.mqtt import BrokerSettings, MQTTTransport, OwnBroker
from .settings import HTTPSettings, MQTTSettings, Settings, SettingsError


class Connections:
    """Server, dialler, broker and discovery of one member."""

    def __init__(
        self,
        settings: Settings,
        *,
        roster: Roster,
        credentials: Credentials,
        client: aiohttp.ClientSession,
        is_guest: bool = False,
    ) -> None:
        """Prepare everything; nothing is opened yet."""
        self.refusals: Final = Refusals()
        self._settings: Final = settings
        self.roster: Final = roster
        self._credentials: Final = credentials
        self._client: Final = client
        self._is_guest: Final = is_guest
        self._http: Final = self._http_transport(settings.http)
        self._server: HTTPServer | None = None
        self._zeroconf: AsyncZeroconf | None = None
        self._discovery: Discovery | None = None

    @property
    def linked(self) -> int | None:
        """How many members we are linked with; None without links."""
        return None if self._http is None else len(self._http.linked)

    @property
    def known_addresses(self) -> frozenset[str]:
        """Where other members can be dialled, as they told."""
        return frozenset() if self._http is None else self._http.told_addresses

    def hear(self, event: Event) -> None:
        """Take who belongs to the community, and which keys count no more."""
        match event:
            case CharterChanged(charter=charter):
                self.roster.replace(charter.members)
            case SessionsRevoked(party=party, before=before):
                self.roster.revoke(party, before)
            case _:
                pass

    async def transport(self) -> Transport | None:
        """Return the transport of the member, None if it has none.

        Raises:
            SettingsError: a password or certificate file cannot be read.
        """
        transports: list[Transport] = []
        if self._http is not None:
            transports.append(self._http)
        if self._settings.mqtt is not None:
            transports.append(await self._mqtt_transport(self._settings.mqtt))
        return Bundle(transports) if transports else None

    async def start(self) -> None:
        """Listen and look around, once the transport has been started.

        Raises:
            OSError: the port is taken.
            SettingsError: the certificate cannot be used.
        """
        settings = self._settings.http
        if settings is None or self._http is None:
            return
        tls = await _tls_of(settings)
        self._server = HTTPServer(
            self._http, host=settings.host, port=settings.port, tls=tls
        )
        port = await self._server.start()
        if settings.discovery:
            await self._discover(
                self._http, port=port, scheme="http" if tls is None else "https"
            )

    async def stop(self) -> None:
        """Close what was opened."""
        if self._discovery is not None:
            await self._discovery.stop()
        if self._zeroconf is not None:
            await self._zeroconf.async_close()
        if self._server is not None:
            await self._server.stop()

    def _http_transport(self, settings: HTTPSettings | None) -> HTTPTransport | None:
        if settings is None:
            return None
        gossip = Gossip(
            roster=self.roster,
            credentials=self._credentials,
            refusals=self.refusals,
            addresses=settings.addresses,
        )
        return HTTPTransport(
            gossip,
            client=self._client,
            addresses=settings.dial,
            chance=random.SystemRandom().random,
        )

    async def _mqtt_transport(self, settings: MQTTSettings) -> MQTTTransport:
        password, tls = await asyncio.to_thread(_broker_secrets, settings)
        broker = OwnBroker(
            BrokerSettings(
                host=settings.host,
                port=settings.port,
                username=settings.username,
                password=password,
                tls=tls,
            ),
            identifier=f"commonwatt-{self._credentials.party}",
            chance=random.SystemRandom().random,
        )
        return MQTTTransport(
            roster=self.roster,
            credentials=self._credentials,
            refusals=self.refusals,
            broker=broker,
            is_guest=self._is_guest,
        )

    async def _discover(
        self, transport: HTTPTransport, *, port: int, scheme: str
    ) -> None:
        self._zeroconf = AsyncZeroconf(ip_version=IPVersion.V4Only)
        self._discovery = Discovery(
            self._zeroconf, community=self.roster.community, on_found=transport.dial
        )
        await self._discovery.start()
        addresses = await asyncio.to_thread(_own_addresses)
        await self._discovery.announce(port=port, addresses=addresses, scheme=scheme)


async def _tls_of(settings: HTTPSettings) -> ssl.SSLContext | None:
    if settings.certificate is None or settings.key is None:
        return None
    try:
        return await asyncio.to_thread(server_tls, settings.certificate, settings.key)
    except (OSError, ssl.SSLError) as err:
        raise SettingsError(f"http.certificate: {err}") from err


def _broker_secrets(
    settings: MQTTSettings,
) -> tuple[str | None, ssl.SSLContext | None]:
    """Read the password and the authorities we trust (blocking)."""
    password = None
    try:
        if settings.password_file is not None:
            password = settings.password_file.read_text().strip()
        if not settings.tls:
            return password, None
        ca_file = None if settings.ca_file is None else str(settings.ca_file)
        return password, ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as err:
        raise SettingsError(f"mqtt: {err}") from err


def _own_addresses() -> list[str]:
    """Return the addresses under which our neighbours on the network know us."""
    found = [
        ip.ip
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
        if isinstance(ip.ip, str) and not ip_address(ip.ip).is_link_local
    ]
    outward = [address for address in found if not ip_address(address).is_loopback]
    return outward or [socket.gethostbyname("localhost")]
