"""From what devices show to what a plan is made from, and from plans to setpoints."""

from collections.abc import Iterator, Mapping
from typing import Final

from ..devices import (
    BatteryState,
    CurrentSetpoint,
    DeviceId,
    PowerSetpoint,
    ProcessImage,
    Setpoint,
)
from ..dispatch import AssetId, Assets, CarNow, ChargingPoint, Store, StoreNow
from ..model.period import MINUTE_MS, PERIODS_PER_HOUR, DeliveryPeriod, Instant
from ..model.units import PPM, div_floor
from .metering import metering_point

AGE_MS_MAX: Final = 10 * MINUTE_MS
"""A device silent for longer is left out of plans."""

VOLTAGE_V: Final = 230
CURRENT_MA_MIN: Final = 6_000
"""Least current a car charges with (IEC 61851-1)."""


def stores_now(image: ProcessImage, assets: Assets) -> Iterator[StoreNow]:
    """Yield the stores whose content is known."""
    known = {store.id: store for store in assets.stores}
    for device, state in sorted(image.batteries.items()):
        store = known.get(AssetId(device)) or _store_as_it_says(device, state)
        if store is None or state.soc_ppm is None or image.age_ms(state) > AGE_MS_MAX:
            continue
        stored_wh = div_floor(state.soc_ppm * store.capacity_wh, PPM)
        yield StoreNow(store=store, stored_wh=stored_wh)


def stored_wh(image: ProcessImage, assets: Assets) -> int | None:
    """Return what all stores hold; None without any, or if one does not tell."""
    known = tuple(stores_now(image, assets))
    if not known or len(known) < len(image.batteries):
        return None
    return sum(store.stored_wh for store in known)


def cars_now(
    image: ProcessImage, assets: Assets, period: DeliveryPeriod
) -> Iterator[CarNow]:
    """Yield the cars that are plugged in and whose needs are known."""
    for point in assets.charging_points:
        state = image.chargers.get(DeviceId(point.id))
        if state is None or not state.connected or image.age_ms(state) > AGE_MS_MAX:
            continue
        needed_wh, leaves_at = point.needed_wh, point.leaves_at
        if needed_wh and leaves_at is not None and leaves_at > period.start:
            yield CarNow(point=point, needed_wh=needed_wh, leaves_at=leaves_at)


def other_cars_wh(image: ProcessImage, cars: tuple[CarNow, ...]) -> int:
    """Return what cars nobody plans for will charge in a period if they go on so."""
    planned = {car.point.id for car in cars}
    return sum(
        div_floor(state.power_w or 0, PERIODS_PER_HOUR)
        for device, state in image.chargers.items()
        if AssetId(device) not in planned and image.age_ms(state) <= AGE_MS_MAX
    )


def unsteered_w(image: ProcessImage, assets: Assets) -> int | None:
    """Return production less load, what is steered left out; None if unknown."""
    point = metering_point(image)
    if point is None or image.age_ms(point[1]) > AGE_MS_MAX:
        return None
    grid_w = point[1].power_w
    if grid_w is None:
        return None
    steered = {DeviceId(asset.id) for asset in assets.generators}
    planned = {DeviceId(asset.id) for asset in assets.charging_points}
    made_w = sum(s.power_w or 0 for d, s in image.inverters.items() if d in steered)
    given_w = sum(state.power_w or 0 for state in image.batteries.values())
    taken_w = sum(s.power_w or 0 for d, s in image.chargers.items() if d in planned)
    return -grid_w - made_w - given_w + taken_w


def setpoints(
    powers_w: Mapping[AssetId, int], assets: Assets, expires_at: Instant
) -> Iterator[Setpoint]:
    """Turn the power each asset adds to the home's export into setpoints."""
    points = {point.id: point for point in assets.charging_points}
    least_w = {generator.id: generator.power_w_min for generator in assets.generators}
    for asset in sorted(powers_w):
        power_w = powers_w[asset]
        device = DeviceId(asset)
        if asset in points:
            current_ma = charging_current_ma(points[asset], -power_w)
            yield CurrentSetpoint(
                device=device, current_ma=current_ma, expires_at=expires_at
            )
            continue
        if asset in least_w:
            power_w = max(power_w, least_w[asset])
        yield PowerSetpoint(device=device, power_w=power_w, expires_at=expires_at)


def charging_current_ma(point: ChargingPoint, power_w: int) -> int:
    """Return the current per phase that gives about ``power_w``; 0 if it is too low."""
    current_ma = div_floor(power_w * 1000, VOLTAGE_V * point.phases)
    return current_ma if current_ma >= CURRENT_MA_MIN else 0


def _store_as_it_says(device: DeviceId, state: BatteryState) -> Store | None:
    if (
        state.capacity_wh is None
        or state.charge_power_w_max is None
        or state.discharge_power_w_max is None
    ):
        return None
    return Store(
        id=AssetId(device),
        capacity_wh=state.capacity_wh,
        charge_w_max=state.charge_power_w_max,
        discharge_w_max=state.discharge_power_w_max,
    )
