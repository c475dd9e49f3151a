"""Adding and changing the demo, as a person would."""

from pathlib import Path
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
import pytest

from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.demo.settings import DemoSettings
from custom_components.commonwatt.drivers.traces import TracesReason
from custom_components.commonwatt.flows.demo import _TRACES_ERRORS
from tests.glue.demos import add_demo, demo_of
from tests.glue.forms import fill_in, open_menu, reconfigure, suggested

DAY_S = 86_400
HEADER = "unixtimestamp,power\n"


def record(folder: Path, *, households: str = "250", sun: str = "0.5") -> Path:
    """Write two days of recordings in which every quarter of an hour is alike."""
    folder.mkdir()
    times = range(0, 2 * DAY_S, 900)
    for name, value in (("hh_1.csv", households), ("pv_1_pu.csv", sun)):
        rows = "".join(f"{time},{value}\n" for time in times)
        (folder / name).write_text(HEADER + rows)
    return folder


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


@pytest.mark.usefixtures("socket_enabled")
async def test_the_demo_can_be_added_with_two_clicks(hass: HomeAssistant) -> None:
    form = await open_menu(hass, "demo")
    assert form["type"] is FlowResultType.FORM
    schema = form["data_schema"]
    assert schema is not None
    assert schema({}) == {"speed": 60, "seed": 1}

    result = await hass.config_entries.flow.async_configure(
        form["flow_id"], {"speed": 60, "seed": 1}
    )

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == DemoSettings().as_data()
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert entry.state is ConfigEntryState.LOADED
    assert await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.usefixtures("socket_enabled")
async def test_a_form_that_was_left_open_is_not_in_the_way(hass: HomeAssistant) -> None:
    await open_menu(hass, "demo")
    form = await open_menu(hass, "demo")
    assert form["type"] is FlowResultType.FORM

    # Nobody waits until everything has settled: the demo's clock never does.
    result = await hass.config_entries.flow.async_configure(
        form["flow_id"], {"speed": 60, "seed": 1}
    )

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert hass.config_entries.flow.async_progress() == []
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.usefixtures("socket_enabled")
async def test_recordings_and_a_stop_can_be_asked_for(
    hass: HomeAssistant, tmp_path: Path
) -> None:
    folder = record(tmp_path / "traces")
    form = await open_menu(hass, "demo")

    result = await hass.config_entries.flow.async_configure(
        form["flow_id"],
        {"speed": 900, "seed": 5, "traces": str(folder), "stop_after_periods": 1},
    )

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert DemoSettings.from_data(result["data"]) == DemoSettings(
        speed=900, seed=5, traces=folder, stop_after_periods=1
    )
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert entry.state is ConfigEntryState.LOADED
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_folders_that_cannot_be_played_are_refused_with_a_reason(
    hass: HomeAssistant, tmp_path: Path
) -> None:
    good = record(tmp_path / "good")
    bad = record(tmp_path / "bad", households="much")
    empty = tmp_path / "empty"
    empty.mkdir()
    dark = record(tmp_path / "dark")
    (dark / "pv_1_pu.csv").unlink()
    tries = {
        str(tmp_path / "gone"): "traces_no_folder",
        str(empty): "traces_no_household",
        str(dark): "traces_no_sun",
        str(bad): "traces_bad_value",
    }
    form = await open_menu(hass, "demo")

    for folder, error in tries.items():
        answers = {"speed": 90, "seed": 2, "traces": folder}
        form = await fill_in(hass, form, answers)

        assert form["type"] is FlowResultType.FORM
        assert form["errors"] == {"traces": error}
        placeholders = form["description_placeholders"]
        assert placeholders is not None
        assert str(placeholders["where"]).startswith(str(tmp_path))
        assert suggested(form) == answers

    with patch("custom_components.commonwatt.async_setup_entry", return_value=True):
        answers = {"speed": 90, "seed": 2, "traces": str(good)}
        result = await fill_in(hass, form, answers)
    assert result["type"] is FlowResultType.CREATE_ENTRY


def test_every_reason_to_refuse_a_folder_has_words() -> None:
    assert _TRACES_ERRORS.keys() == {reason.value for reason in TracesReason}


@pytest.mark.parametrize(
    "answers",
    [
        {"speed": 0, "seed": 1},
        {"speed": 901, "seed": 1},
        {"speed": 60, "seed": -1},
        {"speed": 60, "seed": 1, "stop_after_periods": 0},
    ],
)
async def test_numbers_out_of_bounds_are_refused(
    hass: HomeAssistant, answers: dict[str, object]
) -> None:
    form = await open_menu(hass, "demo")

    with pytest.raises(InvalidData):
        await hass.config_entries.flow.async_configure(form["flow_id"], answers)


@pytest.mark.usefixtures("socket_enabled")
async def test_one_demo_is_enough(hass: HomeAssistant) -> None:
    entry = await add_demo(hass)

    result = await open_menu(hass, "demo")

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
    assert await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.usefixtures("socket_enabled")
async def test_changing_the_demo_starts_it_anew(
    hass: HomeAssistant, tmp_path: Path
) -> None:
    entry = await add_demo(hass, DemoSettings(speed=900, seed=3))
    before = demo_of(entry)
    form = await reconfigure(hass, entry)
    assert form["type"] is FlowResultType.FORM
    assert form["step_id"] == "reconfigure_demo"
    assert suggested(form) == {"speed": 900, "seed": 3}

    answers = {"speed": 60, "seed": 4, "traces": str(tmp_path / "gone")}
    form = await hass.config_entries.flow.async_configure(form["flow_id"], answers)
    assert form["errors"] == {"traces": "traces_no_folder"}
    result = await hass.config_entries.flow.async_configure(
        form["flow_id"], {"speed": 60, "seed": 4}
    )
    await hass.async_block_till_done()

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    assert DemoSettings.from_data(entry.data) == DemoSettings(speed=60, seed=4)
    assert demo_of(entry) is not before
    assert not before.running
    assert await hass.config_entries.async_unload(entry.entry_id)
