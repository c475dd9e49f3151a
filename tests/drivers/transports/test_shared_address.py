"""Members that share an address, as the homes in one Home Assistant do."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestServer

from custom_components.commonwatt.drivers.transports.http.transport import PATH

from .village import Home, Village, loopback, until


@asynccontextmanager
async def shared_door(homes: Sequence[Home]) -> AsyncIterator[str]:
    """Let homes answer at one address, which all of them tell the others."""

    async def answer(request: web.Request) -> web.StreamResponse:
        for home in homes:
            if home.transport.is_asked_for(request):
                return await home.transport.handle(request)
        return web.Response(status=404)

    app = web.Application()
    app.router.add_get(PATH, answer)
    async with TestServer(app) as server:
        address = str(server.make_url("/").origin())
        for home in homes:
            home.transport.gossip.announce((address,), 0.0)
        yield address
        for home in homes:
            await home.leave()


async def test_everybody_behind_one_address_is_linked_with_whoever_knows_it() -> None:
    async with loopback(Village("Ann", "Ben", "Cat")) as world:
        ann = await world.home("Ann", answers=False)
        ben = await world.home("Ben", answers=False)
        async with shared_door([ann, ben]) as address:
            ben.transport.dial(address)
            await until(lambda: ben.is_linked_with(ann))

            cat = await world.home("Cat", answers=False)
            cat.transport.dial(address)

            await until(lambda: cat.is_linked_with(ann, ben))
            letter = await ben.say(to="Cat")
            await until(lambda: cat.heard == [letter])
            assert ann.heard == []


async def test_whoever_is_asked_for_and_not_there_is_not_stood_in_for() -> None:
    async with loopback(Village("Ann", "Ben", "Cat")) as world:
        ann = await world.home("Ann")
        place = ann.transport.gossip.roster.meeting_place
        bell = ann.transport.gossip.roster.bell
        url = ann.address + PATH.format(meeting_place=place)
        wanted = {"Ann": 101, "Ben": 404}

        for name, status in wanted.items():
            home = bell(world.village.party(name))
            async with world.client.get(
                url,
                params={"home": home},
                headers={
                    "Upgrade": "websocket",
                    "Connection": "Upgrade",
                    "Sec-WebSocket-Version": "13",
                    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
                },
            ) as answer:
                assert answer.status == status
        assert world.village.party("Ann") not in bell(world.village.party("Ann"))


async def test_a_bell_says_nothing_to_strangers() -> None:
    village, elsewhere = Village("Ann", "Ben"), Village("Ann", "Cat")
    bells = {
        one.gossip("Ann").roster.bell(one.party("Ann")) for one in (village, elsewhere)
    }
    bells.add(village.gossip("Ann").roster.meeting_place)
    bells.add(village.gossip("Ann").roster.bell(village.party("Ben")))

    assert len(bells) == 4
