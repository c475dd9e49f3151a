"""From the counters of devices to the flows that the statistics show."""

from collections.abc import Iterable
from typing import Final

from ..accounts.flows import Amounts, Flow
from ..engine.devices import ProcessImage
from ..engine.model.period import PERIOD_MS, DeliveryPeriod, Instant

PERIODS_KEPT: Final = 192
"""How long energy waits for the settlement of its period: two days."""


class CounterBook:
    """Turns the counters of devices, read at every boundary, into energy by period."""

    def __init__(self) -> None:
        self._last: dict[Flow, int] = {}
        self._counted: dict[DeliveryPeriod, Amounts] = {}

    def read(self, image: ProcessImage) -> None:
        """Note what flowed in the period that ends with this image, if one does.

        A counter that was unknown for a while gives all its energy to the period in
        which it is known again.
        """
        if image.taken_at % PERIOD_MS != 0:
            return
        amounts: dict[Flow, int] = {}
        for flow, counter_wh in _counters(image).items():
            if counter_wh is None:
                continue
            if flow in self._last:
                amounts[flow] = max(0, counter_wh - self._last[flow])
            self._last[flow] = counter_wh
        ended = DeliveryPeriod.containing(Instant(image.taken_at - 1))
        self._counted[ended] = amounts
        for old in sorted(self._counted)[:-PERIODS_KEPT]:
            del self._counted[old]

    def take(self, period: DeliveryPeriod) -> Amounts:
        """Return, once, what flowed in a period; it is booked when it is settled."""
        return self._counted.pop(period, {})


def _counters(image: ProcessImage) -> dict[Flow, int | None]:
    batteries, taken_at = image.batteries.values(), image.taken_at
    return {
        Flow.SOLAR: _sum(
            i.energy_wh for i in image.inverters.values() if i.measured_at == taken_at
        ),
        Flow.BATTERY_CHARGED: _sum(
            b.charged_wh for b in batteries if b.measured_at == taken_at
        ),
        Flow.BATTERY_DISCHARGED: _sum(
            b.discharged_wh for b in batteries if b.measured_at == taken_at
        ),
        Flow.CHARGER: _sum(
            c.energy_wh for c in image.chargers.values() if c.measured_at == taken_at
        ),
    }


def _sum(counters: Iterable[int | None]) -> int | None:
    """Add up counters; None where there are none, or one is unknown."""
    known = list(counters)
    if not known or None in known:
        return None
    return sum(counter for counter in known if counter is not None)
