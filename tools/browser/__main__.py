"""``python -m tools.browser``: Home Assistant for the walk, and its restart within."""

import argparse
import asyncio
from collections.abc import Mapping, Sequence
import contextlib
import json
from pathlib import Path
import shutil
import sys
import tempfile
from typing import Final

from tools.configuration import ROOT
from tools.demo import (
    SPEED_MAX,
    Wishes,
    add_the_neighbourhood,
    free_port,
    say,
    settled,
    summary,
)
from tools.hass import JSON, Hass, HassError, our_warnings, running
from tools.walk.moving_in import quick

FRONTEND: Final = ROOT / "frontend"
WALK: Final = Path(__file__).with_name("walk.mjs")
ARTEFACTS: Final = ROOT / ".artefacts" / "frontend"
PERIODS_FIRST: Final = 44
"""Delivery periods before anybody looks: eleven hours of sun and of trades."""

STANDSTILL_S_MAX: Final = 180
"""So long without a settled period is no slow machine any more."""

GUEST: Final = {"username": "guest", "password": "just-looking"}


def request(hass: Hass, entries: Mapping[str, str], folder: Path) -> dict[str, JSON]:
    """Return what the browser script wants to know."""
    chromium = shutil.which("chromium")
    assert chromium is not None, "script/verify.d/50-frontend installs chromium"
    return {
        "url": hass.url,
        "tokens": hass.tokens,
        "chromium": chromium,
        "entries": dict(entries),
        "guest": dict(GUEST),
        "folder": str(folder),
    }


async def invite_a_guest(hass: Hass) -> None:
    """Create an account without administrator's rights."""
    made = await hass.command(
        "config/auth/create", name="Guest", group_ids=["system-users"]
    )
    assert isinstance(made, dict), "an answer with the user"
    user = made["user"]
    assert isinstance(user, dict), "the new user"
    await hass.command(
        "config/auth_provider/homeassistant/create", user_id=user["id"], **GUEST
    )


async def live_a_morning(hass: Hass, entry_id: str) -> None:
    """Wait until the demo has something to show in every view."""
    lived, idle_s = 0, 0
    while lived < PERIODS_FIRST:
        await asyncio.sleep(1)
        now = settled(await summary(hass, entry_id))
        idle_s = 0 if now > lived else idle_s + 1
        if idle_s > STANDSTILL_S_MAX:
            raise HassError("the demo did not live through a morning")
        lived = now


async def prepare(hass: Hass, wishes: Wishes) -> dict[str, str]:
    """Set up the demo, a home without neighbours and a guest; return the entries."""
    demo = await add_the_neighbourhood(hass, wishes)
    lone = await hass.flow("commonwatt", {"next_step_id": "home"}, quick("Hermitage"))
    await invite_a_guest(hass)
    say("The demo lives through its first morning")
    await live_a_morning(hass, demo)
    return {"demo": demo, "lone": str(lone["entry_id"])}


class Session:
    """One walk, and the Home Assistant it asks to be started anew."""

    def __init__(self, hass: Hass) -> None:
        self._hass: Final = hass
        self._again: Hass | None = None

    async def walk(self, asked: Mapping[str, JSON]) -> bool:
        """Run the browser script; return whether it found everything in order."""
        process = await asyncio.create_subprocess_exec(
            "node",
            str(WALK),
            cwd=FRONTEND,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdin is not None, "asked for"
        assert process.stdout is not None, "asked for"
        process.stdin.write(json.dumps(asked).encode() + b"\n")
        await process.stdin.drain()
        try:
            async for line in process.stdout:
                if line.strip() == b"RESTART":
                    await self._restart()
                    process.stdin.write(b"RESTARTED\n")
                    await process.stdin.drain()
                else:
                    print(line.decode().rstrip(), flush=True)
            return await process.wait() == 0
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            if self._again is not None:
                await self._again.stop()

    async def _restart(self) -> None:
        say("Home Assistant is started anew")
        first = self._hass
        await first.stop()
        self._again = Hass(config_dir=first.config_dir, port=first.port, onboarded=True)
        await self._again.__aenter__()


async def run(folder: Path) -> bool:
    """Walk once; return whether all was well."""
    work = Path(tempfile.mkdtemp(prefix="commonwatt-browser-"))
    wishes = Wishes(
        port=free_port(),
        speed=SPEED_MAX,
        seed=1,
        periods=None,
        traces=None,
        headless=False,
    )
    try:
        async with running(work, port=wishes.port) as hass:
            entries = await prepare(hass, wishes)
            ended_well = await Session(hass).walk(request(hass, entries, folder))
            complaints = our_warnings(hass.log_path.read_text().splitlines())
        for line in complaints:
            print(line, file=sys.stderr)
        return ended_well and not complaints
    finally:
        shutil.rmtree(work, ignore_errors=True)


def main(arguments: Sequence[str]) -> int:
    """Walk from the command line; 0 if it ended well."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.browser", description=__doc__
    )
    parser.add_argument("--artefacts", type=Path, default=ARTEFACTS)
    folder: Path = parser.parse_args(arguments).artefacts.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        return 0 if asyncio.run(run(folder)) else 1
    except HassError as error:
        say(str(error))
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
