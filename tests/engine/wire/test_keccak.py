"""Keccak-256 beside the vectors of its authors and another implementation."""

from eth_hash.auto import keccak
from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.wire.keccak import keccak256


@pytest.mark.parametrize(
    ("data", "digest"),
    [
        (b"", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
        (b"abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
    ],
)
def test_known_digests(data: bytes, digest: str) -> None:
    assert keccak256(data).hex() == digest


@pytest.mark.parametrize("size", [135, 136, 137, 271, 272, 273, 1_000])
def test_blocks_are_padded_as_elsewhere(size: int) -> None:
    data = bytes(number % 251 for number in range(size))

    assert keccak256(data) == keccak(data)


@given(st.binary(max_size=300))
def test_any_bytes_have_the_digest_that_others_find(data: bytes) -> None:
    assert keccak256(data) == keccak(data)
