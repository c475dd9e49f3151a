"""One full node of the peers benchmark, in a process of its own.

Called with a JSON object: where the stage was set, which of the full nodes this is, and
by which transport.  Prints one JSON object at the end.
"""

import asyncio
import contextlib
import json
from pathlib import Path
import random
import resource
import sys
import tempfile
import time
from typing import Final

import aiohttp

from ._peers_stage import TARIFF, TIMING, Stage
from ._peers_tally import TalliedBroker, TalliedGossip, TalliedNode, Tally

# isort: split
from custom_components.commonwatt.drivers.journal import SQLiteJournal
from custom_components.commonwatt.drivers.pump import Pump, Turn
from custom_components.commonwatt.drivers.transports import Gossip, Refusals
from custom_components.commonwatt.drivers.transports.http import (
    HTTPServer,
    HTTPTransport,
)
from custom_components.commonwatt.drivers.transports.mqtt import (
    BrokerSettings,
    MQTTTransport,
    OwnBroker,
)
from custom_components.commonwatt.drivers.transports.traffic import Traffic
from custom_components.commonwatt.engine.model.party import PrivacyMode
from custom_components.commonwatt.engine.model.period import (
    PERIOD_MS,
    SECOND_MS,
    DeliveryPeriod,
    Instant,
)
from custom_components.commonwatt.engine.node import Node, PeriodFinal
from custom_components.commonwatt.engine.wire.verifier import verify


class FullNode:
    """A member as it runs in a home: journal, pump, transport."""

    def __init__(self, wishes: dict[str, int | str | list[int]], folder: Path) -> None:
        began_at_ms, number = wishes["began_at_ms"], wishes["number"]
        assert isinstance(began_at_ms, int)
        assert isinstance(number, int)
        pace = wishes["pace"]
        assert isinstance(pace, int)
        privacy = PrivacyMode(str(wishes["privacy"]))
        self._stage: Final = Stage.set(
            began_at_ms=began_at_ms, privacy=privacy, pace=pace
        )
        self._number: Final = number
        self._index: Final = self._stage.full[number]
        self._wishes: Final = wishes
        self._folder: Final = folder
        self._finals: Final[dict[int, float]] = {}
        self._orders: Final[dict[int, int]] = {}
        self._tally: Final = Tally() if wishes.get("explain") else None

    async def play(self) -> dict[str, object]:
        """Take part until the last period is over; return what it took."""
        stage = self._stage
        journal = SQLiteJournal.open(
            self._folder / "journal.db", now=stage.clock()
        ).journal
        async with contextlib.AsyncExitStack() as stack:
            transport, traffic = await self._transport(stack)
            pump = Pump(
                self._node(),
                journal=journal,
                transport=transport,
                clock=stage.clock,
                day_started_at=lambda now: now,
                on_turn=self._turned,
                pace=stage.pace,
            )
            stack.push_async_callback(pump.stop)
            await pump.start()
            await pump.set_tariff(TARIFF)
            looking = asyncio.create_task(self._look(pump))
            told = await self._measure(traffic)
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
        journal.close()
        return told

    async def _measure(self, traffic: Traffic) -> dict[str, object]:
        """Count from before the first measured gate to as long after the last."""
        first, count = self._wishes["first"], self._wishes["count"]
        assert isinstance(first, int)
        assert isinstance(count, int)
        opens = TIMING.bidding(DeliveryPeriod(first)) - 10 * SECOND_MS
        closes = opens + count * PERIOD_MS
        await self._sleep_until(Instant(opens))
        cpu_s, sent, received = _cpu_s(), traffic.sent, traffic.received
        if self._tally is not None:
            self._tally.is_counting = True
        await self._sleep_until(Instant(closes))
        finality_s = {}
        for number in range(first, first + count):
            at = TIMING.reveal_closure(DeliveryPeriod(number))
            if number in self._finals:
                finality_s[number] = self._finals[number] - self._stage.real(at)
        return {
            "is_voter": self._index in self._stage.voters,
            "finality_s": finality_s,
            "orders": [
                self._orders.get(number, 0) for number in range(first, first + count)
            ],
            "cpu_s": (_cpu_s() - cpu_s) / count,
            "sent": (traffic.sent - sent) / count,
            "received": (traffic.received - received) / count,
            "tally": [] if self._tally is None else [*self._tally.lines(count)],
        }

    def _node(self) -> Node:
        if self._tally is None:
            return self._stage.node(self._index, verify)
        node = self._stage.node(self._index, verify, TalliedNode)
        assert isinstance(node, TalliedNode), "as asked for"
        node.tally = self._tally
        return node

    async def _transport(
        self, stack: contextlib.AsyncExitStack
    ) -> tuple[HTTPTransport | MQTTTransport, Traffic]:
        credentials = self._stage.credentials(self._index)
        ports = self._wishes["ports"]
        assert isinstance(ports, list)
        chance = random.Random(self._index).random
        if self._wishes["transport"] == "http":
            gossip = (Gossip if self._tally is None else TalliedGossip)(
                roster=self._stage.roster(),
                credentials=credentials,
                refusals=Refusals(),
                addresses=(f"http://127.0.0.1:{ports[self._number]}",),
            )
            if isinstance(gossip, TalliedGossip) and self._tally is not None:
                gossip.tally = self._tally
            client = await stack.enter_async_context(aiohttp.ClientSession())
            dial = [f"http://127.0.0.1:{port}" for port in ports[: self._number]]
            http = HTTPTransport(gossip, client=client, addresses=dial, chance=chance)
            server = HTTPServer(http, host="127.0.0.1", port=ports[self._number])
            await server.start()
            stack.push_async_callback(server.stop)
            return http, gossip.traffic
        broker = (OwnBroker if self._tally is None else TalliedBroker)(
            BrokerSettings(host="127.0.0.1", port=ports[0]),
            identifier=f"full-{self._number}",
            chance=chance,
        )
        if isinstance(broker, TalliedBroker) and self._tally is not None:
            broker.tally = self._tally
        mqtt = MQTTTransport(
            roster=self._stage.roster(),
            credentials=credentials,
            refusals=Refusals(),
            broker=broker,
        )
        return mqtt, mqtt.traffic

    async def _turned(self, turn: Turn) -> None:
        for event in turn.report:
            if isinstance(event, PeriodFinal) and event.result is not None:
                self._finals[event.period.number] = time.time()
                parties = {fill.party for fill in event.result.fills}
                self._orders[event.period.number] = len(parties)

    async def _look(self, pump: Pump) -> None:
        while True:
            await pump.observe(self._stage.meter(self._stage.clock()))
            await asyncio.sleep(self._stage.look_seconds)

    async def _sleep_until(self, at: Instant) -> None:
        await asyncio.sleep(max(0.0, self._stage.real(at) - time.time()))


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Play the part that the command line names."""
    wishes = json.loads(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(asyncio.run(FullNode(wishes, Path(folder)).play())))


if __name__ == "__main__":
    main()
