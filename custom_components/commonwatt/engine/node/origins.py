"""Where this home's energy comes from, and what it tells others about its export.

Own plants and batteries are followed here, neighbours' export is taken as they told it
with their readings.  Knows no money.  Rules: docs/explanation/certificates.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ..devices import DeviceId
from ..ledger.certificates import CertificateRegister
from ..ledger.certification import certify
from ..ledger.origin import UNKNOWN, Origin, Parcel, anonymous, energy_wh, pooled
from ..ledger.provenance import (
    Busbar,
    HomeEnergy,
    HomeOrigin,
    deliver,
    export_of,
    import_into,
)
from ..ledger.settlement import Settlement
from ..ledger.tank import MixingTank
from ..model.origin import EnergySource, ExportOrigin, ProductionDevice
from ..model.party import PartyId
from ..model.zone import ZoneId
from ..wire.messages import ORIGINS_MAX
from .config import NodeConfig
from .metering import Measured
from .mix import Mix, MixPart, Supplier, mixed

PHOTOVOLTAIC_G_PER_KWH: Final = 43
"""Life-cycle greenhouse gases: median of IPCC AR5, WG III, annex III."""

type Told = Mapping[PartyId, Sequence[ExportOrigin]]
type Exports = Mapping[PartyId, int]
"""Metered export by party, in Wh."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSide:
    """What this home's devices counted in a period, and what its export was made of."""

    home: HomeEnergy
    side: Busbar


class Origins:
    """The books of this home on where energy came from."""

    def __init__(self, config: NodeConfig) -> None:
        """Begin with a battery nobody knows the content of."""
        self._config: Final = config
        self.plants: Mapping[DeviceId, ProductionDevice] = {}
        """What the home produces with; an inverter not named here is solar."""

        self.tank = MixingTank()
        self._latest: OwnSide | None = None

    def exported(self, measured: Measured) -> OwnSide:
        """Follow a period up to the meter: what went out, and what stayed."""
        home = HomeEnergy(
            party=self._me,
            import_wh=measured.import_wh,
            export_wh=measured.export_wh,
            production=tuple(
                (self._plant(device, steered=steered), made_wh)
                for device, made_wh, steered in measured.made or ()
                if made_wh > 0
            ),
            charged_wh=measured.charged_wh or 0,
            discharged_wh=measured.discharged_wh or 0,
            stored_wh=measured.stored_wh,
        )
        side = export_of(home, self.tank, grid_g_per_kwh=self._grid_g)
        self.tank = side.tank
        self._latest = OwnSide(home=home, side=side)
        return self._latest

    def told(self, own: OwnSide) -> tuple[ExportOrigin, ...]:
        """Return what to tell about the export: the largest parts that are known."""
        known: dict[tuple[EnergySource, str, bool], Parcel] = {}
        for parcel in own.side.exported:
            origin = parcel.origin
            if origin.source is EnergySource.UNKNOWN:
                continue
            plant = "" if origin.device is None else self._registered(origin.device)
            key = (origin.source, plant, origin.stored)
            before = known.get(key)
            if before is not None:
                parcel = replace(  # noqa: PLW2901  # the same with what we had of it
                    before,
                    energy_wh=before.energy_wh + parcel.energy_wh,
                    carbon_mg=before.carbon_mg + parcel.carbon_mg,
                )
            known[key] = parcel
        largest = sorted(known, key=lambda key: (-known[key].energy_wh, key))
        return tuple(
            ExportOrigin(
                source=source,
                plant=plant,
                stored=stored,
                energy_wh=known[source, plant, stored].energy_wh,
                carbon_mg=known[source, plant, stored].carbon_mg,
            )
            for source, plant, stored in sorted(largest[:ORIGINS_MAX])
        )

    def used(
        self, own: OwnSide, settlement: Settlement, exports: Exports, told: Told
    ) -> HomeOrigin:
        """Return what this home's use in a settled period was made of."""
        arrived = [
            parcel
            for arrival in deliver(
                self._pools(exports, told),
                settlement.deliveries,
                grid_g_per_kwh=self._grid_g,
            )
            if arrival.delivery.buyer == self._me
            for parcel in _of(arrival.delivery.seller, arrival.parcels)
        ]
        is_latest = own is self._latest
        return import_into(
            own.home if is_latest else replace(own.home, stored_wh=None),
            replace(own.side, tank=self.tank),
            arrived,
            grid_g_per_kwh=self._grid_g,
        )

    def mix(self, parcels: Iterable[Parcel]) -> Mix:
        """Return parcels by supplier and source."""
        return mixed(self._part(parcel) for parcel in parcels)

    def certified(
        self, settlement: Settlement, exports: Exports, told: Told
    ) -> CertificateRegister:
        """Return the register of a period: issued, handed on and used up.

        The same at every member that has the same readings.
        """
        pools = self._pools(exports, told)
        register = CertificateRegister()
        certify(
            register,
            community=self._config.community,
            period=settlement.period,
            exported=pools,
            arrivals=deliver(pools, settlement.deliveries, grid_g_per_kwh=self._grid_g),
        )
        return register

    # -- how it works ------------------------------------------------------------------

    @property
    def _me(self) -> PartyId:
        return self._config.party

    @property
    def _grid_g(self) -> int:
        return self._config.rules.grid_g_per_kwh

    def _plant(self, device: DeviceId, *, steered: bool) -> ProductionDevice:
        plant = self.plants.get(device)
        if plant is not None:
            return plant
        if steered:
            return nameless(self._me, EnergySource.UNKNOWN, carbon_g=self._grid_g)
        return nameless(self._me, EnergySource.SOLAR, carbon_g=PHOTOVOLTAIC_G_PER_KWH)

    def _registered(self, device: ProductionDevice) -> str:
        """Return the name of a plant of ours that the community has registered."""
        ours = device.owner == self._me and device in self._config.rules.plants
        return device.id if ours else ""

    def _pools(self, exports: Exports, told: Told) -> dict[PartyId, tuple[Parcel, ...]]:
        plants = {(p.owner, p.id): p for p in self._config.rules.plants}
        return {
            party: _parcels(party, export_wh, told.get(party, ()), plants, self._grid_g)
            for party, export_wh in sorted(exports.items())
        }

    def _part(self, parcel: Parcel) -> MixPart:
        device, source = parcel.origin.device, parcel.origin.source
        if device is not None:
            ours = device.owner == self._me
            supplier = Supplier.OWN if ours else Supplier.NEIGHBOUR
        else:
            is_grid = source is EnergySource.GRID
            supplier = Supplier.GRID if is_grid else Supplier.UNKNOWN
        return MixPart(
            supplier=supplier,
            source=source,
            energy_wh=parcel.energy_wh,
            carbon_mg=parcel.carbon_mg,
        )


