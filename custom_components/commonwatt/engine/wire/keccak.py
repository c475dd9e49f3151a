"""Keccak-256 as Ethereum uses it: what SHA-3 was before its padding changed.

Pure Python, since nothing that Home Assistant brings has it (decision 4).  A block of
136 bytes takes about a fifth of a millisecond: right for a tree of a day, wrong for a
message of every minute.
"""

from typing import Final

_RATE_BYTES: Final = 136
_DIGEST_BYTES: Final = 32
_LANES: Final = 25
_WORD: Final = (1 << 64) - 1

_ROUND_CONSTANTS: Final = (
    0x0000000000000001,
    0x0000000000008082,
    0x800000000000808A,
    0x8000000080008000,
    0x000000000000808B,
    0x0000000080000001,
    0x8000000080008081,
    0x8000000000008009,
    0x000000000000008A,
    0x0000000000000088,
    0x0000000080008009,
    0x000000008000000A,
    0x000000008000808B,
    0x800000000000008B,
    0x8000000000008089,
    0x8000000000008003,
    0x8000000000008002,
    0x8000000000000080,
    0x000000000000800A,
    0x800000008000000A,
    0x8000000080008081,
    0x8000000000008080,
    0x0000000080000001,
    0x8000000080008008,
)
"""Source: FIPS 202, section 3.2.5, and the Keccak reference, version 3.0."""


def _moves() -> tuple[tuple[int, int, int], ...]:
    """Return (from, to, rotation) of each lane: the steps rho and pi at once."""
    x, y = 1, 0
    moves = [(0, 0, 0)]
    for t in range(_LANES - 1):
        rotation = (t + 1) * (t + 2) // 2 % 64
        source = x + 5 * y
        x, y = y, (2 * x + 3 * y) % 5
        moves.append((source, x + 5 * y, rotation))
    return tuple(moves)


_MOVES: Final = _moves()


def keccak256(data: bytes) -> bytes:
    """Return the Keccak-256 of ``data``: 32 bytes."""
    padding = bytearray(_RATE_BYTES - len(data) % _RATE_BYTES)
    padding[0] ^= 0x01
    padding[-1] ^= 0x80
    padded = data + padding
    state = [0] * _LANES
    for start in range(0, len(padded), _RATE_BYTES):
        for lane in range(_RATE_BYTES // 8):
            at = start + 8 * lane
            state[lane] ^= int.from_bytes(padded[at : at + 8], "little")
        state = _permuted(state)
    lanes = (lane.to_bytes(8, "little") for lane in state[: _DIGEST_BYTES // 8])
    return b"".join(lanes)


def _permuted(state: list[int]) -> list[int]:
    """Keccak-f[1600]: 24 rounds of theta, rho, pi, chi and iota."""
    for constant in _ROUND_CONSTANTS:
        column = [
            state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20]
            for x in range(5)
        ]
        mixed = [
            column[x - 1]
            ^ (column[(x + 1) % 5] << 1 & _WORD | column[(x + 1) % 5] >> 63)
            for x in range(5)
        ]
        moved = [0] * _LANES
        for source, target, rotation in _MOVES:
            lane = state[source] ^ mixed[source % 5]
            moved[target] = lane << rotation & _WORD | lane >> 64 - rotation
        state = [
            moved[row + x] ^ (~moved[row + (x + 1) % 5] & moved[row + (x + 2) % 5])
            for row in range(0, _LANES, 5)
            for x in range(5)
        ]
        state[0] ^= constant
    return state
