"""How fast and how well a home is planned, beside EMHASS on the same case.

Usage: script/bench dispatch [--json] [--peer emhass] [--data FOLDER]
The case is two recorded days of a real home with a battery, a car and two appliances,
in quarters of an hour, solved to a gap of 1e-4; see docs/explanation/planning.md.
``--peer emhass`` installs EMHASS into a virtual environment of its own (.tools/) and
has it solve the same case in the same run.  Times are wall time on this machine.
"""

import argparse
from collections.abc import Callable, Iterator
from functools import partial
import json
from pathlib import Path
import resource
from statistics import median
import sys
from time import perf_counter
from typing import Final

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.engine.dispatch.checks import check
from custom_components.commonwatt.engine.dispatch.home import HomePlan, HomeProblem
from custom_components.commonwatt.engine.dispatch.linear import (
    Exclusions,
    HomeModel,
    case_of,
    model_of,
)
from custom_components.commonwatt.engine.dispatch.solving import Limits, Planner
from custom_components.commonwatt.engine.dispatch.solving.highs import (
    Basis,
    Highs,
    Point,
)
from custom_components.commonwatt.engine.dispatch.solving.warm import (
    Memory,
    shifted_basis,
)
from tools.bench._dispatch_cases import (
    Recorded,
    data_folder,
    everything,
    moved,
    problem_of,
    recorded,
    slightly_more_load,
)
from tools.bench._dispatch_peer import ask_emhass
from tools.bench._dispatch_requests import (
    FINE,
    REQUESTS,
    RecordedRequest,
    enlarged,
    our_answer,
    read_request,
    recorded_answer,
    request_problem,
)

EXACT: Final = Limits(seconds=60.0, gap=1e-4)
EVERYTHING: Final = Limits(seconds=3.0, gap=1e-3)
RUNS: Final = 5
ROLLS: Final = 11

type Figures = dict[str, float | int | bool | str | None]


def main() -> None:
    """Measure, and print a table or one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="end with a line of JSON")
    parser.add_argument("--peer", choices=["emhass"], help="measure it, too")
    parser.add_argument("--data", type=Path, help="folder with real data")
    options = parser.parse_args()
    folder = data_folder(options.data)
    case = recorded(folder, "case_48h_15min")
    figures: Figures = {**plan_figures(case), **shift_figures(case)}
    figures |= everything_figures(case)
    figures |= request_figures(folder)
    figures["rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if options.peer:
        figures |= peer_figures(folder, case, figures)
    for key, value in figures.items():
        tell(f"{key:>24} {value}")
    if options.json:
        print(json.dumps(figures))


def plan_figures(case: Recorded) -> Figures:
    """Return how long a first plan takes, one after a small change, and its cost."""
    problem, again = problem_of(case), problem_of(slightly_more_load(case))
    first_s, planner, plan = first_plan(problem)
    resolves = []
    for number in range(RUNS):
        start = perf_counter()
        planner.plan(again if number % 2 == 0 else problem)
        resolves.append(perf_counter() - start)
    firsts = [first_s, *(first_plan(problem)[0] for _ in range(RUNS - 1))]
    tell(f"first plan {first_s * 1e3:.1f} ms: {plan.rung}, {plan.reason}")
    return {
        "objective": plan.cost_nano / 1e9,
        "gap_ppm": plan.gap_ppm,
        "build_ms": round(1e3 * median(timed(lambda: built(problem), RUNS)), 3),
        "first_s": round(median(firsts), 4),
        "resolve_s": round(median(resolves), 4),
    }


def first_plan(problem: HomeProblem) -> tuple[float, Planner, HomePlan]:
    """Return how long a planner without a memory takes, the planner and its plan."""
    start = perf_counter()
    planner = Planner(EXACT)
    plan = planner.plan(problem)
    return perf_counter() - start, planner, plan


def built(problem: HomeProblem) -> HomeModel:
    """Return the programme of a home, from its integers on."""
    checked = check(problem)
    assert checked is not None, "the case is complete"
    case = case_of(checked)
    return model_of(case, Exclusions.needed(case))


def shift_figures(case: Recorded) -> Figures:
    """Return how long the relaxed plan of a moved horizon takes, all in and HiGHS.

    All in: from the home's integers to the values of a solution.  HiGHS alone: the same
    arrays and basis handed over ready-made, solved and read.  Both in turns.
    """
    ours, theirs = [], []
    memory = relaxed_memory(problem_of(case))
    for step in range(1, ROLLS + 1):
        problem = moved(case, step)
        model, basis = ready(problem, memory)
        all_in = timed(partial(replan, problem, memory), RUNS)
        alone = timed(partial(solve, model, basis), RUNS)
        pairs = list(zip(all_in, alone, strict=True))
        ours.append(min(pair[0] for pair in pairs))
        theirs.append(min(pair[1] for pair in pairs))
        highs, point = solve(model, basis)
        memory = Memory(model=model, basis=highs.basis(), x=point.x)
    lp, highs_lp = median(ours), median(theirs)
    return {
        "lp_shift_ms": round(lp * 1e3, 3),
        "highs_lp_shift_ms": round(highs_lp * 1e3, 3),
        "lp_shift_per_highs": round(lp / highs_lp, 2),
    }


def replan(problem: HomeProblem, memory: Memory) -> None:
    """Do all of a re-plan, from the home's integers on."""
    solve(*ready(problem, memory))


