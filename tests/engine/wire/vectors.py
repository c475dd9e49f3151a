"""Reading ``tests/vectors/wire``: JSON cases with typed fields.

In JSON a byte string is ``{"bytes": "00ff"}`` and a text ``{"text": "..."}`` where both
could stand; fields that can only be byte strings are plain hexadecimal.
"""

from collections.abc import Mapping
import json
from pathlib import Path
from typing import override

from custom_components.commonwatt.engine.wire.canonical import Value

FOLDER = Path(__file__).resolve().parents[2] / "vectors" / "wire"


class Case:
    """One JSON object of a vector file."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        self._fields = fields

    @override
    def __str__(self) -> str:
        titles = [self._fields.get(name) for name in ("why", "name", "source")]
        return str(next(filter(None, titles), "case"))

    def text(self, name: str) -> str:
        """Return a field as it stands."""
        return str(self._fields[name])

    def integer(self, name: str) -> int:
        """Return a number."""
        field = self._fields[name]
        assert isinstance(field, int)
        return field

    def bytes(self, name: str) -> bytes:
        """Return the bytes that a field gives in hexadecimal."""
        return bytes.fromhex(self.text(name))

    def value(self, name: str) -> Value:
        """Return a value that may be of any kind."""
        return _value(self._fields[name])

    def texts(self, name: str) -> list[str]:
        """Return a list of texts."""
        field = self._fields[name]
        assert isinstance(field, list)
        return [str(item) for item in field]

    def cases(self, name: str) -> list[Case]:
        """Return a table, never an empty one."""
        field = self._fields[name]
        assert isinstance(field, list)
        assert field, "an empty table tests nothing"
        return [Case(item) for item in field]


def load(name: str) -> Case:
    """Return the content of a vector file."""
    return Case(json.loads((FOLDER / f"{name}.json").read_text()))


def _value(field: object) -> Value:
    match field:
        case None | bool() | int():
            return field
        case {"bytes": str(hexadecimal)}:
            return bytes.fromhex(hexadecimal)
        case {"text": str(text)}:
            return text
        case list(items):
            return tuple(_value(item) for item in items)
        case _:
            raise AssertionError(f"not a value: {field}")
