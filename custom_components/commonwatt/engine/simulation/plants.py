"""The plants of simulated homes, as a community registers them."""

from collections.abc import Iterator, Mapping

from ..devices import DeviceId
from ..model.origin import EnergySource, ProductionDevice
from ..model.party import PartyId
from ..model.zone import ZoneId
from .homes import HomeSpec
from .reality import CHP, INVERTER, TURBINE


def plants_of(
    spec: HomeSpec, owner: PartyId, zone: ZoneId
) -> Mapping[DeviceId, ProductionDevice]:
    """Return what a home produces with, by the device that counts it.

    Greenhouse gases: medians of IPCC AR5, WG III, annex III; biogas after biomass.
    """
    return {
        device: ProductionDevice(
            id=f"{spec.key}/{name}",
            owner=owner,
            source=source,
            technology=technology,
            capacity_w=capacity_w,
            commissioned_on="",
            zone=zone,
            carbon_g_per_kwh=carbon_g,
        )
        for device, name, source, technology, capacity_w, carbon_g in _plants(spec)
    }


def _plants(
    spec: HomeSpec,
) -> Iterator[tuple[DeviceId, str, EnergySource, str, int, int]]:
    if spec.pv is not None:
        yield (INVERTER, "pv", EnergySource.SOLAR, "photovoltaic", spec.pv.peak_w, 43)
    if spec.wind is not None:
        yield (
            TURBINE,
            "wind",
            EnergySource.WIND,
            "wind turbine",
            spec.wind.rated_w,
            13,
        )
    if spec.chp is not None:
        technology = "combined heat and power"
        yield (CHP, "chp", EnergySource.BIOGAS, technology, spec.chp.power_w_max, 230)
