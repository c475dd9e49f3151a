"""Homes that found a community, join it, and come back to it after a restart."""

from collections.abc import AsyncIterator
from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.commonwatt.community.circle import Standing
from custom_components.commonwatt.community.commands import async_export
from tests.glue.communities import (
    circle_of,
    found,
    invited,
    join,
    member,
    served,
    stands,
    unload_all,
    until,
)
from tests.glue.homes import add_home

pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("socket_enabled"),
    # Members wait for attempts of half a minute; a busy machine needs its time, too.
    pytest.mark.timeout(900),
]


@pytest.fixture(autouse=True)
async def _real_storage(hass: HomeAssistant, tmp_path: Path) -> AsyncIterator[None]:
    """Give every test a configuration folder of its own, and a web server."""
    hass.config.config_dir = str(tmp_path)
    assert await async_setup_component(hass, "http", {})
    yield
    await unload_all(hass)


@pytest.fixture
def expected_lingering_timers() -> bool:
    """Let the web server's side of a link end a moment later: it is not ours."""
    return True


async def test_three_homes_become_a_community(
    hass: HomeAssistant, hass_client_no_auth: ClientSessionGenerator
) -> None:
    first, second, third = [
        await add_home(hass, name=name) for name in ("First", "Second", "Third")
    ]
    address = await served(hass_client_no_auth)
    await found(hass, first, address)
    await join(hass, second, await invited(hass, first), address=address)
    await join(hass, third, await invited(hass, first), address=address)

    homes = (first, second, third)
    await until(lambda: all(len(circle_of(one).charter.members) == 3 for one in homes))
    await until(lambda: all(circle_of(one).anybody_online for one in homes))
    # They share the address of their Home Assistant, and are found there one by one.
    circles = [circle_of(one) for one in homes]
    await until(lambda: all(set(c.ways.linked) == set(c.others) for c in circles))
    assert await hass.config_entries.async_reload(first.entry_id)
    await until(lambda: stands(first, Standing.MEMBER))


async def test_a_member_goes_on_elsewhere_with_its_identity(
    hass: HomeAssistant, hass_client_no_auth: ClientSessionGenerator
) -> None:
    first, old, new = [
        await add_home(hass, name=name) for name in ("First", "Old", "New")
    ]
    await found(hass, first, await served(hass_client_no_auth))
    link = await invited(hass, first)
    await join(hass, old, link)
    party = member(old).feed.party
    settings = member(old).settings
    assert settings is not None
    sealed = await async_export(hass, old, settings, "correct horse battery")
    assert await hass.config_entries.async_unload(old.entry_id)

    identity = {"sealed": sealed, "passphrase": "correct horse battery"}
    await join(hass, new, link, identity=identity)

    assert member(new).feed.party == party
    assert circle_of(new).others == (member(first).feed.party,)
    assert len(circle_of(first).charter.members) == 2
