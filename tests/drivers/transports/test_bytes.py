"""Arbitrary bytes from others are refused with a value, never with a surprise."""

import contextlib
import zlib

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.commonwatt.drivers.transports import Refusal, Roster
from custom_components.commonwatt.drivers.transports.beacon import light, read_beacon
from custom_components.commonwatt.drivers.transports.box import BoxKey, close_box
from custom_components.commonwatt.drivers.transports.frames import (
    FRAME_SIZE_MAX,
    Direct,
    Frame,
    Greeting,
    Have,
    Here,
    Linked,
    Want,
    decode_frame,
    encode_frame,
    packed_frame,
)
from custom_components.commonwatt.drivers.transports.http import clean_address
from custom_components.commonwatt.drivers.transports.http.handshake import (
    Handshake,
    HandshakeError,
)
from custom_components.commonwatt.drivers.transports.http.press import Press
from custom_components.commonwatt.drivers.transports.mqtt.topics import Topics
from custom_components.commonwatt.drivers.transports.parcel import (
    Parcel,
    ParcelKind,
    author_of,
)
from custom_components.commonwatt.engine.wire.canonical import encode
from custom_components.commonwatt.engine.wire.rejection import Rejected

from .village import Village, wall_clock

VILLAGE = Village("Ann", "Ben")
ANN = VILLAGE.gossip("Ann")
BEACON = ANN.beacon()
LETTER = VILLAGE.letter("Ann")

names = st.lists(st.binary(min_size=8, max_size=8), max_size=20).map(tuple)
numbers = st.integers(0, 2**62)
logs = st.binary(min_size=8, max_size=8)
parcels = st.one_of(
    st.binary(max_size=200).map(lambda data: Parcel(ParcelKind.LETTER, data)),
    st.binary(max_size=200).map(
        lambda data: Parcel(ParcelKind.BOX, data, VILLAGE.party("Ben"))
    ),
    st.just(Parcel(ParcelKind.BEACON, BEACON.data)),
)
frames = st.one_of(
    st.builds(Greeting, logs, logs, numbers),
    st.builds(Have, numbers, names),
    st.builds(Want, names),
    st.builds(Here, st.none() | numbers, parcels),
    st.builds(Direct, st.binary(max_size=200)),
    st.builds(Linked, names),
)


@given(frames)
def test_a_frame_is_read_as_it_was_written(frame: Frame) -> None:
    assert decode_frame(encode_frame(frame)) == frame
    assert decode_frame(packed_frame(frame)) == frame


@given(frames, st.data())
def test_a_damaged_frame_is_another_frame_or_none(
    frame: Frame, data: st.DataObject
) -> None:
    damaged = bytearray(encode_frame(frame))
    at = data.draw(st.integers(0, len(damaged) - 1))
    damaged[at] ^= data.draw(st.integers(1, 255))
    try:
        read = decode_frame(bytes(damaged))
    except ValueError:
        return
    assert read != frame
    assert decode_frame(encode_frame(read)) == read


def test_a_large_frame_is_compressed_and_no_larger_one_unpacked() -> None:
    repeated = Direct(b"a reveal " * 4_000)
    assert len(packed_frame(repeated)) < 1_000
    assert decode_frame(packed_frame(repeated)) == repeated

    bomb = encode((5, zlib.compress(bytes(20 * FRAME_SIZE_MAX))))
    for data in (bomb, encode((5, b"garbage")), encode((5, zlib.compress(b"")[:-1]))):
        with pytest.raises(ValueError):  # noqa: PT011  # three reasons
            decode_frame(data)


@given(st.lists(st.binary(max_size=200), max_size=10))
def test_what_one_end_packs_the_other_unpacks_in_order(plain: list[bytes]) -> None:
    ours, theirs = Press(), Press()

    assert [theirs.unpack(ours.pack(each)) for each in plain] == plain


def test_what_was_said_before_is_not_said_again() -> None:
    ours, theirs = Press(), Press()
    circle = bytes(range(256)) + LETTER
    first, second = ours.pack(circle), ours.pack(circle)

    assert len(second) < 20 < len(first)
    assert [theirs.unpack(first), theirs.unpack(second)] == [circle, circle]


def test_the_largest_frame_is_unpacked_and_no_larger_one() -> None:
    ours, theirs = Press(), Press()
    largest = bytes(FRAME_SIZE_MAX)

    assert theirs.unpack(ours.pack(largest)) == largest
    assert theirs.unpack(ours.pack(bytes(20 * FRAME_SIZE_MAX))) is None


@given(st.binary(max_size=400))
def test_other_bytes_are_refused_or_unpack_to_something_small(data: bytes) -> None:
    frame = Press().unpack(data)

    assert frame is None or len(frame) <= FRAME_SIZE_MAX + 1


