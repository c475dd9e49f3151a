"""From a home to its linear programme: calls every constraint by its name."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...model.period import DeliveryPeriod
from ..assets import AssetId
from ..home import CycleAppliance, FlexibleAppliance
from .case import Case
from .draft import Draft, GridColumns, Market, StorageColumns
from .grid import (
    TIE_PER_STEP,
    bill_capacity,
    choose_one_grid_direction,
    connect_grid,
    grid_columns,
    limit_connections,
    open_market,
    trade_tranches,
)
from .machines import add_generator, run_long_enough, start_once, warm_tank
from .program import Indices, LinearProgram, Mask, Program
from .resilience import cover_critical_loads, keep_energy
from .rows import storage_row
from .storage import add_storage, choose_one_direction, stay_behind_the_meter


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HomeModel:
    """The programme of a home, and where its answers are."""

    case: Case
    linear: LinearProgram
    grid: GridColumns
    storages: Mapping[AssetId, StorageColumns]
    machines: Mapping[AssetId, Indices]
    heat: Mapping[AssetId, Indices]
    tranches: tuple[tuple[Indices, Indices, float], ...] = ()
    """Leaves, columns and direction of each (``Draft.tranches``)."""

    market: Market | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Exclusions:
    """Steps in which both directions at once are forbidden by a switch."""

    grid: Mask
    storages: Mask

    @classmethod
    def needed(cls, case: Case) -> Exclusions:
        """Return the steps in which both directions could pay."""
        return cls(grid=case.circular, storages=case.wasteful)

    @classmethod
    def everywhere(cls, case: Case) -> Exclusions:
        """Return all steps."""
        every = np.ones(case.tree.steps, dtype=np.bool_)
        return cls(grid=every, storages=every)

    @property
    def any(self) -> bool:
        """Whether any step is among them."""
        return bool(self.grid.any() or self.storages.any())

    def __or__(self, other: Exclusions) -> Exclusions:
        """Return the steps of either."""
        return Exclusions(
            grid=self.grid | other.grid, storages=self.storages | other.storages
        )


def model_of(
    case: Case, exclusions: Exclusions, *, market: DeliveryPeriod | None = None
) -> HomeModel:
    """Return the linear programme of a home, with a market open for one period."""
    program = Program()
    # With a market open prices are asked for: no tie-break may be in them.
    tie = TIE_PER_STEP if market is None else 0.0
    grid = grid_columns(case, program, tie_per_step=tie)
    draft = Draft(case=case, program=program, grid=grid)
    connect_grid(draft)
    for storage, stored_wh in case.checked.storages:
        add_storage(draft, storage_row(case, storage, stored_wh))
    for columns in draft.storages.values():
        stay_behind_the_meter(draft, columns)
        choose_one_direction(draft, columns, exclusions.storages)
        row = columns.row
        ways = [
            (columns.charge, row.charge.heat),
            (columns.discharge, row.discharge.heat),
        ]
        warm_tank(draft, row.id, row.warms, ways)
    _add_machines(draft)
    trade_tranches(draft, market=market)
    tranches = tuple(draft.tranches)
    opened = None if market is None else open_market(draft, market)
    limit_connections(draft)
    bill_capacity(draft)
    cover_critical_loads(draft)
    keep_energy(draft, case)
    choose_one_grid_direction(draft, exclusions.grid)
    return HomeModel(
        case=case,
        linear=program.linear(),
        grid=draft.grid,
        storages=draft.storages,
        machines=draft.machines,
        heat=draft.heat,
        tranches=tranches,
        market=opened,
    )


def _add_machines(draft: Draft) -> None:
    for appliance in draft.case.checked.appliances:
        match appliance:
            case CycleAppliance():
                start_once(draft, appliance)
            case FlexibleAppliance():
                run_long_enough(draft, appliance)
    for generator in draft.case.checked.problem.generators:
        add_generator(draft, generator)
