"""What each asset could do in one delivery period, and from which price on it would.

A block raises the home's net export (discharging, generating) once the price is at
least its own, or lowers it (charging) as long as the price is at most its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ..model.period import PERIOD_MS
from ..model.tariff import Tariff
from ..model.units import PPM, div_floor
from .assets import AssetId, Generator
from .problem import CarNow, Outlook, Problem, StoreNow, energy_wh_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Energy an asset can add to (+) or take from (-) the home's net export."""

    asset: AssetId
    energy_wh: int
    price_micro_per_kwh: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Must:
    """Energy an asset takes whatever it costs."""

    asset: AssetId
    energy_wh: int


def value_between(tariff: Tariff, share_ppm: int) -> int:
    """Return the price that far on the way from feed-in to import."""
    low, high = tariff.feed_in_micro_per_kwh, tariff.import_micro_per_kwh
    return low + div_floor((high - low) * min(max(share_ppm, 0), PPM), PPM)


def stored_value(now: StoreNow, tariff: Tariff) -> int:
    """Return what a stored kWh is worth: the emptier the store, the more.

    The last kWh in a store will replace an import, the one that fills it up only
    replaces feed-in; between the two the value falls evenly.  An optimiser puts the
    dual of the storage balance here.
    """
    room_wh = max(1, now.store.capacity_wh - now.store.reserve_wh)
    return value_between(tariff, PPM - div_floor(now.usable_wh * PPM, room_wh))


def store_blocks(now: StoreNow, tariff: Tariff) -> Iterator[Block]:
    """Yield what a store can give and take; losses are paid when charging."""
    store = now.store
    value = stored_value(now, tariff)
    give_wh = min(energy_wh_of(store.discharge_w_max), now.usable_wh)
    if give_wh > 0:
        price = value + store.wear_micro_per_kwh
        yield Block(asset=store.id, energy_wh=give_wh, price_micro_per_kwh=price)
    fits_wh = div_floor(now.free_wh * PPM, store.efficiency_ppm)
    take_wh = min(energy_wh_of(store.charge_w_max), fits_wh)
    if take_wh > 0:
        price = min(value, div_floor(value * store.efficiency_ppm, PPM))
        yield Block(asset=store.id, energy_wh=-take_wh, price_micro_per_kwh=price)


def car_must(now: CarNow, outlook: Outlook) -> Must:
    """Return what can no longer be postponed if the car is to leave charged."""
    later = max(0, periods_left(now, outlook) - 1)
    full_wh = energy_wh_of(now.point.power_w_max)
    must_wh = min(max(0, now.needed_wh - later * full_wh), full_wh)
    return Must(asset=now.point.id, energy_wh=must_wh)


def car_blocks(now: CarNow, outlook: Outlook) -> Iterator[Block]:
    """Yield what the car could charge now rather than later: the later, the dearer."""
    left = periods_left(now, outlook)
    full_wh = energy_wh_of(now.point.power_w_max)
    must_wh = car_must(now, outlook).energy_wh
    could_wh = min(full_wh, now.needed_wh) - must_wh
    if left < 1 or could_wh + must_wh < energy_wh_of(now.point.power_w_min):
        return
    if could_wh > 0:
        urgency_ppm = div_floor(now.needed_wh * PPM, full_wh * left)
        yield Block(
            asset=now.point.id,
            energy_wh=-could_wh,
            price_micro_per_kwh=value_between(outlook.tariff, urgency_ppm),
        )


def generator_blocks(generator: Generator) -> Iterator[Block]:
    """Yield what a generator can give at its cost."""
    energy_wh = energy_wh_of(generator.power_w_max)
    if energy_wh > 0:
        yield Block(
            asset=generator.id,
            energy_wh=energy_wh,
            price_micro_per_kwh=generator.cost_micro_per_kwh,
        )


def periods_left(now: CarNow, outlook: Outlook) -> int:
    """Return how many whole delivery periods the car can charge in, one in reserve."""
    return max(0, div_floor(now.leaves_at - outlook.period.start, PERIOD_MS) - 1)


def blocks_of(problem: Problem) -> tuple[Block, ...]:
    """Return the blocks of all assets for the first period of the horizon."""
    outlook = problem.outlooks[0]
    return (
        *(b for now in problem.stores for b in store_blocks(now, outlook.tariff)),
        *(b for now in problem.cars for b in car_blocks(now, outlook)),
        *(b for generator in problem.generators for b in generator_blocks(generator)),
    )
