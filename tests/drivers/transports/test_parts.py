"""The parts transports are made of: shelf, buckets, back-off, bundle, discovery."""

import asyncio
from collections.abc import Callable
import datetime as dt
import ipaddress
from pathlib import Path

from aiohttp import ClientSession
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, strategies as st
import pytest
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from custom_components.commonwatt.drivers.transports import Bundle, meeting_place
from custom_components.commonwatt.drivers.transports.backoff import Backoff
from custom_components.commonwatt.drivers.transports.discovery import (
    SERVICE_TYPE,
    Discovery,
    members_at,
)
from custom_components.commonwatt.drivers.transports.http import (
    HTTPServer,
    answers,
    server_tls,
)
from custom_components.commonwatt.drivers.transports.limits import TokenBucket
from custom_components.commonwatt.drivers.transports.missing import Missing
from custom_components.commonwatt.drivers.transports.parcel import Parcel, ParcelKind
from custom_components.commonwatt.drivers.transports.refusals import (
    EVERYBODY_ELSE,
    PEERS_MAX,
    Refusal,
    Refusals,
)
from custom_components.commonwatt.drivers.transports.shelf import PARCELS_MAX, Shelf
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.node import Outgoing

from .village import Village, loopback, until


def parcel(number: int) -> Parcel:
    """Return a parcel unlike all others."""
    return Parcel(ParcelKind.LETTER, number.to_bytes(4))


@given(st.lists(st.tuples(st.floats(0.1, 50), st.floats(0, 30)), max_size=40))
def test_a_bucket_never_lets_more_through_than_it_was_given(
    requests: list[tuple[float, float]],
) -> None:
    bucket, now, taken = TokenBucket(100, refill_s=60, now=0), 0.0, 0.0
    for amount, pause in requests:
        now += pause
        if bucket.take(amount, now):
            taken += amount
        assert taken <= 100 + now * 100 / 60 + 1e-6


def test_a_bucket_is_full_again_after_a_while() -> None:
    bucket = TokenBucket(10, refill_s=60, now=0)
    assert bucket.take(10, 0)
    assert not bucket.take(1, 1)
    assert bucket.take(10, 61)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_waits_grow_to_a_limit_and_are_never_none(chances: list[float]) -> None:
    draws = iter(chances)
    backoff = Backoff(chance=lambda: next(draws), first_s=1, max_s=60)
    for number in range(len(chances)):
        wait = backoff.failed()
        assert 0.1 <= wait <= min(60, 2**number)


def test_after_a_success_waits_are_short_again() -> None:
    backoff = Backoff(chance=lambda: 1.0, first_s=1, max_s=60)
    assert [backoff.failed() for _ in range(3)] == [1, 2, 4]
    backoff.succeeded()
    assert backoff.failed() == 1


def test_a_shelf_keeps_the_latest_and_its_numbers() -> None:
    shelf = Shelf(bytes(8))
    for number in range(PARCELS_MAX + 10):
        assert shelf.put(parcel(number), is_own=True, now=0.0)

    assert (shelf.first, shelf.next, len(shelf)) == (10, PARCELS_MAX + 10, PARCELS_MAX)
    assert not shelf.put(parcel(11), is_own=True, now=0.0)
    assert shelf.get(parcel(9).name) is None
    assert shelf.get(parcel(10).name) == parcel(10)
    shelf.drop(parcel(12).name)
    assert [row.number for row in shelf.read(0)][:3] == [10, 11, 13]


def test_what_is_older_than_a_day_leaves_the_shelf() -> None:
    shelf = Shelf(bytes(8))
    shelf.put(parcel(1), is_own=True, now=0.0)
    shelf.put(parcel(2), is_own=True, now=90_000.0)

    assert [row.parcel for row in shelf.read(0)] == [parcel(2)]


def test_strangers_cannot_fill_the_list_of_refusals(
    caplog: pytest.LogCaptureFixture,
) -> None:
    refusals = Refusals()
    with caplog.at_level("INFO"):
        for number in range(PEERS_MAX + 100):
            for _ in range(3):
                refusals.note(str(number), Refusal.STRANGER)

    assert len(refusals.counts) == PEERS_MAX + 1
    assert refusals.counts[EVERYBODY_ELSE, Refusal.STRANGER] == 300
    assert len(caplog.records) == PEERS_MAX + 1


class Pipe:
    """A transport that ends where it begins."""

    def __init__(self) -> None:
        self.receive: Callable[[bytes], None] | None = None
        self.sent: list[Outgoing] = []
        self.verdicts: list[bool] = []

    async def start(self, receive: Callable[[bytes], None]) -> None:
        """Keep the ear."""
        self.receive = receive

    async def send(self, outgoing: Outgoing) -> None:
        """Keep what is sent."""
        self.sent.append(outgoing)

    def judged(self, letter: bytes, *, genuine: bool) -> None:
        """Keep the verdict."""
        assert letter
        self.verdicts.append(genuine)

    async def stop(self) -> None:
        """Forget the ear."""
        self.receive = None


