"""How long clearing takes, beside numpy.argsort and HiGHS on the same book.

Usage: script/bench market [--json] [--orders-max N]
A case measures everything from the columns of a book to prices, flows, the fill of
every order and the list of trades.  The bids and the offers of a book come grouped by
zone.  Times are the best of several runs, ours and argsort's in turns.
"""

import argparse
from collections.abc import Callable
import json
import sys
from time import perf_counter
import tracemalloc
from typing import Final

import numpy as np

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.engine.market import clear
from custom_components.commonwatt.engine.market.columns import (
    ColumnBook,
    Grid,
    clear_columns,
)
from tools.bench._market_books import (
    LinearProgramme,
    columns_of,
    neighbourhood,
    tree_of,
    welfare_nano,
)

ORDERS: Final = (1_000, 10_000, 100_000, 1_000_000)
ZONES: Final = (1, 100, 1_000, 5_000)
HIGHS_MOST: Final = (100_000, 1_000)
"""Orders and zones up to which HiGHS is asked too."""

HIGHS_SECONDS_MAX: Final = 30

RUNS_MIN: Final = 15
RACE_SECONDS_MIN: Final = 1.5
"""A race lasts this long at least, so that short tasks get many tries too."""


def main() -> None:
    """Measure, and print a table or one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="end with a line of JSON")
    parser.add_argument("--orders-max", type=int, default=max(ORDERS), metavar="N")
    options = parser.parse_args()
    cases = [
        measure(orders, zones)
        for orders in ORDERS
        if orders <= options.orders_max
        for zones in ZONES
    ]
    book, tree = neighbourhood()
    best, _, _ = race(lambda: clear(book, tree), lambda: None)
    python_ms = round(best * 1_000, 3)
    tell(f"200 homes with 4 steps each in 10 zones, plain Python: {python_ms} ms")
    if options.json:
        print(json.dumps({"cases": cases, "python_200_homes_ms": python_ms}))


def measure(orders: int, zones: int) -> dict[str, int | float | None]:
    """Return the figures of one case; SystemExit if HiGHS finds more welfare."""
    random = np.random.default_rng([orders, zones])
    tree = tree_of(zones, orders, random)
    grid = Grid.of(tree)
    book = columns_of(orders, grid, random)
    prices = np.concatenate(
        (book.bids.price_micro_per_kwh, book.offers.price_micro_per_kwh)
    )
    random.shuffle(prices)
    seconds, argsort_seconds, result = race(
        lambda: clear_columns(book, grid), lambda: np.argsort(prices)
    )
    exports_wh = result.decision.exports_wh
    full = (exports_wh == grid.export_wh_max) | (-exports_wh == grid.import_wh_max)
    highs_seconds = None
    if orders <= HIGHS_MOST[0] and zones <= HIGHS_MOST[1]:
        highs_seconds = time_highs(book, grid, welfare_nano(book, grid, result))
    case = {
        "orders": orders,
        "zones": zones,
        "seconds": round(seconds, 6),
        "argsort_seconds": round(argsort_seconds, 6),
        "highs_seconds": highs_seconds,
        "peak_mb": peak_mb(lambda: clear_columns(book, grid)),
        "trades": len(result.trades.energy_wh),
        "edges_flowing": int(np.count_nonzero(exports_wh)),
        "edges_full": int(np.count_nonzero(full & (exports_wh != 0))),
    }
    tell(
        f"{orders:>9,} orders {zones:>5,} zones {seconds * 1e3:8.2f} ms"
        f" = {seconds / argsort_seconds:6.2f} x argsort"
        + (f", HiGHS {highs_seconds / seconds:6.0f} x" if highs_seconds else "")
        + f", {case['edges_flowing']} edges flow, {case['edges_full']} are full"
    )
    return case


def race[T](
    task: Callable[[], T], rival: Callable[[], object]
) -> tuple[float, float, T]:
    """Return the best times of both, run in turns, and what ``task`` returns."""
    result = task()
    best = rivals_best = float("inf")
    runs, begin = 0, perf_counter()
    while runs < RUNS_MIN or perf_counter() - begin < RACE_SECONDS_MIN:
        runs += 1
        start = perf_counter()
        result = task()
        middle = perf_counter()
        rival()
        rivals_best = min(rivals_best, perf_counter() - middle)
        best = min(best, middle - start)
    return best, rivals_best, result


def time_highs(book: ColumnBook, grid: Grid, welfare: int) -> float | None:
    """Return the time HiGHS takes to find the same welfare; None if that is long."""
    programme = LinearProgramme.of(book, grid)
    start = perf_counter()
    found = programme.solve(seconds_max=HIGHS_SECONDS_MAX)
    seconds = perf_counter() - start
    if found is None:
        tell(f"HiGHS has found no optimum after {HIGHS_SECONDS_MAX} s")
        return None
    # HiGHS computes in floats: equal to nine digits is as equal as it gets.
    if abs(found - welfare) > 1e-9 * max(1, welfare):
        raise SystemExit(f"HiGHS finds a welfare of {found}, the market {welfare}")
    return round(seconds, 6)


def peak_mb(task: Callable[[], object]) -> float:
    """Return the most memory ``task`` holds at a time, its result included."""
    tracemalloc.start()
    task()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return round(peak / 1e6, 3)


def tell(line: str) -> None:
    """Show progress."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
