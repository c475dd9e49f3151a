"""The thread in which a home's business on the chain is done, one thing at a time.

web3 is imported there, and everything that signs, hashes, waits for the network or for
the disk runs there: the event loop never does.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final, Self

from ...engine.wire.keys import HouseholdKey
from .home import ChainHome, open_home
from .settings import ChainSettings


class ChainThread:
    """A home on a chain, for the event loop."""

    def __init__(self, home: ChainHome, worker: ThreadPoolExecutor) -> None:
        """Take over what ``open`` has opened."""
        self._home: Final = home
        self._worker: Final = worker

    @classmethod
    async def open(
        cls, settings: ChainSettings, key: HouseholdKey, folder: Path
    ) -> Self:
        """Start the thread and open the outbox in ``folder``.

        Raises ChainError: LIBRARY_MISSING, DISK, IN_USE.
        """
        worker = ThreadPoolExecutor(1, thread_name_prefix="commonwatt-chain")
        loop = asyncio.get_running_loop()
        try:
            opened = partial(open_home, settings, key, folder)
            return cls(await loop.run_in_executor(worker, opened), worker)
        except BaseException:
            worker.shutdown(wait=False)
            raise

    async def ask[Answer](self, question: Callable[[ChainHome], Answer]) -> Answer:
        """Put a question to the home, after all that were put before.

        Raises ChainError when the chain lets us down.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._worker, question, self._home)

    async def close(self) -> None:
        """Finish what is under way and let go of everything."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._worker, self._home.close)
        self._worker.shutdown(wait=False)
