"""The same with a real Mosquitto, which is restarted on us."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
import random
import socket

import pytest

from custom_components.commonwatt.drivers.transports import Refusals, Roster
from custom_components.commonwatt.drivers.transports.credentials import Credentials
from custom_components.commonwatt.drivers.transports.mqtt import (
    BrokerFault,
    BrokerSettings,
    MQTTTransport,
    OwnBroker,
)
from custom_components.commonwatt.engine.node import Outgoing
from tools.mosquitto import NoMosquittoError, find_mosquitto, running

from .village import Village, until, wall_clock


@pytest.fixture(scope="module")
def mosquitto() -> None:
    """Have a Mosquitto, or skip where none can be had."""
    try:
        find_mosquitto()
    except NoMosquittoError as err:
        pytest.skip(f"no Mosquitto: {err}")


def free_port() -> int:
    """Return a port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Patron:
    """A home at the broker."""

    def __init__(self, village: Village, name: str, settings: BrokerSettings) -> None:
        self.name, self._village = name, village
        self.heard: list[bytes] = []
        self.broker = OwnBroker(
            settings,
            identifier=village.party(name),
            chance=random.Random(name).random,
        )
        self.transport = MQTTTransport(
            roster=Roster(
                community=village.community, members=village.members.values()
            ),
            credentials=Credentials(
                party=village.party(name),
                sessions=village.sessions(name),
                clock=wall_clock,
            ),
            refusals=Refusals(),
            broker=self.broker,
        )

    async def say(self, to: str | None = None) -> bytes:
        """Say something new to all, or to one."""
        letter = self._village.letter(self.name)
        party = None if to is None else self._village.party(to)
        await self.transport.send(Outgoing(data=letter, to=party))
        return letter


@asynccontextmanager
async def patrons(
    village: Village, settings: BrokerSettings, *names: str
) -> AsyncIterator[list[Patron]]:
    """Run homes at a broker."""
    homes = [Patron(village, name, settings) for name in names]
    try:
        for home in homes:
            await home.transport.start(home.heard.append)
        yield homes
    finally:
        for home in homes:
            await home.transport.stop()


@pytest.mark.slow
@pytest.mark.usefixtures("mosquitto")
async def test_nothing_is_lost_when_the_broker_restarts(tmp_path: Path) -> None:
    village = Village("Ann", "Ben", "Cat")
    settings = BrokerSettings(host="127.0.0.1", port=free_port())
    async with (
        running(tmp_path, port=settings.port) as broker,
        patrons(village, settings, "Ann", "Ben", "Cat") as homes,
    ):
        ann, ben, cat = homes
        said = [await ann.say(), await ann.say(to="Ben")]
        await until(lambda: set(said) == set(ben.heard))
        await until(lambda: cat.heard == said[:1])

        await broker.stop()
        await until(lambda: not any(home.broker.is_connected for home in homes))
        said += [await ann.say() for _ in range(100)]
        await broker.start()

        await until(lambda: set(said) == set(ben.heard), 20)
        await until(lambda: len(cat.heard) == 101)
        assert ann.broker.fault is None


@pytest.mark.slow
@pytest.mark.usefixtures("mosquitto")
async def test_a_wrong_password_is_told_from_a_broker_that_is_away(
    tmp_path: Path,
) -> None:
    village = Village("Ann")
    (tmp_path / "nobody").touch()
    settings = BrokerSettings(
        host="127.0.0.1", port=free_port(), username="ann", password="wrong"
    )
    locked = ("allow_anonymous false", f"password_file {tmp_path / 'nobody'}")
    async with (
        running(tmp_path, port=settings.port, settings=locked) as broker,
        patrons(village, settings, "Ann") as (ann,),
    ):
        await until(lambda: ann.broker.fault is BrokerFault.REFUSED)
        await broker.stop()
        await until(lambda: ann.broker.fault is BrokerFault.UNREACHABLE, 30)
