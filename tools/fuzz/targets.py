"""What is fuzzed: each reader of foreign bytes, and what it may do with bad ones.

A reader may accept, reject with a value, or raise ValueError where it says so.
Anything else is a finding.
"""

from collections.abc import Callable, Iterator, Mapping
import json
from typing import Final

from tools._engine import ROOT

# isort: split
from custom_components.commonwatt.drivers.transports import Credentials, Roster
from custom_components.commonwatt.drivers.transports.beacon import light, read_beacon
from custom_components.commonwatt.drivers.transports.box import BoxKey
from custom_components.commonwatt.drivers.transports.frames import (
    Direct,
    Greeting,
    Have,
    Here,
    Linked,
    Want,
    decode_frame,
    encode_frame,
    packed_frame,
)
from custom_components.commonwatt.drivers.transports.parcel import (
    Parcel,
    ParcelKind,
    author_of,
)
from custom_components.commonwatt.engine.model.party import CommunityId, Member
from custom_components.commonwatt.engine.model.period import Instant
from custom_components.commonwatt.engine.model.zone import FeeTree
from custom_components.commonwatt.engine.node import DerivedSessions
from custom_components.commonwatt.engine.wire.bodies import decode_body
from custom_components.commonwatt.engine.wire.canonical import decode
from custom_components.commonwatt.engine.wire.envelope import Envelope, unseal
from custom_components.commonwatt.engine.wire.fields import (
    array,
    array_of,
    byte_string,
    integer,
)
from custom_components.commonwatt.engine.wire.keyring import KeyRing
from custom_components.commonwatt.engine.wire.keys import HouseholdKey, party_id
from custom_components.commonwatt.engine.wire.messages import MessageKind, Presence
from custom_components.commonwatt.engine.wire.verifier import verify

VECTORS: Final = ROOT / "tests/vectors/wire/envelopes.json"
NOW: Final = Instant(1_795_298_400_000)

VECTOR: Final = json.loads(VECTORS.read_text())
COMMUNITY: Final = CommunityId(VECTOR["community"])
HOUSEHOLD: Final = HouseholdKey(bytes.fromhex(VECTOR["household_secret"]))
MEMBERS: Final = tuple(
    Member(party=party_id(key), zone=FeeTree.single().root.id, household_key=key)
    for key in map(bytes.fromhex, VECTOR["members"])
)
GOOD: Final = tuple(
    bytes.fromhex(message["envelope"]) for message in VECTOR["messages"]
)
KEYS: Final = KeyRing(community=COMMUNITY, members=MEMBERS)
ROSTER: Final = Roster(community=COMMUNITY, members=MEMBERS)
CREDENTIALS: Final = Credentials(
    party=HOUSEHOLD.party,
    sessions=DerivedSessions(HOUSEHOLD, secret=bytes([8]) * 32, community=COMMUNITY),
    clock=lambda: NOW,
)


def _believe(*, public_key: bytes, signature: bytes, payload: bytes) -> bool:  # noqa: ARG001  # so that fuzzing gets past the signature
    return True


def envelope(data: bytes) -> bool:
    """Open an envelope as a node does."""
    return isinstance(unseal(data, keys=KEYS, verify=verify), Envelope)


def signed_envelope(data: bytes) -> bool:
    """Open an envelope whose author signs anything."""
    return isinstance(unseal(data, keys=KEYS, verify=_believe), Envelope)


def body(data: bytes) -> bool:
    """Read a message body; the first byte names its kind."""
    kinds = tuple(MessageKind)
    kind = kinds[(data[0] if data else 0) % len(kinds)]
    return _reads(lambda: decode_body(kind, data[1:], author=HOUSEHOLD.party))


def frame(data: bytes) -> bool:
    """Read a frame; what is read is the same when it is written and read again."""

    def read() -> None:
        found = decode_frame(data)
        assert decode_frame(encode_frame(found)) == found

    return _reads(read)


def letter(data: bytes) -> bool:
    """Look at an envelope to see whose it claims to be."""
    return author_of(data) is not None


def beacon(data: bytes) -> bool:
    """Read a beacon."""
    return not hasattr(read_beacon(data, ROSTER, now=NOW), "reason")


def _reads(read: Callable[[], object]) -> bool:
    try:
        read()
    except ValueError:
        return False
    return True


TARGETS: Final[Mapping[str, Callable[[bytes], bool]]] = {
    "envelope": envelope,
    "signed_envelope": signed_envelope,
    "body": body,
    "frame": frame,
    "letter": letter,
    "beacon": beacon,
}


def learn_keys() -> None:
    """Learn the session keys that the good envelopes are signed with."""
    for sealed in GOOD:
        opened = unseal(sealed, keys=KEYS, verify=verify)
        if isinstance(opened, Envelope) and isinstance(opened.message, Presence):
            KEYS.learn(opened.message.certificate, at=opened.sent_at, verify=verify)


def seeds() -> Iterator[bytes]:
    """Yield good bytes for every reader, to begin with."""
    kinds = list(MessageKind)
    for sealed in GOOD:
        yield sealed
        signed_part, _ = array_of(decode(sealed), 2)
        head = array(decode(byte_string(signed_part)))
        kind = MessageKind(integer(head[3], least=0, most=255))
        yield bytes([kinds.index(kind)]) + byte_string(head[-1])
    key = BoxKey(bytes([9]) * 32).public
    yield light(CREDENTIALS, ROSTER, box_key=key, addresses=("http://a.example",)).data
    for each in (Greeting(bytes(8), bytes(8), 7), Have(3, (bytes(8),))):
        yield encode_frame(each)
    yield encode_frame(Want((bytes(8), bytes(8))))
    yield encode_frame(Linked((bytes(8),)))
    yield packed_frame(Direct(bytes(2_000)))
    yield encode_frame(Here(4, Parcel(ParcelKind.LETTER, GOOD[0])))


learn_keys()
