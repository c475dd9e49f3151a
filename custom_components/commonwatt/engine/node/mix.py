"""What a home's own use was made of: amounts, and shares that add up to one."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ..model.origin import EnergySource
from ..model.units import PPM, apportion, div_round


class Supplier(StrEnum):
    """Who a home had its energy from."""

    OWN = "own"
    NEIGHBOUR = "neighbour"
    GRID = "grid"
    UNKNOWN = "unknown"
    """Nobody measured it."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class MixPart:
    """Energy of one source from one kind of supplier, and the carbon it carries."""

    supplier: Supplier
    source: EnergySource
    energy_wh: int
    carbon_mg: int


type Mix = tuple[MixPart, ...]
"""One part for each supplier and source, ascending, none empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginShare:
    """The share one source from one kind of supplier has in what was used."""

    supplier: Supplier
    source: EnergySource
    share_ppm: int


def mixed(parts: Iterable[MixPart]) -> Mix:
    """Add up parts of the same supplier and source; amounts may be taken back."""
    energy_wh: dict[tuple[Supplier, EnergySource], int] = {}
    carbon_mg: dict[tuple[Supplier, EnergySource], int] = {}
    for part in parts:
        key = (part.supplier, part.source)
        energy_wh[key] = energy_wh.get(key, 0) + part.energy_wh
        carbon_mg[key] = carbon_mg.get(key, 0) + part.carbon_mg
    return tuple(
        MixPart(
            supplier=supplier,
            source=source,
            energy_wh=energy_wh[supplier, source],
            carbon_mg=carbon_mg[supplier, source],
        )
        for supplier, source in sorted(energy_wh)
        if energy_wh[supplier, source] or carbon_mg[supplier, source]
    )


def taken_back(mix: Mix) -> Mix:
    """Return what undoes ``mix``."""
    return tuple(
        MixPart(
            supplier=part.supplier,
            source=part.source,
            energy_wh=-part.energy_wh,
            carbon_mg=-part.carbon_mg,
        )
        for part in mix
    )


def shares(mix: Mix) -> tuple[OriginShare, ...]:
    """Return the shares of ``mix``: exactly one million together, or none at all."""
    used = [part for part in mix if part.energy_wh]
    if not used:
        return ()
    keys = [f"{part.supplier}\0{part.source}".encode() for part in used]
    parts_ppm = apportion(PPM, [part.energy_wh for part in used], keys)
    return tuple(
        OriginShare(supplier=part.supplier, source=part.source, share_ppm=ppm)
        for part, ppm in zip(used, parts_ppm, strict=True)
    )


def carbon_g_per_kwh(mix: Mix) -> int | None:
    """Return the greenhouse gases of a kWh used (mg/Wh is g/kWh); None without use."""
    energy_wh = sum(part.energy_wh for part in mix)
    return div_round(sum(p.carbon_mg for p in mix), energy_wh) if energy_wh else None
