"""Every byte that leaves a home of a private community, over both real transports."""

from collections.abc import Iterator
from functools import partial

import pytest

from custom_components.commonwatt.drivers.transports import Gossip, limits
from custom_components.commonwatt.drivers.transports.conversation import Conversation
from custom_components.commonwatt.drivers.transports.frames import (
    Direct,
    Here,
    decode_frame,
)
from custom_components.commonwatt.drivers.transports.parcel import ParcelKind
from custom_components.commonwatt.engine.model.extract import (
    ResultExtract,
    SettlementExtract,
)
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    DeliveryPeriod,
    after,
)
from custom_components.commonwatt.engine.wire.canonical import encode
from custom_components.commonwatt.engine.wire.charters import charter_value
from custom_components.commonwatt.engine.wire.messages import (
    BookProposal,
    OrderCommitment,
    OrderReveal,
    ReadingReport,
)
from tests.engine.node.committee_street import HOMES, PrivateStreet
from tests.engine.node.street import FIRST, settled_periods

from .test_mqtt import at_the_pub
from .village import Home, loopback
from .wired import Wired, village_of

STREET = (
    ("Ann", 9_172, 0),
    ("Ben", -12_348, 15_500),
    ("Cat", 7_736, 0),
    ("Dan", -9_944, 11_300),
    ("Eve", 13_212, 0),
)
"""So much that no reading is the same few bytes as something else."""

SECRET = OrderCommitment | OrderReveal | BookProposal | ReadingReport
UNTIL = after(FIRST.start, 20 * MINUTE_MS)


def secrets(street: PrivateStreet) -> list[tuple[str, bytes]]:
    """Return what only the committee may read, and who has said it."""
    return [
        (name, data)
        for name, home in street.homes.items()
        for data in home.sent
        if isinstance(street.opened(data).message, SECRET)
    ]


def metered(street: PrivateStreet) -> Iterator[tuple[str, bytes]]:
    """Yield what the meters counted, as it is on the wire."""
    for name, data in secrets(street):
        message = street.opened(data).message
        if isinstance(message, ReadingReport):
            reading = message.reading
            yield name, encode((reading.import_wh, reading.export_wh))[1:]


def extracts_for(wired: Wired, name: str) -> set[bytes]:
    """Return the letters in which a home is shown its own part.

    What it sold to a neighbour may be all that neighbour took.
    """
    street = wired.street
    return {
        outgoing.data
        for _, outgoing in wired.said
        if outgoing.to == street.parties[name]
        and isinstance(
            street.opened(outgoing.data).message, ResultExtract | SettlementExtract
        )
    }


def carried(frame: bytes) -> bytes:
    """Return what a frame carries, unpacked."""
    match decode_frame(frame):
        case Here(parcel=parcel):
            return parcel.data
        case Direct(letter=letter):
            return letter
        case _:
            return b""


def plain(frame: bytes) -> bytes:
    """Return the same, if it is in no box: four bytes are in any box by chance."""
    opened = decode_frame(frame)
    is_box = isinstance(opened, Here) and opened.parcel.kind is ParcelKind.BOX
    return b"" if is_box else carried(frame)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a peer say in a second what it has half an hour for."""
    monkeypatch.setattr(limits, "_MESSAGES_BURST", 1_000_000)
    monkeypatch.setattr(limits, "_BYTES_BURST", 1 << 30)


async def test_over_links_nobody_outside_the_committee_gets_a_reading() -> None:
    street = PrivateStreet(*STREET, size=3)
    village = village_of(street)
    frames: list[tuple[PartyId, bytes]] = []
    async with loopback(village) as world:
        homes: dict[str, Home] = {}
        for name in street.homes:
            homes[name] = await world.home(name, *homes.values())
        wired = Wired(street, {name: home.transport for name, home in homes.items()})
        for name, home in homes.items():
            home.genuine = partial(wired.judge, name)
            _tap(home.transport.gossip, frames)

        await wired.run(UNTIL)

    assert len(secrets(street)) > 5 * len(street.homes)
    for outsider in street.outsiders:
        me = street.parties[outsider]
        told = [carried(frame) for peer, frame in frames if peer == me]
        assert told
        hidden = [data for name, data in secrets(street) if name != outsider]
        assert not [data for data in hidden if any(data in one for one in told)]
        readings = {pair for name, pair in metered(street) if name != outsider}
        mine = extracts_for(wired, outsider)
        legible = [
            plain(frame)
            for peer, frame in frames
            if peer == me and plain(frame) not in mine
        ]
        assert min(map(len, readings)) >= 4
        assert not [pair for pair in readings if any(pair in one for one in legible)]
        assert FIRST in settled_periods(street, outsider)


async def test_at_a_broker_nobody_reads_an_order_or_a_reading() -> None:
    street = PrivateStreet(*STREET, size=3)
    village = village_of(street)
    async with at_the_pub(village, *street.homes) as (pub, homes):
        wired = Wired(street, {name: home.transport for name, home in homes.items()})
        for name, home in homes.items():
            home.genuine = partial(wired.judge, name)

        await wired.run(UNTIL)

    seen = [carried(payload) for topic, payload in pub.log if "/beacon/" not in topic]
    assert len(seen) > 100
    hidden = [data for _, data in secrets(street)]
    assert len(hidden) > 5 * len(street.homes)
    assert not [data for data in hidden if any(data in one for one in seen)]
    assert not [pair for _, pair in metered(street) if any(pair in one for one in seen)]
    for name in street.homes:
        assert FIRST in settled_periods(street, name)


def test_neither_charter_nor_ledger_has_a_name_or_an_address() -> None:
    homes = [(f"{name}, 12 Mill Lane", net_w, pv_w) for name, net_w, pv_w in HOMES]
    street = PrivateStreet(*homes)
    street.run(after(FIRST.start, HOUR_MS))

    books = b"".join(
        entry.body for home in street.homes.values() for entry in home.journal
    )
    written = books + encode(charter_value(street.charter))
    assert DeliveryPeriod.containing(street.now) > FIRST
    for name in street.homes:
        assert name.encode() not in written
    assert b"Lane" not in written


def _tap(gossip: Gossip, frames: list[tuple[PartyId, bytes]]) -> None:
    """Note every frame before the link encrypts it."""
    say = gossip.next_frame

    def next_frame(conversation: Conversation, now: float) -> bytes | None:
        frame = say(conversation, now)
        if frame is not None:
            frames.append((conversation.peer, frame))
        return frame

    gossip.next_frame = next_frame  # type: ignore[method-assign]  # a tap on the line
