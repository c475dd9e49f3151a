"""Chance without state: numbers that follow from a seed and a position alone.

A number never depends on which numbers were asked for before, so that looking at a home
more often, or at fewer homes, changes nothing.
"""

from functools import cache
from hashlib import blake2b
from typing import Final

WORD: Final = (1 << 64) - 1
GOLDEN: Final = 0x9E3779B97F4A7C15


def derive_seed(*labels: int | str) -> int:
    """Return a 64-bit seed for the use that ``labels`` name."""
    text = "\x1f".join(map(str, labels)).encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest())


def unit(seed: int, index: int) -> float:
    """Return the number in ``[0, 1)`` at ``index`` of the sequence of ``seed``.

    Source: the SplitMix64 generator, Steele, Lea & Flood, "Fast splittable pseudorandom
    number generators", OOPSLA 2014, figure 17, entered at any index.
    """
    word = (seed + index * GOLDEN) & WORD
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & WORD
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & WORD
    return (word ^ (word >> 31)) / 2**64


class Dice:
    """One sequence of throws, always begun at its start."""

    __slots__ = ("_next", "_seed")

    def __init__(self, *labels: int | str) -> None:
        self._seed = derive_seed(*labels)
        self._next = 0

    def unit(self) -> float:
        """Return a number in ``[0, 1)``."""
        self._next += 1
        return unit(self._seed, self._next)

    def between(self, low: int, high: int) -> int:
        """Return an integer in ``[low, high]``."""
        return low + int(self.unit() * (high - low + 1))

    def count(self, mean: float) -> int:
        """Return ``mean`` rounded down or up, so that it is right on the average."""
        return int(mean + self.unit())


def smooth_noise(seed: int, *, first: int, count: int, spacing: int) -> list[float]:
    """Return ``count`` samples of noise in ``[-1, 1)`` from position ``first`` on.

    Value noise: independent numbers at every multiple of ``spacing``, joined by a curve
    that is level where it meets them.  Neighbours are alike, distant samples are not.
    """
    samples: list[float] = []
    curve = _curve(spacing)
    cell, skip = divmod(first, spacing)
    left = unit(seed, cell)
    while len(samples) < count:
        cell += 1
        right = unit(seed, cell)
        start, rise = 2 * left - 1, 2 * (right - left)
        samples.extend([start + rise * share for share in curve[skip:]])
        left, skip = right, 0
    return samples[:count]


@cache
def _curve(spacing: int) -> tuple[float, ...]:
    """Return the smoothstep polynomial sampled ``spacing`` times."""
    steps = [step / spacing for step in range(spacing)]
    return tuple(s * s * (3 - 2 * s) for s in steps)
