"""What a battery nobody steers does by itself: it balances the home at its meter.

Whoever may not drive a battery still has to expect what it does: it takes what is left
over and gives what is missing, as far as it can.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..model.period import HOUR_MS
from ..model.units import PPM, div_floor
from .problem import StoreNow

type Powers = tuple[int | None, ...]


@dataclass(slots=True)
class _Left:
    """A battery on its own, and what is in it by now."""

    now: StoreNow
    stored_wh: int

    def power_w(self, surplus_w: int, length_ms: int) -> int:
        """Take a part of ``surplus_w`` (give, if negative) for ``length_ms``."""
        store = self.now.store
        if surplus_w >= 0:
            free_wh = max(0, store.capacity_wh - self.stored_wh)
            fits_wh = div_floor(free_wh * PPM, store.efficiency_ppm)
            power_w = min(surplus_w, store.charge_w_max, _watts(fits_wh, length_ms))
            energy_wh = div_floor(power_w * length_ms, HOUR_MS)
            self.stored_wh += div_floor(energy_wh * store.efficiency_ppm, PPM)
            return power_w
        usable_wh = max(0, self.stored_wh - store.reserve_wh)
        most_w = min(store.discharge_w_max, _watts(usable_wh, length_ms))
        power_w = min(-surplus_w, most_w)
        # Rounded up: a battery never gives what it does not have.
        self.stored_wh += div_floor(-power_w * length_ms, HOUR_MS)
        return -power_w


def left_alone(
    load_w: Sequence[int | None],
    production_w: Sequence[int | None],
    step_ms: Sequence[int],
    stores: Iterable[StoreNow],
) -> tuple[Powers, Powers]:
    """Return load and production as they look once the batteries have done their part.

    What a battery takes is production that never leaves the house; what it gives is
    load nobody has to serve.  Steps of which nothing is known stay unknown.
    """
    batteries = [_Left(now, now.stored_wh) for now in stores]
    loads, suns = list(load_w), list(production_w)
    for step, length_ms in enumerate(step_ms):
        load, sun = loads[step], suns[step]
        if load is None:
            continue
        for battery in batteries:
            power_w = battery.power_w((sun or 0) - load, length_ms)
            if power_w > 0:
                sun = (sun or 0) - power_w
            else:
                load += power_w
        loads[step], suns[step] = load, sun
    return tuple(loads), tuple(suns)


def _watts(energy_wh: int, length_ms: int) -> int:
    return div_floor(energy_wh * HOUR_MS, length_ms)
