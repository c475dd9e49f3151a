"""What a chain costs the rest of Home Assistant: memory, and no time of its loop."""

import json
from os import environ
from pathlib import Path
import subprocess
import sys
from threading import current_thread, main_thread
from typing import TypedDict

import pytest

from custom_components.commonwatt.drivers.chain import (
    ChainError,
    ChainFault,
    ChainHome,
    ChainSettings,
    ChainThread,
)
from tests.drivers.chain.street import Street
from tools.anvil import ROOT

BLOCKED_MS_MAX = 50
MEMORY_MB_MAX = 40
TRIES = 4


class Watched(TypedDict):
    """What the program tells."""

    loaded_before: list[str]
    loaded_after: bool
    blocked_ms: float
    memory_mb: float
    slowness: float


def watched(url: str, folder: Path) -> Watched:
    command = [sys.executable, "-m", "tests.drivers.chain.watched", url, str(folder)]
    # Compiling forty packages anew is not what a home does at every start.
    around = {k: v for k, v in environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        command, cwd=ROOT, env=around, capture_output=True, text=True, check=True
    )
    found: Watched = json.loads(done.stdout)
    return found


def is_light(found: Watched) -> bool:
    in_time = found["blocked_ms"] <= BLOCKED_MS_MAX * found["slowness"]
    return in_time and found["memory_mb"] <= MEMORY_MB_MAX


@pytest.mark.timeout(600)
def test_the_library_is_loaded_where_there_is_a_chain_and_never_before(
    street: Street, tmp_path: Path
) -> None:
    """The event loop hardly notices; a busy machine gets several tries to show it."""
    found = watched(street.chain.url, tmp_path)
    for _ in range(TRIES):
        if is_light(found):
            break
        found = watched(street.chain.url, tmp_path)

    assert found["loaded_before"] == []
    assert found["loaded_after"]
    assert is_light(found), found


async def test_everything_is_done_in_the_chain_s_own_thread(
    street: Street, tmp_path: Path
) -> None:
    settings = ChainSettings(urls=(street.chain.url,), chain_id=street.chain.chain_id)
    chain = await ChainThread.open(settings, street.keys[1], tmp_path)

    def look(home: ChainHome) -> str:
        home.step()
        assert current_thread() is not main_thread()
        return current_thread().name

    names = {await chain.ask(look) for _ in range(3)}
    await chain.close()

    assert len(names) == 1
    assert names.pop().startswith("commonwatt-chain")


async def test_an_outbox_in_use_is_told_and_left_alone(street: Street) -> None:
    settings = ChainSettings(urls=(street.chain.url,), chain_id=street.chain.chain_id)

    with pytest.raises(ChainError) as told:
        await ChainThread.open(settings, street.keys[0], street.folder)

    assert told.value.fault is ChainFault.IN_USE
    street.home.step()


async def test_a_missing_library_is_told(
    street: Street, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "custom_components.commonwatt.drivers.chain.web3_parts"
    monkeypatch.setitem(sys.modules, name, None)
    settings = ChainSettings(urls=(street.chain.url,), chain_id=1)

    with pytest.raises(ChainError, match="library_missing"):
        await ChainThread.open(settings, street.keys[1], tmp_path)
