"""A hydrogen store: its tank, its electrolyser and its fuel cell."""

from collections.abc import Mapping
from typing import Final, override

from homeassistant.helpers.selector import BooleanSelector
import voluptuous as vol

from ..engine.model.units import MICRO_PER_UNIT, PPM
from ..planning.machines.hydrogen import HydrogenSettings, stored_wh
from .belonging import (
    W_PER_KW,
    BelongingFlow,
    amount,
    energy,
    entity,
    micro,
    percent,
    power,
    ppm,
    thousandths,
)
from .device import UserInput

PRICE_MAX: Final = 100


class HydrogenFlow(BelongingFlow):
    """Adds a hydrogen store."""

    @override
    def fields(self) -> vol.Schema:
        unit = f"{self.hass.config.currency}/kWh"
        share = percent(least=1)
        return vol.Schema(
            {
                vol.Required("capacity_wh"): energy(),
                vol.Required("stored"): entity("sensor"),
                vol.Required("make_w_max"): power(),
                vol.Required("make_w_min", default=0): power(),
                vol.Required("make_ppm", default=62): share,
                vol.Required("use_w_max"): power(),
                vol.Required("use_w_min", default=0): power(),
                vol.Required("use_ppm", default=50): share,
                vol.Required("value_micro_per_kwh", default=0.1): amount(
                    unit, most=PRICE_MAX
                ),
                vol.Required("forms_island", default=False): BooleanSelector(),
            }
        )

    @override
    def read(
        self, user_input: UserInput
    ) -> tuple[dict[str, str], HydrogenSettings | None]:
        stored = self.chosen(user_input, "stored")
        assert stored is not None, "the form requires it"
        settings = HydrogenSettings(
            capacity_wh=thousandths(user_input, "capacity_wh"),
            stored=stored,
            make_w_max=thousandths(user_input, "make_w_max"),
            make_w_min=thousandths(user_input, "make_w_min"),
            make_ppm=ppm(user_input, "make_ppm"),
            use_w_max=thousandths(user_input, "use_w_max"),
            use_w_min=thousandths(user_input, "use_w_min"),
            use_ppm=ppm(user_input, "use_ppm"),
            value_micro_per_kwh=micro(user_input, "value_micro_per_kwh"),
            forms_island=bool(user_input["forms_island"]),
        )
        errors = self._errors(settings)
        return errors, None if errors else settings

    def _errors(self, settings: HydrogenSettings) -> dict[str, str]:
        seen = stored_wh(self.hass, settings.stored, settings.capacity_wh)
        errors = self.silent("stored", settings.stored, seen)
        if settings.capacity_wh <= 0:
            errors["capacity_wh"] = "capacity_invalid"
        if not 0 < settings.make_w_max >= settings.make_w_min:
            errors["make_w_max"] = "power_too_small"
        if not 0 < settings.use_w_max >= settings.use_w_min:
            errors["use_w_max"] = "power_too_small"
        return errors

    @override
    def entered(self, data: Mapping[str, object]) -> dict[str, object]:
        settings = HydrogenSettings.from_data(data)
        return {
            "capacity_wh": settings.capacity_wh / W_PER_KW,
            "stored": self.shown(settings.stored),
            "make_w_max": settings.make_w_max / W_PER_KW,
            "make_w_min": settings.make_w_min / W_PER_KW,
            "make_ppm": settings.make_ppm * 100 / PPM,
            "use_w_max": settings.use_w_max / W_PER_KW,
            "use_w_min": settings.use_w_min / W_PER_KW,
            "use_ppm": settings.use_ppm * 100 / PPM,
            "value_micro_per_kwh": settings.value_micro_per_kwh / MICRO_PER_UNIT,
            "forms_island": settings.forms_island,
        }
