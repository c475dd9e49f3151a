"""States of Home Assistant as the engine's integers.

A state that is missing, no number or in a unit that does not fit is a ``StateProblem``:
never zero, never a guess.
"""

from enum import StrEnum
import math
import re
from typing import Final

from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    PERCENTAGE,
    UnitOfEnergy,
    UnitOfPower,
    UnitOfTemperature,
)
from homeassistant.core import State
from homeassistant.util.unit_conversion import (
    BaseUnitConverter,
    EnergyConverter,
    PowerConverter,
    TemperatureConverter,
)

from .engine.model.units import MICRO_PER_UNIT, PPM


class StateProblem(StrEnum):
    """Why a state is no quantity; the values are keys of the flows' errors."""

    NOT_FOUND = "entity_not_found"
    NOT_A_NUMBER = "entity_without_number"
    WRONG_UNIT = "entity_wrong_unit"


_MONEY_SYMBOLS: Final = frozenset({"€", "$", "£", "kr", "zł", "Fr.", "₴", "¥"})
_MONEY_CENTS: Final = frozenset(
    {"ct", "c", "cent", "cents", "Cent", "¢", "p", "öre", "øre", "Öre", "Øre"}
)

_TEMPERATURE_ATTRIBUTES: Final = {
    "climate": "current_temperature",
    "water_heater": "current_temperature",
    "weather": "temperature",
}

_CARBON_MASS: Final = re.compile(
    r"(g|kg|t|lbs?)[\s_-]*(?:co(?:2|₂)[\s_-]*(?:eq?|equivalent)?)?", re.IGNORECASE
)
_MG: Final = {"g": 1e3, "kg": 1e6, "t": 1e9, "lb": 453_592.37, "lbs": 453_592.37}


def number_of(state: State | None) -> float | StateProblem:
    """Return the finite number a state shows."""
    if state is None:
        return StateProblem.NOT_FOUND
    try:
        value = float(state.state)
    except ValueError:
        return StateProblem.NOT_A_NUMBER
    return value if math.isfinite(value) else StateProblem.NOT_A_NUMBER


def unit_of(state: State | None) -> str:
    """Return the unit a state is in; empty for none."""
    return str(state.attributes.get(ATTR_UNIT_OF_MEASUREMENT, "")) if state else ""


def _scaled(state: State | None, factor: float | None) -> int | StateProblem:
    """Return ``factor`` times a state's number; no factor: the unit does not fit."""
    value = number_of(state)
    if isinstance(value, StateProblem):
        return value
    return StateProblem.WRONG_UNIT if factor is None else round(value * factor)


def power_w(state: State | None) -> int | StateProblem:
    """Return a power in W."""
    return _scaled(state, _factor(PowerConverter, unit_of(state), UnitOfPower.WATT))


def energy_wh(state: State | None) -> int | StateProblem:
    """Return an energy in Wh."""
    unit = unit_of(state)
    return _scaled(state, _factor(EnergyConverter, unit, UnitOfEnergy.WATT_HOUR))


def share_ppm(state: State | None) -> int | StateProblem:
    """Return a percentage in parts per million."""
    return _scaled(state, PPM / 100 if unit_of(state) == PERCENTAGE else None)


def price_micro_per_kwh(state: State | None, *, currency: str) -> int | StateProblem:
    """Return micro-``currency`` per kWh, from units like EUR/MWh or ct/kWh."""
    return _scaled(state, price_factor(unit_of(state), currency))


def _factor(
    converter: type[BaseUnitConverter], from_unit: str, to_unit: str
) -> float | None:
    if from_unit not in converter.VALID_UNITS:
        return None
    return converter.convert(1, from_unit, to_unit)


def price_factor(unit: str, currency: str) -> float | None:
    """Return what turns a price in ``unit`` into micro-``currency`` per kWh.

    A unit that begins with the stroke ("/MWh") counts in ``currency``.
    """
    money, _, energy = (part.strip() for part in unit.partition("/"))
    kwh = _factor(EnergyConverter, energy, UnitOfEnergy.KILO_WATT_HOUR)
    if kwh is None:
        return None
    if money.upper() in {"", currency.upper()} or money in _MONEY_SYMBOLS:
        return MICRO_PER_UNIT / kwh
    return MICRO_PER_UNIT / 100 / kwh if money in _MONEY_CENTS else None


def carbon_factor(unit: str) -> float | None:
    """Return what turns a carbon intensity in ``unit`` into mg per kWh."""
    mass, _, energy = (part.strip() for part in unit.partition("/"))
    kwh = _factor(EnergyConverter, energy, UnitOfEnergy.KILO_WATT_HOUR)
    match = _CARBON_MASS.fullmatch(mass)
    if kwh is None or match is None:
        return None
    return _MG[match[1].lower()] / kwh


def carbon_mg_per_kwh(state: State | None) -> int | StateProblem:
    """Return a carbon intensity in mg per kWh."""
    return _scaled(state, carbon_factor(unit_of(state)))


def temperature_mk(state: State | None, *, usual_unit: str) -> int | StateProblem:
    """Return a temperature in thousandths of a kelvin.

    Climate entities, water heaters and the weather keep theirs in an attribute, in the
    unit that is ``usual`` in this Home Assistant.
    """
    if state is None:
        return StateProblem.NOT_FOUND
    attribute = _TEMPERATURE_ATTRIBUTES.get(state.domain)
    unit = unit_of(state) if attribute is None else usual_unit
    told = state.state if attribute is None else state.attributes.get(attribute)
    try:
        value = float(str(told))
    except ValueError:
        return StateProblem.NOT_A_NUMBER
    if not math.isfinite(value):
        return StateProblem.NOT_A_NUMBER
    if unit not in TemperatureConverter.VALID_UNITS:
        return StateProblem.WRONG_UNIT
    kelvin = TemperatureConverter.convert(value, unit, UnitOfTemperature.KELVIN)
    return round(kelvin * 1000)
