"""Books for the market's benchmark, and the linear programme they stand for.

The trees have three levels (root, districts, feeders) with a fee on every edge and
limits on the feeders.  Most feeders lean to one side, so nearly every edge carries a
flow and about one in five is full.  Most orders have a price of their own.
"""

from dataclasses import dataclass
from typing import Final

import highspy
import numpy as np

from custom_components.commonwatt.engine.market.columns import (
    ColumnBook,
    ColumnResult,
    Grid,
    Table,
)
from custom_components.commonwatt.engine.model.order import (
    Order,
    OrderBook,
    PlacedOrder,
    Side,
    Step,
)
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.zone import FeeTree, Zone, ZoneId

PERIOD: Final = DeliveryPeriod(1_983_000)
SEED: Final = bytes(32)
ENERGY_WH_MAX: Final = 2_000
TYPICAL_WH: Final = 150
"""Net energy of a feeder for each of its orders, about."""


def tree_of(zones: int, orders: int, random: np.random.Generator) -> FeeTree:
    """Return a tree of ``zones`` whose feeders do not carry all that is ordered."""
    root = Zone(id=ZoneId("root"), parent=None)
    if zones == 1:
        return FeeTree((root,))
    districts = [
        Zone(
            id=ZoneId(f"d{number:05}"),
            parent=root.id,
            export_fee_micro_per_kwh=15_000,
            import_fee_micro_per_kwh=15_000,
        )
        for number in range(max(2, round(zones**0.5)))
    ]
    typical_wh = TYPICAL_WH * orders / zones
    feeders = [
        Zone(
            id=ZoneId(f"f{number:05}"),
            parent=districts[number % len(districts)].id,
            export_fee_micro_per_kwh=5_000,
            import_fee_micro_per_kwh=5_000,
            export_wh_max=round(typical_wh * random.uniform(1, 8)),
            import_wh_max=round(typical_wh * random.uniform(1, 8)),
        )
        for number in range(zones - 1 - len(districts))
    ]
    return FeeTree((root, *districts, *feeders))


def columns_of(orders: int, grid: Grid, random: np.random.Generator) -> ColumnBook:
    """Return a book of ``orders`` parties, one step each, on the lowest level."""
    first_leaf = grid.level_starts[-2]
    zone = random.integers(first_leaf, len(grid.names), orders)
    leaning = random.choice([0.1, 0.5, 0.9], len(grid.names))
    if len(grid.names) == 1:
        leaning[:] = 0.5
    sells = random.random(orders) < leaning[zone]
    price = np.where(
        sells,
        random.integers(50_000, 300_000, orders),
        random.integers(100_000, 350_000, orders),
    )
    energy_wh = random.integers(1, ENERGY_WH_MAX, orders)

    def table(chosen: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Table:
        rows = chosen[np.argsort(zone[chosen], kind="stable")]
        return Table(
            zone=zone[rows],
            price_micro_per_kwh=price[rows],
            energy_wh=energy_wh[rows],
            party=rows,
        )

    return ColumnBook(
        period=PERIOD,
        seed=SEED,
        bids=table(np.flatnonzero(~sells)),
        offers=table(np.flatnonzero(sells)),
        parties=[PartyId(f"{number:040x}") for number in range(orders)],
    )


def neighbourhood() -> tuple[OrderBook, FeeTree]:
    """Return 200 homes with 4 steps each in 10 zones, as a community has them."""
    random = np.random.default_rng(7)
    tree = tree_of(10, 800, random)
    names = [zone.id for zone in tree.zones]
    placed = []
    for number in range(200):
        side = Side.SELL if random.random() < 0.5 else Side.BUY  # noqa: PLR2004  # a coin
        steps = [
            Step(
                side=side,
                price_micro_per_kwh=int(random.integers(50_000, 350_000)),
                energy_wh=int(random.integers(1, ENERGY_WH_MAX)),
            )
            for _ in range(4)
        ]
        order = Order.of(PartyId(f"{number:040x}"), PERIOD, *steps)
        placed.append(PlacedOrder(order=order, zone=names[number % len(names)]))
    return OrderBook(period=PERIOD, seed=SEED, orders=tuple(placed)), tree


def welfare_nano(book: ColumnBook, grid: Grid, result: ColumnResult) -> int:
    """Return the welfare of ``result``: limits of bids minus of offers, minus fees."""
    decision = result.decision
    bids = (book.bids.price_micro_per_kwh, decision.bid_fills_wh)
    offers = (book.offers.price_micro_per_kwh, decision.offer_fills_wh)
    exports_wh = decision.exports_wh
    export_fees = (grid.export_fees // 4, np.maximum(exports_wh, 0))
    import_fees = (grid.import_fees // 4, np.maximum(-exports_wh, 0))
    gains, *costs = (
        int(np.dot(*pair)) for pair in (bids, offers, export_fees, import_fees)
    )
    return gains - sum(costs)


@dataclass(frozen=True, slots=True)
class LinearProgramme:
    """The book as HiGHS wants it: a column for each order and each way of each edge."""

    model: highspy.HighsLp

    @classmethod
    def of(cls, book: ColumnBook, grid: Grid) -> LinearProgramme:
        """Return the programme: energy balances in every zone, welfare is greatest."""
        zones, edges = len(grid.names), len(grid.names) - 1
        bids, offers = book.bids, book.offers
        single = len(bids) + len(offers)
        limits = np.concatenate((grid.export_wh_max[1:], grid.import_wh_max[1:]))
        ends = np.stack((np.arange(1, zones), grid.parents[1:]), axis=1).ravel()
        fees = np.concatenate((grid.export_fees[1:], grid.import_fees[1:])) // 4
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = zones, single + 2 * edges
        model.row_lower_ = model.row_upper_ = np.zeros(zones)
        model.col_lower_ = np.zeros(model.num_col_)
        model.col_cost_ = np.concatenate(
            (-bids.price_micro_per_kwh, offers.price_micro_per_kwh, fees)
        ).astype(float)
        model.col_upper_ = np.concatenate(
            (
                bids.energy_wh,
                offers.energy_wh,
                np.where(limits < 1 << 60, limits, highspy.kHighsInf),
            )
        ).astype(float)
        matrix = model.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kColwise
        starts = (np.arange(single), single + 2 * np.arange(2 * edges + 1))
        matrix.start_ = np.concatenate(starts)
        matrix.index_ = np.concatenate((bids.zone, offers.zone, ends, ends))
        matrix.value_ = np.concatenate(
            (
                -np.ones(len(bids)),
                np.ones(len(offers)),
                np.tile([-1.0, 1.0], edges),
                np.tile([1.0, -1.0], edges),
            )
        )
        return cls(model)

    def solve(self, *, seconds_max: float) -> float | None:
        """Return the greatest welfare, found by HiGHS with its own settings in time."""
        solver = highspy.Highs()
        solver.silent()
        solver.setOptionValue("time_limit", seconds_max)
        solver.passModel(self.model)
        solver.run()
        if solver.getModelStatus() == highspy.HighsModelStatus.kTimeLimit:
            return None
        return -float(solver.getInfo().objective_function_value)
