"""Where the owner of a running member is served: a Unix socket in the member's folder.

One line of JSON asks, one line of JSON answers, and the line is closed.  Only who may
open the folder's socket is served; what can be asked for is :mod:`.errands`.
"""

import asyncio
from collections.abc import Awaitable, Callable
import contextlib
import json
from pathlib import Path
from typing import Final

from .folder import FolderError
from .json_fields import JSON, an_object

LINE_BYTES_MAX: Final = 256 * 1024
ANSWER_SECONDS_MAX: Final = 60

type Answer = Callable[[dict[str, JSON]], Awaitable[dict[str, JSON]]]


class Counter:
    """Serves one member's owner, one errand a connection."""

    def __init__(self, path: Path, answer: Answer) -> None:
        """Stand at ``path``; ``answer`` never raises on what it is asked for."""
        self._path: Final = path
        self._answer: Final = answer
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Begin to serve; OSError if the path is too long for a socket."""
        # What a killed process left behind serves nobody.
        await asyncio.to_thread(self._path.unlink, missing_ok=True)
        self._server = await asyncio.start_unix_server(
            self._serve, self._path, limit=LINE_BYTES_MAX
        )
        await asyncio.to_thread(self._path.chmod, 0o600)

    async def close(self) -> None:
        """Serve nobody any more."""
        if self._server is not None:
            self._server.close()
        await asyncio.to_thread(self._path.unlink, missing_ok=True)

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with contextlib.suppress(ConnectionError):
            try:
                asked = an_object(json.loads(await reader.readline()))
                told = await self._answer(asked)
            except ValueError as err:
                told = {"error": f"not understood: {err}"}
            writer.write(json.dumps(told).encode() + b"\n")
            await writer.drain()
        writer.close()


async def ask(path: Path, errand: dict[str, JSON]) -> dict[str, JSON]:
    """Ask the member that runs in a folder.

    Raises:
        FolderError: it does not run, or refuses; the text says why.
    """
    if not await asyncio.to_thread(path.is_socket):
        raise FolderError(f"{path.parent}: no member runs there")
    try:
        async with asyncio.timeout(ANSWER_SECONDS_MAX):
            reader, writer = await asyncio.open_unix_connection(
                path, limit=LINE_BYTES_MAX
            )
            writer.write(json.dumps(errand).encode() + b"\n")
            told = an_object(json.loads(await reader.readline()))
            writer.close()
    except (OSError, ValueError) as err:
        raise FolderError(f"{path.parent}: no member runs there") from err
    if "error" in told:
        raise FolderError(str(told["error"]))
    return told
