"""One home's periods and days as only the home itself can know them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ...model.period import DeliveryPeriod
from ...model.units import PPM
from ..fixed import ratio_ppm
from ..season import Attainment


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a home's own devices showed in one period.  None is unknown."""

    period: DeliveryPeriod
    used_wh: int
    """All that was used, cars included."""

    made_wh: int
    """What sun and wind gave."""

    car_wh: int = 0
    car_here: bool = False
    """A car was plugged in."""

    carbon_g_per_kwh: int | None = None
    """Of the grid, as the home steers by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metered:
    """What the meter counted in the same period, as it was settled."""

    import_wh: int
    export_wh: int

    @property
    def net_wh(self) -> int:
        """Import is positive."""
        return self.import_wh - self.export_wh


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What passes a meter, and the carbon of what comes in."""

    import_wh: int = 0
    export_wh: int = 0
    carbon_mg: int = 0

    def plus(self, other: Flow) -> Flow:
        """Add up two times."""
        return Flow(
            import_wh=self.import_wh + other.import_wh,
            export_wh=self.export_wh + other.export_wh,
            carbon_mg=self.carbon_mg + other.carbon_mg,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindsight:
    """A day as it went, as it would have gone by itself, and at its best."""

    reached: Flow
    without: Flow
    best: Flow

    def plus(self, other: Hindsight) -> Hindsight:
        """Add up two times."""
        return Hindsight(
            reached=self.reached.plus(other.reached),
            without=self.without.plus(other.without),
            best=self.best.plus(other.best),
        )


NO_HINDSIGHT: Final = Hindsight(reached=Flow(), without=Flow(), best=Flow())


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeDay:
    """One day of UTC of one home: the sums its score rests on."""

    day: int
    periods: int = 0
    """Of how many its devices and its meter told all."""

    used_wh: int = 0
    made_wh: int = 0
    energy: Hindsight = NO_HINDSIGHT
    carbon: Hindsight | None = None
    """None where the carbon of the grid is not known all day."""

    car_wh: int = 0
    car_green_wh: int = 0
    """Charged in the six greenest hours; 0 too where nobody knows which they were."""

    loss: int = 0
    usual_loss: int = 0
    """What was said of the day's periods, and the usual: see ``honesty``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """What some days come to, each against what could be attained."""

    self_sufficiency: Attainment | None
    self_consumption: Attainment | None
    carbon: Attainment | None


def shares_of(days: Iterable[HomeDay]) -> Shares:
    """Return the shares of some days; None where there was nothing to share."""
    known = list(days)
    used_wh = sum(one.used_wh for one in known)
    made_wh = sum(one.made_wh for one in known)
    energy = carbon = NO_HINDSIGHT
    for one in known:
        energy = energy.plus(one.energy)
        carbon = carbon if one.carbon is None else carbon.plus(one.carbon)
    ways = (energy.reached, energy.without, energy.best)
    return Shares(
        self_sufficiency=_attained(used_wh, [flow.import_wh for flow in ways]),
        self_consumption=_attained(made_wh, [flow.export_wh for flow in ways]),
        carbon=_attained(
            carbon.without.carbon_mg,
            [flow.carbon_mg for flow in (carbon.reached, carbon.without, carbon.best)],
        ),
    )


def _attained(whole: int, missed: Iterable[int]) -> Attainment | None:
    """Return ``1 - missed / whole`` as reached, without control and at best."""
    if whole <= 0:
        return None
    reached, without, best = (PPM - ratio_ppm(one, whole) for one in missed)
    return Attainment(reached_ppm=reached, without_ppm=without, best_ppm=best)
