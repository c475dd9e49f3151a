"""The demo: a real Home Assistant with the demo neighbourhood, and nothing left behind.

``script/demo`` runs this after the set-up.  It only does what a person could do with a
browser: onboard, add the integration through its config flow, and look.
"""

import argparse
import asyncio
from collections.abc import Mapping, Sequence
import contextlib
from dataclasses import dataclass
import json
from pathlib import Path
import signal
import socket
import sys
from typing import Final

from .configuration import COMPONENT, ROOT
from .dashboard import create_dashboard
from .demo_chain import LocalChain, batches_told, is_paid, local_chain, until_caught_up
from .hass import JSON, FormError, Hass, HassError, our_warnings, running, text
from .reservation import ReservedError, give_up, reserved

SPEED_MAX: Final = 900
SEED_MAX: Final = 2**31 - 1
PERIODS_MAX: Final = 100_000
PORT_MAX: Final = 65_535
PERIOD_SECONDS: Final = 900
POLL_SECONDS: Final = 0.25
PATIENCE_SECONDS: Final = 120
"""Longest wait for one delivery period beyond the time the clock needs for it."""

DOMAIN: Final = "commonwatt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the command line asks for."""

    port: int
    speed: int
    seed: int
    periods: int | None
    traces: Path | None
    headless: bool
    chain: bool = False

    @property
    def config_dir(self) -> Path:
        """A configuration of its own for each port, so that two demos never meet."""
        return ROOT / ".demo" / str(self.port)

    def flow_answers(self, chain: LocalChain | None) -> list[dict[str, JSON]]:
        """The answers a person would give in the config flow."""
        form: dict[str, JSON] = {"speed": self.speed, "seed": self.seed}
        if self.periods is not None:
            form["stop_after_periods"] = self.periods
        if self.traces is not None:
            form["traces"] = str(self.traces)
        answers: list[dict[str, JSON]] = [{"next_step_id": "demo"}, form]
        if chain is not None:
            form["settle_on_chain"] = True
            answers.append({"rpc_urls": [chain.url], "chain_id": chain.chain_id})
        return answers


