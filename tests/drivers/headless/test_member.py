"""A whole headless member: it wakes, looks at its home, writes its status and stops."""

import asyncio
import json
from pathlib import Path
import time

import pytest

from custom_components.commonwatt.drivers.headless import (
    Folder,
    FolderError,
    HeadlessMember,
    SettingsError,
    Told,
    create_identity,
    member_of,
    read_identity,
    write_charter,
)
from custom_components.commonwatt.drivers.headless.readings import (
    open_readings,
    read_line,
)
from custom_components.commonwatt.drivers.headless.settings import read_settings
from custom_components.commonwatt.drivers.simulated import (
    METER_UNIT,
    SimulatedDevices,
)
from custom_components.commonwatt.engine.model.party import Charter
from custom_components.commonwatt.engine.model.period import Instant
from custom_components.commonwatt.engine.model.zone import FeeTree
from custom_components.commonwatt.engine.simulation.homes import (
    HOME,
    HomeModel,
    neighbourhood_specs,
)
from tests.drivers.transports.village import until

NOW = Instant(1_795_298_400_000)


def member_in(path: Path, settings: str) -> Folder:
    """Return the folder of a member that is a community of its own."""
    folder = Folder(path)
    identity = create_identity(folder.identity)
    tree = FeeTree.single()
    me = member_of(identity.key.public, tree.root.id)
    write_charter(folder.charter, Charter(members=(me,), fee_tree=tree))
    folder.settings.write_text(settings)
    return folder


REHEARSAL = """
[http]
host = "127.0.0.1"
port = 0
discovery = false
[readings]
source = "simulated"
home = "family"
[tariff]
energy = 150000
feed_in = 75000
[rehearsal]
pace = 900
began_at = {now}
"""


async def test_a_member_lives_through_periods_and_writes_its_status(
    tmp_path: Path,
) -> None:
    folder = member_in(tmp_path, REHEARSAL.format(now=int(time.time())))
    told: list[Told] = []
    running = asyncio.create_task(HeadlessMember(folder, tell=told.append).run())
    await until(
        lambda: sum(line["event"] == "period_settled" for line in told) >= 2, 20
    )
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    status = json.loads(folder.status.read_text())
    assert (status["members"], status["linked"], status["faults"]) == (1, 0, 0)
    finals = {line["period"] for line in told if line["event"] == "period_final"}
    settled = {line["period"] for line in told if line["event"] == "period_settled"}
    assert settled & finals

    count = len(told)
    again = asyncio.create_task(HeadlessMember(folder, tell=told.append).run())
    await until(lambda: len(told) > count, 20)
    again.cancel()
    await asyncio.gather(again, return_exceptions=True)
    before = {str(line) for line in told[:count]}
    assert not before & {str(line) for line in told[count:]}


async def test_a_member_that_the_charter_does_not_name_stays_out(
    tmp_path: Path,
) -> None:
    folder = member_in(tmp_path, "")
    folder.identity.unlink()
    create_identity(folder.identity)

    with pytest.raises(FolderError, match="does not name"):
        await HeadlessMember(folder, tell=lambda _: None).run()
    assert read_identity(folder.identity).household


@pytest.mark.parametrize(
    ("line", "power_w"),
    [
        ('{"power_w": 350, "import_wh": 12, "export_wh": 0}', 350),
        ('{"import_wh": 12, "export_wh": 0}', None),
    ],
)
def test_a_line_is_a_reading(line: str, power_w: int | None) -> None:
    meter = read_line(line, NOW)

    assert meter is not None
    assert (meter.power_w, meter.import_wh, meter.measured_at) == (power_w, 12, NOW)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "12",
        "{}",
        '{"import_wh": 1}',
        '{"import_wh": -1, "export_wh": 0}',
        '{"import_wh": true, "export_wh": 0}',
        '{"import_wh": 1.5, "export_wh": 0}',
        "garbage",
    ],
)
def test_a_line_that_tells_nothing_is_no_reading(line: str) -> None:
    assert read_line(line, NOW) is None


async def test_the_last_line_of_a_file_is_taken_once(tmp_path: Path) -> None:
    file = tmp_path / "meter.jsonl"
    (tmp_path / "node.toml").write_text(
        '[readings]\nsource = "file"\nfile = "meter.jsonl"'
    )
    readings = open_readings(read_settings(tmp_path / "node.toml").readings, NOW)
    assert await readings.look(NOW) is None

    file.write_text('{"import_wh": 1, "export_wh": 0}\n')
    look = await readings.look(NOW)

    assert look is not None
    assert [meter.import_wh for meter in look[0].meters.values()] == [1]
    assert await readings.look(NOW) is None


async def test_a_meter_is_read_over_modbus_and_missed_while_it_is_away(
    tmp_path: Path,
) -> None:
    spec = next(spec for spec in neighbourhood_specs() if spec.key == HOME)
    model = HomeModel(spec, seed=1, started_at=NOW)
    devices = SimulatedDevices(spec)
    await devices.start(model.state)
    (tmp_path / "node.toml").write_text(
        f'[readings]\nsource = "modbus"\nhost = "{devices.host}"\n'
        f"port = {devices.port}\nunit = {METER_UNIT}\n"
    )
    readings = open_readings(read_settings(tmp_path / "node.toml").readings, NOW)
    look = await readings.look(NOW)
    await devices.stop()

    assert look is not None
    assert [meter.power_w for meter in look[0].meters.values()] == [model.state.grid_w]
    assert await readings.look(NOW) is None
    await readings.close()


def test_a_home_that_nobody_simulates_is_told(tmp_path: Path) -> None:
    (tmp_path / "node.toml").write_text(
        '[readings]\nsource = "simulated"\nhome = "castle"'
    )

    with pytest.raises(SettingsError, match="is none of home"):
        open_readings(read_settings(tmp_path / "node.toml").readings, NOW)
