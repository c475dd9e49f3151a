"""A generator that can be asked for power: what it can do, and what that costs."""

from collections.abc import Mapping
from typing import Final, override

import voluptuous as vol

from ..engine.model.units import MICRO_PER_UNIT, PPM
from ..planning.machines.generator import GeneratorSettings
from ..planning.machines.tank import SUBENTRY_TANK
from ..settings import optional_text
from .belonging import (
    W_PER_KW,
    BelongingFlow,
    amount,
    micro,
    percent,
    power,
    ppm,
    thousandths,
    without_nothing,
)
from .device import UserInput

PRICE_MAX: Final = 100
HEAT_PERCENT_MAX: Final = 500


class GeneratorFlow(BelongingFlow):
    """Adds a generator."""

    @override
    def fields(self) -> vol.Schema:
        currency = self.hass.config.currency
        return vol.Schema(
            {
                vol.Required("power_w_max"): power(),
                vol.Required("power_w_min", default=0): power(),
                vol.Required("cost_micro_per_kwh"): amount(
                    f"{currency}/kWh", most=PRICE_MAX
                ),
                vol.Required("start_micro", default=0): amount(
                    currency, most=PRICE_MAX
                ),
                vol.Required("heat_ppm", default=0): percent(most=HEAT_PERCENT_MAX),
                vol.Optional("warms"): self.subentries(SUBENTRY_TANK),
            }
        )

    @override
    def read(
        self, user_input: UserInput
    ) -> tuple[dict[str, str], GeneratorSettings | None]:
        settings = GeneratorSettings(
            power_w_max=thousandths(user_input, "power_w_max"),
            power_w_min=thousandths(user_input, "power_w_min"),
            cost_micro_per_kwh=micro(user_input, "cost_micro_per_kwh"),
            start_micro=micro(user_input, "start_micro"),
            heat_ppm=ppm(user_input, "heat_ppm"),
            warms=optional_text(user_input, "warms"),
        )
        if not 0 < settings.power_w_max >= settings.power_w_min:
            return {"power_w_max": "power_too_small"}, None
        return {}, settings

    @override
    def entered(self, data: Mapping[str, object]) -> dict[str, object]:
        settings = GeneratorSettings.from_data(data)
        tanks = self._get_entry().subentries
        return without_nothing(
            {
                "power_w_max": settings.power_w_max / W_PER_KW,
                "power_w_min": settings.power_w_min / W_PER_KW,
                "cost_micro_per_kwh": settings.cost_micro_per_kwh / MICRO_PER_UNIT,
                "start_micro": settings.start_micro / MICRO_PER_UNIT,
                "heat_ppm": settings.heat_ppm * 100 / PPM,
                "warms": settings.warms if settings.warms in tanks else None,
            }
        )
