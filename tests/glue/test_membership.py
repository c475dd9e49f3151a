"""A home's keys, its journal, and its node from start to end."""

import logging
from pathlib import Path
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import Store
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.commonwatt.drivers.journal import (
    JournalError,
    JournalFault,
    SQLiteJournal,
    inspect,
)
from custom_components.commonwatt.engine.node import Node
from custom_components.commonwatt.home import wall_clock
from custom_components.commonwatt.journal_file import journal_path
from custom_components.commonwatt.secret_store import HomeSecrets
from tests.glue.homes import add_home, settle

type Storage = dict[str, dict[str, object]]


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


def key_of(entry: MockConfigEntry) -> str:
    """Return the name of the file the secrets of a home are in."""
    return f"{DOMAIN}.{entry.entry_id}.keys"


def secrets_of(storage: Storage, entry: MockConfigEntry) -> dict[str, str]:
    """Return the secrets as they are stored."""
    stored = storage[key_of(entry)]["data"]
    assert isinstance(stored, dict)
    return stored


def stored_names(hass: HomeAssistant) -> list[str]:
    """Return the names of all files Home Assistant keeps."""
    return [file.name for file in Path(hass.config.path(".storage")).iterdir()]


def party_of(entry: MockConfigEntry) -> str:
    """Return who the home is on the market."""
    return str(entry.runtime_data.market.party)


async def test_a_new_home_gets_private_keys_of_its_own(
    hass: HomeAssistant, hass_storage: Storage
) -> None:
    with patch.object(
        Store, "__init__", autospec=True, side_effect=Store.__init__
    ) as made:
        entry = await add_home(hass)

    secrets = secrets_of(hass_storage, entry)
    assert secrets.keys() == {"household", "sessions", "salts"}
    assert len({*secrets.values()}) == 3
    assert all(len(bytes.fromhex(secret)) == 32 for secret in secrets.values())
    stores = [call for call in made.mock_calls if key_of(entry) in call.args]
    assert stores
    for store in stores:
        assert store.kwargs == {"private": True, "atomic_writes": True}


async def test_two_homes_have_different_keys(
    hass: HomeAssistant, hass_storage: Storage
) -> None:
    one = await add_home(hass, name="One")
    other = await add_home(hass, name="Other")

    assert secrets_of(hass_storage, one) != secrets_of(hass_storage, other)
    assert party_of(one) != party_of(other)


