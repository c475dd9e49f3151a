"""A damaged journal is kept aside and reported until its owner decides."""

from pathlib import Path
from unittest.mock import patch

from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.drivers.journal import JournalFault
from custom_components.commonwatt.drivers.pump import Turn
from custom_components.commonwatt.journal_file import journal_path
from tests.glue.homes import add_home, settle


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a home whose journal somebody has scribbled into while it was away."""
    entry = await add_home(hass)
    assert await hass.config_entries.async_unload(entry.entry_id)
    path = journal_path(hass, entry.entry_id)
    path.write_bytes(b"this is no journal" * 100)
    return entry


async def start(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Load a home."""
    assert await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass)


def damaged_file(hass: HomeAssistant, entry: MockConfigEntry) -> Path:
    """Return where the first damaged journal of a home is put."""
    path = journal_path(hass, entry.entry_id)
    return path.with_name(f"{path.name}.damaged-1")


async def choose(
    hass_client: ClientSessionGenerator, issue_id: str, choice: str
) -> dict[str, object]:
    """Walk through the repair as a person would."""
    client = await hass_client()
    answer = await client.post(
        "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue_id}
    )
    menu = await answer.json()
    assert menu["type"] == "menu"
    assert menu["menu_options"] == ["keep", "delete"]
    answer = await client.post(
        f"/api/repairs/issues/fix/{menu['flow_id']}", json={"next_step_id": choice}
    )
    result = await answer.json()
    assert isinstance(result, dict)
    return result


async def test_a_damaged_journal_is_kept_aside_and_reported(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    issue_registry: ir.IssueRegistry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await start(hass, entry)

    file = damaged_file(hass, entry)
    assert file.read_bytes() == b"this is no journal" * 100
    issue = issue_registry.async_get_issue(DOMAIN, f"damaged_journal_{file.name}")
    assert issue is not None
    assert issue.is_fixable
    assert issue.translation_placeholders == {"file": str(file), "home": "Home"}
    assert "not_a_journal" in caplog.text
    assert entry.state is ConfigEntryState.LOADED


async def test_the_report_comes_back_as_long_as_the_file_is_there(
    hass: HomeAssistant, entry: MockConfigEntry, issue_registry: ir.IssueRegistry
) -> None:
    await start(hass, entry)
    issue_id = f"damaged_journal_{damaged_file(hass, entry).name}"
    ir.async_delete_issue(hass, DOMAIN, issue_id)

    assert await hass.config_entries.async_reload(entry.entry_id)

    assert issue_registry.async_get_issue(DOMAIN, issue_id) is not None


async def test_a_file_and_its_log_are_one_report(
    hass: HomeAssistant, entry: MockConfigEntry, issue_registry: ir.IssueRegistry
) -> None:
    file = damaged_file(hass, entry)
    file.with_name(file.name + "-wal").write_bytes(b"log")
    file.write_bytes(b"older damage")

    await start(hass, entry)

    ours = {issue_id for domain, issue_id in issue_registry.issues if domain == DOMAIN}
    second = f"damaged_journal_{file.name[:-1]}2"
    assert ours == {f"damaged_journal_{file.name}", second}


async def test_the_owner_can_keep_the_file_and_hear_no_more_of_it(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    issue_registry: ir.IssueRegistry,
    hass_client: ClientSessionGenerator,
) -> None:
    assert await async_setup_component(hass, REPAIRS, {})
    await start(hass, entry)
    file = damaged_file(hass, entry)
    issue_id = f"damaged_journal_{file.name}"

    result = await choose(hass_client, issue_id, "keep")

    assert result["type"] == "abort"
    assert result["reason"] == "journal_kept"
    assert file.exists()
    assert await hass.config_entries.async_reload(entry.entry_id)
    issue = issue_registry.async_get_issue(DOMAIN, issue_id)
    assert issue is not None
    assert issue.dismissed_version is not None


async def test_the_owner_can_delete_the_file(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    issue_registry: ir.IssueRegistry,
    hass_client: ClientSessionGenerator,
) -> None:
    assert await async_setup_component(hass, REPAIRS, {})
    await start(hass, entry)
    file = damaged_file(hass, entry)
    log = file.with_name(file.name + "-wal")
    log.write_bytes(b"log")
    issue_id = f"damaged_journal_{file.name}"

    result = await choose(hass_client, issue_id, "delete")

    assert result["type"] == "create_entry"
    assert not file.exists()
    assert not log.exists()
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None


async def test_a_file_that_cannot_be_deleted_stays_reported(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    issue_registry: ir.IssueRegistry,
    hass_client: ClientSessionGenerator,
) -> None:
    assert await async_setup_component(hass, REPAIRS, {})
    await start(hass, entry)
    issue_id = f"damaged_journal_{damaged_file(hass, entry).name}"

    with patch.object(Path, "unlink", side_effect=PermissionError("read-only")):
        result = await choose(hass_client, issue_id, "delete")

    assert result["type"] == "abort"
    assert result["reason"] == "journal_not_deleted"
    assert result["description_placeholders"] == {
        "file": str(damaged_file(hass, entry)),
        "error": "read-only",
    }
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is not None


async def test_removing_the_home_removes_the_report(
    hass: HomeAssistant, entry: MockConfigEntry, issue_registry: ir.IssueRegistry
) -> None:
    await start(hass, entry)

    await hass.config_entries.async_remove(entry.entry_id)
    await settle(hass)

    assert not [domain for domain, _ in issue_registry.issues if domain == DOMAIN]
    assert not damaged_file(hass, entry).exists()


async def test_damage_while_open_is_salvaged_by_starting_again(
    hass: HomeAssistant, issue_registry: ir.IssueRegistry
) -> None:
    entry = await add_home(hass)
    membership = entry.runtime_data.stop.__self__
    turn = Turn(
        status=entry.runtime_data.market.status,
        actuate=(),
        report=(),
        fault=JournalFault.DAMAGED,
    )
    before = entry.runtime_data

    await membership._turned(turn)
    await settle(hass)

    assert entry.state is ConfigEntryState.LOADED
    assert entry.runtime_data is not before
    issue_id = f"journal_fault_{entry.entry_id}"
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None
