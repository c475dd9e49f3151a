"""Four members in four processes trade, one of them is killed, and nobody minds.

Over ``http`` and over ``mqtt`` each: five periods in a row become final with trades,
with the same result for everybody.  Then the proposer of a period is killed in the
middle of its round: that period and the next become final without it, and it comes back
by itself.
The last line of standard output is JSON.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator, Sequence
import contextlib
import json
from pathlib import Path
import sys
import tempfile
import time
from typing import Final

from tools import mosquitto
import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.drivers.headless import read_charter
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import (
    SECOND_MS,
    DeliveryPeriod,
    Instant,
)
from custom_components.commonwatt.engine.peer import electorate_of
from custom_components.commonwatt.engine.wire.digests import community_id

from .player import Clock, Player, RehearsalError, running, until
from .ports import free_ports
from .weather import windy_seed

HOMES: Final = ("home", "turbine", "family", "flat")
PACE: Final = 60
KILLS: Final = 3
PERIODS: Final = 5
WARM_UP_PERIODS: Final = 3
"""A home has to have seen one whole period before it bids for one."""

KILL_OFFSET_S: Final = -270.0
"""Relative to the start of the period: orders are being revealed, no book is out."""

TARIFF: Final = """
[tariff]
energy = 150000
network = 75000
levies = 40000
vat_ppm = 200000
feed_in = 75000
"""


def http_settings(ports: Sequence[int], number: int) -> str:
    """Return how a member is connected: the first one is dialled by all others."""
    dial = [] if number == 0 else [f"http://127.0.0.1:{ports[0]}"]
    return (
        f'[http]\nhost = "127.0.0.1"\nport = {ports[number]}\ndiscovery = false\n'
        f'addresses = ["http://127.0.0.1:{ports[number]}"]\ndial = {json.dumps(dial)}\n'
    )


def mqtt_settings(port: int) -> str:
    """Return how a member is connected by a broker alone."""
    return f'[mqtt]\nhost = "127.0.0.1"\nport = {port}\n'


def assemble(folder: Path, transports: Sequence[str], clock: Clock) -> list[Player]:
    """Make members and let them found a community together."""
    players = [Player(name=name, folder=folder / name) for name in HOMES]
    for player in players:
        player.household_key = player.command("init", str(player.folder))
    first, *others = players
    keys = [player.household_key for player in others]
    first.command("found", str(first.folder), "--with", *keys)
    for player in others:
        charter = first.folder / "charter.json"
        player.command("enter", str(player.folder), str(charter))
    seed = windy_seed(Instant(clock.began_at * SECOND_MS))
    for player, transport in zip(players, transports, strict=True):
        (player.folder / "node.toml").write_text(
            f'{transport}[readings]\nsource = "simulated"\nhome = "{player.name}"\n'
            f"seconds = 1\nseed = {seed}\n{TARIFF}"
            f"[rehearsal]\npace = {clock.pace}\nbegan_at = {clock.began_at}\n"
        )
    return players


def agreed(players: Sequence[Player], period: int) -> bool:
    """Tell whether a period is final for all of them; RehearsalError if they differ."""
    results = [player.finals.get(period) for player in players]
    known = {result for result in results if result is not None}
    if len(known) > 1:
        raise RehearsalError(f"period {period} ended in different results: {known}")
    return None not in results


def traded_in_a_row(players: Sequence[Player]) -> list[int]:
    """Return the latest periods in a row that are final everywhere, with trades."""
    row: list[int] = []
    for period in sorted(players[0].finals):
        _, trades = players[0].finals[period]
        is_next = not row or period == row[-1] + 1
        if not agreed(players, period) or not trades:
            row = []
        elif is_next:
            row.append(period)
        else:
            row = [period]
    return row


async def trade(players: Sequence[Player], clock: Clock) -> list[int]:
    """Wait for five periods in a row that are final everywhere, with trades."""
    await until(
        lambda: len(traded_in_a_row(players)) >= PERIODS,
        seconds=(WARM_UP_PERIODS + PERIODS + 3) * 900 / clock.pace,
        what=f"{PERIODS} final periods in a row with trades",
    )
    return traded_in_a_row(players)


def first_proposer(folder: Path, period: int) -> PartyId:
    """Return who proposes the book of a period first, by the charter."""
    charter = read_charter(folder / "charter.json")
    electorate = electorate_of(charter, community_id(charter), DeliveryPeriod(period))
    return electorate.proposer(number=period, attempt=0)


async def kill_the_proposer(players: Sequence[Player], clock: Clock) -> list[int]:
    """Kill the proposer of a period in its round; return what became final since."""
    for _ in range(KILLS):
        period = clock.period_at(time.time()) + 2
        party = await asyncio.to_thread(first_proposer, players[0].folder, period)
        victim = next(player for player in players if player.party == party)
        await asyncio.sleep(max(0.0, clock.when(period, KILL_OFFSET_S) - time.time()))
        await victim.kill()
        if period not in victim.finals:
            break
        # A busy machine let its round end before we came; the next one is tried.
        await victim.start()
        await back_again(players, clock, last=period + 9)
    else:
        raise RehearsalError(f"{KILLS} proposers were killed, all after their round")
    witnesses = [player for player in players if player is not victim]
    without = [period, period + 1]
    for number in without:
        await until(
            lambda number=number: agreed(witnesses, number),  # type: ignore[misc]  # bound now
            seconds=4 * 900 / clock.pace,
            what=f"period {number} to be final without its proposer",
        )
    await victim.start()
    await back_again(players, clock, last=period + 9)
    return without


async def back_again(players: Sequence[Player], clock: Clock, *, last: int) -> None:
    """Wait for a period from now on that is final for everybody."""
    periods = range(clock.period_at(time.time()) + 1, last)
    await until(
        lambda: any(agreed(players, number) for number in periods),
        seconds=5 * 900 / clock.pace,
        what="the killed member to take part again",
    )


@contextlib.asynccontextmanager
async def connections(folder: Path, transport: str) -> AsyncIterator[list[str]]:
    """Yield the settings of every member for a transport that works meanwhile."""
    ports = free_ports(len(HOMES))
    if transport == "http":
        yield [http_settings(ports, number) for number in range(len(HOMES))]
        return
    async with mosquitto.running(folder, port=ports[0]):
        yield [mqtt_settings(ports[0]) for _ in HOMES]


async def rehearse(folder: Path, transport: str, *, pace: int) -> dict[str, int]:
    """Play the whole piece over one transport."""
    await asyncio.to_thread(folder.mkdir)
    async with connections(folder, transport) as settings:
        clock = Clock(began_at=int(time.time()), pace=pace)
        players = await asyncio.to_thread(assemble, folder, settings, clock)
        async with running(players):
            finals = await trade(players, clock)
            without = await kill_the_proposer(players, clock)
        complaints = [f"{p.name}: {c}" for p in players for c in p.complaints]
        contradictions = sum(len(player.contradictions) for player in players)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return {
        f"{transport}_periods_final": len(finals),
        f"{transport}_final_without_proposer": len(without),
        f"{transport}_contradictions": contradictions,
        f"{transport}_complaints": len(complaints),
    }


async def play(folder: Path, transports: Sequence[str], *, pace: int) -> int:
    """Rehearse over all transports at the same time."""
    print(f"Four members each over {', '.join(transports)}", file=sys.stderr)
    results = await asyncio.gather(
        *(rehearse(folder / name, name, pace=pace) for name in transports),
        return_exceptions=True,
    )
    told: dict[str, int] = {}
    for name, result in zip(transports, results, strict=True):
        match result:
            case RehearsalError():
                print(f"FAILED over {name}: {result}", file=sys.stderr)
                return 1
            case BaseException():
                raise result
            case _:
                told |= result
    print(json.dumps(told))
    return 1 if any(told[f"{name}_contradictions"] for name in transports) else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and rehearse."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pace", type=int, default=PACE, help=f"of the clock ({PACE})")
    parser.add_argument(
        "--transport", choices=("http", "mqtt"), action="append", help="both"
    )
    parser.add_argument("--folder", type=Path, help="keep all files here")
    wishes = parser.parse_args(arguments)
    transports = wishes.transport or ["http", "mqtt"]
    with contextlib.ExitStack() as stack:
        folder = wishes.folder or Path(
            stack.enter_context(tempfile.TemporaryDirectory())
        )
        folder.mkdir(parents=True, exist_ok=True)
        return asyncio.run(play(folder, transports, pace=wishes.pace))


if __name__ == "__main__":
    sys.exit(main())
