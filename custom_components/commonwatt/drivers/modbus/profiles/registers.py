"""Registers of a profile, and the fields of modbus-connection they become."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from modbus_connection.model import (
    FloatField,
    NumberField,
    RegisterField,
)

from ....engine.devices import PointValue
from ..plain import plain_value
from .table import ProfileError, Table


class Space(StrEnum):
    """Which of the two register spaces of a device."""

    HOLDING = "holding"
    INPUT = "input"


class RegisterType(StrEnum):
    """How a value lies in its registers."""

    UINT16 = "uint16"
    INT16 = "int16"
    UINT32 = "uint32"
    INT32 = "int32"
    FLOAT32 = "float32"


class WordOrder(StrEnum):
    """Which word of a longer value comes first."""

    BIG = "big"
    LITTLE = "little"


_COUNT: Final = {
    RegisterType.UINT16: 1,
    RegisterType.INT16: 1,
    RegisterType.UINT32: 2,
    RegisterType.INT32: 2,
    RegisterType.FLOAT32: 2,
}
_ADDRESS_MAX: Final = 0xFFFF
_UNSET: Final[Mapping[RegisterType, int]] = {
    RegisterType.UINT16: 0xFFFF,
    RegisterType.INT16: 0x8000,
    RegisterType.UINT32: 0xFFFF_FFFF,
    RegisterType.INT32: 0x8000_0000,
    RegisterType.FLOAT32: 0,
}
"""What stands for "no value" unless the profile says otherwise; floats have NaN."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFacts:
    """Where a value is and how to read it."""

    address: int
    type: RegisterType
    word_order: WordOrder
    scale: float
    unset: int
    options: Mapping[int, str]
    dotted: bool
    """Every byte is a part of a version: 0x030A1000 is 3.10.16."""

    def field(self) -> RegisterField[float]:
        """Return what reads it; values come out in the unit of the point."""
        count = _COUNT[self.type]
        order: Literal["big", "little"] = (
            "big" if self.word_order is WordOrder.BIG else "little"
        )
        if self.type is RegisterType.FLOAT32:
            return FloatField(self.address, count=count, word_order=order)
        signed = self.type in {RegisterType.INT16, RegisterType.INT32}
        return NumberField(
            self.address, count=count, signed=signed, nan=self.unset, word_order=order
        )

    def value(self, decoded: object) -> PointValue:
        """Return the point's value from what the field decoded."""
        number = plain_value(decoded)
        if number is None or isinstance(number, str):
            return None
        if self.dotted:
            return _dotted(int(number))
        if self.options:
            return self.options.get(int(number))
        return number if self.scale == 1 else round(number * self.scale, 6)


def parse_register(table: Table) -> RegisterFacts:
    """Return the facts of one register.

    Raises:
        ProfileError: they are incomplete or not understood.
    """
    kind = table.choice("type", RegisterType)
    register = RegisterFacts(
        address=table.integer("address"),
        type=kind,
        word_order=table.choice("word_order", WordOrder, WordOrder.BIG),
        scale=table.number("scale", 1),
        unset=table.integer("unset", _UNSET[kind]),
        options=_parse_options(table),
        dotted=table.text("show", "number") == "dotted",
    )
    table.finish()
    if not 0 <= register.address <= _ADDRESS_MAX:
        raise ProfileError(f"there is no register {register.address}")
    return register


def _parse_options(table: Table) -> Mapping[int, str]:
    if "options" not in table:
        return {}
    options = table.table("options")
    return {int(key): options.text(key) for key in options.keys}


def _dotted(number: int) -> str:
    parts = [str(part) for part in number.to_bytes(4)]
    while len(parts) > 1 and parts[-1] == "0":
        parts.pop()
    return ".".join(parts)
