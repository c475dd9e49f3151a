"""A real Mosquitto for tests and benchmarks: Debian's, unpacked beside the checkout.

Nothing is installed: the packages are fetched with apt and unpacked into ``.tools``.  A
Mosquitto that is on the machine already is preferred.
"""

import asyncio
from collections.abc import AsyncIterator
import contextlib
from dataclasses import dataclass, field
import getpass
import os
from pathlib import Path
import shutil
import subprocess
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
UNPACKED: Final = ROOT / ".tools" / "mosquitto"
PACKAGES: Final = ("mosquitto", "libcjson1", "libdlt2", "libwrap0")
START_SECONDS_MAX: Final = 10


class NoMosquittoError(Exception):
    """There is no Mosquitto, and no way to get one."""


def find_mosquitto() -> Path:
    """Return the program, fetched first if need be (blocking).

    Raises:
        NoMosquittoError: with what apt said.
    """
    installed = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin")
    if installed is not None:
        return Path(installed)
    program = UNPACKED / "usr/sbin/mosquitto"
    if not program.exists():
        _fetch()
    return program


def _fetch() -> None:
    """Download and unpack; apt refuses to download what it has never heard of."""
    apt, dpkg = shutil.which("apt-get"), shutil.which("dpkg-deb")
    if apt is None or dpkg is None:
        raise NoMosquittoError("install Mosquitto; without apt it cannot be fetched")
    UNPACKED.mkdir(parents=True, exist_ok=True)
    download = [apt, "-q", "-o", "APT::Sandbox::User=root", "download", *PACKAGES]
    result = subprocess.run(
        download, cwd=UNPACKED, capture_output=True, text=True, check=False
    )
    if result.returncode:
        subprocess.run([apt, "-q", "update"], capture_output=True, check=False)
        result = subprocess.run(
            download, cwd=UNPACKED, capture_output=True, text=True, check=False
        )
    if result.returncode:
        raise NoMosquittoError(result.stderr.strip())
    for package in sorted(UNPACKED.glob("*.deb")):
        subprocess.run([dpkg, "-x", package, UNPACKED], check=True)
        package.unlink()


@dataclass(slots=True, kw_only=True)
class Mosquitto:
    """A broker of our own on loopback."""

    folder: Path
    port: int
    settings: tuple[str, ...] = ()
    """Lines for its configuration besides the listener."""

    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    async def start(self) -> None:
        """Start it and wait until it answers."""
        program = await asyncio.to_thread(find_mosquitto)
        configuration = self.folder / "mosquitto.conf"
        lines = [
            f"listener {self.port} 127.0.0.1",
            *(self.settings or ("allow_anonymous true",)),
            "persistence false",
            f"user {getpass.getuser()}",
        ]
        configuration.write_text("\n".join(lines) + "\n")
        libraries = sorted(str(path.parent) for path in UNPACKED.rglob("lib*.so.*"))
        self.process = await asyncio.to_thread(
            subprocess.Popen,
            (program, "-c", str(configuration)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "LD_LIBRARY_PATH": ":".join(dict.fromkeys(libraries))},
        )
        async with asyncio.timeout(START_SECONDS_MAX):
            while not await self._answers():  # noqa: ASYNC110  # it says so nowhere else
                await asyncio.sleep(0.05)

    async def stop(self) -> None:
        """End it at once; it keeps nothing."""
        process, self.process = self.process, None
        if process is not None:
            process.kill()
            await asyncio.to_thread(process.wait)

    async def _answers(self) -> bool:
        if self.process is None or self.process.poll() is not None:
            raise NoMosquittoError("Mosquitto ended while starting")
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        return True


@contextlib.asynccontextmanager
async def running(
    folder: Path, *, port: int, settings: tuple[str, ...] = ()
) -> AsyncIterator[Mosquitto]:
    """Run a broker, which lets everybody in unless ``settings`` say otherwise."""
    broker = Mosquitto(folder=folder, port=port, settings=settings)
    try:
        await broker.start()
        yield broker
    finally:
        await broker.stop()
