"""The register facts of SunSpec models, read from ``models.txt``.

Pure parsing; the file is read once, off the event loop (see :func:`load_facts`).
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("models.txt")
_REGISTERS: Final[Mapping[str, int]] = {
    "acc32": 2,
    "acc64": 4,
    "bitfield16": 1,
    "bitfield32": 2,
    "enum16": 1,
    "float32": 2,
    "int16": 1,
    "string4": 4,
    "string8": 8,
    "string16": 16,
    "sunssf": 1,
    "uint16": 1,
    "uint32": 2,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PointFacts:
    """One point: where it is and how to read it."""

    offset: int
    """Registers from the model's ID."""

    name: str
    type: str
    scale: str | None
    """Name of the point that holds the power of ten."""

    unit: str | None
    writable: bool

    @property
    def registers(self) -> int:
        """How many registers it takes."""
        return _REGISTERS[self.type]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFacts:
    """Points that repeat to the end of the model."""

    name: str
    start: int
    stride: int
    points: tuple[PointFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """One information model."""

    title: str
    points: tuple[PointFacts, ...] = ()
    group: GroupFacts | None = None

    def with_point(self, point: PointFacts) -> ModelFacts:
        """Return the model with one point more, in its group once that has begun."""
        if self.group is None:
            return replace(self, points=(*self.points, point))
        group = replace(self.group, points=(*self.group.points, point))
        return replace(self, group=group)


def parse_facts(text: str) -> Mapping[int, ModelFacts]:
    """Return the models of a table in the format that ``models.txt`` explains."""
    models: dict[int, ModelFacts] = {}
    current: list[int] = []
    for line in text.splitlines():
        words = line.split()
        match words:
            case [] | ["#", *_] | ["#"]:
                continue
            case ["model", *rest]:
                ids, title = " ".join(rest).split("|")
                current = [int(number) for number in ids.split()]
                facts = ModelFacts(title=title.strip())
            case ["group", name, start, stride]:
                group = GroupFacts(name=name, start=int(start), stride=int(stride))
                facts = replace(facts, group=group)
            case _:
                facts = facts.with_point(_parse_point(words))
        models.update(dict.fromkeys(current, facts))
    return models


def _parse_point(words: list[str]) -> PointFacts:
    offset, name, kind, scale, unit, access = words
    assert kind in _REGISTERS, f"{name}: no type {kind}"
    return PointFacts(
        offset=int(offset),
        name=name,
        type=kind,
        scale=None if scale == "-" else scale,
        unit=None if unit == "-" else unit,
        writable=access == "rw",
    )


@cache
def read_facts() -> Mapping[int, ModelFacts]:
    """Return all models of the file; blocks on the disk the first time."""
    return parse_facts(_FILE.read_text(encoding="utf-8"))


async def load_facts() -> Mapping[int, ModelFacts]:
    """Return all models without blocking the event loop."""
    return await asyncio.to_thread(read_facts)