async def test_keys_show_up_nowhere_else(
    hass: HomeAssistant, hass_storage: Storage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    entry = await add_home(hass)
    secrets = secrets_of(hass_storage, entry)

    diagnostics = await async_get_config_entry_diagnostics(hass, entry)
    shown = (
        str(dict(entry.data)),
        str(diagnostics),
        str(hass.states.async_all()),
        repr(HomeSecrets.parse(secrets)),
        "\n".join(
            line
            for record in caplog.records
            # Home Assistant's own storage may log what it writes at DEBUG level.
            if record.name.startswith("custom_components")
            for line in (record.getMessage(), str(record.args))
        ),
    )

    for secret in secrets.values():
        assert not any(secret in text for text in shown)
        assert not any(repr(bytes.fromhex(secret)) in text for text in shown)
    assert party_of(entry) not in str(diagnostics)


async def test_a_home_is_the_same_after_a_restart(hass: HomeAssistant) -> None:
    entry = await add_home(hass)
    party = party_of(entry)

    assert await hass.config_entries.async_reload(entry.entry_id)
    await settle(hass)

    assert party_of(entry) == party
    assert inspect(journal_path(hass, entry.entry_id)).damage is None


async def test_the_journal_is_let_go_of_when_the_home_is_unloaded(
    hass: HomeAssistant,
) -> None:
    entry = await add_home(hass)
    path = journal_path(hass, entry.entry_id)
    with pytest.raises(JournalError, match="in_use"):
        SQLiteJournal.open(path, now=wall_clock())

    assert await hass.config_entries.async_unload(entry.entry_id)

    SQLiteJournal.open(path, now=wall_clock()).journal.close()


async def test_the_journal_is_let_go_of_when_home_assistant_stops(
    hass: HomeAssistant,
) -> None:
    entry = await add_home(hass)

    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await settle(hass)

    path = journal_path(hass, entry.entry_id)
    SQLiteJournal.open(path, now=wall_clock()).journal.close()


async def test_keys_and_journal_go_with_the_entry_only(
    hass: HomeAssistant, hass_storage: Storage
) -> None:
    entry = await add_home(hass)
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert key_of(entry) in hass_storage
    assert journal_path(hass, entry.entry_id).exists()

    await hass.config_entries.async_remove(entry.entry_id)
    await settle(hass)

    assert key_of(entry) not in hass_storage
    assert not [name for name in stored_names(hass) if entry.entry_id in name]


@pytest.mark.parametrize(
    "damaged",
    [
        {},
        {"household": "ab", "sessions": "cd", "salts": "ef"},
        {"household": "no hex", "sessions": "cd", "salts": "ef"},
        None,
    ],
)
async def test_lost_keys_are_never_replaced_in_silence(
    hass: HomeAssistant, hass_storage: Storage, damaged: dict[str, str] | None
) -> None:
    entry = await add_home(hass)
    assert await hass.config_entries.async_unload(entry.entry_id)
    if damaged is None:
        del hass_storage[key_of(entry)]
    else:
        hass_storage[key_of(entry)]["data"] = damaged

    assert not await hass.config_entries.async_setup(entry.entry_id)

    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "keys_lost"
    if damaged is None:
        assert key_of(entry) not in hass_storage
    else:
        assert secrets_of(hass_storage, entry) == damaged


@pytest.mark.parametrize(
    ("fault", "state", "key"),
    [
        (JournalFault.DISK_FULL, ConfigEntryState.SETUP_RETRY, "journal_disk_full"),
        (JournalFault.IN_USE, ConfigEntryState.SETUP_RETRY, "journal_in_use"),
        (JournalFault.UNREACHABLE, ConfigEntryState.SETUP_RETRY, "journal_unreachable"),
        (
            JournalFault.FROM_THE_FUTURE,
            ConfigEntryState.SETUP_ERROR,
            "journal_from_the_future",
        ),
    ],
)
async def test_a_journal_that_cannot_be_opened_says_why(
    hass: HomeAssistant, fault: JournalFault, state: ConfigEntryState, key: str
) -> None:
    entry = await add_home(hass)
    assert await hass.config_entries.async_unload(entry.entry_id)

    with patch.object(SQLiteJournal, "open", side_effect=JournalError(fault, "test")):
        assert not await hass.config_entries.async_setup(entry.entry_id)

    assert entry.state is state
    assert entry.error_reason_translation_key == key
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_journal_that_cannot_be_read_is_tried_again_and_let_go_of(
    hass: HomeAssistant,
) -> None:
    entry = await add_home(hass)
    assert await hass.config_entries.async_unload(entry.entry_id)
    unreadable = JournalError(JournalFault.UNREACHABLE, "test")

    with patch.object(SQLiteJournal, "entries", side_effect=unreadable):
        assert not await hass.config_entries.async_setup(entry.entry_id)

    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "journal_unreachable"
    path = journal_path(hass, entry.entry_id)
    SQLiteJournal.open(path, now=wall_clock()).journal.close()
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_node_that_does_not_wake_lets_go_of_its_journal(
    hass: HomeAssistant,
) -> None:
    entry = await add_home(hass)
    assert await hass.config_entries.async_unload(entry.entry_id)

    with patch.object(Node, "restore", side_effect=ValueError("test")):
        assert not await hass.config_entries.async_setup(entry.entry_id)

    assert entry.state is ConfigEntryState.SETUP_ERROR
    path = journal_path(hass, entry.entry_id)
    SQLiteJournal.open(path, now=wall_clock()).journal.close()


async def test_a_full_disk_is_reported_and_forgotten_when_there_is_room_again(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    issue_registry: ir.IssueRegistry,
) -> None:
    entry = await add_home(hass)
    issue_id = f"journal_fault_{entry.entry_id}"
    full = JournalError(JournalFault.DISK_FULL, "test")

    with patch.object(SQLiteJournal, "append", side_effect=full):
        for _ in range(20):  # some minutes: the next round is signed
            freezer.tick(60)
            async_fire_time_changed(hass)
            await settle(hass)
        issue = issue_registry.async_get_issue(DOMAIN, issue_id)
        assert issue is not None
        assert issue.translation_key == "journal_disk_full"

    freezer.tick(60)
    async_fire_time_changed(hass)
    await settle(hass)
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None
