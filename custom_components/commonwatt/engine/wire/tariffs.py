"""Tariffs as canonical values: in charters, and in what a node keeps of its bills."""

from ..model.tariff import Tariff
from ..model.units import PPM, PRICE_MICRO_PER_KWH_MAX
from .canonical import Value
from .fields import array_of, integer


def tariff_value(tariff: Tariff | None) -> Value:
    """Return the components of a tariff; None where there is none."""
    if tariff is None:
        return None
    return (
        tariff.energy_micro_per_kwh,
        tariff.network_micro_per_kwh,
        tariff.levies_micro_per_kwh,
        tariff.vat_ppm,
        tariff.feed_in_micro_per_kwh,
    )


def read_tariff(value: Value) -> Tariff:
    """Return the tariff; ValueError if it is none."""
    energy, network, levies, vat, feed_in = array_of(value, 5)
    return Tariff(
        energy_micro_per_kwh=read_price(energy),
        network_micro_per_kwh=read_price(network),
        levies_micro_per_kwh=read_price(levies),
        vat_ppm=integer(vat, least=0, most=PPM),
        feed_in_micro_per_kwh=read_price(feed_in),
    )


def read_price(value: Value) -> int:
    """Return a price in micro-currency per kWh."""
    bound = PRICE_MICRO_PER_KWH_MAX
    return integer(value, least=-bound, most=bound)
