"""Values become registers: big-endian words, saturating where a device would."""

import struct
from typing import Final

WORD_MAX: Final = 0xFFFF

NOT_AVAILABLE: Final = {
    "acc32": (0, 0),
    "bitfield16": (0xFFFF,),
    "bitfield32": (0xFFFF, 0xFFFF),
    "enum16": (0xFFFF,),
    "float32": (0x7FC0, 0),
    "int16": (0x8000,),
    "string4": (0,) * 4,
    "string8": (0,) * 8,
    "string16": (0,) * 16,
    "sunssf": (0x8000,),
    "uint16": (0xFFFF,),
    "uint32": (0xFFFF, 0xFFFF),
}
"""What SunSpec puts where a device has no value."""


def int16(value: int) -> int:
    """Return the register of a signed number; -32768 means "none", so it is avoided."""
    return max(-0x7FFF, min(0x7FFF, value)) & WORD_MAX


def signed(register: int) -> int:
    """Return the signed number in a register."""
    return register - 0x10000 if register & 0x8000 else register


def uint16(value: int) -> int:
    """Return the register of an unsigned number; 65535 means "none"."""
    return max(0, min(WORD_MAX - 1, value))


def uint32(value: int) -> tuple[int, int]:
    """Return the registers of an unsigned number; beyond 32 bits it turns over."""
    value &= 0xFFFF_FFFF
    return value >> 16, value & WORD_MAX


def float32(value: float) -> tuple[int, int]:
    """Return the registers of an IEEE 754 number."""
    high, low = struct.unpack(">HH", struct.pack(">f", value))
    return high, low


def string(text: str, registers: int) -> tuple[int, ...]:
    """Return text padded with NUL."""
    padded = text.encode("ascii")[: 2 * registers].ljust(2 * registers, b"\0")
    return struct.unpack(f">{registers}H", padded)


def encode(kind: str, value: float | str) -> tuple[int, ...]:
    """Return the registers of a SunSpec point of type ``kind``, already scaled."""
    if isinstance(value, str):
        return string(value, len(NOT_AVAILABLE[kind]))
    match kind:
        case "int16" | "sunssf":
            return (int16(round(value)),)
        case "uint16" | "enum16" | "bitfield16":
            return (uint16(round(value)),)
        case _:
            assert kind in {"uint32", "acc32", "bitfield32"}, f"no number is {kind}"
            return uint32(round(value))
