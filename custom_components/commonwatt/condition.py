"""Conditions: how things stand in a home and its community, for automations."""

from collections.abc import Mapping
from typing import ClassVar, Final, Unpack, override

from homeassistant.const import CONF_OPTIONS
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.condition import (
    Condition,
    ConditionCheckParams,
    ConditionConfig,
)
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

from .const import DOMAIN
from .data import CommonWattConfigEntry, CommonWattData
from .engine.model.units import MICRO_PER_UNIT
from .news.surplus import surplus_lasts

CONF_CONFIG_ENTRY: Final = "config_entry_id"
CONF_BELOW: Final = "below"
CONF_MINUTES: Final = "minutes"

type Options = Mapping[str, object]


class HomeCondition(Condition):
    """True where it holds for a home: the one that was named, or any."""

    fields: ClassVar[Mapping[vol.Marker, object]] = {}

    @classmethod
    @override
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        """Check the options of the condition."""
        options = {vol.Optional(CONF_CONFIG_ENTRY): cv.string, **cls.fields}
        schema = vol.Schema({vol.Optional(CONF_OPTIONS, default=dict): options})
        checked: ConfigType = schema(config)
        return checked

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        super().__init__(hass, config)
        self.hass: Final = hass
        self.options: Final[Options] = config.options or {}

    def holds(self, data: CommonWattData) -> bool:
        """Tell whether the condition holds for a home."""
        raise NotImplementedError

    @override
    def _async_check(self, **kwargs: Unpack[ConditionCheckParams]) -> bool:
        wanted = self.options.get(CONF_CONFIG_ENTRY)
        entries: list[CommonWattConfigEntry] = (
            self.hass.config_entries.async_loaded_entries(DOMAIN)
        )
        return any(
            self.holds(entry.runtime_data)
            for entry in entries
            if wanted in {None, entry.entry_id}
        )


class MarketOpen(HomeCondition):
    """There are neighbours to trade with, and they are there."""

    @override
    def holds(self, data: CommonWattData) -> bool:
        status = data.market.status
        return status is not None and status.members_online > 1


class PriceIsBelow(HomeCondition):
    """The neighbours' price of now is below a limit."""

    fields = {vol.Required(CONF_BELOW): vol.Coerce(float)}  # noqa: RUF012  # a class variable

    @override
    def holds(self, data: CommonWattData) -> bool:
        status, limit = data.market.status, self.options[CONF_BELOW]
        assert isinstance(limit, float)
        price = None if status is None else status.clearing_price_micro_per_kwh
        return price is not None and price / MICRO_PER_UNIT < limit


class SurplusLasts(HomeCondition):
    """There is energy to spare, and will be for some minutes."""

    fields = {  # noqa: RUF012  # a class variable
        vol.Optional(CONF_MINUTES, default=0): vol.All(
            vol.Coerce(int), vol.Range(min=0, max=24 * 60)
        )
    }

    @override
    def holds(self, data: CommonWattData) -> bool:
        minutes = self.options[CONF_MINUTES]
        assert isinstance(minutes, int)
        return surplus_lasts(data, data.home.clock(), minutes)


CONDITIONS: Final[dict[str, type[Condition]]] = {
    "market_open": MarketOpen,
    "price_is_below": PriceIsBelow,
    "surplus_lasts": SurplusLasts,
}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:  # noqa: ARG001  # Home Assistant's signature
    """Return the conditions."""
    return CONDITIONS
