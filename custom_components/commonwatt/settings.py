"""What an entry's data says, parsed once into values.

Config entries hold plain JSON; the rest of the glue reads these classes instead. Prices
arrive from people in currency per kWh and are kept as integers of micro-currency.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Self

from homeassistant.util.json import JsonValueType

from .const import CONF_KIND, EntryKind
from .engine.model.tariff import Tariff
from .engine.model.units import MICRO_PER_UNIT, PPM
from .engine.model.zone import ZoneId
from .hour_prices import HourPrice
from .references import EntityRef

CONF_GRID_ZONE: Final = "grid_zone"
CONF_TARIFF: Final = "tariff"
CONF_FORECASTS: Final = "forecasts"
CONF_CARBON: Final = "carbon"
CONF_CARBON_MARGINAL: Final = "carbon_marginal"
DEFAULT_GRID_ZONE: Final = ZoneId("community")

type Price = int | str
"""Micro-currency per kWh, or the entity (id or registry id) that knows it."""


def micro_from_units(amount: float) -> int:
    """Return ``amount`` of currency in micro-currency, to the nearest."""
    return _scaled(amount, MICRO_PER_UNIT)


def ppm_from_percent(percent: float) -> int:
    """Return ``percent`` in parts per million, to the nearest."""
    return _scaled(percent, PPM // 100)


def _scaled(amount: float, factor: int) -> int:
    # What a person typed is decimal: 0.0023 must not become 2299.
    scaled = Decimal(repr(amount)) * factor
    return int(scaled.to_integral_value(rounding=ROUND_HALF_UP))


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffSettings:
    """How the retailer's prices are known: ``energy`` alone is the all-in price."""

    energy: Price
    feed_in: Price
    hours: tuple[HourPrice, ...] = ()
    """Other prices of energy at some times; only beside a fixed ``energy``."""

    network_micro_per_kwh: int = 0
    levies_micro_per_kwh: int = 0
    vat_ppm: int = 0

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Self:
        """Parse what ``as_data`` wrote."""
        return cls(
            energy=_price(data["energy"]),
            feed_in=_price(data["feed_in"]),
            hours=tuple(map(HourPrice.from_data, rows_of(data, "hours"))),
            network_micro_per_kwh=integer(data, "network_micro_per_kwh"),
            levies_micro_per_kwh=integer(data, "levies_micro_per_kwh"),
            vat_ppm=integer(data, "vat_ppm"),
        )

    def as_data(self) -> dict[str, JsonValueType]:
        """Return the settings as JSON."""
        return {
            "energy": self.energy,
            "feed_in": self.feed_in,
            "hours": [row.as_data() for row in self.hours],
            "network_micro_per_kwh": self.network_micro_per_kwh,
            "levies_micro_per_kwh": self.levies_micro_per_kwh,
            "vat_ppm": self.vat_ppm,
        }

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """The entities prices come from."""
        prices = (self.energy, self.feed_in)
        return tuple(price for price in prices if isinstance(price, str))

    def tariff(self, *, energy: int, feed_in: int) -> Tariff:
        """Return the tariff at these prices; ValueError if nobody could clear them."""
        return Tariff(
            energy_micro_per_kwh=energy,
            network_micro_per_kwh=self.network_micro_per_kwh,
            levies_micro_per_kwh=self.levies_micro_per_kwh,
            vat_ppm=self.vat_ppm,
            feed_in_micro_per_kwh=feed_in,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ForesightSettings:
    """Who tells the future, besides the price entities themselves."""

    prices: tuple[EntityRef, ...] = ()
    """Entities with the coming prices of energy."""

    carbon: EntityRef | None = None
    """Average intensity of the grid's power."""

    carbon_marginal: EntityRef | None = None
    """Intensity of the power plant that answers to a change."""

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Self:
        """Parse what ``as_data`` wrote, or nothing."""
        prices = data.get(CONF_FORECASTS, ())
        assert isinstance(prices, list | tuple), "entities are a list"
        return cls(
            prices=tuple(str(ref) for ref in prices),
            carbon=optional_text(data, CONF_CARBON),
            carbon_marginal=optional_text(data, CONF_CARBON_MARGINAL),
        )

    def as_data(self) -> dict[str, JsonValueType]:
        """Return the settings as JSON."""
        return {
            CONF_FORECASTS: list(self.prices),
            CONF_CARBON: self.carbon,
            CONF_CARBON_MARGINAL: self.carbon_marginal,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeSettings:
    """Where a home sits and what its retailer charges."""

    grid_zone: ZoneId
    tariff: TariffSettings
    foresight: ForesightSettings = ForesightSettings()

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Self:
        """Parse the data of a home's config entry."""
        return cls(
            grid_zone=ZoneId(text(data, CONF_GRID_ZONE)),
            tariff=TariffSettings.from_data(section_of(data, CONF_TARIFF)),
            foresight=ForesightSettings.from_data(data),
        )

    def as_data(self) -> dict[str, JsonValueType]:
        """Return the data of a home's config entry."""
        return {
            CONF_KIND: EntryKind.HOME.value,
            CONF_GRID_ZONE: self.grid_zone,
            CONF_TARIFF: self.tariff.as_data(),
            **self.foresight.as_data(),
        }


def text(data: Mapping[str, object], key: str) -> str:
    """Return the text under ``key``."""
    value = data[key]
    assert isinstance(value, str), f"{key} is no text"
    return value


def optional_text(data: Mapping[str, object], key: str) -> str | None:
    """Return the text under ``key``; None if there is none."""
    value = data.get(key)
    assert value is None or isinstance(value, str), f"{key} is no text"
    return value or None


def rows_of(data: Mapping[str, object], key: str) -> tuple[Mapping[str, object], ...]:
    """Return the rows of a table under ``key``; none if it is missing."""
    rows = data.get(key, ())
    assert isinstance(rows, list | tuple), f"{key} is no table"
    return tuple(row for row in rows if isinstance(row, Mapping))


def number(data: Mapping[str, object], key: str) -> float:
    """Return the number under ``key``."""
    value = data[key]
    assert isinstance(value, int | float), f"{key} is no number"
    return value


def integer(data: Mapping[str, object], key: str) -> int:
    """Return the whole number under ``key``."""
    value = data[key]
    assert isinstance(value, int), f"{key} is no whole number"
    return value


def section_of(data: Mapping[str, object], key: str) -> Mapping[str, object]:
    """Return the values nested under ``key``."""
    value = data[key]
    assert isinstance(value, Mapping), f"{key} holds no values"
    return value


def _price(value: object) -> Price:
    assert isinstance(value, int | str), "a price is an integer or an entity"
    return value
