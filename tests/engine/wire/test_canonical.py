"""One value, one byte string: against published vectors, cbor2 and arbitrary bytes."""

from contextlib import suppress
import io
from time import thread_time

import cbor2
from hypothesis import example, given, strategies as st
import pytest

from custom_components.commonwatt.engine.wire.canonical import (
    DEPTH_MAX,
    INTEGER_MAX,
    INTEGER_MIN,
    SIZE_MAX,
    CanonicalError,
    CanonicalFault,
    Value,
    decode,
    encode,
)
from tests.engine.wire.strategies import values
from tests.engine.wire.vectors import Case, load

VECTORS = load("canonical")


def fault_of_decoding(data: bytes, *, size_max: int = SIZE_MAX) -> CanonicalFault:
    with pytest.raises(CanonicalError) as caught:
        decode(data, size_max=size_max)
    return caught.value.fault


def fault_of_encoding(value: Value) -> CanonicalFault:
    with pytest.raises(CanonicalError) as caught:
        encode(value)
    return caught.value.fault


def as_lists(value: object) -> object:
    """Return a value as cbor2 sees it: arrays are lists there."""
    if isinstance(value, tuple):
        return [as_lists(item) for item in value]
    return value


def nested(depth: int) -> Value:
    value: Value = ()
    for _ in range(depth - 1):
        value = (value,)
    return value


@pytest.mark.parametrize(
    "case", VECTORS.cases("encodings"), ids=lambda c: c.text("bytes")
)
def test_a_published_encoding_is_read_and_written(case: Case) -> None:
    value = case.value("value")

    assert encode(value).hex() == case.text("bytes")
    decoded = decode(case.bytes("bytes"))
    assert decoded == value
    assert type(decoded) is type(value)


@pytest.mark.parametrize(
    "case", VECTORS.cases("refused"), ids=lambda c: c.text("bytes")
)
def test_bytes_outside_the_subset_are_refused_with_the_reason(case: Case) -> None:
    assert fault_of_decoding(case.bytes("bytes")) == case.text("fault")


@given(values)
def test_what_is_encoded_is_decoded_again(value: Value) -> None:
    assert repr(decode(encode(value))) == repr(value)  # true is not 1 here


@given(values)
def test_cbor2_writes_and_reads_the_same(value: Value) -> None:
    encoded = encode(value)

    assert encoded == cbor2.dumps(value, canonical=True)
    assert cbor2.loads(encoded) == as_lists(value)


@given(st.binary(max_size=60))
@example(b"\x9f\xff")
@example(b"\x82\x00")
def test_arbitrary_bytes_are_canonical_or_refused(data: bytes) -> None:
    try:
        value = decode(data)
    except CanonicalError:
        return
    assert encode(value) == data


@given(values, st.data())
def test_a_changed_byte_never_leads_to_the_same_value(
    value: Value, data: st.DataObject
) -> None:
    changed = bytearray(encode(value))
    place = data.draw(st.integers(0, len(changed) - 1))
    changed[place] ^= data.draw(st.integers(1, 255))
    try:
        other = decode(bytes(changed))
    except CanonicalError:
        return
    assert repr(other) != repr(value)


@given(st.binary(max_size=40))
def test_cbor2_agrees_on_what_is_refused_as_cut_off(data: bytes) -> None:
    try:
        decode(data)
    except CanonicalError as error:
        if error.fault is CanonicalFault.TRUNCATED:
            with pytest.raises(cbor2.CBORDecodeError):
                cbor2.load(io.BytesIO(data))


@pytest.mark.parametrize("number", [INTEGER_MIN - 1, INTEGER_MAX + 1, 1 << 80])
def test_an_integer_beyond_64_bits_has_no_encoding(number: int) -> None:
    assert fault_of_encoding(number) is CanonicalFault.OUT_OF_RANGE


def test_a_lone_surrogate_has_no_encoding() -> None:
    assert fault_of_encoding("\ud800") is CanonicalFault.NOT_UTF8


def test_arrays_nest_so_deep_and_no_deeper() -> None:
    assert decode(encode(nested(DEPTH_MAX))) == nested(DEPTH_MAX)
    assert fault_of_encoding(nested(DEPTH_MAX + 1)) is CanonicalFault.TOO_DEEP


def test_size_and_number_are_bounded_both_ways() -> None:
    assert decode(encode(b"12345", size_max=6), size_max=6) == b"12345"
    assert fault_of_decoding(encode(b"12345"), size_max=5) is CanonicalFault.TOO_LONG
    with pytest.raises(CanonicalError, match="too_long"):
        encode(b"12345", size_max=5)
    pair = ((1, 2), (3,))  # the pair, its two arrays, three numbers
    assert decode(encode(pair, items_max=6), items_max=6) == pair
    with pytest.raises(CanonicalError, match="too_many_items"):
        decode(encode(pair), items_max=5)
    with pytest.raises(CanonicalError, match="too_many_items"):
        encode(pair, items_max=5)


def test_what_is_no_value_is_our_own_mistake() -> None:
    with pytest.raises(AssertionError):
        encode(1.5)  # type: ignore[arg-type]  # a float slipped through


def quickest_ms(data: bytes) -> float:
    """Return the least of a few durations, refused or not."""
    durations = []
    for _ in range(10):
        started = thread_time()
        with suppress(CanonicalError):
            decode(data)
        durations.append(thread_time() - started)
    return 1000 * min(durations)


def test_twenty_kilobytes_are_read_within_ten_milliseconds() -> None:
    triples = encode(tuple((1, -150_000 - i, 3_000 + i) for i in range(2_000)))
    assert 19_000 < len(triples) < 21_000

    assert quickest_ms(triples) < 10


@pytest.mark.parametrize(
    "garbage",
    [
        bytes(SIZE_MAX),
        b"\xff" * SIZE_MAX,
        b"\x9a\x00\x04\x00\x00" + bytes(SIZE_MAX - 5),
        b"\x81" * SIZE_MAX,
        b"\x5a\x00\x10\x00\x00" + bytes(SIZE_MAX - 5),
        bytes(SIZE_MAX + 1),
    ],
    ids=["zeros", "ones", "array", "nested", "string", "long"],
)
def test_garbage_is_refused_within_a_millisecond(garbage: bytes) -> None:
    fault_of_decoding(garbage)

    assert quickest_ms(garbage) < 1