def nameless(
    owner: PartyId, source: EnergySource, *, carbon_g: int = 0
) -> ProductionDevice:
    """Return a plant nobody has registered: its owner and its source are all of it."""
    return ProductionDevice(
        id=f"{owner}/{source}",
        owner=owner,
        source=source,
        technology="",
        capacity_w=0,
        commissioned_on="",
        zone=ZoneId(""),
        carbon_g_per_kwh=carbon_g,
    )


def _parcels(
    party: PartyId,
    export_wh: int,
    told: Iterable[ExportOrigin],
    plants: Mapping[tuple[PartyId, str], ProductionDevice],
    grid_g: int,
) -> tuple[Parcel, ...]:
    """Return a party's export as it told it; what it did not tell is unknown."""
    known = pooled(
        Parcel(
            origin=_origin(party, one, plants),
            energy_wh=one.energy_wh,
            carbon_mg=one.carbon_mg,
        )
        for one in told
    )
    left_wh = max(0, export_wh - energy_wh(known))
    return pooled((*known, anonymous(UNKNOWN, left_wh, grid_g)))


def _origin(
    party: PartyId,
    told: ExportOrigin,
    plants: Mapping[tuple[PartyId, str], ProductionDevice],
) -> Origin:
    if told.source in {EnergySource.GRID, EnergySource.UNKNOWN}:
        return Origin(source=told.source, stored=told.stored)
    plant = plants.get((party, told.plant)) if told.plant else None
    if plant is None or plant.source is not told.source:
        plant = nameless(party, told.source)
    return Origin(source=told.source, device=plant, stored=told.stored)


def _of(seller: PartyId, parcels: Iterable[Parcel]) -> Iterable[Parcel]:
    """Yield what a neighbour delivered: its own, even of a source nobody knows."""
    for parcel in parcels:
        if parcel.origin.source is EnergySource.UNKNOWN:
            device = nameless(seller, EnergySource.UNKNOWN)
            yield replace(parcel, origin=replace(parcel.origin, device=device))
        else:
            yield parcel
