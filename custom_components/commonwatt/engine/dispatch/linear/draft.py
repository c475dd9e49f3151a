"""The programme of one home while it is written: columns others refer to."""

from dataclasses import dataclass, field

from ..assets import AssetId
from .case import Case
from .program import Floats, Indices, Kind, Program, Space, Stays
from .rows import StorageRow


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StorageColumns:
    """The columns of one store; ``rescue`` and ``low`` only where they can matter."""

    row: StorageRow
    charge: Indices
    discharge: Indices
    energy: Indices
    """At the end of every node."""

    recursion: Indices
    rescue: Indices
    low: Indices


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GridColumns:
    """The columns at the metering point, for each leaf; empty where never needed."""

    buy: Indices
    sell: Indices
    short: Indices
    spill: Indices
    curtailed: Indices
    balance: Indices


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Market:
    """The columns of an open market, and the kWh of a kW in each of them."""

    bought: Indices
    sold: Indices
    energy: Floats


@dataclass(slots=True, kw_only=True, eq=False)
class Draft:
    """Everything written so far."""

    case: Case
    program: Program
    grid: GridColumns
    storages: dict[AssetId, StorageColumns] = field(default_factory=dict)
    machines: dict[AssetId, Indices] = field(default_factory=dict)
    """Power of generators for each node; on/off of appliances for each step."""

    heat: dict[AssetId, Indices] = field(default_factory=dict)
    """Heat each source brings into its tank, for each node."""

    tranches: list[tuple[Indices, Indices, float]] = field(default_factory=list)
    """Leaves and columns of each tranche; 1 for what is bought, -1 for what is sold."""

    def supply_by_node(self, columns: Indices, sign: float) -> None:
        """Let columns with one value for each node give (+) or take (-) power."""
        leaf_node = self.case.tree.leaf_node
        self.program.put(self.grid.balance, columns[leaf_node], sign)

    def switches(
        self, name: str, steps: Indices, stays: Stays | None = None
    ) -> Indices:
        """Add one switch for each of ``steps``, the same in all scenarios."""
        return self.program.columns(
            name,
            len(steps),
            space=Space.STEP,
            places=steps,
            upper=1.0,
            kind=Kind.SWITCH,
            stays=stays,
        )