def parse(arguments: Sequence[str]) -> Wishes:
    """Read the command line; exits with a message when it makes no sense."""
    parser = argparse.ArgumentParser(prog="script/demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8123, help="0: any free port")
    parser.add_argument(
        "--speed", type=int, default=60, help=f"simulated clock, 1 to {SPEED_MAX}"
    )
    parser.add_argument("--seed", type=int, default=1, help="same seed, same trades")
    parser.add_argument("--periods", type=int, help="run so many, then say how it went")
    parser.add_argument("--traces", type=Path, help="folder of recorded 15-min series")
    parser.add_argument("--headless", action="store_true", help="without a frontend")
    parser.add_argument(
        "--chain", action="store_true", help="settle every day on a chain of its own"
    )
    read = parser.parse_args(arguments)
    for name, value, least, most in (
        ("port", read.port, 0, PORT_MAX),
        ("speed", read.speed, 1, SPEED_MAX),
        ("seed", read.seed, 0, SEED_MAX),
        ("periods", 1 if read.periods is None else read.periods, 1, PERIODS_MAX),
    ):
        if not least <= value <= most:
            parser.error(f"--{name} is between {least} and {most}, not {value}")
    if read.traces is not None and not read.traces.is_dir():
        parser.error(f"--traces: {read.traces} is not a folder")
    return Wishes(
        port=read.port or free_port(),
        speed=read.speed,
        seed=read.seed,
        periods=read.periods,
        traces=read.traces.resolve() if read.traces is not None else None,
        headless=read.headless,
        chain=read.chain,
    )


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def port_is_taken(port: int) -> bool:
    """Tell whether somebody already listens on ``port``."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def sweep(folder: Path) -> None:
    """Remove what demos that have ended left behind for whoever wanted to look."""
    ports = {path.stem for path in folder.glob("*") if path.stem.isdecimal()}
    for port in ports:
        # Somebody else's demo may be starting, and not listen yet.
        with contextlib.suppress(ReservedError), reserved(folder / port):
            if not port_is_taken(int(port)):
                give_up(folder / port)


def say(message: str) -> None:
    """Tell the person in front of the terminal how far we are."""
    print(f"==> {message}", file=sys.stderr, flush=True)


async def add_the_neighbourhood(
    hass: Hass, wishes: Wishes, chain: LocalChain | None = None
) -> str:
    """Walk the config flow as a person would; return the id of the new entry.

    Raises:
        HassError: the entry was made, but could not be set up.
    """
    try:
        entry = await hass.flow(DOMAIN, *wishes.flow_answers(chain))
    except FormError as error:
        raise HassError(in_words(error)) from error
    if (state := text(entry, "state")) != "loaded":
        why = entry.get("reason") or "see the log"
        raise HassError(f"the demo is in {state}: {why} ({hass.log_path})")
    return text(entry, "entry_id")


def in_words(error: FormError) -> str:
    """Return what the form says of a refused answer, as people read it."""
    translations = COMPONENT / "translations" / "en.json"
    known = json.loads(translations.read_text("utf-8"))["config"]["error"]
    sentences = (known.get(key, key) for key in error.errors.values())
    return " ".join(sentences).format(**error.placeholders)


async def summary(hass: Hass, entry_id: str) -> dict[str, JSON]:
    """Ask the component what has happened so far."""
    answer = await hass.command("commonwatt/demo/summary", entry_id=entry_id)
    assert isinstance(answer, dict), "the command answers with an object"
    return answer


def settled(state: Mapping[str, JSON]) -> int:
    """Return how many delivery periods a summary says are settled."""
    count = state["periods_settled"]
    assert isinstance(count, int), "periods are counted"
    return count


async def run_to_the_end(hass: Hass, entry_id: str, wishes: Wishes) -> dict[str, JSON]:
    """Settle the wanted periods, and what the chain is still owed of them."""
    state = await run_periods(hass, entry_id, wishes)
    if not wishes.chain:
        return state
    return await until_caught_up(lambda: summary(hass, entry_id), say)


async def run_periods(hass: Hass, entry_id: str, wishes: Wishes) -> dict[str, JSON]:
    """Wait until the wanted number of periods is settled; HassError if they stall."""
    assert wishes.periods is not None, "asked for"
    loop = asyncio.get_running_loop()
    seconds_per_period = PERIOD_SECONDS / wishes.speed
    done = -1
    last_progress_at = loop.time()
    while True:
        state = await summary(hass, entry_id)
        if settled(state) > done:
            done = settled(state)
            last_progress_at = loop.time()
            say(f"{done} of {wishes.periods} delivery periods settled")
        if done >= wishes.periods:
            return state
        if loop.time() - last_progress_at > 2 * seconds_per_period + PATIENCE_SECONDS:
            msg = f"no delivery period was settled for a while; see {hass.log_path}"
            raise HassError(msg)
        await asyncio.sleep(POLL_SECONDS)


COLUMNS: Final = (
    ("delivery period", "period", 17),
    ("price EUR/kWh", "price_micro_per_kwh", 13),
    ("trades", "trades", 6),
    ("traded Wh", "energy_wh", 9),
    ("my net Wh", "my_position_wh", 9),
    ("my saving EUR", "my_saved_nano", 13),
)


def cell(key: str, value: JSON) -> str:
    """Show one value; what is unknown is a dash."""
    if value is None:
        return "-"
    if key == "price_micro_per_kwh" and isinstance(value, int):
        return f"{value / 1e6:.4f}"
    if key == "my_saved_nano" and isinstance(value, int):
        return f"{value / 1e9:.4f}"
    return str(value)


def table(state: Mapping[str, JSON]) -> str:
    """Lay out the settled periods, one line each."""
    lines = ["  ".join(f"{title:>{width}}" for title, _, width in COLUMNS)]
    rows = state["periods"]
    assert isinstance(rows, list), "a list of periods"
    for row in rows:
        assert isinstance(row, dict), "a period is an object"
        cells = (f"{cell(key, row[key]):>{width}}" for _, key, width in COLUMNS)
        lines.append("  ".join(cells))
    return "\n".join(lines)


def verdict(state: Mapping[str, JSON], warnings: Sequence[str]) -> dict[str, JSON]:
    """Build the closing line: the totals without the table."""
    totals = {key: value for key, value in state.items() if key != "periods"}
    return {**totals, "warnings_logged": len(warnings)}


def is_good(totals: Mapping[str, JSON]) -> bool:
    """Tell whether nothing was lost, invented or complained about."""
    zeros = ("money_sum_nano", "energy_sum_wh", "warnings_logged")
    return all(totals[key] == 0 for key in zeros) and is_paid(totals.get("chain"))


def report(hass: Hass, state: Mapping[str, JSON]) -> bool:
    """Print the table and the closing line of JSON; return whether all is well."""
    lines = hass.log_path.read_text(errors="replace").splitlines()
    warnings = our_warnings(lines)
    totals = verdict(state, warnings)
    print(table(state))
    print(json.dumps(totals), flush=True)
    for line in warnings:
        print(line, file=sys.stderr)
    return is_good(totals)


WELCOME: Final = """
The neighbourhood is trading at {url}
  user {user}, password {password}

What to look at:
  - the panel Neighbourhood: {url}/neighbourhood
  - the dashboard CommonWatt: the price next door, what you saved, your share
  - Settings > Devices & services > CommonWatt: twelve homes, your devices over Modbus
  - the Energy dashboard: statistics of the simulated days
  - the log: {log}

The clock runs at up to {speed} times real time until it reaches now.
Ctrl-C stops everything."""


async def live(hass: Hass, entry_id: str, wishes: Wishes) -> None:
    """Say where to look, then stay until somebody stops us."""
    if not wishes.headless:
        await create_dashboard(hass)
    print(
        WELCOME.format(
            url=hass.url,
            user=hass.owner.username,
            password=hass.owner.password,
            log=hass.log_path,
            speed=wishes.speed,
        ),
        flush=True,
    )
    assert hass.process is not None, "running"
    telling = batches_told(lambda: summary(hass, entry_id), say)
    async with telling if wishes.chain else contextlib.nullcontext():
        code = await hass.process.wait()
    msg = f"Home Assistant stopped by itself (exit {code}); see {hass.log_path}"
    raise HassError(msg)


async def demo(wishes: Wishes) -> bool:
    """Run the demo; return whether it ended well."""
    async with contextlib.AsyncExitStack() as stack:
        chain = None
        if wishes.chain:
            say("Starting a chain on this machine")
            chain = await stack.enter_async_context(local_chain(wishes.seed))
            say(f"Chain {chain.chain_id} listens at {chain.url}")
        say(f"Starting Home Assistant on port {wishes.port}")
        hass = await stack.enter_async_context(
            running(wishes.config_dir, port=wishes.port, frontend=not wishes.headless)
        )
        say(f"Onboarded: {hass.owner.username} / {hass.owner.password}")
        entry_id = await add_the_neighbourhood(hass, wishes, chain)
        say("The demo neighbourhood has moved in")
        if wishes.periods is None:
            await live(hass, entry_id, wishes)
            return True
        state = await run_to_the_end(hass, entry_id, wishes)
        return report(hass, state)


async def until_stopped(wishes: Wishes) -> bool:
    """Run the demo so that Ctrl-C, SIGTERM and a closed terminal end it in order."""
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(demo(wishes))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        return await task
    say("Stopped")
    return wishes.periods is None


def main(arguments: Sequence[str]) -> int:
    """Run the demo from the command line; 0 if it ended well."""
    wishes = parse(arguments)
    sweep(wishes.config_dir.parent)
    if port_is_taken(wishes.port):
        say(f"Port {wishes.port} is taken: stop what uses it or choose --port")
        return 2
    try:
        with reserved(wishes.config_dir):
            return 0 if asyncio.run(until_stopped(wishes)) else 1
    except ReservedError:
        say(f"Another demo is starting on port {wishes.port}: choose --port")
        return 2
    except HassError as error:
        say(str(error))
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
