"""One member of the rehearsal: its folder, its process, and what it said so far."""

import asyncio
from collections.abc import AsyncIterator, Callable
import contextlib
from dataclasses import dataclass, field
import json
from pathlib import Path
import signal
import subprocess
import sys
from typing import Final

from tools._engine import ROOT

# isort: split
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.wire.keys import party_id

PERIOD_SECONDS: Final = 900
STOP_SECONDS_MAX: Final = 10


class RehearsalError(Exception):
    """The members did not do what they should; the text says what."""


@dataclass(slots=True, kw_only=True)
class Player:
    """A member in a process of its own."""

    name: str
    folder: Path
    household_key: str = ""
    process: asyncio.subprocess.Process | None = None
    finals: dict[int, tuple[str | None, int | None]] = field(default_factory=dict)
    """Digest and number of trades of every period that became final here."""

    settled: set[int] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    contradictions: list[int] = field(default_factory=list)
    """Periods of which it once said one thing and then another."""

    _reader: asyncio.Task[None] | None = None

    @property
    def party(self) -> PartyId:
        """The party it signs as."""
        return party_id(bytes.fromhex(self.household_key))

    @property
    def log_path(self) -> Path:
        """Everything the process said."""
        return self.folder / "node.log"

    def command(self, *arguments: str) -> str:
        """Run ``script/node`` to its end (blocking); RehearsalError if it fails."""
        result = subprocess.run(
            [sys.executable, "-m", "tools.node", *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise RehearsalError(f"{arguments}: {result.stderr.strip()}")
        return result.stdout.strip()

    async def start(self) -> None:
        """Let the member run."""
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "tools.node", "run", str(self.folder)),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._reader = asyncio.create_task(self._read(self.process))

    async def kill(self) -> None:
        """End the process as a power cut would: without a word."""
        assert self.process is not None, "started"
        self.process.send_signal(signal.SIGKILL)
        await self._ended()

    async def stop(self) -> None:
        """End the process kindly, then for certain."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        try:
            await asyncio.wait_for(self._ended(), STOP_SECONDS_MAX)
        except TimeoutError:
            await self.kill()

    async def _ended(self) -> None:
        if self.process is not None:
            await self.process.wait()
        if self._reader is not None:
            await self._reader
        self.process = self._reader = None

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None, "piped"
        with self.log_path.open("ab") as log:
            async for line in process.stdout:
                log.write(line)
                self._note(line)

    def _note(self, line: bytes) -> None:
        try:
            said = json.loads(line)
        except ValueError:
            self.complaints.append(line.decode(errors="replace").rstrip())
            return
        period = said.get("period")
        match said["event"]:
            case "period_final":
                result = (said["digest"], said["trades"])
                if self.finals.setdefault(period, result) != result:
                    self.contradictions.append(period)
            case "period_settled":
                self.settled.add(period)
            case "peer_fault" | "journal" | "journal_damaged":
                self.complaints.append(line.decode().rstrip())
            case _:
                pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The clock of the rehearsal: periods begin every ``900 / pace`` seconds."""

    began_at: int
    pace: int

    def period_at(self, now: float) -> int:
        """Return the number of the delivery period that has begun last."""
        return int(self._shown(now)) // PERIOD_SECONDS

    def when(self, period: int, offset_s: float) -> float:
        """Return the real time at which the clock shows the start plus an offset."""
        shown = period * PERIOD_SECONDS + offset_s
        return self.began_at + (shown - self.began_at) / self.pace

    def _shown(self, now: float) -> float:
        return self.began_at + (now - self.began_at) * self.pace


async def until(condition: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Wait until ``condition`` holds; RehearsalError if it does not in time."""
    try:
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110  # other processes tell by lines
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise RehearsalError(f"waited {seconds} s for {what}") from None


@contextlib.asynccontextmanager
async def running(players: list[Player]) -> AsyncIterator[None]:
    """Run all players, and end what is left of them."""
    try:
        for player in players:
            await player.start()
        yield
    finally:
        await asyncio.gather(*(player.stop() for player in players))
