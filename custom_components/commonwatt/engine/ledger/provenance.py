"""Origin follows the energy: through homes, batteries and deliveries of one period.

A home's export is what it produced and discharged, every origin alike, and never what
it imported in the same quarter of an hour.  What a home imports is what its neighbours
delivered, and the grid for the rest.  Load and battery share the remaining mixture.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..model.origin import ProductionDevice
from ..model.party import PartyId
from .allocation import Delivery
from .origin import GRID, UNKNOWN, Parcel, anonymous, draw, energy_wh, pooled, produced
from .tank import MixingTank


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeEnergy:
    """What the meters and devices of one home counted in one period, in Wh."""

    party: PartyId
    import_wh: int
    export_wh: int
    production: tuple[tuple[ProductionDevice, int], ...] = ()
    charged_wh: int = 0
    discharged_wh: int = 0
    stored_wh: int | None = None
    """What the battery says it holds at the end; None without a battery that tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeOrigin:
    """Where the energy of one home came from in one period."""

    exported: tuple[Parcel, ...]
    """Adds up to the metered export: what certificates may be issued for."""

    consumed: tuple[Parcel, ...]
    """The mix of the home's own load."""

    charged: tuple[Parcel, ...]
    tank: MixingTank


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What a delivery was made of."""

    delivery: Delivery
    parcels: tuple[Parcel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The origin of all energy of one period."""

    homes: Mapping[PartyId, HomeOrigin]
    arrivals: tuple[Arrival, ...]
    """In the order of the deliveries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Busbar:
    """A home's own energy, before anything comes in from outside."""

    exported: tuple[Parcel, ...]
    own: tuple[Parcel, ...]
    """What stayed in the home."""

    tank: MixingTank


def trace(
    homes: Sequence[HomeEnergy],
    deliveries: Sequence[Delivery],
    tanks: Mapping[PartyId, MixingTank],
    *,
    grid_g_per_kwh: int,
) -> Trace:
    """Follow the energy of one period from source to load.

    ``deliveries`` are the settlement's; a seller without a reading delivers energy of
    unknown origin, as is all energy nobody measured; it counts with the grid's carbon.
    """
    sides = {
        home.party: export_of(
            home, tanks.get(home.party, MixingTank()), grid_g_per_kwh=grid_g_per_kwh
        )
        for home in homes
    }
    exported = {party: side.exported for party, side in sides.items()}
    arrivals = deliver(exported, deliveries, grid_g_per_kwh=grid_g_per_kwh)
    return Trace(
        homes={
            home.party: import_into(
                home,
                sides[home.party],
                [
                    parcel
                    for arrival in arrivals
                    if arrival.delivery.buyer == home.party
                    for parcel in arrival.parcels
                ],
                grid_g_per_kwh=grid_g_per_kwh,
            )
            for home in homes
        },
        arrivals=arrivals,
    )


def export_of(home: HomeEnergy, tank: MixingTank, *, grid_g_per_kwh: int) -> Busbar:
    """Return what a home's export was made of: all it had of its own, alike."""
    out, tank = tank.discharged(home.discharged_wh, grid_g_per_kwh)
    own = pooled((*(produced(*made) for made in home.production), *out))
    unexplained = max(0, home.export_wh - energy_wh(own))
    own = pooled((*own, anonymous(UNKNOWN, unexplained, grid_g_per_kwh)))
    exported, own = draw(own, home.export_wh)
    return Busbar(exported=exported, own=own, tank=tank)


def deliver(
    exported: Mapping[PartyId, tuple[Parcel, ...]],
    deliveries: Sequence[Delivery],
    *,
    grid_g_per_kwh: int,
) -> tuple[Arrival, ...]:
    """Return what each delivery was made of, in the order of the deliveries."""
    pools = dict(exported)
    arrivals: list[Arrival] = []
    for delivery in deliveries:
        pool = pools.get(delivery.seller, ())
        known = min(delivery.energy_wh, energy_wh(pool))
        taken, pools[delivery.seller] = draw(pool, known)
        extra = anonymous(UNKNOWN, delivery.energy_wh - known, grid_g_per_kwh)
        arrivals.append(Arrival(delivery=delivery, parcels=pooled((*taken, extra))))
    return tuple(arrivals)


def import_into(
    home: HomeEnergy,
    side: Busbar,
    arrived: Sequence[Parcel],
    *,
    grid_g_per_kwh: int,
) -> HomeOrigin:
    """Mix what a home kept, what arrived and what the grid added.

    Load and battery take from the mixture alike.
    """
    from_grid = home.import_wh - energy_wh(arrived)
    assert from_grid >= 0, "neighbours deliver no more than the meter imported"
    inside = pooled((*side.own, *arrived, anonymous(GRID, from_grid, grid_g_per_kwh)))
    missing = max(0, home.charged_wh - energy_wh(inside))
    inside = pooled((*inside, anonymous(UNKNOWN, missing, grid_g_per_kwh)))
    charged, consumed = draw(inside, home.charged_wh)
    tank = side.tank.charged(charged)
    if home.stored_wh is not None:
        tank = tank.settled(home.stored_wh)
    return HomeOrigin(
        exported=side.exported, consumed=consumed, charged=charged, tank=tank
    )
