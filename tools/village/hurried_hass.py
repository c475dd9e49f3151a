"""Home Assistant whose clock hurries once the file ``hurry`` lies in its folder.

Started by its path, with Home Assistant's own arguments.  The file says since when (in
seconds since the epoch) and how fast.  Only ``dt_util.utcnow`` hurries, and the pump of
the component that goes by it: how long Home Assistant itself waits stays as it is.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime
import json
from pathlib import Path
import sys
import threading
import time
from typing import Final

import homeassistant.__main__ as home_assistant
from homeassistant.core import CALLBACK_TYPE, HomeAssistant
from homeassistant.util import dt as dt_util

LOOK_SECONDS: Final = 0.05
MINUTE_S: Final = 60
REST_S: Final = 0.01
"""So that a clock that is read a moment early is not read twice."""


class HurriedClock:
    """Shows the real time until it is told to hurry."""

    def __init__(self, file: Path) -> None:
        """Look for ``file`` in a thread of its own."""
        self._file: Final = file
        self._began_at = 0.0
        self._pace = 1
        self._read()
        threading.Thread(target=self._wait, daemon=True).start()

    def utcnow(self) -> datetime:
        """Return the time now."""
        now = time.time()
        hurried = self._began_at + self._pace * max(0.0, now - self._began_at)
        return datetime.fromtimestamp(now if self._pace == 1 else hurried, UTC)

    def until_second(self, seconds: Collection[int]) -> float:
        """Return how long it really takes until the clock shows one of these."""
        now = self.utcnow().timestamp()
        minute = now // MINUTE_S * MINUTE_S
        nexts = (minute + second + more for second in seconds for more in (0, MINUTE_S))
        return (min(at for at in nexts if at > now) - now) / self._pace + REST_S

    def _wait(self) -> None:
        while self._pace == 1:
            time.sleep(LOOK_SECONDS)
            self._read()

    def _read(self) -> None:
        if self._file.exists():
            told = json.loads(self._file.read_text())
            self._began_at, self._pace = told["began_at"], told["pace"]


def hurry_the_component(config_dir: Path, clock: HurriedClock, pace: int) -> None:
    """Let the component's alarms go off, and members talk, as often as it needs."""
    sys.path.insert(0, str(config_dir))
    from custom_components.commonwatt import membership  # noqa: PLC0415  # the path comes first
    from custom_components.commonwatt.drivers import pump, transports  # noqa: PLC0415  # the same

    for hurried in (pump.Pump, transports.Credentials):
        defaults = hurried.__init__.__kwdefaults__
        assert defaults is not None, "it has a pace"
        defaults["pace"] = pace

    def track(
        hass: HomeAssistant,
        action: Callable[[datetime], Awaitable[None]],
        *,
        second: Collection[int],
    ) -> CALLBACK_TYPE:
        """Call at these seconds of every minute that the hurried clock shows."""
        calling = hass.loop.create_task(call_at_seconds(clock, action, second))

        def stop() -> None:
            calling.cancel()

        return stop

    vars(membership)["async_track_utc_time_change"] = track


async def call_at_seconds(
    clock: HurriedClock,
    action: Callable[[datetime], Awaitable[None]],
    seconds: Collection[int],
) -> None:
    """Call ``action`` again and again, until cancelled."""
    while True:
        await asyncio.sleep(clock.until_second(seconds))
        await action(clock.utcnow())


def main() -> int:
    """Run Home Assistant."""
    config_dir = Path(sys.argv[sys.argv.index("--config") + 1])
    clock = HurriedClock(config_dir / "hurry")
    # Functions that were given the old clock keep it: nothing of ours is loaded yet.
    dt_util.utcnow = clock.utcnow  # type: ignore[assignment]  # the same, faster
    pace = int((config_dir / "pace").read_text())
    hurry_the_component(config_dir, clock, pace)
    return home_assistant.main()


if __name__ == "__main__":
    sys.exit(main())
