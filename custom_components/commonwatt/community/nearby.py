"""Finding members on the local network, over Home Assistant's own zeroconf.

Where Home Assistant has none (a container without its network), members dial by address
only.
"""

from collections.abc import Callable
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant

from ..engine.model.party import CommunityId

if TYPE_CHECKING:
    from ..drivers.transports.discovery import Discovery


class Nearby:
    """Looks for members next door, and lets them find this home."""

    def __init__(
        self,
        hass: HomeAssistant,
        *,
        community: CommunityId,
        on_found: Callable[[str], None],
    ) -> None:
        """``on_found`` is told addresses to dial."""
        self._hass: Final = hass
        self._community: Final = community
        self._on_found: Final = on_found
        self._discovery: Discovery | None = None

    async def async_start(self, *, is_found: bool) -> None:
        """Begin to look, and to be found."""
        hass = self._hass
        if "zeroconf" not in hass.config.components:
            return
        # Whoever has no zeroconf may lack its library, too.
        from homeassistant.components import network, zeroconf  # noqa: PLC0415

        from ..drivers.transports.discovery import Discovery  # noqa: PLC0415

        discovery = self._discovery = Discovery(
            await zeroconf.async_get_async_instance(hass),
            community=self._community,
            on_found=self._on_found,
        )
        await discovery.start()
        if is_found and hass.config.api is not None:
            found = await network.async_get_announce_addresses(hass)
            await discovery.announce(
                port=hass.config.api.port,
                addresses=[one for one in found if not ip_address(one).is_loopback],
                scheme="https" if hass.config.api.use_ssl else "http",
            )

    async def async_stop(self) -> None:
        """Look no longer."""
        discovery, self._discovery = self._discovery, None
        if discovery is not None:
            await discovery.stop()
