"""Tries a chain out before it is kept: does it answer, and are the contracts ours."""

from collections.abc import Mapping, Set as AbstractSet
from functools import partial
from pathlib import Path
import shutil
import tempfile
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from yarl import URL

from ..drivers.chain import (
    ChainError,
    ChainFault,
    ChainHome,
    ChainSettings,
    ChainThread,
    Deployment,
)
from ..drivers.chain.deployment import find
from ..drivers.chain.probe import probe
from ..engine.wire.ethereum import Address
from ..engine.wire.keys import HouseholdKey
from .library import async_require_library
from .link import ChainLink
from .settings import CONF_CHAIN_ID, CONF_URLS, URLS_MAX

CONF_LINK: Final = "link"
type Wrong = tuple[dict[str, str], Mapping[str, str]]
"""Errors of a form by field, and what they are about."""

NOTHING_WRONG: Final[Wrong] = ({}, {})

_OF_FAULTS: Final[Mapping[ChainFault, str]] = {
    ChainFault.LIBRARY_MISSING: "chain_no_library",
    ChainFault.DISK: "chain_disk",
    ChainFault.UNREACHABLE: "chain_lost",
}


class OtherCommunityError(Exception):
    """The contracts count others as members than the community does."""


async def async_wrong_endpoints(
    hass: HomeAssistant, chain: ChainSettings, account: Address, *, needs_coins: bool
) -> Wrong:
    """Return what is wrong with the way to a chain."""
    if not 1 <= len(chain.urls) <= URLS_MAX:
        return {CONF_URLS: "chain_urls_count"}, {}
    session = async_get_clientsession(hass)
    for url in chain.urls:
        if not _is_url(url):
            return {CONF_URLS: "chain_url"}, {"url": url}
        try:
            found = await probe(session, url, account)
        except ChainError:
            return {CONF_URLS: "chain_silent"}, {"url": url}
        if found.chain_id != chain.chain_id:
            where = {"url": url, "found": str(found.chain_id)}
            return {CONF_CHAIN_ID: "chain_wrong"}, where
        if needs_coins and not found.coins_wei:
            return {"base": "chain_no_coins"}, {}
    return NOTHING_WRONG


async def async_find_contracts(
    hass: HomeAssistant,
    chain: ChainSettings,
    link: ChainLink,
    *,
    key: HouseholdKey,
    members: AbstractSet[Address],
) -> Deployment:
    """Return the contracts that a link leads to, if they are this community's.

    Raises:
        ChainError: the chain cannot be asked, or the contracts are not ours.
        OtherCommunityError: most of their members are strangers.
    """
    await async_require_library(hass)
    folder = await hass.async_add_executor_job(tempfile.mkdtemp)
    try:
        thread = await ChainThread.open(chain, key, Path(folder))
        try:
            found, known = await thread.ask(partial(_found, link=link))
        finally:
            await thread.close()
    finally:
        await hass.async_add_executor_job(
            partial(shutil.rmtree, folder, ignore_errors=True)
        )
    if 2 * len(known & members) <= len(known):
        raise OtherCommunityError
    return found


def error_of(err: ChainError | OtherCommunityError) -> dict[str, str]:
    """Return what a form shows of a failed trial."""
    if isinstance(err, OtherCommunityError):
        return {CONF_LINK: "chain_other_community"}
    if err.fault in _OF_FAULTS:
        return {"base": _OF_FAULTS[err.fault]}
    return {CONF_LINK: "chain_wrong_code"}


def _found(home: ChainHome, *, link: ChainLink) -> tuple[Deployment, set[Address]]:
    found = find(home.client, link.settlement, link.others)
    home.join(found)
    return found, set(home.votes.members())


def _is_url(text: str) -> bool:
    try:
        url = URL(text)
    except ValueError:
        return False
    return url.scheme in {"http", "https"} and bool(url.host)
