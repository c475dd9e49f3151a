"""How the models of a device are read: few requests, none of them across a torn model.

Models that follow each other are read together, as many as one answer holds, but no
model is ever divided: a value and its scale factor belong in the same answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
import logging
from typing import Final

from modbus_connection import IllegalDataAddressError, ModbusUnit
from modbus_connection.model import Component, ComponentGroup
from modbus_connection.model.sunspec import (
    SunSpecComponent,
    SunSpecError,
    SunSpecModel,
    SunSpecModels,
)

from ....engine.devices import PointValue
from ..link import Link
from .components import READ_MAX, component_for, value_of
from .discovery import (
    BATTERY,
    INVERTERS,
    LIMITS,
    METERS,
    RATINGS,
    SETTINGS,
    STATUS,
    STORAGE,
    STRINGS,
)
from .facts import ModelFacts

POLLED: Final = frozenset(
    (*INVERTERS, *METERS, RATINGS, SETTINGS, STATUS, LIMITS, STORAGE, STRINGS, BATTERY)
)
"""Models worth reading again and again."""

SKIPS_MAX: Final = 64
"""Most polls a model is left out for after the device refused it."""

MARK: Final = (0x5375, 0x6E53)
"""The letters SunS, before the first model."""

END: Final = (0xFFFF, 0)
"""In place of a model after the last one."""

_LOGGER = logging.getLogger(__name__)


@dataclass(slots=True)
class Block:
    """Neighbouring models that are read with one request."""

    group: ComponentGroup
    parts: Mapping[int, SunSpecComponent]
    skips: int = 0
    """Polls for which it will be left out."""

    refusals: int = 0

    @classmethod
    def of(cls, unit: ModbusUnit, parts: Mapping[int, SunSpecComponent]) -> Block:
        """Return the block that reads these models."""
        return cls(ComponentGroup(unit, parts.values()), parts)

    def refused(self) -> None:
        """Leave it out for a while, longer each time, but never for ever."""
        self.skips = min(1 << self.refusals, SKIPS_MAX)
        self.refusals = min(self.refusals + 1, SKIPS_MAX.bit_length())


@dataclass(slots=True)
class SunSpecMap:
    """Everything of a device that is read in a poll, and what it said."""

    link: Link
    models: SunSpecModels
    components: Mapping[int, SunSpecComponent]
    blocks: list[Block]
    known: set[int] = field(default_factory=set)
    """Models that answered in the last poll."""

    @classmethod
    def of(
        cls, link: Link, models: SunSpecModels, facts: Mapping[int, ModelFacts]
    ) -> SunSpecMap:
        """Lay out the models of a device; of equal ones the first counts."""
        components: dict[int, SunSpecComponent] = {}
        packs: list[list[SunSpecModel]] = []
        for model in models.chain:
            if model.model_id not in POLLED or model.model_id in components:
                continue
            component = _component(link.unit, model, facts[model.model_id])
            if component is None:
                continue
            components[model.model_id] = component
            if packs and _fits(packs[-1], model):
                packs[-1].append(model)
            else:
                packs.append([model])
        blocks = [
            Block.of(link.unit, {m.model_id: components[m.model_id] for m in pack})
            for pack in packs
        ]
        return cls(link, models, components, blocks)

    async def read(self) -> None:
        """Read everything once; a model that is refused is unknown for this poll.

        Raises:
            ModbusError: the device does not answer, or refuses everything.
            SunSpecMapShiftError: a model is no longer where it was.
        """
        skipping_is_safe = bool(self.known)
        self.known.clear()
        for block in tuple(self.blocks):
            if block.skips and skipping_is_safe:
                block.skips -= 1
            else:
                await self._read_block(block)
        if not self.known:
            raise IllegalDataAddressError(message="every model was refused")

    async def _read_block(self, block: Block) -> None:
        try:
            await self.link.ask(block.group.async_update)
        except IllegalDataAddressError:
            if len(block.parts) > 1:
                await self._divide(block)
            else:
                block.refused()
        else:
            block.skips = block.refusals = 0
            self.known.update(block.parts)

    async def _divide(self, block: Block) -> None:
        """Read the models of a refused block one by one, from now on."""
        _LOGGER.debug("models %s are read one by one", sorted(block.parts))
        parts = [Block.of(self.link.unit, {i: c}) for i, c in block.parts.items()]
        position = self.blocks.index(block)
        self.blocks[position : position + 1] = parts
        for part in parts:
            await self._read_block(part)

    async def read_raw(self) -> Mapping[str, Mapping[int, int]]:
        """Return every register of the whole map, models we do not know included.

        A model that is refused is left out.  Mark and end are there, so that the device
        can be opened again from what is returned.
        """
        chain = self.models.chain
        words: dict[int, int] = {}
        for model in chain:
            end = model.address + model.span
            for first in range(model.address, end, READ_MAX):
                count = min(READ_MAX, end - first)
                words |= await self._read_words(first, count)
        words |= _numbered(chain[0].address - len(MARK), MARK)
        words |= _numbered(chain[-1].address + chain[-1].span, END)
        return {"holding": words}

    async def _read_words(self, first: int, count: int) -> dict[int, int]:
        unit = self.link.unit
        try:
            answer = await self.link.ask(
                lambda: unit.read_holding_registers(first, count)
            )
        except IllegalDataAddressError:
            return {}
        return _numbered(first, answer)

    def value(self, models: Iterable[int], name: str) -> PointValue:
        """Return the first value any of the models knows."""
        values = (value_of(self.components[m], name) for m in models if m in self.known)
        return next((value for value in values if value is not None), None)

    def members(self, model: int, group: str) -> tuple[Component, ...]:
        """Return the repeated parts of a model that answered in the last poll."""
        if model not in self.known:
            return ()
        return tuple(getattr(self.components[model], group))


def _numbered(first: int, words: Iterable[int]) -> dict[int, int]:
    return dict(enumerate(words, start=first))


def _component(
    unit: ModbusUnit, model: SunSpecModel, facts: ModelFacts
) -> SunSpecComponent | None:
    try:
        return component_for(unit, model, facts)
    except SunSpecError as err:
        _LOGGER.debug("model %s is left out: %s", model.model_id, err)
        return None


def _fits(pack: list[SunSpecModel], model: SunSpecModel) -> bool:
    """Tell whether a model follows a pack and one answer holds them all."""
    last = pack[-1]
    follows = last.address + last.span == model.address
    return follows and model.address + model.span - pack[0].address <= READ_MAX
