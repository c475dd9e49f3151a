"""Take the pictures: run the demo for a simulated day, then photograph its pages."""

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
import json
from pathlib import Path
import shutil
import sys
import tempfile
from typing import Final

from tools.configuration import ROOT
from tools.dashboard import URL_PATH, create_dashboard
from tools.demo import (
    SPEED_MAX,
    Wishes,
    add_the_neighbourhood,
    free_port,
    run_periods,
    say,
)
from tools.hass import Hass, running

HERE: Final = Path(__file__).resolve().parent
PERIODS: Final = 136
"""More than a simulated day, so that every graph has something to show, until the
evening: that is when neighbours trade."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture of one page."""

    path: str
    name: str
    width: int = 1280
    height: int = 900
    dark: bool = False
    settle_ms: int = 6000

    def as_input(self, folder: Path) -> dict[str, str | int | bool]:
        """Return what the browser script wants to know."""
        return {
            "path": self.path,
            "file": str(folder / f"{self.name}.png"),
            "width": self.width,
            "height": self.height,
            "dark": self.dark,
            "settleMs": self.settle_ms,
        }


def panel_shots() -> list[Shot]:
    """Return every view of the panel, light and dark, and the first on a phone."""
    views = [
        Shot(
            path=f"/neighbourhood/{view}",
            name=f"panel-{view}{'-dark' if dark else ''}",
            height=1000,
            dark=dark,
        )
        for view in ("now", "plan", "market", "proof", "together")
        for dark in (False, True)
    ]
    phone = Shot(
        path="/neighbourhood/now", name="panel-phone", width=390, height=844, dark=True
    )
    return [*views, phone]


async def device_page(hass: Hass) -> str:
    """Return the path of the page of the demo home's hybrid inverter."""
    devices = await hass.command("config/device_registry/list")
    assert isinstance(devices, list), "a list of devices"
    for device in devices:
        assert isinstance(device, dict), "a device is an object"
        if "inverter" in str(device["identifiers"]):
            return f"/config/devices/device/{device['id']}"
    msg = "the demo home has no inverter"
    raise LookupError(msg)


async def photograph(hass: Hass, shots: Sequence[Shot], folder: Path) -> None:
    """Hand the shots to the browser; raises if a page complained."""
    chromium = shutil.which("chromium")
    assert chromium is not None, "script/screenshots installs chromium"
    request = {
        "url": hass.url,
        "tokens": hass.tokens,
        "chromium": chromium,
        "shots": [shot.as_input(folder) for shot in shots],
    }
    process = await asyncio.create_subprocess_exec(
        "node", "shoot.mjs", cwd=HERE, stdin=asyncio.subprocess.PIPE
    )
    await process.communicate(json.dumps(request).encode())
    if process.returncode != 0:
        msg = "a page complained; see above"
        raise RuntimeError(msg)


async def take(folder: Path) -> None:
    """Run the demo and take every picture of it."""
    work = Path(tempfile.mkdtemp(prefix="commonwatt-screenshots-"))
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
            entry_id = await add_the_neighbourhood(hass, wishes)
            await create_dashboard(hass)
            await run_periods(hass, entry_id, wishes)
            shots = [
                *panel_shots(),
                Shot(path=f"/{URL_PATH}/home", name="dashboard", height=1060),
                Shot(
                    path=f"/{URL_PATH}/home",
                    name="dashboard-dark",
                    height=1060,
                    dark=True,
                ),
                Shot(
                    path=f"/{URL_PATH}/home",
                    name="dashboard-phone",
                    width=390,
                    height=844,
                ),
                Shot(path=await device_page(hass), name="device"),
            ]
            await photograph(hass, shots, folder)
            say(f"{len(shots)} pictures in {folder}")
    finally:
        shutil.rmtree(work, ignore_errors=True)


def main(arguments: Sequence[str]) -> int:
    """Take the pictures from the command line."""
    parser = argparse.ArgumentParser(prog="script/screenshots", description=__doc__)
    parser.add_argument(
        "folder", type=Path, nargs="?", default=ROOT / "docs" / "images"
    )
    folder: Path = parser.parse_args(arguments).folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
