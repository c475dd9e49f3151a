"""The home's tariff now: fixed prices, or what price entities say."""

from dataclasses import dataclass

from homeassistant.core import HomeAssistant

from .engine.model.tariff import Tariff
from .quantities import StateProblem, price_micro_per_kwh
from .references import state_of
from .settings import Price, TariffSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffSource:
    """Reads the retailer's prices as they are in Home Assistant."""

    hass: HomeAssistant
    settings: TariffSettings

    def current(self) -> Tariff | None:
        """Return the tariff of this moment, or None while a price is unknown."""
        energy = self.read(self.settings.energy)
        feed_in = self.read(self.settings.feed_in)
        if isinstance(energy, StateProblem) or isinstance(feed_in, StateProblem):
            return None
        try:
            return self.settings.tariff(energy=energy, feed_in=feed_in)
        except ValueError:
            # An entity went wild: a price no market could clear is no price.
            return None

    def read(self, price: Price) -> int | StateProblem:
        """Return micro-currency per kWh, or what is wrong with the price's entity."""
        if isinstance(price, int):
            return price
        state = state_of(self.hass, price)
        return price_micro_per_kwh(state, currency=self.hass.config.currency)
