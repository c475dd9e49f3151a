"""Numbers of the plan: how much each goal counts, what is kept, what a car needs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntityDescription,
    NumberMode,
    RestoreNumber,
)
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    UnitOfEnergy,
    UnitOfPower,
    UnitOfTime,
)
from homeassistant.helpers.entity import Entity

from ..data import CommonWattConfigEntry
from ..engine.model.units import MICRO_PER_UNIT, PRICE_MICRO_PER_KWH_MAX
from ..entity import device_info
from ..home_device import HomeDevice
from .entity import PlanEntity, wants_wish
from .wishes import Wishes

_WH_PER_KWH: Final = 1000
_PRICE_MAX: Final = PRICE_MICRO_PER_KWH_MAX / MICRO_PER_UNIT


@dataclass(frozen=True, kw_only=True)
class WishDescription(NumberEntityDescription):
    """A number that is one wish."""

    native_min_value: float | None = 0
    read: Callable[[Wishes], int]
    write: Callable[[Wishes, int], None]
    scale: int = 1
    """How many of ours make one of those that are shown."""

    is_price: bool = False
    """Shown in the currency of Home Assistant per kWh."""


def _money(wishes: Wishes, percent: int) -> None:
    wishes.money_percent = percent


def _carbon(wishes: Wishes, percent: int) -> None:
    wishes.carbon_percent = percent


def _resilience(wishes: Wishes, percent: int) -> None:
    wishes.resilience_percent = percent


def _reserve(wishes: Wishes, hours: int) -> None:
    wishes.reserve_hours = hours


def _critical(wishes: Wishes, power_w: int) -> None:
    wishes.critical_w = power_w


def _sell_price_min(wishes: Wishes, micro_per_kwh: int) -> None:
    lowest = micro_per_kwh <= -PRICE_MICRO_PER_KWH_MAX
    wishes.sell_micro_per_kwh_min = None if lowest else micro_per_kwh


def _buy_price_max(wishes: Wishes, micro_per_kwh: int) -> None:
    highest = micro_per_kwh >= PRICE_MICRO_PER_KWH_MAX
    wishes.buy_micro_per_kwh_max = None if highest else micro_per_kwh


def _keep(wishes: Wishes, energy_wh: int) -> None:
    wishes.keep_wh = energy_wh


WISHES: Final = (
    WishDescription(
        key="weight_money",
        native_unit_of_measurement=PERCENTAGE,
        native_max_value=1000,
        read=lambda wishes: wishes.money_percent,
        write=_money,
    ),
    WishDescription(
        key="weight_carbon",
        native_unit_of_measurement=PERCENTAGE,
        native_max_value=1000,
        read=lambda wishes: wishes.carbon_percent,
        write=_carbon,
    ),
    WishDescription(
        key="weight_resilience",
        native_unit_of_measurement=PERCENTAGE,
        native_max_value=1000,
        read=lambda wishes: wishes.resilience_percent,
        write=_resilience,
    ),
    WishDescription(
        key="reserve_hours",
        device_class=NumberDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.HOURS,
        native_max_value=48,
        read=lambda wishes: wishes.reserve_hours,
        write=_reserve,
    ),
    WishDescription(
        key="critical_power",
        device_class=NumberDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.WATT,
        native_max_value=20_000,
        native_step=10,
        read=lambda wishes: wishes.critical_w,
        write=_critical,
    ),
    WishDescription(
        key="keep_energy",
        device_class=NumberDeviceClass.ENERGY_STORAGE,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        native_max_value=1000,
        native_step=0.1,
        scale=1000,
        read=lambda wishes: wishes.keep_wh,
        write=_keep,
    ),
    WishDescription(
        key="sell_price_min",
        native_min_value=-_PRICE_MAX,
        native_max_value=_PRICE_MAX,
        native_step=0.001,
        is_price=True,
        scale=MICRO_PER_UNIT,
        read=lambda wishes: (
            -PRICE_MICRO_PER_KWH_MAX
            if wishes.sell_micro_per_kwh_min is None
            else wishes.sell_micro_per_kwh_min
        ),
        write=_sell_price_min,
    ),
    WishDescription(
        key="buy_price_max",
        native_min_value=-_PRICE_MAX,
        native_max_value=_PRICE_MAX,
        native_step=0.001,
        is_price=True,
        scale=MICRO_PER_UNIT,
        read=lambda wishes: (
            PRICE_MICRO_PER_KWH_MAX
            if wishes.buy_micro_per_kwh_max is None
            else wishes.buy_micro_per_kwh_max
        ),
        write=_buy_price_max,
    ),
)


def plan_numbers(entry: CommonWattConfigEntry) -> Iterable[Entity]:
    """Build the numbers of a home's wishes."""
    return [WishNumber(entry, description) for description in WISHES]


def car_numbers(entry: CommonWattConfigEntry, device: HomeDevice) -> Iterable[Entity]:
    """Build the number of what a car is to be given."""
    if wants_wish(entry, device):
        yield CarTargetNumber(entry, device)


class WishNumber(PlanEntity, RestoreNumber):
    """One wish of the people in the home."""

    entity_description: WishDescription
    _attr_entity_category = EntityCategory.CONFIG
    _attr_mode = NumberMode.BOX

    def __init__(
        self, entry: CommonWattConfigEntry, description: WishDescription
    ) -> None:
        super().__init__(entry, description.key)
        self.entity_description = description

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        if self.entity_description.is_price:
            return f"{self.hass.config.currency}/{UnitOfEnergy.KILO_WATT_HOUR}"
        return self.entity_description.native_unit_of_measurement

    @property
    @override
    def native_value(self) -> float:
        description = self.entity_description
        value = description.read(self.plans.wishes)
        return value if description.scale == 1 else value / description.scale

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Plan anew with it."""
        self._write(value)
        self.plans.async_wishes_changed()

    def _write(self, value: float) -> None:
        description = self.entity_description
        description.write(self.plans.wishes, round(value * description.scale))

    @override
    async def async_added_to_hass(self) -> None:
        """Remember what was wished before a restart."""
        await super().async_added_to_hass()
        last = await self.async_get_last_number_data()
        if last is not None and last.native_value is not None:
            self._write(last.native_value)


class CarTargetNumber(PlanEntity, RestoreNumber):
    """Energy a car is to be given in its session; 0 leaves it alone."""

    _attr_device_class = NumberDeviceClass.ENERGY
    _attr_native_unit_of_measurement = UnitOfEnergy.KILO_WATT_HOUR
    _attr_mode = NumberMode.BOX
    _attr_native_min_value = 0
    _attr_native_max_value = 200
    _attr_native_step = 0.5

    def __init__(self, entry: CommonWattConfigEntry, device: HomeDevice) -> None:
        super().__init__(entry, "car_target")
        self._wish = self.plans.wishes.car(device.config.id)
        self._attr_unique_id = f"{device.config.id}_car_target"
        self._attr_device_info = device_info(entry.runtime_data.home, device)

    @property
    @override
    def native_value(self) -> float:
        return self._wish.target_wh / _WH_PER_KWH

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Plan anew with it."""
        self._wish.target_wh = round(value * _WH_PER_KWH)
        self.plans.async_wishes_changed()

    @override
    async def async_added_to_hass(self) -> None:
        """Remember what was wished before a restart."""
        await super().async_added_to_hass()
        last = await self.async_get_last_number_data()
        if last is not None and last.native_value is not None:
            self._wish.target_wh = round(last.native_value * _WH_PER_KWH)
