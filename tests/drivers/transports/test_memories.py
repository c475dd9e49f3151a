"""What transports remember for a while, and the little they read of bytes and names."""

import pytest

from custom_components.commonwatt.drivers.transports import missing
from custom_components.commonwatt.drivers.transports.beacon import (
    AHEAD_MS_MAX,
    BEACON_SIZE_MAX,
    light,
    read_beacon,
)
from custom_components.commonwatt.drivers.transports.circles import is_missed
from custom_components.commonwatt.drivers.transports.http.address import clean_address
from custom_components.commonwatt.drivers.transports.missing import (
    ANSWER_SECONDS_MAX,
    SEARCH_SECONDS_MAX,
    Missing,
)
from custom_components.commonwatt.drivers.transports.mqtt.topics import (
    Origin,
    Purpose,
    Topics,
)
from custom_components.commonwatt.drivers.transports.parcel import (
    PARCEL_SIZE_MAX,
    Parcel,
    ParcelKind,
    author_of,
    read_parcel,
)
from custom_components.commonwatt.drivers.transports.waiting import (
    LETTERS_MAX,
    PARTIES_MAX,
    Waiting,
)
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.wire.bodies import ENVELOPE_SIZE_MAX
from custom_components.commonwatt.engine.wire.canonical import Value, encode
from custom_components.commonwatt.engine.wire.rejection import (
    Rejected,
    RejectionReason,
)
from tests.drivers.transports.village import Village

ANN, BEN, CAT = (PartyId(digit * 40) for digit in "abc")
NAME = b"a parcel"


def test_one_holder_is_asked_and_the_next_if_it_does_not_answer() -> None:
    wanted, everybody = Missing(), (ANN, BEN)

    assert wanted.note(NAME, ANN, now=0)
    assert not wanted.note(NAME, BEN, now=0)
    assert not wanted.note(NAME, BEN, now=0)
    assert NAME in wanted
    assert [*wanted.ask_again(everybody, now=ANSWER_SECONDS_MAX)] == []
    later = ANSWER_SECONDS_MAX + 1
    assert [*wanted.ask_again(everybody, now=later)] == [(NAME, BEN)]
    assert [*wanted.ask_again((), now=3 * later)] == []

    wanted.found(NAME)
    assert NAME not in wanted


def test_a_holder_that_is_gone_is_not_waited_for() -> None:
    wanted = Missing()
    wanted.note(NAME, ANN, now=0)
    wanted.note(NAME, BEN, now=0)

    assert [*wanted.ask_again((BEN,), now=0.1)] == [(NAME, BEN)]


def test_nothing_is_looked_for_for_ever_and_not_everything_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wanted = Missing()
    wanted.note(NAME, ANN, now=0)
    assert [*wanted.ask_again((ANN,), now=SEARCH_SECONDS_MAX + 1)] == []
    assert NAME not in wanted

    monkeypatch.setattr(missing, "MISSING_MAX", 2)
    for number in range(3):
        wanted.note(bytes([number]), ANN, now=0)
    assert [bytes([number]) in wanted for number in range(3)] == [False, True, True]


def test_the_latest_letters_for_the_latest_addressees_are_kept() -> None:
    kept = Waiting()
    for number in range(LETTERS_MAX + 1):
        kept.keep(bytes([number]), ANN)

    assert kept.take(ANN) == tuple(bytes([n]) for n in range(1, LETTERS_MAX + 1))
    assert kept.take(ANN) == ()

    parties = [PartyId(f"{number:040x}") for number in range(PARTIES_MAX + 1)]
    for party in parties:
        kept.keep(b"letter", party)
    assert kept.take(parties[0]) == ()
    assert kept.take(parties[1]) == (b"letter",)


@pytest.mark.parametrize(
    ("rest", "origin"),
    [
        (f"all/{BEN}", Origin(Purpose.ALL, BEN)),
        (f"to/{ANN}/{BEN}", Origin(Purpose.TO, BEN)),
        (f"to/{CAT}/{BEN}", None),
        (f"to/{ANN}", None),
        (f"all/{BEN}/{CAT}", None),
        ("all/nobody", None),
        ("all", None),
        (f"shout/{BEN}", None),
    ],
)
def test_a_topic_says_who_speaks_to_whom(rest: str, origin: Origin | None) -> None:
    topics = Topics("mill", ANN)

    assert topics.origin(f"commonwatt/1/mill/{rest}") == origin
    assert topics.origin(f"elsewhere/{rest}") is None


