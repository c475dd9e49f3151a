"""Finding members on the same local network, by zeroconf.

What is announced is a port and a tag that only members can tell from any other: no
name, no party, no community.  Where the wide network is down, members in one building
find each other all the same.
"""

import asyncio
from collections.abc import Callable
from ipaddress import ip_address
import logging
import secrets
from typing import Final

from zeroconf import ServiceInfo, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from ...engine.model.party import CommunityId
from .roster import meeting_place

LOGGER: Final = logging.getLogger(__name__)

SERVICE_TYPE: Final = "_commonwatt._tcp.local."
SALT_BYTES: Final = 8
LOOKUP_MS_MAX: Final = 3_000
FOUND_MAX: Final = 64

_SALT: Final = "salt"
_TAG: Final = "tag"
_SCHEME: Final = "scheme"


class Discovery:
    """Announces one member and looks for the others of its community."""

    def __init__(
        self,
        zeroconf: AsyncZeroconf,
        *,
        community: CommunityId,
        on_found: Callable[[str], None],
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        """``on_found`` is told addresses to dial; the instance stays its owner's."""
        self._zeroconf: Final = zeroconf
        self._community: Final = community
        self._on_found: Final = on_found
        self._random: Final = random
        self._browser: AsyncServiceBrowser | None = None
        self._announced: ServiceInfo | None = None
        self._lookups: Final[set[asyncio.Task[None]]] = set()

    async def start(self) -> None:
        """Begin to look."""
        self._browser = AsyncServiceBrowser(
            self._zeroconf.zeroconf, SERVICE_TYPE, handlers=[self._changed]
        )

    async def announce(
        self, *, port: int, addresses: list[str], scheme: str = "http"
    ) -> None:
        """Say that a member answers here, under a name made for this once."""
        salt = self._random(SALT_BYTES)
        name = f"{self._random(SALT_BYTES).hex()}.{SERVICE_TYPE}"
        self._announced = AsyncServiceInfo(
            SERVICE_TYPE,
            name,
            port=port,
            parsed_addresses=addresses,
            server=f"{name.partition('.')[0]}.local.",
            properties={
                _SALT: salt.hex(),
                _TAG: meeting_place(self._community, salt=salt),
                _SCHEME: scheme,
            },
        )
        await self._zeroconf.async_register_service(self._announced)

    async def stop(self) -> None:
        """Take back what was announced and look no longer."""
        for lookup in tuple(self._lookups):
            lookup.cancel()
        browser, self._browser = self._browser, None
        if browser is not None:
            await browser.async_cancel()
        announced, self._announced = self._announced, None
        if announced is not None:
            await self._zeroconf.async_unregister_service(announced)

    def _changed(
        self,
        zeroconf: Zeroconf,
        service_type: str,
        name: str,
        state_change: ServiceStateChange,
    ) -> None:
        is_ours = self._announced is not None and self._announced.name == name
        if is_ours or state_change is ServiceStateChange.Removed:
            return
        if len(self._lookups) < FOUND_MAX:
            lookup = asyncio.get_running_loop().create_task(
                self._look_up(zeroconf, service_type, name)
            )
            self._lookups.add(lookup)
            lookup.add_done_callback(self._lookups.discard)

    async def _look_up(self, zeroconf: Zeroconf, service_type: str, name: str) -> None:
        info = AsyncServiceInfo(service_type, name)
        if await info.async_request(zeroconf, LOOKUP_MS_MAX):
            for address in members_at(info, self._community):
                LOGGER.debug("Found a member at %s", address)
                self._on_found(address)


def members_at(info: ServiceInfo, community: CommunityId) -> tuple[str, ...]:
    """Return where to dial, if what was announced is of this community."""
    told = info.decoded_properties
    try:
        salt = bytes.fromhex(told.get(_SALT) or "")
    except ValueError:
        return ()
    if len(salt) != SALT_BYTES or told.get(_TAG) != meeting_place(community, salt=salt):
        return ()
    scheme = "https" if told.get(_SCHEME) == "https" else "http"
    hosts = (ip_address(address) for address in info.parsed_addresses())
    return tuple(
        f"{scheme}://{host if host.version == 4 else f'[{host}]'}:{info.port}"  # noqa: PLR2004
        for host in hosts
        if not host.is_link_local
    )
