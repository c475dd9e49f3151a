"""What a home has besides devices: tanks, hydrogen, generators, as their owner told.

Their content comes from entities; CommonWatt says when they should run, and their owner
or an automation runs them.
"""

from collections.abc import Callable, Mapping
from typing import Final

from homeassistant.config_entries import ConfigEntry, ConfigSubentry

from .base import Machine
from .generator import SUBENTRY_GENERATOR, PlannedGenerator
from .hydrogen import SUBENTRY_HYDROGEN, PlannedHydrogen
from .tank import SUBENTRY_TANK, PlannedTank

__all__ = [
    "MACHINES",
    "SUBENTRY_GENERATOR",
    "SUBENTRY_HYDROGEN",
    "SUBENTRY_TANK",
    "Machine",
    "machines_of",
]

MACHINES: Final[Mapping[str, Callable[[ConfigSubentry], Machine]]] = {
    SUBENTRY_TANK: PlannedTank,
    SUBENTRY_HYDROGEN: PlannedHydrogen,
    SUBENTRY_GENERATOR: PlannedGenerator,
}
"""By the type of their subentry."""


def machines_of(entry: ConfigEntry) -> tuple[Machine, ...]:
    """Return the machines of a home, in the order they were added."""
    return tuple(
        MACHINES[subentry.subentry_type](subentry)
        for subentry in entry.subentries.values()
        if subentry.subentry_type in MACHINES
    )
