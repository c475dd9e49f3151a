"""Home Assistant backs a home up while its journal goes on."""

from pathlib import Path
import tarfile
from unittest.mock import patch

from homeassistant.components.backup import DOMAIN as BACKUP
from homeassistant.components.backup.const import DATA_MANAGER
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.commonwatt.backup import async_post_backup, async_pre_backup
from custom_components.commonwatt.drivers.journal import (
    JournalError,
    JournalFault,
    SQLiteJournal,
)
from custom_components.commonwatt.engine.ledger.journal import EntryKind, JournalEntry
from custom_components.commonwatt.engine.model.period import Instant
from custom_components.commonwatt.journal_file import journal_path
from tests.glue.homes import add_home, settle

NOW = Instant(1_795_298_400_000)


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


def note(number: int) -> JournalEntry:
    """Return an entry that can be told from others."""
    return JournalEntry(kind=EntryKind.SENT, at=NOW, body=bytes([number]) * 900)


def restored_bodies(files: Path, name: str) -> list[bytes]:
    """Open a journal as a restored Home Assistant would; return what it holds."""
    opened = SQLiteJournal.open(files / name, now=NOW)
    try:
        assert opened.damaged is None
        return [entry.body for entry in opened.journal.entries()]
    finally:
        opened.journal.close()


async def test_a_backup_holds_a_whole_journal(
    hass: HomeAssistant, tmp_path: Path
) -> None:
    assert await async_setup_component(hass, BACKUP, {})
    entry = await add_home(hass)
    journal = entry.runtime_data.membership.journal
    path = journal_path(hass, entry.entry_id)
    await hass.async_add_executor_job(journal.append, [note(1), note(2)])
    before = journal.count
    manager = hass.data[DATA_MANAGER]
    write_on = manager.async_pre_backup_actions

    async def go_on() -> None:
        await write_on()
        await hass.async_add_executor_job(journal.append, [note(3)])

    with patch.object(manager, "async_pre_backup_actions", go_on):
        await manager.async_create_backup(
            agent_ids=["backup.local"],
            include_addons=None,
            include_all_addons=False,
            include_database=True,
            include_folders=None,
            include_homeassistant=True,
            name="before the storm",
            password=None,
        )
    await settle(hass)

    def unpack() -> Path:
        (outer,) = (tmp_path / "backups").glob("*.tar")
        with tarfile.open(outer) as backup:
            backup.extractall(tmp_path / "outer", filter="data")
        with tarfile.open(tmp_path / "outer" / "homeassistant.tar.gz") as files:
            files.extractall(tmp_path / "restored", filter="data")
        return tmp_path / "restored" / "data" / ".storage"

    files = await hass.async_add_executor_job(unpack)
    bodies = await hass.async_add_executor_job(restored_bodies, files, path.name)
    assert len(bodies) >= before
    assert {note(1).body, note(2).body} <= set(bodies)


async def test_journals_rest_between_the_two_calls_only(
    hass: HomeAssistant,
) -> None:
    entry = await add_home(hass)
    journal = entry.runtime_data.membership.journal
    path = journal_path(hass, entry.entry_id)

    await async_pre_backup(hass)
    before = await hass.async_add_executor_job(path.read_bytes)
    await hass.async_add_executor_job(journal.append, [note(1)])
    assert await hass.async_add_executor_job(path.read_bytes) == before
    await async_post_backup(hass)
    assert await hass.async_add_executor_job(path.read_bytes) != before


async def test_a_journal_that_cannot_be_backed_up_is_told(
    hass: HomeAssistant,
) -> None:
    await add_home(hass)
    failing = JournalError(JournalFault.DISK_FULL, "full")

    with (
        patch.object(SQLiteJournal, "begin_backup", side_effect=failing),
        pytest.raises(HomeAssistantError, match="disk_full") as refused,
    ):
        await async_pre_backup(hass)
    assert refused.value.translation_key == "journal_not_backed_up"


async def test_a_home_that_is_not_loaded_is_left_alone(hass: HomeAssistant) -> None:
    entry: MockConfigEntry = await add_home(hass)
    assert await hass.config_entries.async_unload(entry.entry_id)

    await async_pre_backup(hass)
    await async_post_backup(hass)
