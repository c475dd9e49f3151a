"""One value, one byte string: a strict subset of CBOR, so that digests compare.

Owns the encoding of integers, byte strings, text, arrays, false, true and null (RFC
8949 with the core deterministic requirements of its section 4.2.1).  Refuses all else:
maps, floats, tags, indefinite lengths, integers beyond 64 bits and every detour to a
value that has a shorter way.  Clauses: ``docs/reference/wire-format.md``, section 2.
"""

from enum import StrEnum
from typing import Final, assert_never

type Value = int | bytes | str | bool | tuple[Value, ...] | None
"""What can be encoded.  Integers are signed and have 64 bits."""

SIZE_MAX: Final = 256 * 1024
"""Bytes of one encoding, unless the caller knows better."""

ITEMS_MAX: Final = 64 * 1024
"""Values in one encoding, arrays and what they hold all counted."""

DEPTH_MAX: Final = 16
"""Arrays within arrays."""

INTEGER_MIN: Final = -(1 << 63)
INTEGER_MAX: Final = (1 << 63) - 1

_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _SIMPLE = 0, 1, 2, 3, 4, 7
_CONSTANTS: Final[dict[int, bool | None]] = {20: False, 21: True, 22: None}
_WIDTHS: Final = {24: 1, 25: 2, 26: 4, 27: 8}
_LEAST: Final = {24: 24, 25: 1 << 8, 26: 1 << 16, 27: 1 << 32}


class CanonicalFault(StrEnum):
    """Why some bytes are no canonical encoding, or a value has none."""

    TOO_LONG = "too_long"
    TOO_DEEP = "too_deep"
    TOO_MANY_ITEMS = "too_many_items"
    TRUNCATED = "truncated"
    LEFT_OVER = "left_over"
    NOT_SHORTEST = "not_shortest"
    OUT_OF_RANGE = "out_of_range"
    NOT_UTF8 = "not_utf8"
    UNSUPPORTED = "unsupported"


class CanonicalError(ValueError):
    """Bytes that are no canonical encoding, or a value that has none."""

    def __init__(self, fault: CanonicalFault) -> None:
        super().__init__(f"not canonical: {fault}")
        self.fault: Final = fault


def encode(
    value: Value, *, size_max: int = SIZE_MAX, items_max: int = ITEMS_MAX
) -> bytes:
    """Return the one byte string that stands for ``value``.

    Raises CanonicalError for a value that ``decode`` with the same limits would refuse:
    an integer beyond 64 bits, text with lone surrogates, too much of anything.
    """
    writer = _Writer(items_max)
    writer.write(value, DEPTH_MAX)
    if len(writer.out) > size_max:
        raise CanonicalError(CanonicalFault.TOO_LONG)
    return bytes(writer.out)


def decode(
    data: bytes, *, size_max: int = SIZE_MAX, items_max: int = ITEMS_MAX
) -> Value:
    """Return the value that ``data`` is the canonical encoding of.

    Raises CanonicalError, and nothing else, for any other bytes.  The size is looked
    at first and a length is believed only if the bytes are there, so that the work done
    for garbage is bounded by ``items_max``, not by what the garbage claims.
    """
    if len(data) > size_max:
        raise CanonicalError(CanonicalFault.TOO_LONG)
    reader = _Reader(data, items_max)
    try:
        value = reader.read(DEPTH_MAX)
    except IndexError:
        raise CanonicalError(CanonicalFault.TRUNCATED) from None
    if reader.at != len(data):
        raise CanonicalError(CanonicalFault.LEFT_OVER)
    return value


