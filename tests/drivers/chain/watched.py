"""A program that opens a chain and watches its own event loop and memory meanwhile.

Usage: python -m tests.drivers.chain.watched URL FOLDER
Prints one line of JSON: the longest time the loop was blocked, what the chain takes of
memory, and how slow this machine is now against a quiet one.
"""

import asyncio
from contextlib import suppress
import json
from pathlib import Path
import sys
from time import perf_counter
from typing import Final

import aiohttp
import requests

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.drivers.chain import ChainSettings, ChainThread
from custom_components.commonwatt.engine.model.period import Instant
from custom_components.commonwatt.engine.wire.keys import HouseholdKey

THERE_ALREADY: Final = (aiohttp, requests)
"""Home Assistant has loaded them anyway."""

HEAVY: Final = ("web3", "eth_account", "eth_abi", "py_ecc")
STEPS: Final = 20
QUIET_S: Final = 0.04
"""What :func:`slowness` measures on a quiet machine."""


def slowness() -> float:
    """Return how many times longer plain work takes than on a quiet machine."""
    began = perf_counter()
    sum(number * number for number in range(700_000))
    return max(1.0, (perf_counter() - began) / QUIET_S)


def memory_mb() -> float:
    """Return the memory of this process that is in use."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (line,) = [line for line in lines if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


async def watch(gaps_s: list[float]) -> None:
    """Note how late the loop is each time."""
    last = perf_counter()
    while True:
        await asyncio.sleep(0.001)
        now = perf_counter()
        gaps_s.append(now - last)
        last = now


async def main(url: str, folder: Path) -> None:
    """Open a chain, let it work, and tell what was seen."""
    loaded = [name for name in HEAVY if name in sys.modules]
    before_mb, gaps_s, slow = memory_mb(), list[float](), slowness()
    watching = asyncio.create_task(watch(gaps_s))
    settings = ChainSettings(urls=(url,), chain_id=31_337)
    chain = await ChainThread.open(settings, HouseholdKey(b"1" * 32), folder)
    for _ in range(STEPS):
        await chain.ask(lambda home: home.step())
        await chain.ask(lambda home: home.status(Instant(0)))
    await chain.close()
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    found = {
        "loaded_before": loaded,
        "loaded_after": "web3" in sys.modules,
        "blocked_ms": 1_000 * max(gaps_s),
        "memory_mb": memory_mb() - before_mb,
        "slowness": max(slow, slowness()),
    }
    print(json.dumps(found))  # noqa: T201  # what whoever started it reads


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
