"""What the controller sees of the home; every value knows when it was measured."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ...model.period import Instant
from ..assets import AssetId


@dataclass(frozen=True, slots=True, kw_only=True)
class GridSight:
    """The meter at the metering point."""

    measured_at: Instant
    power_w: int
    """+ import, - export."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatterySight:
    """A battery; None is unknown."""

    measured_at: Instant
    stored_wh: int | None
    power_w: int | None = None
    """+ discharging, - charging."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargerSight:
    """A charging point; None is unknown."""

    measured_at: Instant
    connected: bool | None
    power_w: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineSight:
    """A heat pump, an electrolyser or a generator."""

    measured_at: Instant


def _nothing[T]() -> Mapping[AssetId, T]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Everything that is measured, as known at one instant."""

    grid: GridSight | None
    """None: the meter has never answered."""

    batteries: Mapping[AssetId, BatterySight] = field(default_factory=_nothing)
    chargers: Mapping[AssetId, ChargerSight] = field(default_factory=_nothing)
    machines: Mapping[AssetId, MachineSight] = field(default_factory=_nothing)