@pytest.mark.parametrize(
    "value",
    [
        (ParcelKind.ROUND_ROBIN, b"", b"data"),
        (ParcelKind.ROUND_ROBIN, b"x" * 21, b"data"),
        (ParcelKind.ROUND_ROBIN, b"x" * 20 * 65, b"data"),
        (ParcelKind.BOX, None, b"data"),
        (ParcelKind.LETTER, b"x" * 20, b"data"),
        (max(ParcelKind) + 1, None, b"data"),
    ],
)
def test_what_is_no_parcel_is_refused(value: Value) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_parcel(encode(value))


def test_a_parcel_is_for_its_circle_and_no_longer_than_may_be() -> None:
    robin = Parcel(ParcelKind.ROUND_ROBIN, b"data", circle=(ANN, BEN))

    assert read_parcel(robin.encoded()) == robin
    assert [robin.is_for(party) for party in (ANN, CAT)] == [True, False]
    assert Parcel(ParcelKind.LETTER, b"data").is_for(CAT)
    with pytest.raises(ValueError, match="too long"):
        read_parcel(bytes(PARCEL_SIZE_MAX + 1))


@pytest.mark.parametrize(
    "letter",
    [
        bytes(ENVELOPE_SIZE_MAX + 1),
        b"no envelope",
        encode((encode((1, 2)), b"signature")),
        encode(("no bytes", b"signature")),
    ],
)
def test_nobody_has_signed_what_is_no_letter(letter: bytes) -> None:
    assert author_of(letter) is None


@pytest.mark.parametrize(
    ("address", "clean"),
    [
        ("https://home.example/path", "https://home.example"),
        ("http://[::1", None),
        ("ftp://home.example", None),
        ("http://ann:secret@home.example", None),
        ("http://", None),
    ],
)
def test_an_address_is_where_somebody_can_be_dialled(
    address: str, clean: str | None
) -> None:
    assert clean_address(address) == clean


@pytest.mark.parametrize(
    ("party", "me", "linked", "missed"),
    [
        (ANN, ANN, (), False),
        (CAT, ANN, (), False),
        (BEN, ANN, (BEN,), False),
        (BEN, ANN, (), True),
        (BEN, CAT, (), True),
    ],
)
def test_a_link_into_a_circle_is_missed_by_whoever_needs_it(
    party: PartyId, me: PartyId, linked: tuple[PartyId, ...], *, missed: bool
) -> None:
    assert is_missed(party, me=me, circle=(ANN, BEN), linked=linked) is missed


def test_enough_links_into_a_circle_are_enough() -> None:
    circle = tuple(PartyId(f"{number:040x}") for number in range(9))

    assert is_missed(circle[0], me=CAT, circle=circle, linked=circle[1:3])
    assert not is_missed(circle[0], me=CAT, circle=circle, linked=circle[1:4])


def test_beacons_that_are_too_long_or_from_tomorrow_are_refused() -> None:
    gossip = Village("Ann", "Ben").gossip("Ann")
    beacon = light(
        gossip.credentials, gossip.roster, box_key=bytes(range(32)), addresses=()
    )
    made_at = beacon.made_at
    early = type(made_at)(made_at - AHEAD_MS_MAX - 1)

    assert read_beacon(beacon.data, gossip.roster, now=made_at) == beacon
    ahead = read_beacon(beacon.data, gossip.roster, now=early)
    assert ahead == Rejected(RejectionReason.CERTIFICATE_NOT_IN_FORCE)
    malformed = Rejected(RejectionReason.MALFORMED)
    long = bytes(BEACON_SIZE_MAX + 1)
    assert read_beacon(long, gossip.roster, now=made_at) == malformed
    assert read_beacon(encode((1, 2)), gossip.roster, now=made_at) == malformed
    strangers = Village("Cat").gossip("Cat")
    stranger = read_beacon(beacon.data, strangers.roster, now=made_at)
    assert stranger == Rejected(RejectionReason.STRANGER)
