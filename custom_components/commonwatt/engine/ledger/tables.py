"""Comma-separated text: RFC 4180, and nothing a spreadsheet would run."""

from collections.abc import Iterable
from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_QUOTED: Final = ('"', ",", "\n", "\r")


def csv_text(rows: Iterable[Iterable[str | int]]) -> str:
    """Return rows as text; lines end in CR LF."""
    return "".join(",".join(map(_cell, row)) + "\r\n" for row in rows)


def _cell(value: str | int) -> str:
    if isinstance(value, int):
        return str(value)
    if value.startswith(_FORMULA):
        value = "'" + value
    if any(sign in value for sign in _QUOTED):
        doubled = value.replace('"', '""')
        return f'"{doubled}"'
    return value
