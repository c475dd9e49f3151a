"""Numbers as integers modulo 2**64, in which masks cancel exactly."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Words = NDArray[np.uint64]

FRACTION_BITS: Final = 24
MAGNITUDE_MAX: Final = 1 << 14
"""Bound on every contributed number: 256 of them stay far below 2**63."""


def to_words(numbers: Floats) -> Words:
    """Round to multiples of 2**-24; ValueError for what is no number or too large."""
    if not np.isfinite(numbers).all() or (np.abs(numbers) > MAGNITUDE_MAX).any():
        raise ValueError("a contribution is finite and bounded")
    scaled = np.rint(numbers * (1 << FRACTION_BITS)).astype(np.int64)
    return scaled.view(np.uint64)


def from_words(words: Words, *, count: int) -> Floats | None:
    """Return the sum of ``count`` contributions; None if it cannot be one."""
    signed = words.view(np.int64).astype(np.float64) / (1 << FRACTION_BITS)
    if (np.abs(signed) > count * MAGNITUDE_MAX).any():
        return None
    return signed


def to_bytes(words: Words) -> bytes:
    """Return the words as they travel."""
    return words.astype("<u8").tobytes()


def words_of(data: bytes) -> Words:
    """Return the words that travelled as ``data``."""
    return np.frombuffer(data, dtype="<u8").astype(np.uint64)
