"""Whether there is energy to spare: behind the own meter, or next door."""

from typing import Final

from ..data import CommonWattData
from ..engine.model.period import MINUTE_MS, Instant, after
from ..engine.model.tariff import Tariff

EXPORT_W_MIN: Final = 200
"""Below this a meter's export is noise."""


def has_surplus(data: CommonWattData) -> bool | None:
    """Tell whether the home exports, or neighbours sell below the middle of the bill.

    Sellers ask little more than the grid would pay them, buyers pay up to what it would
    charge: a clearing price in the lower half says that there is more to sell than to
    buy.  None where neither is known.
    """
    exports, cheap = _exports(data), _neighbours_have_some(data)
    if exports or cheap:
        return True
    return None if exports is None and cheap is None else False


def surplus_until(data: CommonWattData, now: Instant) -> Instant | None:
    """Return how long the plan expects the home to export without a break from now on.

    None without a plan; ``now`` itself if it does not export at all.
    """
    plan = data.plans.plan
    if plan is None:
        return None
    until = now
    steps = zip(plan.horizon.boundaries[1:], plan.net_export_w, strict=True)
    for end, net_w in steps:
        if end <= now:
            continue
        if net_w < EXPORT_W_MIN:
            break
        until = end
    return until


def surplus_lasts(data: CommonWattData, now: Instant, minutes: int) -> bool:
    """Tell whether there is a surplus now, and by the plan for so many minutes."""
    if not has_surplus(data):
        return False
    until = surplus_until(data, now)
    return minutes == 0 or (
        until is not None and until >= after(now, minutes * MINUTE_MS)
    )


def _exports(data: CommonWattData) -> bool | None:
    powers = [meter.power_w for meter in data.home.image().meters.values()]
    known = [power_w for power_w in powers if power_w is not None]
    return sum(known) <= -EXPORT_W_MIN if known else None


def _neighbours_have_some(data: CommonWattData) -> bool | None:
    status, tariff = data.market.status, data.home.tariff()
    if status is None or tariff is None or status.members == 1:
        return None
    price = status.clearing_price_micro_per_kwh
    return None if price is None else price < _middle_micro_per_kwh(tariff)


def _middle_micro_per_kwh(tariff: Tariff) -> int:
    return (tariff.import_micro_per_kwh + tariff.feed_in_micro_per_kwh) // 2
