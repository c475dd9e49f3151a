"""A real Home Assistant for the developer commands: start it, onboard it, talk to it.

Everything lives in a configuration directory of its own.  Nothing here is specific to
one command: the demo, the benchmarks and the end-to-end tests all start it this way.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
import contextlib
from dataclasses import dataclass, field
from http import HTTPStatus
import os
from pathlib import Path
import signal
import sys
from typing import Final, Self

import aiohttp

from .configuration import write_configuration

type JSON = bool | int | float | str | list[JSON] | dict[str, JSON] | None

NOT_FOR_HASS: Final = frozenset({"PYTHONDONTWRITEBYTECODE", "PYTHONPATH"})
"""With these Home Assistant would compile itself anew at every start, and look for our
component elsewhere than in its own folder."""

START_SECONDS_MAX: Final = 180
STOP_SECONDS_MAX: Final = 30
EXPIRES_MS: Final = 4_102_444_800_000
"""Far away: a browser that believes it asks for no new token meanwhile."""


class HassError(Exception):
    """Home Assistant did not do what the command needs."""


class FormError(HassError):
    """A form was not accepted as it was filled in."""

    def __init__(self, errors: dict[str, str], placeholders: dict[str, str]) -> None:
        super().__init__(f"a form was not accepted: {errors} {placeholders}")
        self.errors: Final = errors
        """Keys of the flow's errors, by field."""

        self.placeholders: Final = placeholders


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The account created at onboarding."""

    name: str = "CommonWatt"
    username: str = "demo"
    password: str = "commonwatt"  # noqa: S105  # printed on purpose: a throw-away home


@dataclass(slots=True, kw_only=True)
class Hass:
    """A running Home Assistant process and an authorised client for it."""

    config_dir: Path
    port: int
    owner: Owner = field(default_factory=Owner)
    onboarded: bool = False
    """There is an owner already: nothing is left to be asked."""

    program: tuple[str, ...] = ("-m", "homeassistant")
    """What Python runs: Home Assistant, or something that takes its arguments."""

    process: asyncio.subprocess.Process | None = None
    session: aiohttp.ClientSession | None = None
    tokens: dict[str, JSON] = field(default_factory=dict)
    """What a browser keeps to stay signed in."""

    _socket: aiohttp.ClientWebSocketResponse | None = None
    _token: str = ""
    _last_id: int = 0
    _results: dict[int, asyncio.Future[JSON]] = field(default_factory=dict)
    _reader: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Where the home answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log_path(self) -> Path:
        """Everything the process said."""
        return self.config_dir / "hass.log"

    async def __aenter__(self) -> Self:
        """Start the process and wait until it answers."""
        environment = {
            key: value for key, value in os.environ.items() if key not in NOT_FOR_HASS
        }
        with self.log_path.open("wb") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                *(*self.program, "--skip-pip"),
                *("--config", str(self.config_dir.resolve())),
                stdout=log,
                stderr=asyncio.subprocess.STDOUT,
                env=environment,
                cwd=self.config_dir,
                start_new_session=True,
            )
        self.session = aiohttp.ClientSession(base_url=self.url)
        try:
            await self._wait_until_up()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop whatever was started."""
        await self.stop()

    async def stop(self) -> None:
        """End the session, then the process: kindly first, then for certain."""
        if self._reader is not None:
            self._reader.cancel()
        if self._socket is not None:
            await self._socket.close()
        if self.session is not None:
            await self.session.close()
        process = self.process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), STOP_SECONDS_MAX)
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()

    async def _wait_until_up(self) -> None:
        assert self.session is not None, "entered"
        assert self.process is not None, "entered"
        ready = "/auth/providers" if self.onboarded else "/api/onboarding"
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + START_SECONDS_MAX
        while loop.time() < give_up_at:
            if self.process.returncode is not None:
                msg = f"Home Assistant stopped while starting; see {self.log_path}"
                raise HassError(msg)
            with contextlib.suppress(aiohttp.ClientError):
                async with self.session.get(ready) as answer:
                    if answer.status == HTTPStatus.OK:
                        return
            await asyncio.sleep(0.1)
        msg = f"Home Assistant did not answer within {START_SECONDS_MAX} s"
        raise HassError(msg)

    async def post(self, path: str, body: Mapping[str, JSON] | None = None) -> JSON:
        """Post JSON as the owner and return the decoded answer."""
        assert self.session is not None, "entered"
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        async with self.session.post(path, json=body or {}, headers=headers) as answer:
            return await self._decode(answer)

    async def get(self, path: str) -> JSON:
        """Get JSON as the owner."""
        assert self.session is not None, "entered"
        headers = {"Authorization": f"Bearer {self._token}"}
        async with self.session.get(path, headers=headers) as answer:
            return await self._decode(answer)

    async def delete(self, path: str) -> JSON:
        """Delete something as the owner."""
        assert self.session is not None, "entered"
        headers = {"Authorization": f"Bearer {self._token}"}
        async with self.session.delete(path, headers=headers) as answer:
            return await self._decode(answer)

    @staticmethod
    async def _decode(answer: aiohttp.ClientResponse) -> JSON:
        if not answer.ok:
            said = await answer.text()
            msg = f"{answer.method} {answer.url.path}: {answer.status} {said}"
            raise HassError(msg)
        value: JSON = await answer.json()
        return value

    async def onboard(self) -> None:
        """Create the owner, which is the last step, and stay signed in."""
        client = {"client_id": f"{self.url}/"}
        user = await self.post(
            "/api/onboarding/users",
            {
                **client,
                "name": self.owner.name,
                "username": self.owner.username,
                "password": self.owner.password,
                "language": "en",
            },
        )
        await self._redeem(text(user, "auth_code"))
        await self.connect()
        # Without this Home Assistant takes back the port of configuration.yaml after
        # five minutes, with a question over every page meanwhile.
        await self.command("http/config/promote")

    async def sign_in(self) -> None:
        """Sign in with the owner's password to a home onboarded before."""
        client = {"client_id": f"{self.url}/"}
        form = await self.post(
            "/auth/login_flow",
            {
                **client,
                "handler": ["homeassistant", None],
                "redirect_uri": f"{self.url}/?auth_callback=1",
            },
        )
        answer = await self.post(
            f"/auth/login_flow/{text(form, 'flow_id')}",
            {
                **client,
                "username": self.owner.username,
                "password": self.owner.password,
            },
        )
        await self._redeem(text(answer, "result"))
        await self.connect()

    async def _redeem(self, code: str) -> None:
        assert self.session is not None, "entered"
        form = {
            "client_id": f"{self.url}/",
            "grant_type": "authorization_code",
            "code": code,
        }
        async with self.session.post("/auth/token", data=form) as answer:
            tokens = await self._decode(answer)
        assert isinstance(tokens, dict), "tokens are an object"
        self.tokens = {**tokens, "clientId": f"{self.url}/", "expires": EXPIRES_MS}
        self._token = text(tokens, "access_token")

    async def connect(self) -> None:
        """Open the WebSocket that ``command`` uses."""
        assert self.session is not None, "entered"
        self._socket = await self.session.ws_connect("/api/websocket", max_msg_size=0)
        await self._socket.receive_json()
        await self._socket.send_json({"type": "auth", "access_token": self._token})
        hello = await self._socket.receive_json()
        if hello["type"] != "auth_ok":
            msg = f"Home Assistant refused the new owner: {hello}"
            raise HassError(msg)
        self._reader = asyncio.create_task(self._read(self._socket))

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            answer = message.json()
            waiting = self._results.pop(answer.get("id"), None)
            if waiting is None or waiting.done():
                continue
            if answer.get("success"):
                waiting.set_result(answer["result"])
            else:
                waiting.set_exception(HassError(str(answer.get("error"))))
        for waiting in self._results.values():
            if not waiting.done():
                waiting.set_exception(HassError("Home Assistant closed the connection"))

    async def wait_until_running(self) -> None:
        """Wait until every integration has been set up."""
        for _ in range(10 * START_SECONDS_MAX):
            config = await self.command("get_config")
            if isinstance(config, dict) and config.get("state") == "RUNNING":
                return
            await asyncio.sleep(0.1)
        msg = f"Home Assistant was not running within {START_SECONDS_MAX} s"
        raise HassError(msg)

    async def command(self, kind: str, **arguments: JSON) -> JSON:
        """Run a WebSocket command and return its result; HassError if it fails."""
        assert self._socket is not None, "onboarded"
        self._last_id += 1
        waiting: asyncio.Future[JSON] = asyncio.get_running_loop().create_future()
        self._results[self._last_id] = waiting
        await self._socket.send_json({"id": self._last_id, "type": kind, **arguments})
        return await waiting

    async def flow(self, handler: str, *answers: Mapping[str, JSON]) -> dict[str, JSON]:
        """Walk a config flow with one answer per form; return the created entry.

        Raises:
            FormError: an answer does not fit.
            HassError: the flow did not lead to an entry.
        """
        step = await self.post("/api/config/config_entries/flow", {"handler": handler})
        for answer in answers:
            path = f"/api/config/config_entries/flow/{text(step, 'flow_id')}"
            step = await self.post(path, answer)
            if isinstance(step, dict) and step.get("errors"):
                raise FormError(
                    texts(step, "errors"), texts(step, "description_placeholders")
                )
        if not isinstance(step, dict) or step.get("type") != "create_entry":
            msg = f"the {handler} flow ended in {step}"
            raise HassError(msg)
        entry = step["result"]
        assert isinstance(entry, dict), "create_entry has a result"
        return entry


