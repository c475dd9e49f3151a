"""Whom and what a party would rather trade with."""

from dataclasses import dataclass
from typing import Final

from .origin import EnergySource
from .party import PartyId

WISHES_MAX: Final = 4
"""Neighbours, and sources, that a party may name when it bids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """Whom and what a party would rather trade with, the dearest wish first."""

    party: PartyId
    neighbours: tuple[PartyId, ...] = ()
    """Heard from sellers and buyers alike."""

    sources: tuple[EnergySource, ...] = ()
    """Of what it buys."""
