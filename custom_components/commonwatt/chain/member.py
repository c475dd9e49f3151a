"""The chain of a real home: whose account it is, its books, and who settles."""

from dataclasses import replace
from functools import partial
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, callback

from ..community.identity import async_member_secrets
from ..community.settings import CommunitySettings, membership_of
from ..drivers.chain import Deployment
from ..engine.model.party import Charter
from ..engine.wire.ethereum import Address, address_of
from ..engine.wire.keys import HouseholdKey
from ..membership import Membership
from .community_books import CommunityBooks
from .files import async_forget_books, chain_folder
from .relaying import RelayPoster
from .settings import CONF_CHAIN, CommunityChain, community_chain
from .settler import Settler

PACE_S: Final = 20.0


async def async_settler_of_member(
    hass: HomeAssistant, entry: ConfigEntry, membership: Membership
) -> Settler | None:
    """Return who settles a home's community on a chain; None where there is none.

    Raises:
        ConfigEntryAuthFailed: the home's keys are gone.
        ChainError: the books cannot be opened (DISK).
    """
    chain, circle = community_chain(entry), membership.circle
    if chain is None or circle is None:
        await async_forget_books(hass, entry.entry_id)
        return None
    key = await async_household(hass, entry, circle.settings)
    folder = chain_folder(hass, entry.entry_id)
    opening = partial(CommunityBooks.open, folder, circle.settings.community)
    poster = RelayPoster(
        hass,
        ask=membership.async_ask,
        feed=membership.feed,
        books=await hass.async_add_executor_job(opening),
        account=address_of(key.public),
    )
    settler = Settler(
        hass,
        entry,
        settings=chain.settings,
        terms=chain.terms,
        poster=poster,
        key=key,
        folder=folder,
        pace_s=PACE_S,
    )
    settler.on_deployed = partial(_keep_deployment, hass, entry, chain)
    poster.async_start(entry)
    _stop_with_home_assistant(hass, entry, settler)
    return settler


async def async_household(
    hass: HomeAssistant, entry: ConfigEntry, settings: CommunitySettings
) -> HouseholdKey:
    """Return the key of a member: its account pays for the gas.

    Raises:
        ConfigEntryAuthFailed: it is gone.
    """
    found = await async_member_secrets(hass, entry, settings)
    return await hass.async_add_executor_job(HouseholdKey, found.household)


def accounts_of(charter: Charter) -> frozenset[Address]:
    """Return the accounts of all members (blocking)."""
    return frozenset(address_of(member.household_key) for member in charter.members)


@callback
def _keep_deployment(
    hass: HomeAssistant,
    entry: ConfigEntry,
    chain: CommunityChain,
    deployment: Deployment,
) -> None:
    """Remember where the contracts lie; the home starts anew with them."""
    subentry = membership_of(entry)
    if subentry is None:
        return
    settings = replace(chain.settings, deployment=deployment)
    kept = replace(chain, settings=settings).as_data
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**subentry.data, CONF_CHAIN: kept}
    )


@callback
def _stop_with_home_assistant(
    hass: HomeAssistant, entry: ConfigEntry, settler: Settler
) -> None:
    async def stop(_event: Event) -> None:
        await settler.async_stop()

    entry.async_on_unload(hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, stop))
