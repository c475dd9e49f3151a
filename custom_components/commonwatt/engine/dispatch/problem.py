"""What a plan is made from: coming delivery periods, prices, and the state of assets.

Quantities are integers.  An optimiser may compute in floats, but what it is asked and
what it answers are these values.
"""

from dataclasses import dataclass

from ..model.period import PERIODS_PER_HOUR, DeliveryPeriod, Instant
from ..model.tariff import Tariff
from ..model.units import div_floor
from .assets import ChargingPoint, Generator, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """One delivery period of the horizon."""

    period: DeliveryPeriod
    load_wh: int
    """What the home will use, apart from what can be steered."""

    production_wh: int
    """What sun and wind will give."""

    tariff: Tariff
    avoided_micro_per_kwh: int
    """What a kWh from a neighbour saves; at most the all-in import price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreNow:
    """A store and what is in it."""

    store: Store
    stored_wh: int

    @property
    def usable_wh(self) -> int:
        """Energy that may be taken out."""
        return max(0, self.stored_wh - self.store.reserve_wh)

    @property
    def free_wh(self) -> int:
        """Energy that still fits in."""
        return max(0, self.store.capacity_wh - self.stored_wh)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarNow:
    """A car at its charging point, whose needs are known."""

    point: ChargingPoint
    needed_wh: int
    leaves_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Everything a plan may depend on."""

    outlooks: tuple[Outlook, ...]
    """The horizon; the first period is the one to bid for."""

    stores: tuple[StoreNow, ...] = ()
    cars: tuple[CarNow, ...] = ()
    generators: tuple[Generator, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a horizon without a period."""
        if not self.outlooks:
            raise ValueError("a plan looks at least one delivery period ahead")


def energy_wh_of(power_w: int) -> int:
    """Return the energy of a constant power over one delivery period, rounded down."""
    return div_floor(power_w, PERIODS_PER_HOUR)
