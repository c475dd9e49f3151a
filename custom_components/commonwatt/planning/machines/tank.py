"""A hot-water tank with a heat pump or a heater: heat kept for the next shower."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Self, override

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonValueType

from ...engine.dispatch.home import Horizon, Tank
from ...engine.dispatch.story import ActionKind
from ...engine.model.period import datetime_from_instant
from ...engine.model.units import PPM, div_floor
from ...quantities import StateProblem, temperature_mk
from ...references import EntityRef, state_of
from ...settings import integer, optional_text, text
from .base import Machine

SUBENTRY_TANK: Final = "tank"

MWH_PER_LITRE_K: Final = 1_163
"""Heat a litre of water takes up with each kelvin, in thousandths of a Wh."""

MILD_MK: Final = 280_150
FROST_MK: Final = 266_150
"""7 and -7 degrees outside: where data sheets (EN 14825) tell the COP."""

SHARES_PPM: Final = (
    *(2_000, 1_000, 1_000, 1_000, 4_000, 20_000, 80_000, 120_000),
    *(80_000, 55_000, 45_000, 40_000, 45_000, 40_000, 30_000, 30_000),
    *(35_000, 50_000, 80_000, 85_000, 70_000, 50_000, 26_000, 10_000),
)
"""Of a day's hot water, by local hour: a peak in the morning, one in the evening."""

HOURS_PER_DAY: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class TankSettings:
    """What a subentry says of a tank; heat is thermal, power is electric."""

    temperature: EntityRef
    """Of the water: a sensor, a water heater or a climate entity."""

    volume_l: int
    lowest_mk: int
    """Below that the water is too cold to be of use."""

    highest_mk: int
    power_w_max: int
    power_w_min: int
    cop_ppm: int
    """Heat from a unit of electricity at 7 degrees outside; 1 for a heating rod."""

    cop_frost_ppm: int
    """The same at -7 degrees."""

    outdoor: EntityRef | None
    daily_wh: int
    """Heat taken in a day."""

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Self:
        """Parse what ``as_data`` wrote."""
        return cls(
            temperature=text(data, "temperature"),
            volume_l=integer(data, "volume_l"),
            lowest_mk=integer(data, "lowest_mk"),
            highest_mk=integer(data, "highest_mk"),
            power_w_max=integer(data, "power_w_max"),
            power_w_min=integer(data, "power_w_min"),
            cop_ppm=integer(data, "cop_ppm"),
            cop_frost_ppm=integer(data, "cop_frost_ppm"),
            outdoor=optional_text(data, "outdoor"),
            daily_wh=integer(data, "daily_wh"),
        )

    def as_data(self) -> dict[str, JsonValueType]:
        """Return the data of a subentry."""
        return {
            "temperature": self.temperature,
            "volume_l": self.volume_l,
            "lowest_mk": self.lowest_mk,
            "highest_mk": self.highest_mk,
            "power_w_max": self.power_w_max,
            "power_w_min": self.power_w_min,
            "cop_ppm": self.cop_ppm,
            "cop_frost_ppm": self.cop_frost_ppm,
            "outdoor": self.outdoor,
            "daily_wh": self.daily_wh,
        }

    @property
    def capacity_wh(self) -> int:
        """Heat between the lowest and the highest temperature."""
        return self.heat_wh(self.highest_mk)

    def heat_wh(self, water_mk: int) -> int:
        """Return the useful heat in water; negative if it is too cold."""
        kelvin_l = (water_mk - self.lowest_mk) * self.volume_l
        return div_floor(kelvin_l * MWH_PER_LITRE_K, 1_000_000)

    def cop_at(self, outdoor_mk: int | None) -> int:
        """Return the COP on the line through both points; unknown weather is mild."""
        if outdoor_mk is None:
            return self.cop_ppm
        slope = self.cop_ppm - self.cop_frost_ppm
        cop_ppm = self.cop_ppm + div_floor(
            slope * (outdoor_mk - MILD_MK), MILD_MK - FROST_MK
        )
        return max(PPM, cop_ppm)


class PlannedTank(Machine):
    """A tank in the plan."""

    actions: ClassVar = (ActionKind.HEAT,)

    def __init__(self, subentry: ConfigSubentry) -> None:
        """Read a subentry."""
        super().__init__(subentry)
        self.settings: Final = TankSettings.from_data(subentry.data)

    @override
    def seen(self, hass: HomeAssistant, horizon: Horizon) -> Tank:
        settings, count = self.settings, len(horizon)
        water = _known_mk(hass, settings.temperature)
        outdoor = None
        if settings.outdoor is not None:
            outdoor = _known_mk(hass, settings.outdoor)
        return Tank(
            id=self.id,
            stored_wh=None if water is None else settings.heat_wh(water),
            capacity_wh=settings.capacity_wh,
            power_w_max=settings.power_w_max,
            power_w_min=settings.power_w_min,
            cop_ppm=(settings.cop_at(outdoor),) * count,
            draw_w=tuple(_draws_w(settings.daily_wh, horizon)),
        )


def _known_mk(hass: HomeAssistant, ref: EntityRef) -> int | None:
    usual_unit = hass.config.units.temperature_unit
    found = temperature_mk(state_of(hass, ref), usual_unit=usual_unit)
    return None if isinstance(found, StateProblem) else found


def _draws_w(daily_wh: int, horizon: Horizon) -> Iterator[int]:
    """Yield the heat taken in every step, by the local hour it begins in."""
    for start in horizon.boundaries[:-1]:
        hour = dt_util.as_local(datetime_from_instant(start)).hour
        yield div_floor(daily_wh * SHARES_PPM[hour], PPM)
