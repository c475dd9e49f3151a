"""Sensors of the forecasts: what is expected, and how wrong it has been lately."""

from collections.abc import Callable, Mapping
from typing import Final, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity
from homeassistant.const import PERCENTAGE, EntityCategory, UnitOfEnergy
from homeassistant.core import callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..data import CommonWattConfigEntry
from ..engine.forecast.load import Accuracy
from .entity import ForecastEntity
from .foresight import Foresight
from .series import Estimate

type Attributes = Mapping[str, float | int | bool | None]

_WH_PER_KWH: Final = 1000
_PERCENT: Final = 100


@callback
def add_forecast_sensors(
    entry: CommonWattConfigEntry, add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the sensors of a home; those of panels once there are any."""
    forecasts = entry.runtime_data.forecasts
    add_entities(
        [
            EnergySensor(entry, "forecast_load_next_hour", Foresight.load_next_hour),
            EnergySensor(entry, "forecast_load_today", lambda f: f.load_of_day(0)),
            EnergySensor(entry, "forecast_load_tomorrow", lambda f: f.load_of_day(1)),
            LoadErrorSensor(entry, "forecast_load_error"),
        ]
    )
    added = False

    @callback
    def look() -> None:
        nonlocal added
        if forecasts.foresight.has_panels and not added:
            added = True
            add_entities(_solar_sensors(entry))

    look()
    entry.async_on_unload(forecasts.async_listen(look))


def _solar_sensors(entry: CommonWattConfigEntry) -> list[SensorEntity]:
    return [
        EnergySensor(entry, "forecast_solar_next_hour", Foresight.sun_next_hour),
        EnergySensor(entry, "forecast_solar_today", lambda f: f.sun_of_day(0)),
        EnergySensor(entry, "forecast_solar_tomorrow", lambda f: f.sun_of_day(1)),
        SolarErrorSensor(entry, "forecast_solar_error"),
    ]


class EnergySensor(ForecastEntity, SensorEntity):
    """An expected energy; today's includes what has been measured of it."""

    _attr_device_class = SensorDeviceClass.ENERGY
    _attr_native_unit_of_measurement = UnitOfEnergy.WATT_HOUR
    _attr_suggested_unit_of_measurement = UnitOfEnergy.KILO_WATT_HOUR
    _attr_suggested_display_precision = 1
    _unrecorded_attributes = frozenset({"p10_kwh", "p90_kwh"})

    def __init__(
        self,
        entry: CommonWattConfigEntry,
        key: str,
        read: Callable[[Foresight], Estimate | None],
    ) -> None:
        super().__init__(entry, key)
        self._read = read

    @property
    @override
    def native_value(self) -> int | None:
        estimate = self._read(self.forecasts.foresight)
        return None if estimate is None else round(estimate.wh)

    @property
    @override
    def extra_state_attributes(self) -> Attributes:
        estimate = self._read(self.forecasts.foresight)
        if estimate is None:
            return {}
        return {
            "p10_kwh": round(estimate.low_wh) / _WH_PER_KWH,
            "p90_kwh": round(estimate.high_wh) / _WH_PER_KWH,
        }


class ErrorSensor(ForecastEntity, SensorEntity):
    """The error of the last days, in percent of the energy there was."""

    _attr_native_unit_of_measurement = PERCENTAGE
    _attr_suggested_display_precision = 0
    _attr_entity_category = EntityCategory.DIAGNOSTIC


class LoadErrorSensor(ErrorSensor):
    """How wrong the forecast of the load was, beside what anybody could have said."""

    @property
    @override
    def native_value(self) -> float | None:
        learned = self.forecasts.foresight.learned_load
        if learned is None or learned.accuracy is None:
            return None
        return _error(learned.accuracy.ours)

    @property
    @override
    def extra_state_attributes(self) -> Attributes:
        learned = self.forecasts.foresight.learned_load
        if learned is None:
            return {}
        known: dict[str, float | int | bool | None] = {
            "days_learned": learned.days_known,
            "neighbours_help": learned.from_neighbours,
        }
        if (accuracy := learned.accuracy) is None:
            return known
        ours = accuracy.ours
        return known | {
            "days_judged": accuracy.days,
            "error_of_yesterday": _error(accuracy.yesterday),
            "error_of_climatology": _error(accuracy.climatology),
            "within_band": None if ours is None else _percent(ours.coverage),
        }


class SolarErrorSensor(ErrorSensor):
    """How wrong the forecast of the panels was."""

    @property
    @override
    def native_value(self) -> float | None:
        learned = self.forecasts.foresight.learned_sun
        if learned is None or learned.accuracy is None:
            return None
        return _percent(learned.accuracy.ours_nmae)

    @property
    @override
    def extra_state_attributes(self) -> Attributes:
        learned = self.forecasts.foresight.learned_sun
        if learned is None or (accuracy := learned.accuracy) is None:
            return {}
        return {
            "days_judged": accuracy.days,
            "error_of_yesterday": _percent(accuracy.yesterday_nmae),
            "error_of_provider": _percent(accuracy.provider_nmae),
            "within_band": _percent(accuracy.coverage),
            "bias": _percent(accuracy.bias),
        }


def _error(accuracy: Accuracy | None) -> float | None:
    return None if accuracy is None else _percent(accuracy.nmae)


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * _PERCENT, 1)
