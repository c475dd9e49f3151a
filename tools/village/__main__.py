"""Three homes with Home Assistant and a member without one trade, and one is killed.

One home founds a community through its forms, the others join by invitation.  Five
periods in a row become final with trades over ``http``.  A home that is the proposer of
a period is killed in the middle of its round: that period and the next become final
without it, and it comes back by itself.  Then all move to a broker, and five periods
become final with trades over ``mqtt``.  The last line of standard output is JSON.
"""

import argparse
import asyncio
from collections.abc import Sequence
import contextlib
import json
from pathlib import Path
import shutil
import sys
import tempfile
import time
from typing import Final

from tools import mosquitto
from tools.hass import HassError
from tools.rehearsal.player import Clock, Player, RehearsalError, until
from tools.rehearsal.ports import free_ports

from .house import House
from .journals import finals, latest_charter

# isort: split
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.peer import electorate_of
from custom_components.commonwatt.engine.wire.digests import community_id

PACE: Final = 60
PERIOD_S: Final = 900
PERIODS: Final = 5
WARM_UP_PERIODS: Final = 4
"""A home has to have seen one whole period before it bids for one."""

KILLS: Final = 4
KILL_OFFSET_S: Final = -270.0
"""Relative to the start of the period: orders are being revealed, no book is out."""

HOMES: Final = (("Roof", -2_400), ("Family", 900), ("Flat", 600))
"""Names, and what their meters show in W."""

SETTINGS: Final = """
[readings]
source = "simulated"
home = "turbine"
seconds = 1
[tariff]
energy = 250000
feed_in = 80000
"""


class Village:
    """All members, and what they say is final."""

    def __init__(self, folder: Path) -> None:
        """Prepare them; nobody lives yet."""
        *ports, self._school_port, self.broker_port = free_ports(len(HOMES) + 2)
        self.houses: Final = [
            House(
                name=name,
                config_dir=folder / name.lower(),
                port=port,
                power_w=power_w,
                pace=PACE,
            )
            for (name, power_w), port in zip(HOMES, ports, strict=True)
        ]
        self.school: Final = Player(name="school", folder=folder / "school")
        self.clock = Clock(began_at=0, pace=1)

    # ------------------------------------------------------------------- beginning

    async def assemble(self) -> None:
        """Let all begin, and be members of one community."""
        await asyncio.gather(*(house.start() for house in self.houses))
        first, *others = self.houses
        await first.found("Village")
        _say(f"{first.name} has founded a community")
        for house in others:
            await house.join(await first.invite())
            _say(f"{house.name} has joined")
        await asyncio.to_thread(self._school_joins, await first.invite())
        _say("the school, which has no Home Assistant, has joined")

    def _school_joins(self, link: str) -> None:
        """Let the member without Home Assistant join (blocking)."""
        school = self.school
        school.household_key = school.command("init", str(school.folder))
        self._connect_school(self._http(), "")
        school.command("join", str(school.folder), link)

    def _http(self) -> str:
        port = self._school_port
        dial = [f"http://127.0.0.1:{house.port}" for house in self.houses]
        return (
            f'[http]\nhost = "127.0.0.1"\nport = {port}\ndiscovery = false\n'
            f'addresses = ["http://127.0.0.1:{port}"]\ndial = {json.dumps(dial)}\n'
        )

    def _connect_school(self, way: str, rehearsal: str) -> None:
        (self.school.folder / "node.toml").write_text(way + SETTINGS + rehearsal)

    @property
    def _rehearsal(self) -> str:
        clock = self.clock
        return f"[rehearsal]\npace = {clock.pace}\nbegan_at = {clock.began_at}\n"

    async def hurry(self) -> None:
        """From now on a quarter of an hour takes seconds, for everybody."""
        self.clock = Clock(began_at=int(time.time()) + 2, pace=PACE)
        told = json.dumps({"began_at": self.clock.began_at, "pace": PACE})
        for house in self.houses:
            path = house.config_dir / "hurry"
            path.with_suffix(".new").write_text(told)
            path.with_suffix(".new").replace(path)
        self._connect_school(self._http(), self._rehearsal)
        await asyncio.sleep(max(0.0, self.clock.began_at - time.time()))
        for house in self.houses:
            house.feed(self.clock)
        await self.school.start()

    async def move_to_broker(self) -> None:
        """Leave http behind."""
        for house in self.houses:
            await house.move_to_broker(self.broker_port)
        await self.school.stop()
        way = f'[mqtt]\nhost = "127.0.0.1"\nport = {self.broker_port}\n'
        self._connect_school(way, self._rehearsal)
        await self.school.start()

    async def stop(self) -> None:
        """End everybody."""
        await asyncio.gather(
            *(house.stop() for house in self.houses), self.school.stop()
        )

    # --------------------------------------------------------------- what is final

    def results(self, houses: Sequence[House]) -> list[dict[int, set[bytes]]]:
        """Return what is final for each of these, and for the school."""
        school = finals(self.school.folder / "journal.db")
        return [*(house.finals for house in houses), school]

    def agreed(self, houses: Sequence[House], period: int) -> bool:
        """Tell whether a period is final for all; RehearsalError if they differ."""
        process = self.school.process
        if process is not None and process.returncode is not None:
            raise RehearsalError(f"the school has ended; see {self.school.log_path}")
        results = [known.get(period, set()) for known in self.results(houses)]
        if len(set[bytes]().union(*results)) > 1:
            raise RehearsalError(f"period {period} ended in different results")
        return all(results)

    def traded_in_a_row(self, since: int) -> list[int]:
        """Return the latest periods in a row that are final for all, with trades."""
        row: list[int] = []
        for period in sorted(self.school.finals):
            _, trades = self.school.finals[period]
            if period < since or not trades or not self.agreed(self.houses, period):
                row = []
            elif row and period == row[-1] + 1:
                row.append(period)
            else:
                row = [period]
        return row

    async def trade(self, *, warm_up: int) -> list[int]:
        """Wait for five periods in a row that are final everywhere, with trades."""
        since = self.clock.period_at(time.time()) + 1
        await until(
            lambda: len(self.traded_in_a_row(since)) >= PERIODS,
            seconds=(warm_up + 2 * PERIODS + 3) * PERIOD_S / PACE,
            what=f"{PERIODS} final periods in a row with trades",
        )
        return self.traded_in_a_row(since)

    # ------------------------------------------------------------------ the killing

    async def kill_a_proposer(self) -> list[int]:
        """Kill a home in the round it proposes; return what was final without it."""
        for _ in range(KILLS):
            period, victim = await self._next_proposer()
            at = self.clock.when(period, KILL_OFFSET_S)
            await asyncio.sleep(max(0.0, at - time.time()))
            await victim.kill()
            if period not in victim.finals:
                break
            await self._back(victim)
        else:
            raise RehearsalError("no proposer was killed before its round was over")
        _say(f"{victim.name} is killed while it is to propose the book")
        witnesses = [house for house in self.houses if house is not victim]
        without = [period, period + 1]
        for number in without:
            await until(
                lambda number=number: self.agreed(witnesses, number),  # type: ignore[misc]  # bound now
                seconds=6 * PERIOD_S / PACE,
                what=f"period {number} to be final without its proposer",
            )
        await self._back(victim)
        return without

    async def _next_proposer(self) -> tuple[int, House]:
        """Return the next period, and its first proposer, if that is a home."""
        first = self.houses[0]
        founding = await asyncio.to_thread(first.founding)
        charter = latest_charter(founding, first.charters)
        community = community_id(founding)
        parties = {await asyncio.to_thread(one.party): one for one in self.houses}
        period = self.clock.period_at(time.time()) + 2
        while True:
            electorate = electorate_of(charter, community, DeliveryPeriod(period))
            proposer = electorate.proposer(number=period, attempt=0)
            if proposer in parties:
                return period, parties[proposer]
            period += 1

    async def _back(self, victim: House) -> None:
        await victim.start_again()
        period = self.clock.period_at(time.time())
        await until(
            lambda: any(
                self.agreed(self.houses, later) for later in range(period, period + 9)
            ),
            seconds=9 * PERIOD_S / PACE,
            what=f"{victim.name} to take part again",
        )
        _say(f"{victim.name} is back by itself")


