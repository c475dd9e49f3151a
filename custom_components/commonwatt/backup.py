"""Lets Home Assistant back up journals that go on being written.

While a backup is made a journal's main file stands still and only its log grows: the
rounds of the community go on, and what is restored is the journal of one instant.
"""

from collections.abc import Callable, Iterator

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN
from .drivers.journal import JournalError, SQLiteJournal


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Let the files of every journal be copied."""
    await _async_each(hass, SQLiteJournal.begin_backup)


async def async_post_backup(hass: HomeAssistant) -> None:
    """Let journals tidy up their files again."""
    await _async_each(hass, SQLiteJournal.end_backup)


async def _async_each(
    hass: HomeAssistant, step: Callable[[SQLiteJournal], None]
) -> None:
    for journal in list(_journals(hass)):
        try:
            await hass.async_add_executor_job(step, journal)
        except JournalError as err:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="journal_not_backed_up",
                translation_placeholders={"fault": err.fault.value},
            ) from err


def _journals(hass: HomeAssistant) -> Iterator[SQLiteJournal]:
    """Yield the journals on disk; a demo keeps none."""
    for entry in hass.config_entries.async_entries(DOMAIN):
        if entry.state is not ConfigEntryState.LOADED:
            continue
        membership = entry.runtime_data.membership
        if membership is not None:
            yield membership.journal