@given(st.binary(max_size=400))
def test_any_bytes_are_no_surprise(data: bytes) -> None:
    author_of(data)
    assert isinstance(read_beacon(data, ANN.roster, now=wall_clock()), Rejected)
    with contextlib.suppress(ValueError):
        decode_frame(data)


@given(st.data())
@settings(max_examples=50)
def test_a_beacon_with_one_other_byte_is_refused(data: st.DataObject) -> None:
    damaged = bytearray(BEACON.data)
    at = data.draw(st.integers(0, len(damaged) - 1))
    damaged[at] ^= data.draw(st.integers(1, 255))

    assert isinstance(
        read_beacon(bytes(damaged), ANN.roster, now=wall_clock()), Rejected
    )


def test_a_beacon_of_another_community_is_refused() -> None:
    elsewhere = Roster(
        community=Village("Cat").community, members=VILLAGE.members.values()
    )

    assert isinstance(read_beacon(BEACON.data, elsewhere, now=wall_clock()), Rejected)


def test_long_addresses_are_not_told() -> None:
    lit = light(
        ANN.credentials,
        ANN.roster,
        box_key=bytes(32),
        addresses=("http://a.example", "http://" + "b" * 300, *["http://c"] * 9),
    )

    assert lit.addresses == ("http://a.example", *["http://c"] * 3)


@given(st.binary(max_size=100))
@settings(max_examples=30)
def test_only_the_addressee_opens_a_box(plain: bytes) -> None:
    ann, ben = BoxKey(bytes([1]) * 32), BoxKey(bytes([2]) * 32)
    box = close_box(plain, to=ann.public, once=bytes([3]) * 32, context=b"here")

    assert ann.open(box, context=b"here") == plain
    assert ben.open(box, context=b"here") is None
    assert ann.open(box, context=b"there") is None
    assert ann.open(box[:-1], context=b"here") is None


@given(st.binary(max_size=60))
@settings(max_examples=30)
def test_no_other_bytes_are_a_hello_or_a_proof(data: bytes) -> None:
    ann, ben = (
        Handshake(gossip.roster, gossip.credentials, is_dialler=dials)
        for gossip, dials in ((ANN, True), (VILLAGE.gossip("Ben"), False))
    )
    with pytest.raises(HandshakeError) as caught:
        ann.take_hello(data)
    assert caught.value.reason is Refusal.MALFORMED
    ann.take_hello(ben.hello)
    with pytest.raises(HandshakeError) as caught:
        ann.take_proof(data, guests_welcome=True)
    assert caught.value.reason is Refusal.UNPROVED


def test_a_proof_cannot_be_used_on_another_link() -> None:
    def pair() -> tuple[Handshake, Handshake]:
        ben = VILLAGE.gossip("Ben")
        dialler = Handshake(ANN.roster, ANN.credentials, is_dialler=True)
        answerer = Handshake(ben.roster, ben.credentials, is_dialler=False)
        dialler.take_hello(answerer.hello)
        answerer.take_hello(dialler.hello)
        return dialler, answerer

    (ann, _), (_, another_ben) = pair(), pair()
    with pytest.raises(HandshakeError):
        another_ben.take_proof(ann.proof(BEACON), guests_welcome=True)
    ann, ben = pair()
    assert ben.take_proof(ann.proof(BEACON), guests_welcome=False) == BEACON


@given(st.text(max_size=60))
def test_any_text_is_a_clean_address_or_none(text: str) -> None:
    address = clean_address(text)

    assert address is None or clean_address(address) == address


@pytest.mark.parametrize(
    ("address", "clean"),
    [
        ("http://192.168.1.5:8123/", "http://192.168.1.5:8123"),
        (" https://home.example/path?x=1 ", "https://home.example"),
        ("http://[fd00::1]:8123", "http://[fd00::1]:8123"),
        ("home.example:8123", None),
        ("ftp://home.example", None),
        ("http://user:secret@home.example", None),
        ("http://", None),
    ],
)
def test_addresses_are_compared_without_what_follows_the_port(
    address: str, clean: str | None
) -> None:
    assert clean_address(address) == clean


@given(st.text(max_size=80))
def test_any_topic_is_one_of_ours_or_nobodys(text: str) -> None:
    topics = Topics("0" * 16, VILLAGE.party("Ann"))

    assert topics.origin(text) is None
    origin = topics.origin(min(topics.of([VILLAGE.party("Ben")])))
    assert origin is not None
    assert origin.party == VILLAGE.party("Ben")


def test_author_is_read_from_the_head() -> None:
    assert author_of(LETTER) == VILLAGE.party("Ann")
    assert author_of(LETTER[:-1]) is None
