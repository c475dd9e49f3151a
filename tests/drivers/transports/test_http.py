"""Members over WebSockets: everybody hears everything, whoever can dial whom."""

from custom_components.commonwatt.drivers.transports.refusals import Refusal
from custom_components.commonwatt.engine.model.party import PartyId

from .village import Home, Village, loopback, until


def refused(home: Home, reason: Refusal, who: PartyId | None = None) -> int:
    """Return how often a home refused for a reason."""
    counts = home.transport.gossip.refusals.counts
    return sum(
        count
        for (peer, why), count in counts.items()
        if why is reason and who in {None, peer}
    )


async def test_what_one_says_all_others_hear_once() -> None:
    async with loopback(Village("Ann", "Ben", "Cat")) as world:
        ann = await world.home("Ann")
        ben = await world.home("Ben", ann)
        cat = await world.home("Cat", ann, ben)
        await until(lambda: cat.is_linked_with(ann, ben) and ben.is_linked_with(ann))

        letters = [await home.say() for home in (ann, ben, cat)]

        await until(lambda: all(len(home.heard) == 2 for home in (ann, ben, cat)))
        assert sorted(ann.heard) == sorted(letters[1:])
        assert sorted(cat.heard) == sorted(letters[:2])


async def test_members_behind_routers_hear_each_other_through_one_that_answers() -> (
    None
):
    async with loopback(Village("Hub", "Ann", "Ben")) as world:
        hub = await world.home("Hub")
        ann = await world.home("Ann", hub, answers=False)
        ben = await world.home("Ben", hub, answers=False)
        await until(lambda: hub.is_linked_with(ann, ben))

        letter = await ann.say()

        await until(lambda: letter in ben.heard)
        assert hub.heard == [letter]


async def test_a_letter_for_one_is_read_by_nobody_else() -> None:
    async with loopback(Village("Hub", "Ann", "Ben", "Cat")) as world:
        hub = await world.home("Hub")
        ann = await world.home("Ann", hub, answers=False)
        ben = await world.home("Ben", hub, answers=False)
        cat = await world.home("Cat", hub, answers=False)
        await until(lambda: hub.is_linked_with(ann, ben, cat))

        through_the_hub = await ann.say(to="Ben")
        over_the_link = await ann.say(to="Hub")

        await until(lambda: ben.heard and hub.heard)
        assert (ben.heard, hub.heard) == ([through_the_hub], [over_the_link])
        assert cat.heard == []


async def test_who_was_away_hears_what_was_said_meanwhile() -> None:
    async with loopback(Village("Ann", "Ben", "Cat")) as world:
        ann = await world.home("Ann")
        ben = await world.home("Ben", ann)
        cat = await world.home("Cat", ann)
        await until(lambda: ann.is_linked_with(ben, cat))
        before = await ben.say()
        await until(lambda: before in cat.heard)

        await cat.leave()
        await until(lambda: not ann.is_linked_with(cat))
        missed = [await ben.say() for _ in range(300)]
        await until(lambda: len(ann.heard) == 301)
        await cat.transport.start(cat.hear)

        await until(lambda: len(cat.heard) == 301)
        assert sorted(cat.heard) == sorted([before, *missed])


async def test_a_member_that_starts_anew_hears_what_is_still_on_the_shelves() -> None:
    async with loopback(Village("Ann", "Ben")) as world:
        ann = await world.home("Ann")
        said = [await ann.say() for _ in range(20)]

        ben = await world.home("Ben", ann)

        await until(lambda: len(ben.heard) == 20)
        assert sorted(ben.heard) == sorted(said)


async def test_two_that_dial_each_other_keep_one_link() -> None:
    async with loopback(Village("Ann", "Ben")) as world:
        ann = await world.home("Ann")
        ben = await world.home("Ben", ann)
        ann.transport.dial(ben.address)
        await until(lambda: ann.is_linked_with(ben) and ben.is_linked_with(ann))

        letters = [await ann.say() for _ in range(10)]

        await until(lambda: len(ben.heard) == 10)
        assert sorted(ben.heard) == sorted(letters)
        assert refused(ann, Refusal.UNPROVED) == refused(ben, Refusal.UNPROVED) == 0


