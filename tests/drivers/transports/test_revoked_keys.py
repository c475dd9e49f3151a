"""Somebody has copied a home's session key; the home revokes it and goes on."""

import asyncio

import pytest

from custom_components.commonwatt.drivers.transports import Refusal, Refusals, Roster
from custom_components.commonwatt.drivers.transports.beacon import (
    Beacon,
    light,
    read_beacon,
)
from custom_components.commonwatt.drivers.transports.beacons import Lamp
from custom_components.commonwatt.drivers.transports.credentials import Credentials
from custom_components.commonwatt.drivers.transports.http.handshake import (
    HandshakeError,
)
from custom_components.commonwatt.drivers.transports.mqtt import MQTTTransport
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    MINUTE_MS,
    Instant,
    after,
)
from custom_components.commonwatt.engine.wire.rejection import (
    Rejected,
    RejectionReason,
)

from .pub import PubClient
from .test_http import refused
from .test_http_attacks import Attacker
from .test_mqtt import Patron, at_the_pub
from .village import Loopback, Village, loopback, until, wall_clock


def revoked(village: Village, name: str, *rosters: Roster) -> None:
    """Let a home sign with a new key, and others hear that the old one is stolen."""
    now = wall_clock()
    village.sessions(name).renew(now)
    for roster in rosters:
        roster.revoke(village.party(name), now)


async def test_who_speaks_with_a_revoked_key_is_hung_up_on_and_its_owner_is_not() -> (
    None
):
    village = Village("Ann", "Ben", "Cat")
    async with loopback(village) as world:
        ann, cat = await world.home("Ann"), await world.home("Cat", answers=False)
        thief = Loopback(Village("Ann", "Ben", "Cat"), world.client)
        async with Attacker(thief, "Ben", ann) as eve:
            await until(lambda: eve.party in ann.transport.linked)
            revoked(village, "Ben", ann.transport.gossip.roster)

            await until(lambda: eve.party not in ann.transport.linked)
            assert refused(ann, Refusal.REVOKED, eve.party) == 1

        with pytest.raises(HandshakeError):
            await Attacker(thief, "Ben", ann).__aenter__()
        await until(lambda: refused(ann, Refusal.REVOKED) == 2)

        ben = await world.home("Ben", ann, answers=False)
        cat.transport.dial(ann.address)
        await until(lambda: ann.is_linked_with(ben, cat))
        letter = await ben.say()
        await until(lambda: letter in ann.heard and letter in cat.heard)


async def test_a_home_that_revokes_its_key_while_linked_is_back_at_once() -> None:
    village = Village("Ann", "Ben")
    async with loopback(village) as world:
        ann = await world.home("Ann")
        ben = await world.home("Ben", ann, answers=False)
        await until(lambda: ann.is_linked_with(ben))

        revoked(village, "Ben", ann.transport.gossip.roster)

        await until(lambda: refused(ann, Refusal.REVOKED, village.party("Ben")) == 1)
        await until(lambda: ann.is_linked_with(ben))
        letter = await ben.say()
        await until(lambda: letter in ann.heard)


async def test_nothing_goes_into_the_box_of_a_thief_any_more() -> None:
    village = Village("Ann", "Ben")
    async with at_the_pub(village, "Ann") as (pub, homes):
        ann = homes["Ann"]
        thief = _patron(pub.client(), Village("Ann", "Ben"), "Ben")
        await thief.transport.start(thief.hear)
        await until(lambda: village.party("Ben") in ann.transport._beacons)
        read_by_the_thief = await ann.say(to="Ben")
        await until(lambda: thief.heard == [read_by_the_thief])

        revoked(village, "Ben", ann.transport.roster)
        await until(lambda: village.party("Ben") not in ann.transport._beacons)
        letter = await ann.say(to="Ben")
        ben = _patron(pub.client(), village, "Ben")
        await ben.transport.start(ben.hear)

        await until(lambda: letter in ben.heard)
        await asyncio.gather(ben.transport.stop(), thief.transport.stop())
        assert thief.heard == [read_by_the_thief]


def test_a_lamp_is_lit_anew_in_time_and_under_a_new_key() -> None:
    village = Village("Ann")
    now = [wall_clock()]
    credentials = Credentials(
        party=village.party("Ann"),
        sessions=village.sessions("Ann"),
        clock=lambda: now[0],
    )
    roster = Roster(community=village.community, members=village.members.values())
    lamp = Lamp(credentials)
    assert lamp.is_low(0.0)

    lamp.lit(_lit(credentials, roster), 0.0)
    assert not lamp.is_low(60.0)
    assert lamp.is_low(6 * 3600.0)

    village.sessions("Ann").renew(now[0])
    assert lamp.is_low(60.0)


def test_no_beacon_of_an_old_key_replaces_one_of_a_newer_key() -> None:
    village, thief = Village("Ann"), Village("Ann")
    now = wall_clock()
    later = Instant(after(now, MINUTE_MS))
    roster = Roster(community=village.community, members=village.members.values())
    village.sessions("Ann").renew(now)

    def beacon(of: Village, at: Instant) -> Beacon:
        return _lit(
            Credentials(
                party=of.party("Ann"), sessions=of.sessions("Ann"), clock=lambda: at
            ),
            roster,
        )

    fresh, stolen = beacon(village, now), beacon(thief, later)

    assert fresh.replaces(stolen)
    assert not stolen.replaces(fresh)
    assert beacon(village, later).replaces(fresh)
    assert not fresh.replaces(fresh)
    assert read_beacon(stolen.data, roster, now=later) == stolen
    roster.revoke(village.party("Ann"), now)
    refusal = read_beacon(stolen.data, roster, now=later)
    assert refusal == Rejected(RejectionReason.CERTIFICATE_REVOKED)


def test_a_roster_goes_by_the_latest_revocation() -> None:
    village = Village("Ann")
    party, now = village.party("Ann"), wall_clock()
    certificate = village.sessions("Ann").at(now).certificate
    before = {party: certificate.valid_from}
    roster = Roster(
        community=village.community, members=village.members.values(), revoked=before
    )
    assert not roster.has_revoked(certificate)

    roster.revoke(party, now)
    roster.revoke(party, after(now, -DAY_MS))

    assert roster.has_revoked(certificate)


def _lit(credentials: Credentials, roster: Roster) -> Beacon:
    return light(credentials, roster, box_key=bytes(range(32)), addresses=())


def _patron(client: PubClient, village: Village, name: str) -> Patron:
    transport = MQTTTransport(
        roster=Roster(community=village.community, members=village.members.values()),
        credentials=Credentials(
            party=village.party(name),
            sessions=village.sessions(name),
            clock=wall_clock,
        ),
        refusals=Refusals(),
        broker=client,
    )
    return Patron(name, village, transport, client)
