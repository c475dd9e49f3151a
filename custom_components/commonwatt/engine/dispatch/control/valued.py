"""What a battery does at the prices of a moment, by the value of each kWh in it.

Where values are known from empty to full (a hedged plan), watts need not be planned: a
battery buys until the next kWh is worth no more than it costs, and sells while the last
one is worth less than it earns.
"""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Final

from ...model.period import HOUR_MS, MINUTE_MS
from ...model.units import PPM, div_floor
from ..home import Battery

HURRY_MS: Final = 5 * MINUTE_MS
"""What is left to buy or sell is never crammed into less time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuedBattery:
    """A battery, what is in it, and what each part of its energy is worth."""

    battery: Battery
    stored_wh: int
    values_micro_per_kwh: tuple[int, ...]
    """Of equal parts of the capacity, from empty to full: falling."""

    @property
    def value_micro_per_kwh(self) -> int:
        """What one more kWh is worth now."""
        parts = len(self.values_micro_per_kwh)
        part = div_floor(self.stored_wh * parts, max(self.battery.capacity_wh, 1))
        return self.values_micro_per_kwh[min(max(part, 0), parts - 1)]

    def bought_w(self, price_micro_per_kwh: int, *, left_ms: int) -> int:
        """Return the power at which to buy; 0 if that does not pay."""
        battery = self.battery
        worth = div_floor(
            (price_micro_per_kwh + battery.wear_micro_per_kwh) * PPM, battery.charge_ppm
        )
        missing_wh = self._content_worth(worth) - self.stored_wh
        needed_wh = div_floor(max(missing_wh, 0) * PPM, battery.charge_ppm)
        return min(_power_w(needed_wh, left_ms), battery.charge_w_max)

    def sold_w(self, price_micro_per_kwh: int, *, left_ms: int) -> int:
        """Return the power at which to sell; 0 if that does not pay."""
        battery = self.battery
        worth = div_floor(
            (price_micro_per_kwh - battery.wear_micro_per_kwh) * battery.discharge_ppm,
            PPM,
        )
        kept_wh = max(self._content_worth(worth), battery.reserve_wh)
        given_wh = div_floor(
            max(self.stored_wh - kept_wh, 0) * battery.discharge_ppm, PPM
        )
        return min(_power_w(given_wh, left_ms), battery.discharge_w_max)

    def _content_worth(self, micro_per_kwh: int) -> int:
        """Return the content up to which each kWh is worth more than that."""
        values = self.values_micro_per_kwh
        count = bisect_left(values, -micro_per_kwh, key=lambda value: -value)
        return self.battery.capacity_wh * count // len(values)


def _power_w(energy_wh: int, left_ms: int) -> int:
    return div_floor(energy_wh * HOUR_MS, max(left_ms, HURRY_MS))
