"""Brings the node of a real home back to where its journal ends: alone or as a member.

A home that waits to be let in is alone as far as its node is concerned.
"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..drivers.journal import JournalError, SQLiteJournal
from ..drivers.transports import Credentials, Roster
from ..engine.model.party import Charter, CommunityId, PartyId
from ..engine.model.period import Instant
from ..engine.node import DerivedSessions, Node, NodeConfig, lone_config
from ..engine.wire.keys import HouseholdKey
from ..engine.wire.verifier import verify
from ..home import wall_clock
from ..journal_file import async_open_journal, journal_not_ready, journal_path
from ..secret_store import HomeSecrets, async_load_secrets
from .identity import async_member_secrets
from .settings import CommunitySettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Woken:
    """A node, and what it was woken from."""

    node: Node
    party: PartyId
    community: CommunityId
    charter: Charter
    """The last one decided on."""

    credentials: Credentials
    journal: SQLiteJournal
    path: Path

    @property
    def roster(self) -> Roster:
        """Whom the node talks with."""
        return Roster(
            community=self.community,
            members=self.charter.members,
            revoked=self.node.community.revoked,
        )


async def async_wake(
    hass: HomeAssistant, entry: ConfigEntry, settings: CommunitySettings | None
) -> Woken:
    """Find the keys and the journal, and wake the node; None: of a home alone.

    Raises:
        ConfigEntryAuthFailed: the keys of the member are gone.
        ConfigEntryNotReady, ConfigEntryError: with what the owner can do.
    """
    if settings is None:
        found = await async_load_secrets(hass, entry)
        path = journal_path(hass, entry.entry_id)
    else:
        found = await async_member_secrets(hass, entry, settings)
        path = journal_path(hass, entry.entry_id, settings.place)
    now = wall_clock()
    journal = await async_open_journal(hass, entry, path, now=now)
    waking = partial(_wake, found, settings, journal, path, now)
    try:
        return await hass.async_add_executor_job(waking)
    except JournalError as err:
        await hass.async_add_executor_job(journal.close)
        raise journal_not_ready(path, err) from err
    except BaseException:
        await hass.async_add_executor_job(journal.close)
        raise


def _wake(
    found: HomeSecrets,
    settings: CommunitySettings | None,
    journal: SQLiteJournal,
    path: Path,
    now: Instant,
) -> Woken:
    """Wake the node (blocking)."""
    household = HouseholdKey(found.household)
    config = (
        lone_config(household, salt_secret=found.salts)
        if settings is None
        else NodeConfig(
            party=household.party,
            community=settings.community,
            charter=settings.founding,
            salt_secret=found.salts,
        )
    )
    sessions = DerivedSessions(
        household, secret=found.sessions, community=config.community
    )
    node = Node.restore(
        config, journal.restorable(), sessions=sessions, verify=verify, now=now
    )
    return Woken(
        node=node,
        party=household.party,
        community=config.community,
        charter=node.community.charter,
        credentials=Credentials(
            party=household.party, sessions=sessions, clock=wall_clock
        ),
        journal=journal,
        path=path,
    )
