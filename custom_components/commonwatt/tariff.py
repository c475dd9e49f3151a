"""The home's tariff now: fixed prices, or what price entities say."""

from dataclasses import dataclass
from datetime import datetime

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .engine.model.tariff import Tariff
from .hour_prices import price_at
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
        energy = self.energy_at(dt_util.now())
        feed_in = self.read(self.settings.feed_in)
        if isinstance(energy, StateProblem) or isinstance(feed_in, StateProblem):
            return None
        return self.tariff(energy=energy, feed_in=feed_in)

    def energy_at(self, local: datetime) -> int | StateProblem:
        """Return the price of energy; an entity only knows that of now."""
        energy = self.settings.energy
        if isinstance(energy, int):
            return price_at(self.settings.hours, energy, local)
        return self.read(energy)

    def tariff(self, *, energy: int, feed_in: int) -> Tariff | None:
        """Return the tariff at these prices, or None if nobody could clear them."""
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
