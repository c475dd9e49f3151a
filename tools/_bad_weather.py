"""Trials of many seeds, in one process or several, and what they come to together."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
import json
import multiprocessing
from time import process_time
from typing import Final

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.engine.model.party import FaultModel, PrivacyMode
from custom_components.commonwatt.engine.simulation.faults import (
    WEATHERS,
    FaultLevel,
    Trial,
    TrialReport,
    TrialSpec,
)

type Say = Callable[[str], None]

SEEDS_A_BITE: Final = 8
"""So many seeds one process takes at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordeal:
    """What every seed has to live through."""

    level: FaultLevel
    homes: int | None = None
    """None: as the seed has it."""

    periods: int | None = None
    """None: as a trial has it by itself."""

    privacy: PrivacyMode = PrivacyMode.OPEN
    fault_model: FaultModel = FaultModel.BYZANTINE

    def spec(self, seed: int) -> TrialSpec:
        """Return the ordeal of one seed."""
        return TrialSpec(
            seed=seed,
            weather=WEATHERS[self.level],
            homes=self.homes,
            periods=self.periods,
            privacy=self.privacy,
            fault_model=self.fault_model,
        )


@dataclass(slots=True)
class Tally:
    """What all trials together came to."""

    seeds: int = 0
    violations: int = 0
    periods_final: int = 0
    periods_void: int = 0
    periods_forgotten: int = 0
    """Left open for ever: too many members lost what they had signed."""

    recovered_within_periods_max: int = 0
    seeds_with_liars: int = 0
    plots: int = 0
    """Seeds with more liars than the charter bears."""

    plots_that_split: int = 0
    """Of them: with two results of one period, and evidence of who did it."""

    cpu_s: float = 0
    faults: Counter[str] = field(default_factory=Counter)

    def add(self, report: TrialReport, cpu_s: float) -> None:
        """Count in one trial."""
        self.seeds += 1
        self.violations += len(report.breaches)
        self.periods_final += report.periods_final
        self.periods_void += report.periods_void
        self.periods_forgotten += report.periods_forgotten
        self.seeds_with_liars += report.liars > 0
        self.plots += report.is_plot
        self.plots_that_split += report.periods_disputed > 0
        self.cpu_s += cpu_s
        self.faults.update(report.faults)
        if not report.is_plot:
            self.recovered_within_periods_max = max(
                self.recovered_within_periods_max, report.recovered_within_periods
            )

    def as_line(self) -> str:
        """Return everything as one line of JSON."""
        return json.dumps(
            {
                "seeds": self.seeds,
                "violations": self.violations,
                "periods_final": self.periods_final,
                "periods_void": self.periods_void,
                "periods_forgotten": self.periods_forgotten,
                "recovered_within_periods_max": self.recovered_within_periods_max,
                "seeds_with_liars": self.seeds_with_liars,
                "plots": self.plots,
                "plots_that_split": self.plots_that_split,
                "faults": dict(sorted(self.faults.items())),
                "cpu_s_per_seed": round(self.cpu_s / max(1, self.seeds), 3),
            }
        )


def brave_all(
    ordeal: Ordeal, seeds: Sequence[int], *, jobs: int, say: Say
) -> tuple[str, bool]:
    """Try all seeds; return the line of JSON, and whether nothing was wrong."""
    tally = Tally()
    for report, cpu_s in _reports(ordeal, seeds, jobs=jobs):
        tally.add(report, cpu_s)
        say(_told(report))
        if report.breaches or len(seeds) == 1:
            for line in report.tale:
                say(f"  {line}")
        for breach in report.breaches:
            say(f"VIOLATION {breach.wrong} {breach.period} at {breach.party}")
    return tally.as_line(), not tally.violations


def _reports(
    ordeal: Ordeal, seeds: Sequence[int], *, jobs: int
) -> Iterator[tuple[TrialReport, float]]:
    """Yield the reports in the order of the seeds."""
    trying = partial(_try, ordeal)
    if jobs == 1:
        yield from map(trying, seeds)
        return
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        yield from pool.map(trying, seeds, chunksize=SEEDS_A_BITE)


def _try(ordeal: Ordeal, seed: int) -> tuple[TrialReport, float]:
    begun_at = process_time()
    report = Trial(ordeal.spec(seed)).run()
    return report, process_time() - begun_at


def _told(report: TrialReport) -> str:
    plot = ", a plot" if report.is_plot else ""
    return (
        f"seed {report.seed}: {report.homes} homes, {report.liars} liars{plot}: "
        f"{report.periods_final} final, {report.periods_void} void, nothing open "
        f"{report.recovered_within_periods} periods after the weather cleared up  "
        f"{report.digest[:12]}"
    )
