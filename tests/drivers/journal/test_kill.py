"""A process is killed while it writes, again and again: nothing acknowledged is lost.

``COMMONWATT_KILLS`` says how often (a multiple of 25); ``script/verify``
kills two hundred times.
"""

import os
from pathlib import Path
import random
import subprocess
import sys
from time import sleep

import pytest

from custom_components.commonwatt.drivers.journal import inspect
from tests.drivers.journal.journals import NAME, entry, opened

ROOT = Path(__file__).resolve().parents[3]
KILLS = int(os.environ.get("COMMONWATT_KILLS", "25"))
KILLS_PER_JOURNAL = 25
BATCH_MAX = 8


def write_and_kill(path: Path, seed: int) -> int | None:
    """Start a writer, kill it at some instant, return the last number it acknowledged.

    One in five is killed while it starts, the others while they write.
    """
    instants = random.Random(seed)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.drivers.journal.writer", str(path), str(seed)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    ) as writer:
        assert writer.stdout is not None
        first = b""
        if seed % 5:
            first = writer.stdout.readline()
            sleep(instants.uniform(0, 0.08))
        else:
            sleep(instants.uniform(0.05, 0.4))
        writer.kill()
        acknowledged = (first + writer.stdout.read()).splitlines()
    assert writer.returncode == -9, "the writer died by itself"
    return int(acknowledged[-1]) if acknowledged else None


@pytest.mark.slow
@pytest.mark.parametrize("first_seed", range(1, KILLS + 1, KILLS_PER_JOURNAL))
def test_a_killed_writer_loses_nothing_it_acknowledged(
    tmp_path: Path, first_seed: int
) -> None:
    path = tmp_path / NAME
    count = 0
    for seed in range(first_seed, first_seed + KILLS_PER_JOURNAL):
        acknowledged = write_and_kill(path, seed)
        if acknowledged is None and not path.exists():
            continue
        inspection = inspect(path)
        assert inspection.damage is None, f"kill {seed}"
        least = count if acknowledged is None else acknowledged
        assert least <= inspection.count, f"kill {seed} lost entries"
        if acknowledged is not None:
            assert inspection.count <= acknowledged + BATCH_MAX
        count = inspection.count

    assert count > KILLS_PER_JOURNAL, "the writers hardly wrote"
    with opened(path) as result:
        assert result.aside == ()
        assert all(e == entry(n) for n, e in enumerate(result.journal.entries()))
        assert result.journal.count == count
