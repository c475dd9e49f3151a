"""Facts become readable: a modbus-connection component for each model of a device."""

from collections.abc import Callable, Iterable, Mapping
import types
from typing import Final

from modbus_connection import ModbusUnit
from modbus_connection.model import (
    Component,
    RegisterField,
    raw_register,
    sunspec as fields,
)
from modbus_connection.model.sunspec import (
    SunSpecComponent,
    SunSpecModel,
    model_length_group,
)

from ....engine.devices import PointValue
from ..plain import plain_value
from .facts import GroupFacts, ModelFacts, PointFacts

READ_MAX: Final = 125
"""Registers in one answer, by the Modbus specification."""

_PLAIN: Final[Mapping[str, Callable[[int], RegisterField[int]]]] = {
    "bitfield16": fields.bitfield16,
    "bitfield32": fields.bitfield32,
    "enum16": fields.enum16,
    "sunssf": fields.sunssf,
}


def _number(point: PointFacts, scale: int | None) -> RegisterField[float]:
    match point.type:
        case "int16":
            return fields.int16(
                point.offset, scale_register=scale, writable=point.writable
            )
        case "uint16":
            return fields.uint16(
                point.offset, scale_register=scale, writable=point.writable
            )
        case "uint32":
            return fields.uint32(
                point.offset, scale_register=scale, writable=point.writable
            )
        case _:
            return fields.float32(point.offset, writable=point.writable)


def _field(
    point: PointFacts, scales: Mapping[str, int]
) -> RegisterField[int] | RegisterField[float] | RegisterField[str]:
    scale = None if point.scale is None else scales[point.scale]
    match point.type:
        case "string4" | "string8" | "string16":
            return fields.string(point.offset, point.registers)
        case "acc32":
            return fields.acc32(point.offset, scale_register=scale)
        case "acc64":
            return fields.acc64(point.offset, scale_register=scale)
        case kind if kind in _PLAIN:
            return _PLAIN[kind](point.offset)
        case _:
            return _number(point, scale)


def _readable(
    points: Iterable[PointFacts], scales: Mapping[str, int], end: int
) -> dict[str, object]:
    """Return the fields of the points a model of this length has."""
    return {
        point.name: _field(point, scales)
        for point in points
        if point.offset + point.registers <= end
        and (point.scale is None or point.scale in scales)
    }


def _new_class[C: Component](
    name: str, base: type[C], namespace: Mapping[str, object]
) -> type[C]:
    made = types.new_class(name, (base,), exec_body=lambda body: body.update(namespace))
    assert issubclass(made, base), "a new class has the base it was given"
    return made


def _group(group: GroupFacts, scales: Mapping[str, int]) -> object:
    namespace = _readable(group.points, scales, group.start + group.stride)
    member = _new_class(group.name.title(), Component, namespace)
    return model_length_group(member, start=group.start, stride=group.stride)


def component_for(
    unit: ModbusUnit, model: SunSpecModel, facts: ModelFacts
) -> SunSpecComponent:
    """Return what reads one model of a device, from its header to its last register.

    Everything is read in one piece where Modbus allows it, so that a value and its
    scale factor always come from the same answer.

    Raises:
        SunSpecError: the length of the model does not fit its repeating group.
    """
    scales = {
        point.name: point.offset
        for point in facts.points
        if point.type == "sunssf" and point.offset < model.span
    }
    namespace = _readable(facts.points, scales, min(model.span, READ_MAX))
    if facts.group is not None:
        namespace[facts.group.name] = _group(facts.group, scales)
    if model.span <= READ_MAX:
        namespace["last_register"] = raw_register(model.span - 1)
    namespace["max_gap"] = READ_MAX
    return _new_class(f"Model{model.model_id}", SunSpecComponent, namespace)(
        unit, model
    )


def value_of(component: Component, name: str) -> PointValue:
    """Return a point's value; None where the device does not know or have it."""
    value: object = getattr(component, name, None)
    return plain_value(value)
