"""Values of the wire as JSON has them: arrays as lists, bytes as hexadecimal text.

Reading raises ValueError alone for what was never written so.
"""

from typing import Final

from ...wire.canonical import Value

type Plain = int | str | bool | list[Plain] | None

BYTES_MARK: Final = "0x"
"""Begins a text that stands for bytes; no text of a tale begins so itself."""

DEPTH_MAX: Final = 16


def plain(value: Value) -> Plain:
    """Return a value as JSON can hold it."""
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    if isinstance(value, bytes):
        return BYTES_MARK + value.hex()
    assert not (isinstance(value, str) and value.startswith(BYTES_MARK)), "read back"
    return value


def from_plain(data: object, *, depth: int = 0) -> Value:
    """Return the value that was written so; ValueError if none was."""
    if isinstance(data, list) and depth < DEPTH_MAX:
        return tuple(from_plain(part, depth=depth + 1) for part in data)
    if isinstance(data, str) and data.startswith(BYTES_MARK):
        return bytes.fromhex(data.removeprefix(BYTES_MARK))
    if data is None or isinstance(data, int | str):
        return data
    raise ValueError("no value of the wire")
