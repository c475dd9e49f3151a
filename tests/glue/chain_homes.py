"""A home that settles on a chain, for tests: its keys, a chain, and contracts."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
import time
from unittest.mock import patch

from homeassistant.config_entries import SubentryFlowResult
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
import pytest_socket

from custom_components.commonwatt.chain import member as chain_member
from custom_components.commonwatt.chain.settings import CommunityChain, community_chain
from custom_components.commonwatt.chain.settler import Settler
from custom_components.commonwatt.community.settings import membership_of
from custom_components.commonwatt.drivers.chain import (
    ChainSettings,
    Deployment,
    DeploymentTerms,
)
from custom_components.commonwatt.drivers.chain.home import open_home
from custom_components.commonwatt.engine.wire.ethereum import address_of
from custom_components.commonwatt.engine.wire.keys import HouseholdKey
from custom_components.commonwatt.secret_store import HomeSecrets
from tests.glue.communities import (
    SECONDS_MAX,
    add_member,
    choose,
    manage,
    until,
)
from tools.anvil import Chain, anvil

SECRETS = HomeSecrets(household=b"\x07" * 32, sessions=b"\x08" * 32, salts=b"\x09" * 32)
ME = address_of(HouseholdKey(SECRETS.household).public)
LINE_NANO = 10**9


@contextmanager
def funded_chain() -> Iterator[Chain]:
    """Run a chain on which the home has coins."""
    # A fixture of a module is made before its first test opens the sockets.
    pytest_socket.enable_socket()
    with anvil("--block-time", "0.25", "--slots-in-an-epoch", "1") as running:
        running.fund(ME)
        yield running


def made_contracts(chain: Chain, folder: Path) -> Deployment:
    """Make the contracts of a community of one, whose batches stand after a second."""
    pytest_socket.enable_socket()
    key = HouseholdKey(SECRETS.household)
    settings = ChainSettings(urls=(chain.url,), chain_id=chain.chain_id)
    home = open_home(settings, key, folder)
    try:
        home.deploy(
            DeploymentTerms(
                charter=bytes(32), founders=(ME,), line_nano=LINE_NANO, window_s=1
            )
        )
        while home.deployment is None:
            home.step()
            time.sleep(0.05)
        return home.deployment
    finally:
        home.close()


@contextmanager
def in_a_hurry() -> Iterator[None]:
    """Look at the chain often."""
    with patch.object(chain_member, "PACE_S", 0.2):
        yield


def settler_of(entry: MockConfigEntry) -> Settler:
    """Return who settles a home."""
    settler = entry.runtime_data.chain
    assert isinstance(settler, Settler)
    return settler


def deployment_of(entry: MockConfigEntry) -> Deployment:
    """Return the contracts that are kept."""
    known = community_chain(entry)
    assert known is not None
    assert known.settings.deployment is not None
    return known.settings.deployment


async def chain_step(
    hass: HomeAssistant, entry: MockConfigEntry, choice: str
) -> SubentryFlowResult:
    """Open what there is to choose about the chain, and choose."""
    return await choose(hass, await manage(hass, entry, "chain"), choice)


def is_settled_on(entry: MockConfigEntry) -> bool:
    """Tell whether the home goes by contracts that are kept, and has looked at them."""
    data = getattr(entry, "runtime_data", None)
    settler = None if data is None else data.chain
    return (
        settler is not None
        and settler._settings.deployment is not None
        and settler.wallet is not None
        and settler.wallet.head is not None
    )


async def until_final(settler: Settler) -> None:
    """Wait until nobody can take back any more that the latest day stands."""
    day = settler.days[-1].posted
    async with asyncio.timeout(SECONDS_MAX):
        while not await settler.async_ask(  # noqa: ASYNC110  # a block has no event
            lambda home: home.batches.stands(day)
        ):
            await asyncio.sleep(0.1)


async def settling(
    hass: HomeAssistant, chain: Chain, contracts: Deployment
) -> MockConfigEntry:
    """Add a home that settles on contracts that are there."""
    entry = await add_member(hass, secrets=SECRETS)
    settings = ChainSettings(
        urls=(chain.url,), chain_id=chain.chain_id, deployment=contracts
    )
    subentry = membership_of(entry)
    assert subentry is not None
    data = {**subentry.data, "chain": CommunityChain(settings=settings).as_data}
    hass.config_entries.async_update_subentry(entry, subentry, data=data)
    await until(lambda: is_settled_on(entry))
    return entry
