"""A chain on this machine for the demo, and what the demo says of it.

Anvil from npm, with a block every second and coins for the account of the user's home.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from .hass import JSON, HassError

COINS_WEI: Final = 10**18
POLL_SECONDS: Final = 1.0
PATIENCE_SECONDS: Final = 300
"""Longest wait for the chain to move: npm, a compiler and blocks may all be slow."""

_EPOCH: Final = date(1970, 1, 1)

type Ask = Callable[[], Awaitable[dict[str, JSON]]]
type Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalChain:
    """A chain that runs, and how it is reached."""

    url: str
    chain_id: int


@asynccontextmanager
async def local_chain(seed: int) -> AsyncIterator[LocalChain]:
    """Run a chain, with coins for the user's home of this seed."""
    with ExitStack() as stack:
        yield await asyncio.to_thread(_start, stack, seed)


def _start(stack: ExitStack, seed: int) -> LocalChain:
    """Install, start and fund (blocking)."""
    # A second to load, and not there where nobody wants a chain.
    from .anvil import anvil  # noqa: PLC0415
    from .demo_account import account_of  # noqa: PLC0415

    # Two blocks, and no reorganisation takes them back.
    options = ("--block-time", "1", "--slots-in-an-epoch", "1")
    chain = stack.enter_context(anvil(*options))
    chain.rpc("anvil_setBalance", [account_of(seed), hex(COINS_WEI)])
    return LocalChain(url=chain.url, chain_id=chain.chain_id)


@asynccontextmanager
async def batches_told(ask: Ask, say: Say) -> AsyncIterator[None]:
    """Say of every batch that it stands, for as long as the context lasts."""
    task = asyncio.create_task(_tell_batches(ask, say))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, HassError):
            await task


async def _tell_batches(ask: Ask, say: Say) -> None:
    told = 0
    while True:
        state = chain_in(await ask())
        batch, day = state.get("batch"), state.get("day")
        if isinstance(batch, int) and isinstance(day, int) and batch > told:
            told = batch
            until = _EPOCH + timedelta(days=day)
            say(f"Batch {batch} stands on the chain: settled until {until}")
        await asyncio.sleep(POLL_SECONDS)


async def until_caught_up(ask: Ask, say: Say) -> dict[str, JSON]:
    """Wait until the chain has taken and paid every day that is over.

    Raises:
        HassError: it has not moved for a long time.
    """
    loop = asyncio.get_running_loop()
    say("Waiting for the chain")
    seen: object = None
    moved_at = loop.time()
    while True:
        state = await ask()
        chain = chain_in(state)
        if chain.get("caught_up") is True:
            return state
        if (now := (chain.get("batch"), chain.get("gas_wei"))) != seen:
            seen, moved_at = now, loop.time()
        if loop.time() - moved_at > PATIENCE_SECONDS:
            raise HassError("the chain has not moved for a while")
        await asyncio.sleep(POLL_SECONDS)


def chain_in(state: Mapping[str, JSON]) -> dict[str, JSON]:
    """Return what a summary says of the chain; nothing as long as it is silent."""
    chain = state.get("chain")
    return chain if isinstance(chain, dict) else {}


def is_paid(chain: JSON) -> bool:
    """Tell whether the chain has paid what the journal released, if there is one."""
    if not isinstance(chain, dict):
        return True
    return bool(chain["caught_up"]) and chain["claimed_nano"] == chain["released_nano"]
