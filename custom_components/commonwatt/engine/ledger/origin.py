"""Where energy comes from: sources, devices, and parcels of energy that remember both.

A parcel carries its Wh, its source and its carbon.  Parcels are drawn from, pooled and
stored, and never gain or lose anything on the way.

Rules: docs/explanation/certificates.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..model.origin import EnergySource, ProductionDevice
from ..model.units import PPM, apportion, div_floor


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Origin:
    """What a Wh tells about itself."""

    source: EnergySource
    device: ProductionDevice | None = None
    """None for the grid and for the unknown."""

    stored: bool = False
    """Whether it went through a battery."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """Some energy of one origin, with the carbon it carries."""

    origin: Origin
    energy_wh: int
    carbon_mg: int

    def __post_init__(self) -> None:
        """Assert that there is no negative energy and no carbon from nothing."""
        assert self.energy_wh >= 0, "energy is not negative"
        assert self.energy_wh or not self.carbon_mg, "carbon comes with energy"


GRID = Origin(source=EnergySource.GRID)
UNKNOWN = Origin(source=EnergySource.UNKNOWN)


def produced(device: ProductionDevice, energy_wh: int) -> Parcel:
    """Return what a device produced."""
    return Parcel(
        origin=Origin(source=device.source, device=device),
        energy_wh=energy_wh,
        carbon_mg=energy_wh * device.carbon_g_per_kwh,
    )


def anonymous(origin: Origin, energy_wh: int, carbon_g_per_kwh: int) -> Parcel:
    """Return energy of the grid or of unknown origin."""
    return Parcel(
        origin=origin, energy_wh=energy_wh, carbon_mg=energy_wh * carbon_g_per_kwh
    )


def energy_wh(parcels: Iterable[Parcel]) -> int:
    """Return the energy of all parcels."""
    return sum(parcel.energy_wh for parcel in parcels)


def carbon_mg(parcels: Iterable[Parcel]) -> int:
    """Return the carbon of all parcels."""
    return sum(parcel.carbon_mg for parcel in parcels)


def pooled(parcels: Iterable[Parcel]) -> tuple[Parcel, ...]:
    """Return parcels with one for each origin, in a fixed order, none empty."""
    pool: dict[Origin, Parcel] = {}
    for parcel in parcels:
        known = pool.get(parcel.origin)
        if known is not None:
            parcel = replace(  # noqa: PLW2901  # the parcel with what we had of it
                known,
                energy_wh=known.energy_wh + parcel.energy_wh,
                carbon_mg=known.carbon_mg + parcel.carbon_mg,
            )
        pool[parcel.origin] = parcel
    return tuple(pool[key] for key in sorted(pool, key=_order) if pool[key].energy_wh)


def draw(
    parcels: Sequence[Parcel], wanted_wh: int
) -> tuple[tuple[Parcel, ...], tuple[Parcel, ...]]:
    """Take ``wanted_wh`` out of a pool, of every origin alike; return taken and left.

    Whole Wh by largest remainder.  A parcel's carbon follows its energy; the mg that
    cannot be halved stay with what is left, and go with the last Wh.
    """
    pool = pooled(parcels)
    assert 0 <= wanted_wh <= energy_wh(pool), "a pool gives what it holds"
    parts = apportion(
        wanted_wh, [p.energy_wh for p in pool], [_order(p.origin) for p in pool]
    )
    taken = tuple(
        replace(
            parcel,
            energy_wh=part,
            carbon_mg=div_floor(parcel.carbon_mg * part, parcel.energy_wh),
        )
        for parcel, part in zip(pool, parts, strict=True)
    )
    left = tuple(
        replace(
            parcel,
            energy_wh=parcel.energy_wh - gone.energy_wh,
            carbon_mg=parcel.carbon_mg - gone.carbon_mg,
        )
        for parcel, gone in zip(pool, taken, strict=True)
    )
    return pooled(taken), pooled(left)


def shares_ppm(parcels: Iterable[Parcel]) -> dict[EnergySource, int]:
    """Return the share of every source; they add up to exactly one million."""
    by_source: dict[EnergySource, int] = {}
    for parcel in parcels:
        source = parcel.origin.source
        by_source[source] = by_source.get(source, 0) + parcel.energy_wh
    sources = sorted(source for source, wh in by_source.items() if wh)
    if not sources:
        return {}
    shares = apportion(
        PPM, [by_source[s] for s in sources], [s.value.encode() for s in sources]
    )
    return dict(zip(sources, shares, strict=True))


def _order(origin: Origin) -> bytes:
    device = origin.device.id if origin.device else ""
    return f"{origin.source}\0{origin.stored:d}\0{device}".encode()
