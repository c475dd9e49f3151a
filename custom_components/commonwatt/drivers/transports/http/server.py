"""A web server for members that run without Home Assistant."""

from pathlib import Path
import ssl
from typing import Final

from aiohttp import web

from .transport import PATH, HTTPTransport

STOP_SECONDS_MAX: Final = 2.0


class HTTPServer:
    """Listens for one transport."""

    def __init__(
        self,
        transport: HTTPTransport,
        *,
        host: str,
        port: int,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Port 0 is any free one."""
        self._transport: Final = transport
        self._host: Final = host
        self._port: Final = port
        self._tls: Final = tls
        self._runner: web.AppRunner | None = None

    async def start(self) -> int:
        """Listen; return the port.  OSError: it is taken, or not ours to take."""
        app = web.Application()
        app.router.add_get(PATH, self._transport.handle)
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=STOP_SECONDS_MAX
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port, ssl_context=self._tls)
        await site.start()
        _, port, *_ = self._runner.addresses[0]
        return int(port)

    async def stop(self) -> None:
        """Close the door; a second call does nothing."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None


def server_tls(certificate: Path, key: Path) -> ssl.SSLContext:
    """Read a certificate chain and its key (blocking); OSError, ssl.SSLError."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context