def ready(problem: HomeProblem, memory: Memory) -> tuple[HomeModel, Basis | None]:
    """Return the programme of a home and the basis to start at."""
    model = built(problem)
    return model, shifted_basis(memory, model)


def solve(model: HomeModel, basis: Basis | None) -> tuple[Highs, Point]:
    """Return a solver that has solved the relaxed programme, and its point."""
    highs = Highs()
    highs.load_relaxed(model.linear)
    if basis is not None:
        highs.start_at(basis)
    point = highs.run(seconds=10.0)
    assert point is not None, "the relaxed case has a solution"
    return highs, point


def relaxed_memory(problem: HomeProblem) -> Memory:
    """Return what solving the relaxed programme leaves behind."""
    model = built(problem)
    highs, point = solve(model, None)
    return Memory(model=model, basis=highs.basis(), x=point.x)


def everything_figures(case: Recorded) -> Figures:
    """Return how long a home with everything takes, capped at three seconds."""
    problem = everything(case)
    start = perf_counter()
    plan = Planner(EVERYTHING).plan(problem)
    return {
        "full_s": round(perf_counter() - start, 3),
        "full_incumbent": plan.gap_ppm is not None,
        "full_rung": plan.rung.value,
        "full_gap_ppm": plan.gap_ppm,
    }


def request_figures(folder: Path) -> Figures:
    """Return what two real requests are worth, as recorded and as we plan them."""
    figures: Figures = {}
    for name in REQUESTS:
        request, short = read_request(folder, name), f"request_{name[:3]}"
        figures[f"{short}_recorded"] = round(recorded_answer(request).value, 6)
        figures[f"{short}_ours"] = round(request_value(request, FINE), 6)
        figures[f"{short}_whole_watts"] = round(request_value(request, 1), 6)
    return figures


def request_value(request: RecordedRequest, factor: int) -> float:
    """Return what our plan is worth, planned in watts divided by ``factor``."""
    larger = enlarged(request, factor)
    problem = request_problem(larger, factor=factor)
    plan = Planner(Limits(gap=0.0)).plan(problem)
    return our_answer(larger, plan).value / factor


def peer_figures(folder: Path, case: Recorded, ours: Figures) -> Figures:
    """Return what EMHASS needs for the same case on the same machine."""
    del case
    peer = ask_emhass(folder / "dispatch" / "case_48h_15min.json", tell)
    first_s, resolve_s = ours["first_s"], ours["resolve_s"]
    objective = ours["objective"]
    assert isinstance(first_s, float)
    assert isinstance(resolve_s, float)
    assert isinstance(objective, float)
    return {
        "peer_objective": peer.objective,
        "peer_first_s": peer.first_s,
        "peer_resolve_s": peer.resolve_s,
        "objective_above_peer": round(objective / peer.objective - 1.0, 6),
        "first_speedup": round(peer.first_s / first_s, 1),
        "resolve_speedup": round(peer.resolve_s / resolve_s, 1),
    }


def timed(work: Callable[[], object], runs: int) -> Iterator[float]:
    """Yield how long ``work`` takes, again and again."""
    for _ in range(runs):
        start = perf_counter()
        work()
        yield perf_counter() - start


def tell(line: str) -> None:
    """Print progress."""
    print(line, file=sys.stderr)


if __name__ == "__main__":
    main()
