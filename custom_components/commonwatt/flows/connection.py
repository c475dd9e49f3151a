"""The connection to the grid: what it carries, and what its highest import costs."""

from collections.abc import Mapping
from typing import Final, override

import voluptuous as vol

from ..engine.model.units import MICRO_PER_UNIT
from ..planning.connection import CONNECTION_W_MAX, SUBENTRY_GRID, GridSettings
from ..quantities import power_w
from ..references import state_of
from .belonging import (
    W_PER_KW,
    BelongingFlow,
    amount,
    entity,
    micro,
    power,
    thousandths,
    without_nothing,
)
from .device import UserInput

PRICE_MAX: Final = 10_000
KW_MAX: Final = CONNECTION_W_MAX / W_PER_KW


class GridFlow(BelongingFlow):
    """Says what the home's connection can do."""

    @override
    def why_not(self) -> str | None:
        known = self._get_entry().get_subentries_of_type(SUBENTRY_GRID)
        return "already_configured" if any(known) else None

    @override
    def fields(self) -> vol.Schema:
        unit = f"{self.hass.config.currency}/kW"
        return vol.Schema(
            {
                vol.Required("import_w_max", default=KW_MAX): power(),
                vol.Required("export_w_max", default=KW_MAX): power(),
                vol.Required("capacity_micro_per_kw", default=0): amount(
                    unit, most=PRICE_MAX
                ),
                vol.Optional("peak"): entity("sensor"),
            }
        )

    @override
    def read(self, user_input: UserInput) -> tuple[dict[str, str], GridSettings | None]:
        peak = self.chosen(user_input, "peak")
        settings = GridSettings(
            import_w_max=thousandths(user_input, "import_w_max"),
            export_w_max=thousandths(user_input, "export_w_max"),
            capacity_micro_per_kw=micro(user_input, "capacity_micro_per_kw"),
            peak=peak,
        )
        seen = 0 if peak is None else power_w(state_of(self.hass, peak))
        errors = self.silent("peak", peak, seen)
        return errors, None if errors else settings

    @override
    def entered(self, data: Mapping[str, object]) -> dict[str, object]:
        settings = GridSettings.from_data(data)
        return without_nothing(
            {
                "import_w_max": settings.import_w_max / W_PER_KW,
                "export_w_max": settings.export_w_max / W_PER_KW,
                "capacity_micro_per_kw": settings.capacity_micro_per_kw
                / MICRO_PER_UNIT,
                "peak": self.shown(settings.peak),
            }
        )
