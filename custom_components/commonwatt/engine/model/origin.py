"""What energy was before it was electricity, and what a home tells about its own."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .party_id import PartyId
from .units import ENERGY_WH_MAX
from .zone import ZoneId

PLANT_LENGTH_MAX: Final = 32
CARBON_MG_MAX: Final = 1 << 53
"""Bound on the carbon of one parcel: far above a ton for the largest of them."""


class EnergySource(StrEnum):
    """What the energy was before it was electricity."""

    SOLAR = "solar"
    WIND = "wind"
    HYDRO = "hydro"
    BIOGAS = "biogas"
    NATURAL_GAS = "natural_gas"
    HYDROGEN = "hydrogen"
    GRID = "grid"
    """The retailer's mix."""

    UNKNOWN = "unknown"
    """Metered, but nobody measured where it came from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOrigin:
    """A part of what a home exported in a delivery period, and where it came from."""

    source: EnergySource
    plant: str
    """A plant the community has registered; empty if there is none."""

    stored: bool
    """Whether it went through a battery."""

    energy_wh: int
    carbon_mg: int

    def __post_init__(self) -> None:
        """Refuse energy that is none and names too long or beyond ASCII."""
        if not 0 < self.energy_wh <= ENERGY_WH_MAX:
            msg = f"an export of {self.energy_wh} Wh is out of bounds"
            raise ValueError(msg)
        if not 0 <= self.carbon_mg <= CARBON_MG_MAX:
            msg = f"carbon of {self.carbon_mg} mg is out of bounds"
            raise ValueError(msg)
        if len(self.plant) > PLANT_LENGTH_MAX or not self.plant.isascii():
            msg = f"a name of {len(self.plant)} letters, or of others, is out of bounds"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ProductionDevice:
    """A plant as a certificate describes it (after the fields of EnergyTag)."""

    id: str
    owner: PartyId
    source: EnergySource
    technology: str
    """Device class: ``photovoltaic``, ``combined heat and power``, ..."""

    capacity_w: int
    commissioned_on: str
    """ISO date; empty if nobody remembers."""

    zone: ZoneId
    carbon_g_per_kwh: int
    """Greenhouse gases of a kWh; times Wh this is mg, exactly."""
