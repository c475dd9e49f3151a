"""What panel and cards cost a browser: bytes, time to the first paint, main thread.

The panel is compared with Home Assistant's own energy dashboard in the same run; the
main thread is measured on the built files with the demo's own picture, for its twelve
homes and for two hundred.
"""

import argparse
import asyncio
from collections.abc import Sequence
import gzip
import json
from pathlib import Path
import re
import shutil
import subprocess
import sys
import tempfile
from typing import Final

from tools.configuration import COMPONENT, ROOT
from tools.demo import (
    SPEED_MAX,
    Wishes,
    add_the_neighbourhood,
    free_port,
    run_periods,
)
from tools.hass import JSON, Hass, running

FRONTEND: Final = ROOT / "frontend"
BENCH: Final = ROOT / "tools" / "browser" / "bench.mjs"
PERIODS: Final = 24
GZIP_KB_MAX: Final = 60
IMPORTED: Final = re.compile(r'(?:from|import)"\./([\w.-]+\.js)"')


def gzip_kb() -> float:
    """Return what a browser fetches before anything shows: the file and its imports."""
    folder = COMPONENT / "frontend"
    main = folder / "commonwatt.js"
    files = [main, *(folder / name for name in IMPORTED.findall(main.read_text()))]
    return sum(len(gzip.compress(file.read_bytes())) for file in files) / 1000


async def fill_the_energy_dashboard(hass: Hass) -> None:
    """Give the energy dashboard the demo's statistics to show."""
    grid: JSON = {
        "type": "grid",
        "stat_energy_from": "commonwatt:demo_retailer_import",
        "stat_energy_to": "commonwatt:demo_retailer_export",
        "cost_adjustment_day": 0,
    }
    solar: JSON = {"type": "solar", "stat_energy_from": "commonwatt:demo_solar"}
    await hass.command(
        "energy/save_prefs", energy_sources=[grid, solar], device_consumption=[]
    )


async def in_the_browser(asked: dict[str, JSON]) -> dict[str, JSON]:
    """Run the browser's half of the benchmark."""
    process = await asyncio.create_subprocess_exec(
        "node",
        str(BENCH),
        cwd=FRONTEND,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate(json.dumps(asked).encode())
    if process.returncode != 0:
        raise RuntimeError("the browser did not get through")
    figures: dict[str, JSON] = json.loads(said.decode().splitlines()[-1])
    return figures


async def measure(*, rounds: int, seconds: int) -> dict[str, JSON]:
    """Run the demo for a morning, then measure."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise FileNotFoundError("chromium is missing: script/verify.d/50-frontend")
    work = Path(tempfile.mkdtemp(prefix="commonwatt-bench-"))
    wishes = Wishes(
        port=free_port(),
        speed=SPEED_MAX,
        seed=1,
        periods=PERIODS,
        traces=None,
        headless=False,
    )
    try:
        async with running(work, port=wishes.port) as hass:
            entry = await add_the_neighbourhood(hass, wishes)
            await fill_the_energy_dashboard(hass)
            await run_periods(hass, entry, wishes)
            figures = await in_the_browser(
                {
                    "url": hass.url,
                    "tokens": hass.tokens,
                    "chromium": chromium,
                    "entry": entry,
                    "rounds": rounds,
                    "seconds": seconds,
                }
            )
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return {"gzip_kb": round(gzip_kb(), 2), **figures}


def main(arguments: Sequence[str]) -> int:
    """Run the benchmark from the command line; 1 if the files have grown too large."""
    parser = argparse.ArgumentParser(prog="script/bench frontend", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    parser.add_argument("--rounds", type=int, default=5, help="paints of each page")
    parser.add_argument("--seconds", type=int, default=20, help="of live panel")
    parser.add_argument("--size", action="store_true", help="only the files' size")
    wishes = parser.parse_args(arguments)
    if wishes.size:
        figures: dict[str, JSON] = {"gzip_kb": round(gzip_kb(), 2)}
    else:
        modules = ["npm", "ci", "--silent", "--no-audit", "--no-fund"]
        subprocess.run(modules, cwd=FRONTEND, check=True)
        figures = asyncio.run(measure(rounds=wishes.rounds, seconds=wishes.seconds))
    print(json.dumps(figures) if wishes.json else figures)
    return 0 if gzip_kb() <= GZIP_KB_MAX else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
