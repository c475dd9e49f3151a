"""A round goes on while a member and strangers do their worst over real links."""

import asyncio
from functools import partial
import logging

import aiohttp
import pytest

from custom_components.commonwatt.drivers.transports.frames import FRAME_SIZE_MAX
from custom_components.commonwatt.drivers.transports.http.transport import PATH
from custom_components.commonwatt.drivers.transports.refusals import Refusal
from custom_components.commonwatt.engine.model.period import MINUTE_MS, after
from custom_components.commonwatt.engine.peer import Phase
from tests.engine.node.street import ANN, BEN, CAT, FIRST, Street, settled_periods

from .test_http import refused
from .test_http_attacks import Attacker
from .village import Home, Loopback, loopback, until
from .wired import Wired, village_of

MAL = ("Mal", 0, 0)
FLOOD = 2_000


async def flood(world: Loopback, victim: Home) -> None:
    """Say ever the same things as fast as can be, until nobody listens any more."""
    letters = [world.village.letter("Mal") for _ in range(FLOOD)]
    with pytest.raises((OSError, aiohttp.ClientError)):
        async with Attacker(world, "Mal", victim) as mal:
            await mal.flood(letters)


async def shout(world: Loopback, victim: Home) -> None:
    """Say something ten times too large."""
    async with Attacker(world, "Mal", victim) as mal:
        await mal.send(bytes(10 * FRAME_SIZE_MAX))
        await until(lambda: refused(victim, Refusal.TOO_LONG, mal.party) == 1, 60)


async def knock(world: Loopback, victim: Home) -> None:
    """Come as a stranger, and as somebody who knows no manners."""
    place = victim.transport.gossip.roster.meeting_place
    url = victim.address + PATH.format(meeting_place=place)
    for _ in range(5):
        async with world.client.ws_connect(url) as socket:
            await socket.send_bytes(b"let me in")
            await socket.receive()
    stranger = await world.home("Zoe", victim, answers=False)
    await until(
        lambda: refused(victim, Refusal.STRANGER, world.village.party("Zoe")), 60
    )
    await stranger.leave()


async def test_periods_become_final_while_a_member_and_strangers_attack(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    street = Street(ANN, BEN, CAT, MAL)
    street.crash("Mal")
    async with loopback(village_of(street)) as world:
        homes: dict[str, Home] = {}
        for name in street.nodes:
            homes[name] = await world.home(name, *homes.values())
        wired = Wired(street, {name: home.transport for name, home in homes.items()})
        for name, home in homes.items():
            home.genuine = partial(wired.judge, name)
        ann, ben, cat = homes.values()
        await wired.run(after(FIRST.start, -7 * MINUTE_MS))

        async with asyncio.TaskGroup() as attacks:
            for attack, victim in ((flood, ann), (shout, ben), (knock, cat)):
                attacks.create_task(attack(world, victim))
            await wired.run(after(FIRST.start, 20 * MINUTE_MS))

    for name in homes:
        outcome = street.nodes[name].outcome(FIRST)
        assert outcome is not None
        assert outcome.phase is Phase.FINAL
        assert outcome.result is not None
        assert outcome.result.energy_wh > 0
        assert FIRST in settled_periods(street, name)
    mal = street.parties["Mal"]
    assert refused(ann, Refusal.TOO_MUCH, mal) >= 1
    assert refused(cat, Refusal.MALFORMED) == 5
    told = [record.getMessage() for record in caplog.records if "Refused" in record.msg]
    assert len(told) == len(set(told)), "once for each peer and reason"
    assert 2 <= len(told) < 10
