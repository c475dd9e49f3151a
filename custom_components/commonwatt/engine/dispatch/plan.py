"""What the home intends to do in a delivery period, before the market has spoken."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..model.period import HOUR_MS, PERIOD_MS, DeliveryPeriod
from ..model.units import div_floor
from .assets import AssetId
from .blocks import Block, Must, blocks_of, car_must
from .problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Energy nobody steers, energy that must flow, and blocks with their prices."""

    period: DeliveryPeriod
    net_wh: int
    """Net export before anything is steered: production minus load."""

    musts: tuple[Must, ...]
    """One for each car planned for, even if it may wait."""

    blocks: tuple[Block, ...]

    @property
    def fixed_wh(self) -> int:
        """Net export once all that must flow has flowed."""
        return self.net_wh - sum(must.energy_wh for must in self.musts)

    def rest(self, *, net_w: int, left_ms: int) -> Plan:
        """Return the plan for the ``left_ms`` that remain of the period.

        What nobody steers goes on as it is now, at ``net_w``; all else shrinks evenly.
        """
        assert 0 < left_ms <= PERIOD_MS, "a rest is part of the period"
        return Plan(
            period=self.period,
            net_wh=div_floor(net_w * left_ms, HOUR_MS),
            musts=tuple(
                replace(must, energy_wh=_share(must.energy_wh, left_ms))
                for must in self.musts
            ),
            blocks=tuple(
                replace(block, energy_wh=_share(block.energy_wh, left_ms))
                for block in self.blocks
            ),
        )


def plan_by_rule(problem: Problem) -> Plan:
    """Return the plan of plain self-consumption for the first period of the horizon.

    No horizon is looked at beyond what the values of stored energy say.  This is the
    rule every home can fall back on.
    """
    outlook = problem.outlooks[0]
    return Plan(
        period=outlook.period,
        net_wh=outlook.production_wh - outlook.load_wh,
        musts=tuple(car_must(now, outlook) for now in problem.cars),
        blocks=blocks_of(problem),
    )


def steer(plan: Plan, net_export_wh: int) -> Mapping[AssetId, int]:
    """Return the energy each asset adds to reach ``net_export_wh`` in the period.

    Cheapest first when giving, dearest first when taking.  Of the assets with nothing
    to do only planned cars are mentioned: they wait.  What no asset can make up for is
    left to the grid.
    """
    energy_wh = {must.asset: -must.energy_wh for must in plan.musts}
    missing_wh = net_export_wh - plan.fixed_wh
    sign = 1 if missing_wh > 0 else -1
    helpful = sorted(
        (block for block in plan.blocks if block.energy_wh * sign > 0),
        key=lambda block: (sign * block.price_micro_per_kwh, block.asset),
    )
    for block in helpful:
        used_wh = sign * min(abs(block.energy_wh), abs(missing_wh))
        if used_wh:
            energy_wh[block.asset] = energy_wh.get(block.asset, 0) + used_wh
        missing_wh -= used_wh
    return energy_wh


def _share(energy_wh: int, left_ms: int) -> int:
    """Return the part of a period's energy for ``left_ms``, towards zero."""
    size = div_floor(abs(energy_wh) * left_ms, PERIOD_MS)
    return size if energy_wh > 0 else -size
