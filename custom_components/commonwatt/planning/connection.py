"""The home's connection to the grid: its limits, and what its highest import costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.util.json import JsonValueType

from ..engine.dispatch.home import CapacityTariff
from ..quantities import StateProblem, power_w
from ..references import EntityRef, state_of
from ..settings import integer, optional_text

SUBENTRY_GRID: Final = "grid"

CONNECTION_W_MAX: Final = 43_000
"""Three phases of 63 A: what a home's connection hardly ever exceeds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridSettings:
    """What a subentry says of the connection; the default is a large one."""

    import_w_max: int = CONNECTION_W_MAX
    export_w_max: int = CONNECTION_W_MAX
    capacity_micro_per_kw: int = 0
    """What a kW of the highest import costs in a billing period; 0: nothing."""

    peak: EntityRef | None = None
    """Shows the highest import so far: that much is paid for anyway."""

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Self:
        """Parse what ``as_data`` wrote."""
        return cls(
            import_w_max=integer(data, "import_w_max"),
            export_w_max=integer(data, "export_w_max"),
            capacity_micro_per_kw=integer(data, "capacity_micro_per_kw"),
            peak=optional_text(data, "peak"),
        )

    def as_data(self) -> dict[str, JsonValueType]:
        """Return the data of a subentry."""
        return {
            "import_w_max": self.import_w_max,
            "export_w_max": self.export_w_max,
            "capacity_micro_per_kw": self.capacity_micro_per_kw,
            "peak": self.peak,
        }

    def capacity(self, hass: HomeAssistant) -> CapacityTariff | None:
        """Return the price of the highest import, from what it has been so far."""
        if not self.capacity_micro_per_kw:
            return None
        peak = 0 if self.peak is None else power_w(state_of(hass, self.peak))
        return CapacityTariff(
            price_micro_per_kw=self.capacity_micro_per_kw,
            peak_w=0 if isinstance(peak, StateProblem) else max(0, peak),
        )


def grid_of(entry: ConfigEntry) -> GridSettings:
    """Return the connection of a home."""
    for subentry in entry.get_subentries_of_type(SUBENTRY_GRID):
        return GridSettings.from_data(subentry.data)
    return GridSettings()
