"""A SunSpec map out of points by name: the facts of the driver, the values of a device.

Every point a device does not fill in holds what SunSpec uses for "not available".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..modbus.sunspec.facts import ModelFacts, PointFacts
from .encoding import NOT_AVAILABLE, encode

BASE: Final = 40_000
MARKER: Final = (0x5375, 0x6E53)
"""The letters SunS."""

END: Final = (0xFFFF, 0)
HEADER: Final = 2

type Values = Mapping[str, float | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelContent:
    """What a device puts into one model."""

    model: int
    length: int
    """Registers after the header."""

    values: Values
    members: Sequence[Values] = ()
    """Of the repeating group, where the model has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SunSpecImage:
    """The registers of a device from ``BASE`` on, and where its models begin."""

    registers: tuple[int, ...]
    starts: Mapping[int, int]

    def read(self, address: int, count: int) -> tuple[int, ...] | None:
        """Return registers, or None where the map does not reach."""
        first = address - BASE
        if first < 0 or first + count > len(self.registers):
            return None
        return self.registers[first : first + count]


def map_length(contents: Sequence[ModelContent]) -> int:
    """Return how many registers the map takes, marker and end included."""
    models = sum(content.length + HEADER for content in contents)
    return len(MARKER) + models + len(END)


def build_image(
    contents: Sequence[ModelContent], facts: Mapping[int, ModelFacts]
) -> SunSpecImage:
    """Put the models one after the other."""
    registers = list(MARKER)
    starts: dict[int, int] = {}
    for content in contents:
        starts[content.model] = BASE + len(registers)
        registers.extend(_model_registers(content, facts[content.model]))
    registers.extend(END)
    return SunSpecImage(registers=tuple(registers), starts=starts)


def _model_registers(content: ModelContent, facts: ModelFacts) -> list[int]:
    span = content.length + HEADER
    registers = [content.model, content.length, *[0x8000] * content.length]
    for point in facts.points:
        _put(registers, point, content.values, content.values, shift=0)
    if facts.group is not None:
        for number, member in enumerate(content.members):
            for point in facts.group.points:
                shift = number * facts.group.stride
                _put(registers, point, member, content.values, shift=shift)
    assert len(registers) == span, f"model {content.model} is {len(registers)} long"
    return registers


def _put(
    registers: list[int],
    point: PointFacts,
    values: Values,
    scales: Values,
    *,
    shift: int,
) -> None:
    value = values.get(point.name)
    words = NOT_AVAILABLE[point.type]
    if value is not None:
        words = encode(point.type, _scaled(value, point, scales))
    start = point.offset + shift
    registers[start : start + len(words)] = words


def _scaled(value: float | str, point: PointFacts, scales: Values) -> float | str:
    if point.scale is None or isinstance(value, str):
        return value
    power = scales[point.scale]
    assert isinstance(power, int), f"{point.scale} is a power of ten"
    return value * 10.0**-power
