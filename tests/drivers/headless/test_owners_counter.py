"""The counter of a running member, the fields of its files, the lines of its story."""

import asyncio
import json
import os
from pathlib import Path
import socket

import pytest

from custom_components.commonwatt.drivers.headless import FolderError
from custom_components.commonwatt.drivers.headless.counter import Counter, ask
from custom_components.commonwatt.drivers.headless.folder import write_whole
from custom_components.commonwatt.drivers.headless.json_fields import (
    JSON,
    a_list,
    a_number,
    a_text,
    an_object,
)
from custom_components.commonwatt.drivers.headless.readings import (
    LineReadings,
    StandardInput,
    open_readings,
)
from custom_components.commonwatt.drivers.headless.settings import read_settings
from custom_components.commonwatt.drivers.headless.story import tell_event
from custom_components.commonwatt.engine.model.contract import ContractId
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import Instant
from custom_components.commonwatt.engine.node import (
    Event,
    MemberOffline,
    MemberOnline,
    PeerFault,
    Thanked,
)
from custom_components.commonwatt.engine.peer import Fault
from tests.drivers.transports.village import until

ANN = PartyId("0a" * 20)
NOW = Instant(1_795_298_400_000)


async def echo(asked: dict[str, JSON]) -> dict[str, JSON]:
    """Answer with what was asked."""
    return {"asked": asked}


async def test_an_owner_is_answered_and_nonsense_is_told(tmp_path: Path) -> None:
    path = tmp_path / "owner.sock"
    counter = Counter(path, echo)
    await counter.close()  # it was never open: no harm
    await counter.open()

    assert await ask(path, {"do": "status"}) == {"asked": {"do": "status"}}
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(b"no JSON at all\n")
    told = json.loads(await reader.readline())
    assert "not understood" in told["error"]
    writer.close()
    await counter.close()
    with pytest.raises(FolderError, match="no member runs there"):
        await ask(path, {"do": "status"})


async def test_nobody_stands_behind_a_socket_that_was_left_behind(
    tmp_path: Path,
) -> None:
    path = tmp_path / "owner.sock"
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(path))
    left.close()

    with pytest.raises(FolderError, match="no member runs there"):
        await ask(path, {"do": "status"})


def test_a_file_that_cannot_be_put_in_place_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="full"):
        write_whole(tmp_path / "status.json", "{}")

    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("read", [an_object, a_list, a_text, a_number])
def test_a_field_of_another_kind_is_told(read: object) -> None:
    assert callable(read)
    with pytest.raises(ValueError, match=r"is no .*"):
        read(True)  # noqa: FBT003  # neither object nor list, text or number


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (MemberOnline(party=ANN), "member_online"),
        (MemberOffline(party=ANN), "member_offline"),
        (PeerFault(party=ANN, fault=Fault.CONTRADICTION), "peer_fault"),
        (Thanked(party=ANN, gift=ContractId("ab" * 32)), None),
    ],
)
def test_what_happens_to_others_is_a_line(event: Event, told: str | None) -> None:
    line = tell_event(event, NOW)

    assert (None if line is None else line["event"]) == told


@pytest.mark.parametrize("source", ["none", "stdin", "file"])
async def test_a_source_that_says_nothing_gives_no_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.setattr("sys.stdin", iter(()))
    file = tmp_path / "node.toml"
    lines = {"stdin": 'source = "stdin"', "file": 'source = "file"\nfile = "lines"'}
    file.write_text(f"[readings]\n{lines.get(source, '')}\n")
    readings = open_readings(read_settings(file).readings, NOW)

    assert isinstance(readings, LineReadings)
    assert await readings.look(NOW) is None
    readings.obey(())
    await readings.close()


async def test_the_latest_line_somebody_writes_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = ['{"import_wh": 5, "export_wh": 0}', '{"import_wh": 7, "export_wh": 0}']
    monkeypatch.setattr("sys.stdin", iter(lines))
    standard_input = StandardInput()
    await until(lambda: standard_input.last_line() == lines[-1], 60)
    readings = LineReadings(standard_input.last_line)

    look = await readings.look(NOW)

    assert look is not None
    (meter,) = look[0].meters.values()
    assert meter.import_wh == 7
    assert await readings.look(NOW) is None