async def play(folder: Path) -> int:
    """Play the whole piece in a folder."""
    village = Village(folder)
    try:
        await village.assemble()
        await village.hurry()
        over_http = await village.trade(warm_up=WARM_UP_PERIODS)
        _say(f"final over http, with trades: {over_http}")
        without = await village.kill_a_proposer()
        _say(f"final without their proposer: {without}")
        async with mosquitto.running(folder, port=village.broker_port):
            await village.move_to_broker()
            over_mqtt = await village.trade(warm_up=WARM_UP_PERIODS)
            _say(f"final over mqtt, with trades: {over_mqtt}")
            await village.stop()
    finally:
        await village.stop()
    contradictions = sum(
        len(results) > 1
        for known in village.results(village.houses)
        for results in known.values()
    )
    complaints = [line for house in village.houses for line in house.complaints]
    for line in complaints:
        _say(line)
    told = {
        "homes": len(village.houses) + 1,
        "http_periods_final": len(over_http),
        "final_without_proposer": len(without),
        "mqtt_periods_final": len(over_mqtt),
        "contradictions": contradictions,
        "warnings": len(complaints),
    }
    print(json.dumps(told))
    return 1 if contradictions else 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and play; the folder stays if something was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="keep all files here")
    wishes = parser.parse_args(arguments)
    folder = wishes.folder or Path(tempfile.mkdtemp(prefix="village-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        code = asyncio.run(play(folder))
    except (RehearsalError, HassError, TimeoutError) as err:
        print(f"FAILED: {err!r}\nEverything is in {folder}", file=sys.stderr)
        return 1
    if wishes.folder is None and code == 0:
        with contextlib.suppress(OSError):
            shutil.rmtree(folder)
    return code


if __name__ == "__main__":
    sys.exit(main())
