"""A letter for a few goes round among them, and nobody else can have it."""

import asyncio

from custom_components.commonwatt.drivers.transports.circles import carried
from custom_components.commonwatt.drivers.transports.frames import (
    Direct,
    Here,
    Want,
    decode_frame,
    encode_frame,
)
from custom_components.commonwatt.drivers.transports.parcel import (
    Parcel,
    ParcelKind,
    read_parcel,
)
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.node import Outgoing

from .test_http_attacks import Attacker
from .village import Home, Loopback, Village, loopback, until


async def home_with_address(world: Loopback, name: str, *dials: Home) -> Home:
    """Start a home that tells where it can be dialled."""
    home = await world.home(name, *dials)
    now = asyncio.get_running_loop().time()
    home.transport.gossip.announce((home.address,), now)
    return home


async def send_round(home: Home, circle: tuple[PartyId, ...]) -> bytes:
    """Say something new to a circle, as a node does: to one after the other."""
    letter = home.village.letter(home.name)
    for party in circle:
        if party != home.village.party(home.name):
            await home.transport.send(Outgoing(data=letter, to=party, circle=circle))
    return letter


async def test_members_of_a_circle_bring_each_other_a_letter() -> None:
    village = Village("Ann", "Ben", "Cat", "Dan")
    circle = tuple(map(village.party, ("Ben", "Cat", "Dan")))
    async with loopback(village) as world:
        ann = await home_with_address(world, "Ann")
        ben = await home_with_address(world, "Ben", ann)
        cat = await world.home("Cat", ann, ben, answers=False)
        dan = await world.home("Dan", ann, ben, answers=False)
        await until(lambda: cat.is_linked_with(ann, ben), 60)
        await until(lambda: dan.is_linked_with(ann, ben), 60)

        letter = await send_round(cat, circle)
        await until(lambda: letter in ben.heard and letter in dan.heard, 60)
        other = await ann.say()
        await until(lambda: all(other in h.heard for h in (ben, cat, dan)), 60)

        assert dan.heard.count(letter) == 1
        assert letter not in ann.heard
        assert not cat.is_linked_with(dan)


async def test_a_letter_for_one_outside_is_handed_over_by_the_circle() -> None:
    village = Village("Ann", "Ben", "Cat", "Dan")
    circle = tuple(map(village.party, ("Ben", "Cat")))
    async with loopback(village) as world:
        ann = await home_with_address(world, "Ann")
        ben = await home_with_address(world, "Ben", ann)
        cat = await world.home("Cat", ann, ben, answers=False)
        dan = await world.home("Dan", ann, ben, answers=False)
        await until(lambda: cat.is_linked_with(ann, ben), 60)
        await until(lambda: dan.is_linked_with(ann, ben), 60)
        letter = village.letter("Cat")

        await cat.transport.send(
            Outgoing(data=letter, to=village.party("Dan"), circle=circle)
        )

        await until(lambda: letter in dan.heard, 60)
        other = await ann.say()
        await until(lambda: all(other in h.heard for h in (ben, cat, dan)), 60)
        assert letter not in ann.heard


async def test_who_is_outside_gets_nothing_for_its_asking() -> None:
    village = Village("Ann", "Ben", "Eve")
    circle = tuple(map(village.party, ("Ann", "Ben")))
    async with loopback(village) as world:
        ann = await home_with_address(world, "Ann")
        ben = await world.home("Ben", ann)
        await until(lambda: ben.is_linked_with(ann), 60)
        letter = await send_round(ben, circle)
        await until(lambda: letter in ann.heard, 60)
        secret = Parcel(ParcelKind.ROUND_ROBIN, letter, circle=circle)
        async with Attacker(world, "Eve", ann) as eve:
            await eve.say(encode_frame(Want((secret.name,))))
            public = await ann.say()
            while True:
                sealed = await eve.socket.receive_bytes(timeout=60)
                frame = decode_frame(eve.open(sealed))
                assert not (isinstance(frame, Here) and frame.parcel.data == letter)
                assert not isinstance(frame, Direct)
                if isinstance(frame, Here) and frame.parcel.data == public:
                    break


async def test_without_a_way_into_the_circle_everybody_gets_a_box() -> None:
    village = Village("Ann", "Ben", "Cat", "Dan")
    circle = tuple(map(village.party, ("Ben", "Cat", "Dan")))
    async with loopback(village) as world:
        ann = await home_with_address(world, "Ann")
        ben, cat, dan = [
            await world.home(name, ann, answers=False) for name in ("Ben", "Cat", "Dan")
        ]
        homes = (ben, cat, dan)
        await until(
            lambda: all(len(home.transport.gossip.beacons) == 3 for home in homes), 60
        )

        letter = await send_round(ben, circle)

        await until(lambda: letter in cat.heard and letter in dan.heard, 60)
        assert letter not in ann.heard


def test_a_round_robin_comes_back_from_its_bytes() -> None:
    village = Village("Ann", "Ben")
    circle = tuple(map(village.party, ("Ann", "Ben")))
    parcel = Parcel(ParcelKind.ROUND_ROBIN, b"letter", circle=circle)

    assert read_parcel(parcel.encoded()) == parcel
    assert parcel.name != Parcel(ParcelKind.LETTER, b"letter").name


async def test_a_letter_for_one_outside_goes_by_one_that_is_linked_with_it() -> None:
    village = Village("Ann", "Ben", "Cat", "Dan")
    circle = tuple(map(village.party, ("Ann", "Ben", "Cat")))
    async with loopback(village) as world:
        ann = await home_with_address(world, "Ann")
        ben = await home_with_address(world, "Ben", ann)
        cat = await world.home("Cat", ann, ben, answers=False)
        dan = await world.home("Dan", ann, ben, answers=False)
        homes = (ann, ben, cat)
        await until(lambda: all(h.is_linked_with(ann, ben) for h in (cat, dan)), 60)
        for home in homes:
            await send_round(home, circle)
        between = [
            cat.transport.gossip.linked[village.party(n)] for n in ("Ann", "Ben")
        ]
        await until(lambda: all(link.neighbours for link in between), 60)
        letter = village.letter("Cat")

        await cat.transport.send(
            Outgoing(data=letter, to=village.party("Dan"), circle=circle)
        )

        await until(lambda: letter in dan.heard, 60)
        other = await cat.say()
        await until(lambda: all(other in home.heard for home in (ann, ben)), 60)
        assert sum(letter in home.heard for home in (ann, ben)) == 1


async def test_of_several_that_could_hand_it_over_the_addressee_draws_one() -> None:
    village = Village("Ann", "Ben", "Cat", *map(str, range(20)))
    circle = tuple(map(village.party, ("Ann", "Ben")))
    gossip = village.gossip("Cat")
    for name in ("Ann", "Ben"):
        link = gossip.meet(village.gossip(name).beacon(), wake=lambda: None, now=0.0)
        link.neighbours = frozenset(
            bytes.fromhex(village.party(str(n)))[:8] for n in range(20)
        )
    drawn = [
        carried(
            Outgoing(data=b"letter", to=village.party(str(n)), circle=circle),
            gossip.linked,
        )
        for n in range(20)
    ]

    assert all(parcel is not None and len(parcel.circle) == 2 for parcel in drawn)
    assert {p.circle[0] for p in drawn if p is not None} == set(circle)
    known = Outgoing(data=b"letter", to=village.party("Ann"), circle=circle)
    assert carried(known, gossip.linked) is None
