"""Run whole neighbourhoods on a simulated clock and network, without Home Assistant.

``script/simulate --seed S [--seeds K] --homes N --days D`` runs K seeds from S on,
tells on standard error what happened and ends with one line of JSON on standard output.
With ``--faults low`` or ``high`` homes are plain ones, and everything else goes wrong.
The same arguments give the same trades.  With ``--diagnostics FILE`` what a home has
downloaded is computed again instead.  Exit status: 0 nothing wrong, 1 something that
must never happen did, 2 the file or the recordings cannot be played.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field
import json
from pathlib import Path
import sys
from time import process_time
from typing import Final

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.drivers.traces import TracesError, read_traces
from custom_components.commonwatt.engine.model.party import FaultModel, PrivacyMode
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    PERIOD_MS,
    Instant,
)
from custom_components.commonwatt.engine.model.units import NANO_PER_UNIT
from custom_components.commonwatt.engine.peer import Phase
from custom_components.commonwatt.engine.simulation.community import street_of
from custom_components.commonwatt.engine.simulation.faults import FaultLevel
from custom_components.commonwatt.engine.simulation.homes import Traces
from custom_components.commonwatt.engine.simulation.invariants import (
    Inspector,
    Violation,
)
from custom_components.commonwatt.engine.simulation.neighbourhood import (
    Neighbourhood,
    NeighbourhoodSpec,
    PeriodSummary,
)
from tools._bad_weather import Ordeal, brave_all
from tools.replay import replay

HOMES: Final = 12
DAYS: Final = 1
STARTED_AT: Final = Instant(20_000 * DAY_MS + 8 * HOUR_MS)
"""A morning; which day it is makes no difference to sun, wind and habits."""

HOMES_MAX: Final = 200
PERIODS_PER_DAY: Final = DAY_MS // PERIOD_MS


@dataclass(slots=True)
class Tally:
    """What all seeds together came to."""

    seeds: int = 0
    violations: int = 0
    periods_final: int = 0
    periods_void: int = 0
    trades: int = 0
    energy_traded_wh: int = 0
    my_saved_nano: int = 0
    money_sum_nano: int = 0
    energy_sum_wh: int = 0
    readings_missing: int = 0
    prices: list[int] = field(default_factory=list)

    def add(self, summary: PeriodSummary) -> None:
        """Count in one settled period."""
        self.periods_final += summary.phase is Phase.FINAL
        self.periods_void += summary.phase is Phase.VOID
        self.trades += summary.trades
        self.energy_traded_wh += summary.energy_traded_wh
        self.my_saved_nano += summary.my_saved_nano or 0
        self.money_sum_nano += summary.money_sum_nano
        self.energy_sum_wh += summary.energy_sum_wh
        self.readings_missing += len(summary.missing)
        if summary.clearing_price_micro_per_kwh is not None:
            self.prices.append(summary.clearing_price_micro_per_kwh)

    def as_line(self, **more: float) -> str:
        """Return everything as one line of JSON."""
        return json.dumps(
            {
                "seeds": self.seeds,
                "violations": self.violations,
                "periods_final": self.periods_final,
                "periods_void": self.periods_void,
                "trades": self.trades,
                "energy_traded_wh": self.energy_traded_wh,
                "clearing_price_micro_per_kwh": {
                    "min": min(self.prices, default=None),
                    "max": max(self.prices, default=None),
                },
                "my_saved_nano": self.my_saved_nano,
                "money_sum_nano": self.money_sum_nano,
                "energy_sum_wh": self.energy_sum_wh,
                "readings_missing": self.readings_missing,
                **more,
            }
        )


def say(line: str) -> None:
    """Tell the person in front of the terminal."""
    print(line, file=sys.stderr, flush=True)


def told(summary: PeriodSummary) -> str:
    """Return one line about one period."""
    price = summary.clearing_price_micro_per_kwh
    shown = "      -" if price is None else f"{price / 1e6:7.4f}"
    saved = (summary.my_saved_nano or 0) / NANO_PER_UNIT
    return (
        f"{summary.period}  {summary.phase:5}  {summary.trades:4} trades "
        f"{summary.energy_traded_wh:7} Wh  price {shown}  "
        f"position {summary.my_position_wh:+6} Wh  saved {saved:+8.4f}"
    )


def live(
    seed: int, *, homes: int, days: int, traces: Traces | None, tally: Tally
) -> list[Violation]:
    """Run one neighbourhood for some days; return what must never have happened."""
    inspector = Inspector()
    neighbourhood = Neighbourhood(
        NeighbourhoodSpec(homes=street_of(homes), outside=None),
        seed=seed,
        started_at=STARTED_AT,
        traces=traces,
        inspector=inspector,
    )
    for number in range(1, days * PERIODS_PER_DAY + 1):
        neighbourhood.advance(Instant(STARTED_AT + number * PERIOD_MS))
        for summary in neighbourhood.drain().summaries:
            tally.add(summary)
            say(told(summary))
    return inspector.violations


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="script/simulate", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="first seed (1)")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds (1)")
    parser.add_argument(
        "--homes", type=int, help="how many homes (12; with faults 4 to 12, drawn)"
    )
    parser.add_argument(
        "--days", type=int, help="simulated days (1; with faults two to four periods)"
    )
    parser.add_argument(
        "--faults",
        type=FaultLevel,
        choices=list(FaultLevel),
        default=FaultLevel.NONE,
        help="what goes wrong: none, low or high (none)",
    )
    parser.add_argument(
        "--privacy",
        type=PrivacyMode,
        choices=list(PrivacyMode),
        default=PrivacyMode.OPEN,
        help="with faults: everybody settles, or a committee (open)",
    )
    parser.add_argument(
        "--fault-model",
        type=FaultModel,
        choices=list(FaultModel),
        default=FaultModel.BYZANTINE,
        help="with faults: what the charter bears, liars or crashes alone (byzantine)",
    )
    parser.add_argument(
        "--jobs", type=int, default=1, help="processes, with faults (1)"
    )
    parser.add_argument(
        "--traces", type=Path, help="folder of recorded household and solar series"
    )
    parser.add_argument(
        "--diagnostics",
        type=Path,
        help="diagnostics of a home: compute its last periods again, and compare",
    )
    wishes = parser.parse_args(arguments)
    if not 1 <= (wishes.homes or 1) <= HOMES_MAX or wishes.homes == 0:
        parser.error(f"--homes is 1 to {HOMES_MAX}")
    if min(1 if wishes.days is None else wishes.days, wishes.seeds, wishes.jobs) < 1:
        parser.error("--days, --seeds and --jobs are at least 1")
    is_usual = (wishes.privacy, wishes.fault_model) == (
        PrivacyMode.OPEN,
        FaultModel.BYZANTINE,
    )
    if wishes.faults is FaultLevel.NONE and not is_usual:
        parser.error("--privacy and --fault-model go with --faults low or high")
    return wishes


def brave(wishes: argparse.Namespace) -> int:
    """Run all seeds in bad weather, then print the line of JSON."""
    ordeal = Ordeal(
        level=wishes.faults,
        homes=wishes.homes,
        periods=None if wishes.days is None else wishes.days * PERIODS_PER_DAY,
        privacy=wishes.privacy,
        fault_model=wishes.fault_model,
    )
    seeds = range(wishes.seed, wishes.seed + wishes.seeds)
    line, is_sound = brave_all(ordeal, seeds, jobs=wishes.jobs, say=say)
    print(line)
    return 0 if is_sound else 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all seeds, then print the line of JSON."""
    wishes = parse(arguments)
    if wishes.diagnostics is not None:
        return replay(wishes.diagnostics, say)
    if wishes.faults is not FaultLevel.NONE:
        return brave(wishes)
    wishes.homes, wishes.days = wishes.homes or HOMES, wishes.days or DAYS
    try:
        traces = None if wishes.traces is None else read_traces(wishes.traces)
    except TracesError as err:
        say(f"{wishes.traces}: {err.reason} ({err.where})")
        return 2
    tally, started_at = Tally(), process_time()
    for seed in range(wishes.seed, wishes.seed + wishes.seeds):
        say(f"seed {seed}: {wishes.homes} homes, {wishes.days} days")
        violations = live(
            seed, homes=wishes.homes, days=wishes.days, traces=traces, tally=tally
        )
        for violation in violations:
            say(f"VIOLATION {violation.wrong} {violation.period} at {violation.party}")
        tally.seeds += 1
        tally.violations += len(violations)
    periods = tally.periods_final + tally.periods_void
    cpu_s = process_time() - started_at
    print(
        tally.as_line(
            recovered_within_periods_max=0,
            homes=wishes.homes,
            days=wishes.days,
            cpu_s_per_period=round(cpu_s / max(1, periods), 4),
        )
    )
    return 1 if tally.violations else 0


if __name__ == "__main__":
    sys.exit(main())
