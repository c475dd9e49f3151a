"""What the demo entry costs Home Assistant at start-up, in seconds and megabytes.

Two homes that differ only in the demo entry are started in turn, several times; the
figures are differences of medians.
"""

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
import json
from pathlib import Path
import shutil
from statistics import median
import sys
import tempfile
import time
from typing import Final

from tools.configuration import write_configuration
from tools.demo import Wishes, add_the_neighbourhood, free_port
from tools.hass import Hass, running

SETTLE_SECONDS: Final = 10
"""Wait before memory is read, so that what starts late is counted too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """One start of one home."""

    seconds: float
    megabytes: float


def resident_megabytes(pid: int) -> float:
    """Return the resident memory of a process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    msg = f"no memory figure for process {pid}"
    raise OSError(msg)


async def prepare(config_dir: Path, *, with_demo: bool) -> None:
    """Make a home that has been onboarded once."""
    port = free_port()
    wishes = Wishes(
        port=port, speed=60, seed=1, periods=None, traces=None, headless=False
    )
    async with running(config_dir, port=port) as hass:
        if with_demo:
            await add_the_neighbourhood(hass, wishes)


async def measure(config_dir: Path) -> Start:
    """Start a prepared home once."""
    port = free_port()
    write_configuration(config_dir, port=port, frontend=True)
    # Home Assistant keeps the address it last ran on, and prefers it.
    (config_dir / ".storage" / "http").unlink(missing_ok=True)
    started_at = time.perf_counter()
    async with Hass(config_dir=config_dir, port=port, onboarded=True) as hass:
        await hass.sign_in()
        await hass.wait_until_running()
        seconds = time.perf_counter() - started_at
        await asyncio.sleep(SETTLE_SECONDS)
        assert hass.process is not None, "running"
        return Start(seconds=seconds, megabytes=resident_megabytes(hass.process.pid))


async def compare(runs: int) -> dict[str, float | int]:
    """Start both homes ``runs`` times in turn, after one start of each to warm up."""
    folder = Path(tempfile.mkdtemp(prefix="commonwatt-startup-"))
    homes = {False: folder / "without", True: folder / "with"}
    starts: dict[bool, list[Start]] = {False: [], True: []}
    try:
        for with_demo, home in homes.items():
            await prepare(home, with_demo=with_demo)
        for run in range(runs + 1):
            for with_demo, home in homes.items():
                start = await measure(home)
                print(f"run {run}, demo {with_demo}: {start}", file=sys.stderr)
                if run > 0:
                    starts[with_demo].append(start)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    seconds = {key: median(s.seconds for s in starts[key]) for key in starts}
    megabytes = {key: median(s.megabytes for s in starts[key]) for key in starts}
    return {
        "extra_seconds": round(seconds[True] - seconds[False], 2),
        "extra_mb": round(megabytes[True] - megabytes[False], 1),
        "seconds_without": round(seconds[False], 2),
        "mb_without": round(megabytes[False], 1),
        "runs": runs,
    }


def main(arguments: Sequence[str]) -> int:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(prog="script/bench startup", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    parser.add_argument("--runs", type=int, default=5)
    wishes = parser.parse_args(arguments)
    figures = asyncio.run(compare(wishes.runs))
    if wishes.json:
        print(json.dumps(figures))
    else:
        print(f"{figures['extra_seconds']} s and {figures['extra_mb']} MB more")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
