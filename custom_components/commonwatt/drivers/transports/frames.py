"""What two members who are linked say to each other: six kinds of frame.

Clauses: ``docs/reference/transports.md``, section 4.
"""

from dataclasses import dataclass
from typing import Final, assert_never
import zlib

from ...engine.wire.canonical import INTEGER_MAX, Value, decode, encode
from ...engine.wire.fields import array, array_of, byte_string, integer
from .parcel import NAME_BYTES, PARCEL_SIZE_MAX, Parcel, read_parcel
from .shelf import LOG_ID_BYTES

FRAME_SIZE_MAX: Final = PARCEL_SIZE_MAX + 64
NAMES_MAX: Final = 512
"""Names in one frame."""

PACKED_SIZE_MIN: Final = 1_024
"""Smaller frames are not worth compressing."""

_ITEMS_MAX: Final = 8
_PACKED: Final = 5


@dataclass(frozen=True, slots=True)
class Greeting:
    """Which log the sender keeps, and how far it has read ours."""

    log_id: bytes
    known_log_id: bytes
    known_next: int


@dataclass(frozen=True, slots=True)
class Have:
    """Names of parcels on the sender's shelf, up to but not including ``next``."""

    next: int
    names: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Want:
    """Names of parcels the sender would like to have."""

    names: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Here:
    """A parcel: said just now (``next`` is the number after its own), or asked for."""

    next: int | None
    parcel: Parcel


@dataclass(frozen=True, slots=True)
class Direct:
    """A letter for the receiver alone."""

    letter: bytes


@dataclass(frozen=True, slots=True)
class Linked:
    """Short names of the members the sender can hand something to."""

    names: tuple[bytes, ...]


type Frame = Greeting | Have | Want | Here | Direct | Linked


def encode_frame(frame: Frame) -> bytes:
    """Return the bytes of a frame."""
    return encode(_value(frame))


def packed_frame(frame: Frame) -> bytes:
    """Return the bytes of a frame that stands alone; a large one is compressed.

    A book repeats itself: of its reveals the signatures alone are new.
    """
    plain = encode_frame(frame)
    if len(plain) < PACKED_SIZE_MIN:
        return plain
    packed = encode((_PACKED, zlib.compress(plain)))
    return min(plain, packed, key=len)


def decode_frame(data: bytes) -> Frame:
    """Read a frame; ValueError if it is none."""
    if len(data) > FRAME_SIZE_MAX:
        raise ValueError("too long")
    values = array(decode(data, items_max=_ITEMS_MAX))
    if values[:1] == (_PACKED,):
        plain = _unpacked(byte_string(array_of(values, 2)[1]))
        values = array(decode(plain, items_max=_ITEMS_MAX))
    return _frame(values)


def _unpacked(data: bytes) -> bytes:
    """Return at most what a frame may hold, whatever the bytes promise."""
    unpacking = zlib.decompressobj()
    try:
        plain = unpacking.decompress(data, FRAME_SIZE_MAX)
    except zlib.error as err:
        raise ValueError("not compressed") from err
    if not unpacking.eof or unpacking.unused_data:
        raise ValueError("too long, or cut off")
    return plain


def _value(frame: Frame) -> Value:
    match frame:
        case Greeting():
            value: Value = (0, frame.log_id, frame.known_log_id, frame.known_next)
        case Have():
            value = (1, frame.next, b"".join(frame.names))
        case Want():
            value = (2, b"".join(frame.names))
        case Here():
            value = (3, frame.next, frame.parcel.encoded())
        case Direct():
            value = (4, frame.letter)
        case Linked():
            value = (6, b"".join(frame.names))
        case _:
            assert_never(frame)
    return value


def _frame(values: tuple[Value, ...]) -> Frame:
    kind = integer(*values[:1], least=0, most=6) if values else -1
    match kind:
        case 0:
            _, log_id, known_log_id, known_next = array_of(values, 4)
            return Greeting(
                log_id=byte_string(log_id, LOG_ID_BYTES),
                known_log_id=byte_string(known_log_id, LOG_ID_BYTES),
                known_next=_number(known_next),
            )
        case 1:
            _, following, names = array_of(values, 3)
            return Have(next=_number(following), names=_names(names))
        case 2:
            return Want(names=_names(array_of(values, 2)[1]))
        case 3:
            _, following, parcel = array_of(values, 3)
            return Here(
                next=None if following is None else _number(following),
                parcel=read_parcel(byte_string(parcel)),
            )
        case 4:
            return Direct(letter=byte_string(array_of(values, 2)[1]))
        case 6:
            return Linked(names=_names(array_of(values, 2)[1]))
        case _:
            raise ValueError("no frame")


def _number(value: Value) -> int:
    return integer(value, least=0, most=INTEGER_MAX)


def _names(value: Value) -> tuple[bytes, ...]:
    joined = byte_string(value)
    count, rest = divmod(len(joined), NAME_BYTES)
    if rest or count > NAMES_MAX:
        raise ValueError("names have eight bytes, and a frame not too many of them")
    return tuple(joined[NAME_BYTES * n : NAME_BYTES * (n + 1)] for n in range(count))
