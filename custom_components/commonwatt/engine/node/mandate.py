"""What an owner lets the node promise: which stores, at which prices, down to what.

A store whose control is not armed is not ours to promise: it minds its own business,
and the home's orders have to expect that.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..dispatch import AssetId, Outlook, StoreNow
from ..dispatch.alone import left_alone
from ..model.order import Side, Step
from ..model.period import PERIOD_MS, PERIODS_PER_HOUR
from ..model.units import div_floor


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """The owner's limits; the default has none."""

    stores: frozenset[AssetId] | None = None
    """Batteries that may be traded with; None: all."""

    sell_micro_per_kwh_min: int | None = None
    buy_micro_per_kwh_max: int | None = None
    keep_wh: int = 0
    """Energy in batteries that is never sold."""

    def split(
        self, stores: Iterable[StoreNow]
    ) -> tuple[tuple[StoreNow, ...], tuple[StoreNow, ...]]:
        """Return the stores that may be traded with, and those left alone.

        What is to be kept is taken out of the first ones first.
        """
        kept_wh, ours, alone = self.keep_wh, [], []
        for now in stores:
            if self.stores is not None and now.store.id not in self.stores:
                alone.append(now)
                continue
            reserve_wh = min(now.store.reserve_wh + kept_wh, now.store.capacity_wh)
            kept_wh -= reserve_wh - now.store.reserve_wh
            ours.append(replace(now, store=replace(now.store, reserve_wh=reserve_wh)))
        return tuple(ours), tuple(alone)

    def within(self, steps: Iterable[Step]) -> tuple[Step, ...]:
        """Return steps at prices the owner accepts: dearer offers, lower bids."""
        return tuple(map(self._within, steps))

    def _within(self, step: Step) -> Step:
        price = step.price_micro_per_kwh
        if step.side is Side.SELL and self.sell_micro_per_kwh_min is not None:
            price = max(price, self.sell_micro_per_kwh_min)
        if step.side is Side.BUY and self.buy_micro_per_kwh_max is not None:
            price = min(price, self.buy_micro_per_kwh_max)
        return replace(step, price_micro_per_kwh=price)


def expected_with(outlook: Outlook, alone: tuple[StoreNow, ...]) -> Outlook:
    """Return the period as it looks once batteries left alone have done their part."""
    loads, suns = left_alone(
        (outlook.load_wh * PERIODS_PER_HOUR,),
        (outlook.production_wh * PERIODS_PER_HOUR,),
        (PERIOD_MS,),
        alone,
    )
    (load_w,), (sun_w,) = loads, suns
    assert load_w is not None, "a known load stays known"
    assert sun_w is not None, "a known production stays known"
    return replace(
        outlook,
        load_wh=div_floor(load_w, PERIODS_PER_HOUR),
        production_wh=div_floor(sun_w, PERIODS_PER_HOUR),
    )