def text(value: JSON, key: str) -> str:
    """Return a text field of a JSON object; HassError if it is not there."""
    found = value.get(key) if isinstance(value, dict) else None
    if not isinstance(found, str):
        msg = f"no text {key!r} in {value}"
        raise HassError(msg)
    return found


def texts(value: Mapping[str, JSON], key: str) -> dict[str, str]:
    """Return the texts below ``key`` by name; none where there is nothing."""
    found = value.get(key)
    if not isinstance(found, dict):
        return {}
    return {name: str(text) for name, text in found.items()}


@contextlib.asynccontextmanager
async def running(
    config_dir: Path, *, port: int, frontend: bool = True
) -> AsyncIterator[Hass]:
    """Run a freshly onboarded Home Assistant in ``config_dir``."""
    write_configuration(config_dir, port=port, frontend=frontend)
    async with Hass(config_dir=config_dir, port=port) as hass:
        await hass.onboard()
        await hass.wait_until_running()
        yield hass


def our_warnings(log_lines: Sequence[str]) -> list[str]:
    """Return the warnings and errors that our loggers wrote.

    A log line reads: date, time, level, (thread), [logger], message.
    """
    return [
        line
        for line in log_lines
        if any(f" {level} " in line for level in ("WARNING", "ERROR", "CRITICAL"))
        and "[custom_components.commonwatt" in line
    ]
