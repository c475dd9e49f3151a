"""Squeezes what travels on one link, each frame by what went before it.

Frames of one link have much in common: the same members, circles, digests and keys.
DEFLATE (RFC 1951) with one window for the whole link, flushed after every frame as in
RFC 7692, writes all that once.  Each frame is unpacked to no more than a frame may
hold, whatever its bytes promise.
"""

from typing import Final
import zlib

from ..frames import FRAME_SIZE_MAX

_WINDOW_BITS: Final = 14
"""16 KiB: a link takes some 150 KiB of memory, and there may be 256 of them."""

_MEMORY_LEVEL: Final = 7
_TAIL: Final = b"\x00\x00\xff\xff"
"""What every flush ends with, and so nobody has to say (RFC 7692, 7.2.1)."""


class Press:
    """Both directions of one link.  Nothing may be left out, or taken twice."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self._packing: Final = zlib.compressobj(
            wbits=-_WINDOW_BITS, memLevel=_MEMORY_LEVEL
        )
        self._unpacking: Final = zlib.decompressobj(wbits=-_WINDOW_BITS)

    def pack(self, frame: bytes) -> bytes:
        """Return the bytes that travel."""
        packed = self._packing.compress(frame) + self._packing.flush(zlib.Z_SYNC_FLUSH)
        return packed.removesuffix(_TAIL)

    def unpack(self, data: bytes) -> bytes | None:
        """Return what the other end packed; None for anything else, and it is over."""
        unpacking = self._unpacking
        try:
            frame = unpacking.decompress(data + _TAIL, FRAME_SIZE_MAX + 1)
        except zlib.error:
            return None
        is_whole = not (unpacking.unconsumed_tail or unpacking.eof)
        return frame if is_whole else None
