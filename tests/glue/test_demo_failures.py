"""What goes wrong in the demo is said, and nothing is left behind."""

from pathlib import Path
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.demo.settings import DemoSettings
from custom_components.commonwatt.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.commonwatt.drivers.journal import (
    JournalError,
    JournalFault,
    SQLiteJournal,
)
from custom_components.commonwatt.drivers.simulated import (
    ListenError,
    SimulatedDevices,
)
from custom_components.commonwatt.home import wall_clock
from custom_components.commonwatt.journal_file import journal_path
from tests.glue.demos import (
    add_demo,
    demo_of,
    no_waiting,
    until_stopped,
)
from tests.glue.test_demo import FAST

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


async def test_a_full_disk_stops_the_clock_and_says_so(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    full = JournalError(JournalFault.DISK_FULL, "test")
    with no_waiting():
        entry = await add_demo(hass, FAST)
        with patch.object(demo_of(entry)._street, "advance", side_effect=full):
            await until_stopped(hass, entry)

    state = hass.states.get("binary_sensor.demo_clock")
    assert state is not None
    assert state.state == "off"
    assert "its journal fails (disk_full" in caplog.text
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_bug_stops_the_clock_and_says_so(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    with no_waiting():
        entry = await add_demo(hass, DemoSettings(speed=900))
        demo = demo_of(entry)
        with patch.object(demo._street, "advance", side_effect=ZeroDivisionError):
            await until_stopped(hass, entry)

    assert not demo.running
    assert "The demo has stopped" in caplog.text
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_street_that_cannot_be_built_lets_go_of_its_journal(
    hass: HomeAssistant,
) -> None:
    with (
        patch(
            "custom_components.commonwatt.demo.street.Neighbourhood",
            side_effect=JournalError(JournalFault.DISK_FULL, "test"),
        ),
        pytest.raises(AssertionError),
    ):
        await add_demo(hass)

    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    path = journal_path(hass, entry.entry_id)
    SQLiteJournal.open(path, now=wall_clock()).journal.close()
    await hass.config_entries.async_unload(entry.entry_id)


async def test_recordings_that_are_gone_are_no_reason_to_retry(
    hass: HomeAssistant, tmp_path: Path
) -> None:
    settings = DemoSettings(traces=tmp_path / "gone")

    with pytest.raises(AssertionError):
        await add_demo(hass, settings)

    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "traces_unusable"


async def test_without_a_modbus_server_there_is_no_demo(hass: HomeAssistant) -> None:
    missing = ModuleNotFoundError("No module named 'pymodbus'", name="pymodbus")
    with (
        patch("custom_components.commonwatt._load_demo", side_effect=missing),
        pytest.raises(AssertionError),
    ):
        await add_demo(hass)

    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "simulator_missing"


@pytest.mark.parametrize(
    ("target", "method", "error", "key"),
    [
        (
            SQLiteJournal,
            "open",
            JournalError(JournalFault.DISK_FULL, "test"),
            "journal_disk_full",
        ),
        (SimulatedDevices, "start", ListenError("127.0.0.1", 0), "no_port"),
    ],
)
async def test_what_may_pass_is_tried_again(
    hass: HomeAssistant, target: type, method: str, error: Exception, key: str
) -> None:
    with (
        patch.object(target, method, side_effect=error),
        pytest.raises(AssertionError),
    ):
        await add_demo(hass)

    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == key
    await hass.config_entries.async_unload(entry.entry_id)


async def test_diagnostics_tell_how_the_demo_goes(hass: HomeAssistant) -> None:
    with no_waiting():
        entry = await add_demo(hass, FAST)
        demo = await until_stopped(hass, entry)

    node = (await async_get_config_entry_diagnostics(hass, entry))["node"]

    assert isinstance(node, dict)
    assert node["demo"]["periods_settled"] == 3
    assert node["demo"]["running"] is False
    assert node["status"]["members_online"] == 12
    assert not any(home.party in str(node) for home in demo.homes)
    await hass.config_entries.async_unload(entry.entry_id)


async def test_the_summary_can_be_asked_for(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> None:
    with no_waiting():
        entry = await add_demo(hass, FAST)
        demo = await until_stopped(hass, entry)
    client = await hass_ws_client(hass)

    await client.send_json_auto_id(
        {"type": "commonwatt/demo/summary", "entry_id": entry.entry_id}
    )
    answer = await client.receive_json()

    assert answer["success"]
    assert answer["result"] == demo.summary()
    await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.parametrize("loaded", [True, False])
async def test_a_demo_that_is_not_there_has_no_summary(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, *, loaded: bool
) -> None:
    entry = await add_demo(hass)
    if not loaded:
        assert await hass.config_entries.async_unload(entry.entry_id)
    client = await hass_ws_client(hass)

    await client.send_json_auto_id(
        {
            "type": "commonwatt/demo/summary",
            "entry_id": "nobody" if loaded else entry.entry_id,
        }
    )
    answer = await client.receive_json()

    assert not answer["success"]
    assert answer["error"]["code"] == "not_found"
    await hass.config_entries.async_unload(entry.entry_id)
