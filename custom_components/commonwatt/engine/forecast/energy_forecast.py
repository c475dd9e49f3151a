"""What comes in the next delivery periods, and how sure that is."""

from dataclasses import dataclass

from ..model.period import PERIODS_PER_HOUR, DeliveryPeriod
from .series import Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EnergyForecast:
    """Wh of consecutive delivery periods; all arrays are as long."""

    first: DeliveryPeriod
    mean_wh: Floats
    """For plans and for sums over homes."""

    p10_wh: Floats
    p50_wh: Floats
    """The best single guess by absolute error."""

    p90_wh: Floats

    @property
    def power_w(self) -> Floats:
        """The mean as power."""
        return self.mean_wh * PERIODS_PER_HOUR

    def at(self, period: DeliveryPeriod) -> float | None:
        """Return the mean energy of a period; None beyond the forecast."""
        index = period.number - self.first.number
        known = 0 <= index < len(self.mean_wh)
        return float(self.mean_wh[index]) if known else None
