"""A home that was invited and waits to be let in: for seconds, or until all have voted.

Its own node goes on alone meanwhile.  Once it is a member, the new journal begins with
the charters, and the entry is loaded anew.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..const import LOGGER
from ..drivers.journal import JournalError, SQLiteJournal
from ..engine.ledger.journal import JournalEntry
from ..home import wall_clock
from ..journal_file import journal_path
from .identity import async_member_secrets
from .settings import CommunitySettings, membership_of
from .visit import Visit
from .watch import show_spent

RETRY_SECONDS: Final = 60.0


class Waiting:
    """Knocks at the door of a community until the home is a member."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        settings: CommunitySettings,
        visit: Visit,
    ) -> None:
        self.settings: Final = settings
        self.visit: Final = visit
        self._hass: Final = hass
        self._entry: Final = entry
        self._task: asyncio.Task[None] | None = None

    @classmethod
    async def async_open(
        cls,
        hass: HomeAssistant,
        entry: ConfigEntry,
        settings: CommunitySettings | None,
    ) -> Self | None:
        """Prepare to knock; None for who is no guest.

        Raises:
            ConfigEntryAuthFailed: the keys of the guest are gone.
        """
        if settings is None or (invite := settings.invite) is None:
            return None
        found = await async_member_secrets(hass, entry, settings)
        visit = await hass.async_add_executor_job(
            lambda: Visit(hass, invite, found, settings.ways, clock=wall_clock)
        )
        return cls(hass, entry, settings, visit)

    def async_start(self) -> None:
        """Begin to knock."""
        self._task = self._entry.async_create_background_task(
            self._hass, self._wait(), "commonwatt guest"
        )

    async def async_stop(self) -> None:
        """Knock no longer; a second call does nothing."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def _wait(self) -> None:
        while True:
            await self.visit.async_until(lambda one: one.is_member or one.is_spent)
            if self.visit.is_spent:
                show_spent(self._hass, self._entry)
                return
            try:
                await self._hass.async_add_executor_job(
                    _begin_journal,
                    journal_path(self._hass, self._entry.entry_id, self.settings.place),
                    self.visit.entries(),
                )
            except JournalError as err:
                LOGGER.error("The journal of the new member cannot be begun: %s", err)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                break
        self._join()

    def _join(self) -> None:
        """Be a member from the next start of the entry on, which follows at once."""
        subentry = membership_of(self._entry)
        assert subentry is not None, "its guest has just been let in"
        self._hass.config_entries.async_update_subentry(
            self._entry, subentry, data={**subentry.data, "invite": None}
        )


def _begin_journal(path: Path, entries: Sequence[JournalEntry]) -> None:
    """Write the charters into a new journal (blocking).

    A guest has signed nothing that a journal would hold: what is there was begun by an
    earlier attempt.
    """
    journal = SQLiteJournal.open(path, now=wall_clock()).journal
    try:
        if journal.count == 0:
            journal.append(entries)
    finally:
        journal.close()
