"""A hot-water tank: how much water, how warm, and what warms it."""

from collections.abc import Mapping
from typing import Final, override

import voluptuous as vol

from ..engine.model.units import PPM
from ..planning.machines.tank import TankSettings
from ..quantities import StateProblem, temperature_mk
from ..references import EntityRef, state_of
from ..settings import number
from .belonging import (
    W_PER_KW,
    BelongingFlow,
    amount,
    energy,
    entity,
    power,
    thousandths,
    without_nothing,
)
from .device import UserInput

LITRES_MAX: Final = 100_000
COP_MAX: Final = 10
CELSIUS_MAX: Final = 98
ZERO_MK: Final = 273_150
"""The freezing point of water."""


class TankFlow(BelongingFlow):
    """Adds a tank with a heat pump or a heating rod."""

    @override
    def fields(self) -> vol.Schema:
        celsius = amount("°C", most=CELSIUS_MAX)
        cop = amount("", least=0.5, most=COP_MAX)
        return vol.Schema(
            {
                vol.Required("temperature"): entity(
                    "sensor", "water_heater", "climate"
                ),
                vol.Required("volume_l", default=200): amount(
                    "L", least=1, most=LITRES_MAX
                ),
                vol.Required("lowest_mk", default=40): celsius,
                vol.Required("highest_mk", default=55): celsius,
                vol.Required("power_w_max", default=2): power(),
                vol.Required("power_w_min", default=0): power(),
                vol.Required("cop_ppm", default=3): cop,
                vol.Required("cop_frost_ppm", default=2): cop,
                vol.Optional("outdoor"): entity("sensor", "weather"),
                vol.Required("daily_wh", default=6): energy(),
            }
        )

    @override
    def read(self, user_input: UserInput) -> tuple[dict[str, str], TankSettings | None]:
        temperature = self.chosen(user_input, "temperature")
        assert temperature is not None, "the form requires it"
        settings = TankSettings(
            temperature=temperature,
            volume_l=round(number(user_input, "volume_l")),
            lowest_mk=_from_celsius(user_input, "lowest_mk"),
            highest_mk=_from_celsius(user_input, "highest_mk"),
            power_w_max=thousandths(user_input, "power_w_max"),
            power_w_min=thousandths(user_input, "power_w_min"),
            cop_ppm=round(number(user_input, "cop_ppm") * PPM),
            cop_frost_ppm=round(number(user_input, "cop_frost_ppm") * PPM),
            outdoor=self.chosen(user_input, "outdoor"),
            daily_wh=thousandths(user_input, "daily_wh"),
        )
        errors = self._errors(settings)
        return errors, None if errors else settings

    def _errors(self, settings: TankSettings) -> dict[str, str]:
        errors = {
            **self.silent(
                "temperature", settings.temperature, self._seen(settings.temperature)
            ),
            **self.silent("outdoor", settings.outdoor, self._seen(settings.outdoor)),
        }
        if settings.lowest_mk >= settings.highest_mk:
            errors["highest_mk"] = "not_warmer"
        if not 0 < settings.power_w_max >= settings.power_w_min:
            errors["power_w_max"] = "power_too_small"
        return errors

    def _seen(self, ref: EntityRef | None) -> int | StateProblem:
        state = None if ref is None else state_of(self.hass, ref)
        return temperature_mk(state, usual_unit=self.hass.config.units.temperature_unit)

    @override
    def entered(self, data: Mapping[str, object]) -> dict[str, object]:
        settings = TankSettings.from_data(data)
        return without_nothing(
            {
                "temperature": self.shown(settings.temperature),
                "volume_l": settings.volume_l,
                "lowest_mk": (settings.lowest_mk - ZERO_MK) / 1_000,
                "highest_mk": (settings.highest_mk - ZERO_MK) / 1_000,
                "power_w_max": settings.power_w_max / W_PER_KW,
                "power_w_min": settings.power_w_min / W_PER_KW,
                "cop_ppm": settings.cop_ppm / PPM,
                "cop_frost_ppm": settings.cop_frost_ppm / PPM,
                "outdoor": self.shown(settings.outdoor),
                "daily_wh": settings.daily_wh / W_PER_KW,
            }
        )


def _from_celsius(user_input: UserInput, key: str) -> int:
    return ZERO_MK + round(number(user_input, key) * 1_000)
