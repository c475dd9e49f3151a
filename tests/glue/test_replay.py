"""A download from a running home replays elsewhere, and shows where it was doctored."""

import asyncio
import json
from pathlib import Path
import sys

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.commonwatt.demo.settings import DemoSettings
from tests.glue.demos import add_demo, demo_of, no_waiting, until_stopped

pytestmark = pytest.mark.usefixtures("socket_enabled")

ROOT = Path(__file__).parents[2]
PERIODS = 4

type Download = dict[str, object]


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


async def lived(hass: HomeAssistant) -> MockConfigEntry:
    """Return a demo whose homes have traded."""
    with no_waiting():
        entry = await add_demo(
            hass, DemoSettings(speed=900, stop_after_periods=PERIODS)
        )
        await until_stopped(hass, entry)
    return entry


async def simulate(file: Path) -> tuple[int | None, dict[str, object], str]:
    """Run the command on a download: status, line of JSON, what it says."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tools.simulate", "--diagnostics", str(file)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, said = await process.communicate()
    return process.returncode, json.loads(out or "{}"), said.decode()


def write(file: Path, download: Download) -> Path:
    """Write a download as Home Assistant does."""
    file.write_text(json.dumps({"home_assistant": {}, "data": download}))
    return file


def count_more(download: Download) -> None:
    """Have the first home's meter count more in the last period."""
    last = periods_of(download)[-1]
    assert isinstance(last, list)
    last[4][0][1] += 500


def book_less(download: Download) -> None:
    """Take a unit out of the books of the period before."""
    last = periods_of(download)[-2]
    assert isinstance(last, list)
    last[7][0][3] -= 1


def periods_of(download: Download) -> list[object]:
    """Return the periods told in a download."""
    replay = download["replay"]
    assert isinstance(replay, dict)
    periods = replay["periods"]
    assert isinstance(periods, list)
    return periods


async def test_a_download_replays_and_a_doctored_one_shows_where(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, tmp_path: Path
) -> None:
    entry = await lived(hass)
    report = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    download = json.loads(json.dumps(report))
    assert len(periods_of(download)) >= PERIODS
    text = json.dumps(download["replay"])
    for neighbour in demo_of(entry).neighbours():
        assert neighbour.party not in text
        assert neighbour.name not in text
    assert await hass.config_entries.async_unload(entry.entry_id)

    status, told, said = await simulate(write(tmp_path / "home.json", download))
    assert (status, told["different"]) == (0, {}), said
    assert told["equal"] == len(periods_of(download))
    assert told["trades"] != 0

    count_more(download)
    book_less(download)
    status, told, said = await simulate(write(tmp_path / "doctored.json", download))
    assert status == 1
    different = told["different"]
    assert isinstance(different, dict)
    assert len(different) == said.count("DIFFERS") == 2
    assert min(different.values()) == 1, "one account, by one unit"
    assert said.count("posting: ") == sum(different.values())


async def test_a_file_without_anything_to_replay_is_said_to_be_one(
    tmp_path: Path,
) -> None:
    file = tmp_path / "home.json"
    file.write_text('{"data": {"replay": null}}')

    status, told, said = await simulate(file)

    assert (status, told) == (2, {})
    assert "nothing to replay" in said
