"""Who a device says it is: its common models, one in front of each part of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from modbus_connection.model.sunspec import SunSpecModel, SunSpecModels

from ....engine.devices import DeviceKind
from ..errors import IdentifyError, IdentifyReason
from ..link import Link
from .components import component_for, value_of
from .discovery import COMMON, KIND_MODELS
from .facts import ModelFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One common model."""

    address: int
    manufacturer: str
    model: str
    serial: str | None
    version: str | None


async def read_labels(
    link: Link, models: SunSpecModels, facts: Mapping[int, ModelFacts]
) -> tuple[Label, ...]:
    """Read all common models, in the order of the map.

    Raises:
        ModbusError: the device does not answer.
        SunSpecMapShiftError: a model is no longer where it was.
    """
    found = models.get(COMMON, [])
    return tuple([await _read(link, model, facts[COMMON]) for model in found])


async def _read(link: Link, model: SunSpecModel, facts: ModelFacts) -> Label:
    common = component_for(link.unit, model, facts)
    await link.ask(common.async_update)

    def text(name: str) -> str | None:
        value = value_of(common, name)
        return None if value is None else str(value)

    return Label(
        address=model.address,
        manufacturer=text("Mn") or "SunSpec",
        model=text("Md") or "device",
        serial=text("SN"),
        version=text("Vr"),
    )


def choose_label(
    labels: tuple[Label, ...],
    models: SunSpecModels,
    *,
    kind: DeviceKind | None,
    serial: str | None,
) -> Label:
    """Return the label that belongs to a kind or carries a serial number.

    Raises:
        IdentifyError: there is none, or none with that serial number.
    """
    if serial is not None:
        same = (label for label in labels if label.serial == serial)
        label = next(same, None)
        if label is None:
            told = ", ".join(str(label.serial) for label in labels)
            raise IdentifyError(IdentifyReason.OTHER_DEVICE, f"it is {told}")
        return label
    if not labels:
        raise IdentifyError(IdentifyReason.DAMAGED_MAP, "it does not say who it is")
    part = None if kind is None else models.first(*KIND_MODELS.get(kind, ()))
    if part is None:
        return labels[0]
    before = [label for label in labels if label.address < part.address]
    return before[-1] if before else labels[0]