async def test_members_tell_each_other_where_they_can_be_dialled() -> None:
    village = Village("Hub", "Ann", "Ben")
    async with loopback(village) as world:
        hub = await world.home("Hub")
        ann = await world.home("Ann", hub)
        ben = await world.home("Ben", hub)
        for home in (ann, ben):
            home.transport.gossip.announce((home.address,), now=0.0)

        await until(lambda: ann.is_linked_with(ben) and ben.is_linked_with(ann))


async def test_a_member_that_moved_is_dialled_where_it_is_now() -> None:
    village = Village("Hub", "Ann", "Ben")
    async with loopback(village) as world:
        hub = await world.home("Hub")
        ann = await world.home("Ann", hub, answers=False)
        ben = await world.home("Ben", hub)
        await until(lambda: hub.is_linked_with(ann, ben))
        ben.transport.gossip.announce(("http://127.0.0.1:1",), now=0.0)
        await until(lambda: "http://127.0.0.1:1" in ann.transport.addresses)

        ben.transport.gossip.announce((ben.address,), now=0.0)

        await until(lambda: ann.is_linked_with(ben))
        assert "http://127.0.0.1:1" not in ann.transport.addresses
        assert hub.address in ann.transport.addresses


async def test_a_stranger_is_refused_and_counted() -> None:
    village = Village("Ann", "Ben")
    async with loopback(village) as world:
        ann = await world.home("Ann")
        ben = await world.home("Ben", ann)
        guests = [await world.home(f"Guest {n}", ann, answers=False) for n in range(4)]
        await until(lambda: ann.is_linked_with(ben, *guests))

        eve = await world.home("Eve", ann, answers=False)

        await until(lambda: refused(ann, Refusal.STRANGER) > 0)
        assert not ann.is_linked_with(eve)
        letter = await ben.say()
        await until(lambda: letter in ann.heard)


async def test_a_guest_is_heard_and_told_nothing_but_what_is_for_it() -> None:
    village = Village("Ann", "Ben")
    async with loopback(village) as world:
        ann = await world.home("Ann")
        ben = await world.home("Ben", ann)
        gus = await world.home("Gus", ann, answers=False, is_guest=True)
        await until(lambda: ann.is_linked_with(ben, gus))

        request = await gus.say()
        secret_of_members = await ben.say()
        answer = await ann.say(to="Gus")

        await until(lambda: request in ann.heard and answer in gus.heard)
        await until(lambda: secret_of_members in ann.heard)
        assert ben.heard == []
        assert gus.heard == [answer]


async def test_a_guest_that_became_a_member_hears_everything() -> None:
    village = Village("Ann", "Ben")
    async with loopback(village) as world:
        ann = await world.home("Ann")
        ben = await world.home("Ben", ann)
        gus = await world.home("Gus", ann, answers=False, is_guest=True)
        await until(lambda: ann.is_linked_with(ben, gus))
        letter = await ben.say()

        village.admit("Gus")
        for home in (ann, ben, gus):
            home.transport.gossip.roster.replace(village.members.values())

        await until(lambda: letter in gus.heard)


async def test_a_removed_member_is_refused_and_counted() -> None:
    village = Village("Ann", "Ben", "Eve")
    async with loopback(village) as world:
        ann = await world.home("Ann")
        ben = await world.home("Ben", ann)
        eve = await world.home("Eve", ann)
        await until(lambda: ann.is_linked_with(ben, eve))

        del village.members["Eve"]
        for home in (ann, ben):
            home.transport.gossip.roster.replace(village.members.values())
        await eve.say()

        await until(lambda: refused(ann, Refusal.STRANGER, village.party("Eve")) > 0)
        await until(lambda: not ann.is_linked_with(eve))
        letter = await ben.say()
        await until(lambda: letter in ann.heard)
        assert letter not in eve.heard
