"""How the power at the meter divides into three phases: whole watts that add up."""

from dataclasses import dataclass
from typing import Final, Self

from ...model.units import PPM
from .dice import Dice
from .flows import Flows
from .spec import HomeSpec
from .state import Phases

LOAD_SHARES_PPM: Final = (480_000, 310_000, 210_000)
"""Sockets and lamps are never spread evenly."""

SHARE_ORDERS: Final = ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0))


@dataclass(frozen=True, slots=True)
class PhaseShares:
    """Which phases the appliances and the car of one home are on."""

    load_ppm: tuple[int, int]
    """Shares of the first two phases; the third takes the rest."""

    car_phases: int

    @classmethod
    def of(cls, spec: HomeSpec, *, seed: int) -> Self:
        """Throw the dice of the electrician."""
        dice = Dice(seed, spec.key, "phases")
        order = SHARE_ORDERS[dice.between(0, len(SHARE_ORDERS) - 1)]
        return cls(
            load_ppm=(LOAD_SHARES_PPM[order[0]], LOAD_SHARES_PPM[order[1]]),
            car_phases=3 if spec.car is None else spec.car.phases,
        )

    def split(self, flows: Flows) -> Phases:
        """Return the import of each phase; together they are the meter's power."""
        single_w = flows.charger_w if self.car_phases == 1 else 0
        spread_w = flows.grid_w - flows.load_w - single_w - flows.hot_water_w
        third_w = spread_w // 3
        first = third_w + flows.load_w * self.load_ppm[0] // PPM + single_w
        second = third_w + flows.load_w * self.load_ppm[1] // PPM + flows.hot_water_w
        return first, second, flows.grid_w - first - second