async def test_a_bundle_sends_by_all_ways_and_delivers_once() -> None:
    pipes, heard = [Pipe(), Pipe()], list[bytes]()
    bundle = Bundle(pipes)
    await bundle.start(heard.append)
    for pipe in pipes:
        assert pipe.receive is not None
        pipe.receive(b"a letter")
    await bundle.send(Outgoing(data=b"an answer", to=PartyId("ab" * 20)))
    bundle.judged(b"a letter", genuine=True)
    await bundle.stop()

    assert heard == [b"a letter"]
    assert [len(pipe.sent) for pipe in pipes] == [1, 1]
    assert [pipe.verdicts for pipe in pipes] == [[True], [True]]
    assert [pipe.receive for pipe in pipes] == [None, None]


def self_signed(folder: Path) -> tuple[Path, Path]:
    """Make a certificate that nobody but its owner vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "home")])
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=36_500))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    paths = folder / "home.crt", folder / "home.key"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


async def test_members_talk_under_a_certificate_nobody_vouches_for(
    tmp_path: Path,
) -> None:
    village = Village("Ann", "Ben")
    tls = server_tls(*self_signed(tmp_path))
    async with loopback(village) as world:
        ann = await world.home("Ann", answers=False)
        ann.server = HTTPServer(ann.transport, host="127.0.0.1", port=0, tls=tls)
        ann.address = f"https://127.0.0.1:{await ann.server.start()}"
        ben = await world.home("Ben", ann)
        await until(lambda: ben.is_linked_with(ann))
        letter = await ann.say()

        await until(lambda: ben.heard == [letter])
        place = meeting_place(village.community)
        assert await answers(world.client, ann.address, meeting_place=place)
        elsewhere = meeting_place(Village("Cat").community)
        assert not await answers(world.client, ann.address, meeting_place=elsewhere)


async def test_nobody_answers_where_nobody_listens() -> None:
    async with ClientSession() as client:
        assert not await answers(client, "http://127.0.0.1:1", meeting_place="0" * 16)


def test_only_members_can_tell_whose_announcement_it_is() -> None:
    village, salt = Village("Ann"), bytes(range(8))

    def announced(**properties: str) -> AsyncServiceInfo:
        return AsyncServiceInfo(
            SERVICE_TYPE,
            f"a1b2.{SERVICE_TYPE}",
            port=8470,
            parsed_addresses=["192.168.1.20", "fd00::20", "fe80::1"],
            properties=properties,
        )

    tag = meeting_place(village.community, salt=salt)
    told = announced(salt=salt.hex(), tag=tag, scheme="https")
    assert members_at(told, village.community) == (
        "https://192.168.1.20:8470",
        "https://[fd00::20]:8470",
    )
    assert members_at(told, Village("Ben").community) == ()
    unsalted = announced(salt="", tag=meeting_place(village.community))
    assert members_at(unsalted, village.community) == ()
    assert members_at(announced(salt="zz", tag=tag), village.community) == ()
    assert village.community[:16] not in str(told)


async def test_members_on_one_network_find_each_other() -> None:
    village, found = Village("Ann", "Ben"), list[str]()
    zeroconfs = [AsyncZeroconf(interfaces=["127.0.0.1"]) for _ in range(2)]
    ann, ben = (
        Discovery(zeroconf, community=village.community, on_found=found.append)
        for zeroconf in zeroconfs
    )
    try:
        await ben.start()
        await ann.announce(port=8470, addresses=["127.0.0.1"])
        await until(lambda: found == ["http://127.0.0.1:8470"])
    finally:
        await asyncio.gather(ann.stop(), ben.stop())
        for zeroconf in zeroconfs:
            await zeroconf.async_close()


def test_who_does_not_answer_is_asked_less_and_less_often() -> None:
    missing = Missing()
    ann, ben = PartyId("aa" * 20), PartyId("bb" * 20)
    assert missing.note(b"name", ann, 0.0)
    assert not missing.note(b"name", ben, 0.0)
    asked = [
        (second, holder)
        for second in range(100)
        for _, holder in missing.ask_again({ann, ben}, float(second))
    ]

    assert asked == [(4, ben), (11, ann), (24, ben), (49, ann), (98, ben)]


def test_who_is_gone_is_not_waited_for() -> None:
    missing = Missing()
    ann, ben = PartyId("aa" * 20), PartyId("bb" * 20)
    missing.note(b"name", ann, 0.0)
    missing.note(b"name", ben, 0.0)

    assert [*missing.ask_again({ben}, 0.5)] == [(b"name", ben)]
    missing.found(b"name")
    assert [*missing.ask_again({ann, ben}, 100.0)] == []
