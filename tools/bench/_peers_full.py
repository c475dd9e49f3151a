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

from ._peers_stage import PACE, TIMING, Stage

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
from custom_components.commonwatt.engine.devices import (
    DeviceId,
    MeterState,
    ProcessImage,
)
from custom_components.commonwatt.engine.model.party import PrivacyMode
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    PERIOD_MS,
    SECOND_MS,
    DeliveryPeriod,
    Instant,
)
from custom_components.commonwatt.engine.model.tariff import Tariff
from custom_components.commonwatt.engine.node import PeriodFinal
from custom_components.commonwatt.engine.wire.verifier import verify

LOOK_SECONDS: Final = 2.0
POWER_W: Final = 700
TARIFF: Final = Tariff(energy_micro_per_kwh=270_000, feed_in_micro_per_kwh=75_000)


class FullNode:
    """A member as it runs in a home: journal, pump, transport."""

    def __init__(self, wishes: dict[str, int | str | list[int]], folder: Path) -> None:
        began_at_ms, number = wishes["began_at_ms"], wishes["number"]
        assert isinstance(began_at_ms, int)
        assert isinstance(number, int)
        privacy = PrivacyMode(str(wishes["privacy"]))
        self._stage: Final = Stage.set(began_at_ms=began_at_ms, privacy=privacy)
        self._number: Final = number
        self._index: Final = self._stage.full[number]
        self._wishes: Final = wishes
        self._folder: Final = folder
        self._finals: Final[dict[int, float]] = {}
        self._orders: Final[dict[int, int]] = {}

    async def play(self) -> dict[str, object]:
        """Take part until the last period is over; return what it took."""
        stage = self._stage
        journal = SQLiteJournal.open(
            self._folder / "journal.db", now=stage.clock()
        ).journal
        async with contextlib.AsyncExitStack() as stack:
            transport, traffic = await self._transport(stack)
            pump = Pump(
                stage.node(self._index, verify),
                journal=journal,
                transport=transport,
                clock=stage.clock,
                day_started_at=lambda now: now,
                on_turn=self._turned,
                pace=PACE,
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
        }

    async def _transport(
        self, stack: contextlib.AsyncExitStack
    ) -> tuple[HTTPTransport | MQTTTransport, Traffic]:
        credentials = self._stage.credentials(self._index)
        ports = self._wishes["ports"]
        assert isinstance(ports, list)
        chance = random.Random(self._index).random
        if self._wishes["transport"] == "http":
            gossip = Gossip(
                roster=self._stage.roster(),
                credentials=credentials,
                refusals=Refusals(),
                addresses=(f"http://127.0.0.1:{ports[self._number]}",),
            )
            client = await stack.enter_async_context(aiohttp.ClientSession())
            dial = [f"http://127.0.0.1:{port}" for port in ports[: self._number]]
            http = HTTPTransport(gossip, client=client, addresses=dial, chance=chance)
            server = HTTPServer(http, host="127.0.0.1", port=ports[self._number])
            await server.start()
            stack.push_async_callback(server.stop)
            return http, gossip.traffic
        broker = OwnBroker(
            BrokerSettings(host="127.0.0.1", port=ports[0]),
            identifier=f"full-{self._number}",
            chance=chance,
        )
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
            now = self._stage.clock()
            import_wh = POWER_W * (now - self._stage.began_at_ms) // HOUR_MS
            meter = MeterState(
                measured_at=now, power_w=POWER_W, import_wh=import_wh, export_wh=0
            )
            await pump.observe(
                ProcessImage(taken_at=now, meters={DeviceId("meter"): meter})
            )
            await asyncio.sleep(LOOK_SECONDS)

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
