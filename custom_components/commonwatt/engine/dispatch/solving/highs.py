"""HiGHS behind a small door: arrays in, arrays out, one time budget for each run.

Only this file names the solver's types.  A run never raises for a problem's sake: it
returns no point.
"""

from dataclasses import dataclass
from typing import Final

import highspy
import numpy as np
from numpy.typing import NDArray

from ..linear.program import Floats, Indices, Kind, LinearProgram

_BY_COLUMNS: Final = 1
_MINIMISE: Final = 1
_FEASIBLE: Final = 2
"""``SolutionStatus::kSolutionStatusFeasible``."""

_INTEGER: Final = 1
_SEMI_CONTINUOUS: Final = 2

_STATUSES: Final = (
    highspy.HighsBasisStatus.kLower,
    highspy.HighsBasisStatus.kBasic,
    highspy.HighsBasisStatus.kUpper,
    highspy.HighsBasisStatus.kZero,
    highspy.HighsBasisStatus.kNonbasic,
)
LOWER: Final = 0
BASIC: Final = 1
"""Numbers of two statuses in a ``Basis``."""

type Statuses = NDArray[np.int8]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Basis:
    """Where the simplex method ended: a status for each column and row."""

    columns: Statuses
    rows: Statuses


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Point:
    """A solution, and what is proven about it."""

    x: Floats
    objective: float
    bound: float
    """No solution costs less; equal to ``objective`` for a linear programme."""

    optimal: bool
    """Within the gap asked for."""

    row_duals: Floats
    """Empty where on/off decisions are still open."""


class Highs:
    """One solver object with a programme in it."""

    def __init__(self, *, price_tolerance: float = 1e-7) -> None:
        """Take a fresh solver: one thread, silent, the same answer every time.

        Prices that differ by less than ``price_tolerance`` (of a kW in a step) are the
        same to it.
        """
        self._solver: Final = highspy.Highs()
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("random_seed", 0),
            ("dual_feasibility_tolerance", price_tolerance),
            # A home's programme is small and has no redundant rows to speak of: looking
            # for them takes as long as solving it.
            ("presolve", "off"),
            # A search begins with a solution: jumping about for one is half its time.
            ("mip_heuristic_run_feasibility_jump", False),
        ):
            self._solver.setOptionValue(option, value)

    @property
    def seconds(self) -> float:
        """Time all runs took so far."""
        return self._solver.getRunTime()

    def load_relaxed(self, linear: LinearProgram) -> None:
        """Take the programme with every on/off decision between 0 and 1."""
        self._load(linear, linear.relaxed_lower, np.zeros(len(linear.cost), np.int32))

    def load_discrete(self, linear: LinearProgram) -> None:
        """Take the programme as it is."""
        kinds = np.zeros(len(linear.cost), np.int32)
        for block in linear.discrete:
            semi = block.kind is Kind.SEMI
            kinds[block.index] = _SEMI_CONTINUOUS if semi else _INTEGER
        never_semi = (kinds == _SEMI_CONTINUOUS) & (linear.lower <= 0)
        kinds[never_semi] = 0
        self._load(linear, linear.lower, kinds)

    def bound_columns(self, columns: Indices, lower: Floats, upper: Floats) -> None:
        """Change the bounds of some columns."""
        self._solver.changeColsBounds(len(columns), columns, lower, upper)

    def price_columns(self, columns: Indices, cost: Floats) -> None:
        """Change what some columns cost."""
        self._solver.changeColsCost(len(columns), columns, cost)

    def start_at(self, basis: Basis) -> None:
        """Begin the next run of a linear programme where an earlier one ended."""
        start = highspy.HighsBasis()
        start.col_status = [_STATUSES[status] for status in basis.columns.tolist()]
        start.row_status = [_STATUSES[status] for status in basis.rows.tolist()]
        start.valid = True
        start.alien = True
        self._solver.setBasis(start)

    def start_from(self, x: Floats) -> None:
        """Tell a search for on/off decisions a whole solution that is known to work.

        With less than all columns the solver would first search for the rest.
        """
        self._solver.setSolution(len(x), np.arange(len(x), dtype=np.int32), x)

    def run(self, *, seconds: float, gap: float = 0.0) -> Point | None:
        """Solve for ``seconds`` at most; None if no solution was found."""
        solver = self._solver
        # The solver's limit counts the time of all runs of the object together.
        solver.setOptionValue("time_limit", solver.getRunTime() + max(seconds, 0.0))
        solver.setOptionValue("mip_rel_gap", gap)
        solver.run()
        info = solver.getInfo()
        if info.primal_solution_status != _FEASIBLE:
            return None
        solution = solver.getSolution()
        optimal = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        objective = info.objective_function_value
        discrete = np.isfinite(info.mip_dual_bound) and not solution.dual_valid
        if not discrete and not optimal:
            return None
        return Point(
            x=np.array(solution.col_value),
            objective=objective,
            bound=info.mip_dual_bound if discrete else objective,
            optimal=optimal,
            row_duals=np.array(solution.row_dual if solution.dual_valid else ()),
        )

    def basis(self) -> Basis:
        """Return where the last run of a linear programme ended."""
        basis = self._solver.getBasis()
        return Basis(
            columns=np.array([status.value for status in basis.col_status], np.int8),
            rows=np.array([status.value for status in basis.row_status], np.int8),
        )

    def _load(self, linear: LinearProgram, lower: Floats, kinds: Indices) -> None:
        status = self._solver.passModel(
            len(linear.cost),
            len(linear.row_lower),
            len(linear.values),
            _BY_COLUMNS,
            _MINIMISE,
            0.0,
            linear.cost,
            lower,
            linear.upper,
            linear.row_lower,
            linear.row_upper,
            linear.starts,
            linear.rows,
            linear.values,
            kinds,
        )
        if status == highspy.HighsStatus.kError:
            raise ValueError("the solver does not take the programme")
