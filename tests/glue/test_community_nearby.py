"""Finding members next door over Home Assistant's zeroconf."""

from unittest.mock import AsyncMock, Mock, patch

from homeassistant.components import network, zeroconf
from homeassistant.core import HomeAssistant
import pytest

from custom_components.commonwatt.community.nearby import Nearby
from custom_components.commonwatt.drivers.transports import discovery
from custom_components.commonwatt.engine.model.party import CommunityId

COMMUNITY = CommunityId("ab" * 32)


async def nearby(hass: HomeAssistant, *, is_found: bool) -> tuple[Nearby, AsyncMock]:
    """Start to look around; return who looks, and the discovery it started."""
    found = Mock()
    looking = AsyncMock()
    one = Nearby(hass, community=COMMUNITY, on_found=found)
    with (
        patch.object(zeroconf, "async_get_async_instance", AsyncMock()),
        patch.object(
            network,
            "async_get_announce_addresses",
            AsyncMock(return_value=["192.0.2.7", "127.0.0.1"]),
        ),
        patch.object(discovery, "Discovery", return_value=looking) as made,
    ):
        await one.async_start(is_found=is_found)
    if made.called:
        assert made.call_args.kwargs == {"community": COMMUNITY, "on_found": found}
    return one, looking


async def test_without_zeroconf_nobody_looks(hass: HomeAssistant) -> None:
    one, looking = await nearby(hass, is_found=True)

    looking.start.assert_not_awaited()
    await one.async_stop()


@pytest.mark.parametrize(("use_ssl", "scheme"), [(False, "http"), (True, "https")])
async def test_a_member_lets_the_others_find_it(
    hass: HomeAssistant, *, use_ssl: bool, scheme: str
) -> None:
    hass.config.components.add("zeroconf")
    hass.config.api = Mock(port=8123, use_ssl=use_ssl)

    one, looking = await nearby(hass, is_found=True)

    looking.announce.assert_awaited_once_with(
        port=8123, addresses=["192.0.2.7"], scheme=scheme
    )
    await one.async_stop()
    await one.async_stop()
    looking.stop.assert_awaited_once()


async def test_a_guest_only_looks(hass: HomeAssistant) -> None:
    hass.config.components.add("zeroconf")
    hass.config.api = Mock(port=8123, use_ssl=False)

    one, looking = await nearby(hass, is_found=False)

    looking.start.assert_awaited_once()
    looking.announce.assert_not_awaited()
    await one.async_stop()