class _Writer:
    """Bytes so far."""

    __slots__ = ("items_left", "out")

    def __init__(self, items_max: int) -> None:
        self.out = bytearray()
        self.items_left = items_max - 1

    def write(self, value: Value, depth_left: int) -> None:
        if isinstance(value, bool) or value is None:
            self.out.append(0xF6 if value is None else 0xF4 + value)
        elif isinstance(value, int):
            self.write_integer(value)
        elif isinstance(value, bytes):
            self.write_head(_BYTES, len(value))
            self.out += value
        elif isinstance(value, str):
            self.write_text(value)
        elif isinstance(value, tuple):
            self.write_array(value, depth_left)
        else:
            assert_never(value)

    def write_head(self, major: int, argument: int) -> None:
        if argument < 24:  # noqa: PLR2004  # the encodings of RFC 8949, section 3
            self.out.append(major << 5 | argument)
            return
        info = 24 + (argument >= 1 << 8) + (argument >= 1 << 16) + (argument >= 1 << 32)
        self.out.append(major << 5 | info)
        self.out += argument.to_bytes(_WIDTHS[info])

    def write_integer(self, value: int) -> None:
        if not INTEGER_MIN <= value <= INTEGER_MAX:
            raise CanonicalError(CanonicalFault.OUT_OF_RANGE)
        if value < 0:
            self.write_head(_NEGATIVE, -1 - value)
        else:
            self.write_head(_UNSIGNED, value)

    def write_text(self, value: str) -> None:
        try:
            data = value.encode()
        except UnicodeEncodeError:
            raise CanonicalError(CanonicalFault.NOT_UTF8) from None
        self.write_head(_TEXT, len(data))
        self.out += data

    def write_array(self, values: tuple[Value, ...], depth_left: int) -> None:
        if depth_left == 0:
            raise CanonicalError(CanonicalFault.TOO_DEEP)
        self.items_left -= len(values)
        if self.items_left < 0:
            raise CanonicalError(CanonicalFault.TOO_MANY_ITEMS)
        self.write_head(_ARRAY, len(values))
        for value in values:
            self.write(value, depth_left - 1)


class _Reader:
    """A place in some bytes.  IndexError means that they ended too early."""

    __slots__ = ("at", "data", "items_left")

    def __init__(self, data: bytes, items_max: int) -> None:
        self.data = data
        self.at = 0
        self.items_left = items_max - 1

    def read(self, depth_left: int) -> Value:
        head = self.data[self.at]
        self.at += 1
        if head < 24:  # noqa: PLR2004  # the encodings of RFC 8949, section 3
            return head
        major = head >> 5
        if major == _SIMPLE:
            return self.constant(head & 0x1F)
        argument = self.argument(head & 0x1F)
        if major <= _NEGATIVE:
            if argument > INTEGER_MAX:
                raise CanonicalError(CanonicalFault.OUT_OF_RANGE)
            return argument if major == _UNSIGNED else -1 - argument
        if major == _BYTES:
            return self.take(argument)
        if major == _ARRAY:
            return self.array(argument, depth_left)
        if major == _TEXT:
            return self.text(argument)
        raise CanonicalError(CanonicalFault.UNSUPPORTED)

    def argument(self, info: int) -> int:
        if info < 24:  # noqa: PLR2004
            return info
        if info not in _WIDTHS:
            raise CanonicalError(CanonicalFault.UNSUPPORTED)
        start = self.at
        self.at = end = start + _WIDTHS[info]
        value = int.from_bytes(self.data[start:end])
        if end > len(self.data):
            raise CanonicalError(CanonicalFault.TRUNCATED)
        if value < _LEAST[info]:
            raise CanonicalError(CanonicalFault.NOT_SHORTEST)
        return value

    def take(self, count: int) -> bytes:
        start = self.at
        self.at = end = start + count
        if end > len(self.data):
            raise CanonicalError(CanonicalFault.TRUNCATED)
        return self.data[start:end]

    def constant(self, info: int) -> bool | None:
        if info not in _CONSTANTS:
            raise CanonicalError(CanonicalFault.UNSUPPORTED)
        return _CONSTANTS[info]

    def text(self, count: int) -> str:
        try:
            return self.take(count).decode()
        except UnicodeDecodeError:
            raise CanonicalError(CanonicalFault.NOT_UTF8) from None

    def array(self, count: int, depth_left: int) -> tuple[Value, ...]:
        if depth_left == 0:
            raise CanonicalError(CanonicalFault.TOO_DEEP)
        if count > len(self.data) - self.at:
            raise CanonicalError(CanonicalFault.TRUNCATED)
        self.items_left -= count
        if self.items_left < 0:
            raise CanonicalError(CanonicalFault.TOO_MANY_ITEMS)
        return tuple([self.read(depth_left - 1) for _ in range(count)])
