"""Everything a plan may depend on: one value, made before anything is solved."""

from dataclasses import dataclass
from typing import Final

from ...model.units import PPM
from .grid import Grid
from .horizon import Horizon
from .machines import Appliance, Generator
from .stores import Storage
from .wishes import EVERY_DAY, Autonomy, Weights

SCENARIOS_MAX: Final = 5
ASSETS_MAX: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One way the coming days may go: what the home uses, and what the sun gives.

    ``None`` is a value nobody forecast.  Whole paths, so that a cloudy morning stays
    a cloudy morning.
    """

    load_w: tuple[int | None, ...]
    """Apart from what can be steered."""

    production_w: tuple[int | None, ...]
    weight_ppm: int = PPM


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeProblem:
    """A home, its coming days and its wishes.

    Any such value has a plan: what is missing is filled or left out, what contradicts
    itself is missed at a price (``HomePlan.flaws`` tells).
    """

    horizon: Horizon
    scenarios: tuple[Scenario, ...]
    """The expected one first; weights are relative."""

    grid: Grid
    curtailable: bool = False
    """Production can be turned down."""

    storages: tuple[Storage, ...] = ()
    generators: tuple[Generator, ...] = ()
    appliances: tuple[Appliance, ...] = ()
    autonomy: Autonomy | None = None
    keep_wh: int = 0
    """Energy never sold: kept in stationary batteries, whatever it would earn."""

    weights: Weights = EVERY_DAY
    decided_ms: int = 3_600_000
    """With several scenarios: how far ahead decisions are the same in all of them."""

    def __post_init__(self) -> None:
        """Refuse what no home has; what a sensor may get wrong is never refused."""
        if not 1 <= len(self.scenarios) <= SCENARIOS_MAX:
            raise ValueError(f"{len(self.scenarios)} scenarios")
        assets = (*self.storages, *self.generators, *self.appliances)
        if len({asset.id for asset in assets}) != len(assets):
            raise ValueError("two assets of the same name")
        if len(assets) > ASSETS_MAX:
            raise ValueError(f"{len(assets)} assets in one home")
