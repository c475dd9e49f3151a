"""Where parties sit: zones of the distribution network as a tree of fees and limits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NewType

from .units import PRICE_MICRO_PER_KWH_MAX

ZoneId = NewType("ZoneId", str)
"""Stable public name of a zone; it breaks ties, so renaming a zone changes a result."""

ZONES_MAX: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A node of the fee tree together with the edge to its parent.

    The root's edge leads nowhere: its fees and capacities are ignored.
    """

    id: ZoneId
    parent: ZoneId | None
    export_fee_micro_per_kwh: int = 0
    """Network fee for energy that leaves the zone towards its parent."""

    import_fee_micro_per_kwh: int = 0
    """Network fee for energy that enters the zone from its parent."""

    export_wh_max: int | None = None
    """Energy that may leave the zone in one period; None: no limit, 0: closed."""

    import_wh_max: int | None = None
    """Energy that may enter the zone in one period; None: no limit, 0: closed."""

    def __post_init__(self) -> None:
        """Refuse fees that would pay for going in circles, and negative limits."""
        fees = (self.export_fee_micro_per_kwh, self.import_fee_micro_per_kwh)
        if sum(fees) < 0:
            msg = f"the fees of zone {self.id} reward going to and fro"
            raise ValueError(msg)
        if max(map(abs, fees)) > PRICE_MICRO_PER_KWH_MAX:
            msg = f"a fee of zone {self.id} is out of bounds"
            raise ValueError(msg)
        limits = (self.export_wh_max, self.import_wh_max)
        if any(limit is not None and limit < 0 for limit in limits):
            msg = f"a limit of zone {self.id} is negative"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class FeeTree:
    """Zones with exactly one root and no cycles, parents before children."""

    zones: tuple[Zone, ...]
    _by_id: Mapping[ZoneId, Zone] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse what is not a tree listed from its root downwards."""
        if not 1 <= len(self.zones) <= ZONES_MAX:
            msg = f"a fee tree has 1 to {ZONES_MAX} zones, not {len(self.zones)}"
            raise ValueError(msg)
        known: dict[ZoneId, Zone] = {}
        for zone in self.zones:
            if zone.id in known:
                msg = f"zone {zone.id} is named twice"
                raise ValueError(msg)
            if (zone.parent is None) != (not known):
                msg = f"zone {zone.id}: the first zone, and only it, is the root"
                raise ValueError(msg)
            if zone.parent is not None and zone.parent not in known:
                msg = f"zone {zone.id} comes before its parent {zone.parent}"
                raise ValueError(msg)
            known[zone.id] = zone
        object.__setattr__(self, "_by_id", known)

    @classmethod
    def single(cls, name: ZoneId = ZoneId("community")) -> FeeTree:
        """Return the tree of one zone: everybody meets at one price without fees."""
        return cls((Zone(id=name, parent=None),))

    @property
    def root(self) -> Zone:
        """The zone where supply has to meet demand."""
        return self.zones[0]

    def zone(self, zone_id: ZoneId) -> Zone:
        """Return the zone of that name; ValueError if there is none."""
        if zone_id not in self._by_id:
            msg = f"no zone {zone_id}"
            raise ValueError(msg)
        return self._by_id[zone_id]

    def path_to_root(self, zone_id: ZoneId) -> Iterator[Zone]:
        """Yield ``zone_id`` and its ancestors, the root last."""
        zone: Zone | None = self.zone(zone_id)
        while zone is not None:
            yield zone
            zone = None if zone.parent is None else self._by_id[zone.parent]

    def network_fee_micro_per_kwh(self, *, seller: ZoneId, buyer: ZoneId) -> int:
        """Return the fees on the way from the seller's zone to the buyer's."""
        up = list(self.path_to_root(seller))
        down = list(self.path_to_root(buyer))
        shared = {zone.id for zone in up} & {zone.id for zone in down}
        return sum(z.export_fee_micro_per_kwh for z in up if z.id not in shared) + sum(
            z.import_fee_micro_per_kwh for z in down if z.id not in shared
        )
