"""What a meter counted in one delivery period.

A missing reading is absent, never zero.
"""

from dataclasses import dataclass

from .party import PartyId
from .period import DeliveryPeriod
from .units import ENERGY_WH_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterReading:
    """Energy through a party's metering point in one period, gross both ways."""

    party: PartyId
    period: DeliveryPeriod
    import_wh: int
    export_wh: int

    def __post_init__(self) -> None:
        """Refuse what no meter can have counted."""
        for energy_wh in (self.import_wh, self.export_wh):
            if not 0 <= energy_wh <= ENERGY_WH_MAX:
                msg = f"a reading of {energy_wh} Wh is out of bounds"
                raise ValueError(msg)

    @property
    def net_export_wh(self) -> int:
        """Exported minus imported energy."""
        return self.export_wh - self.import_wh
