"""Solve one programme: relaxed first, then rounded, then a search with that start.

Returns the best point all on/off decisions of which are taken, with the prices of its
rows; the search is left out where rounding is already close enough.
"""

from dataclasses import dataclass
from typing import Final

from ..home import PlanReason, Rung
from ..linear import HomeModel
from .highs import Basis, Highs, Point
from .rounding import Decisions, decided, joined, round_block, rounded, safe_block
from .warm import Memory, shifted_basis, shifted_decisions

RELAXED_SECONDS_MIN: Final = 1.0
"""A linear programme of a home takes milliseconds: it may always have that long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long to look for, and how close to the optimum to get."""

    seconds: float = 3.0
    """For the search for on/off decisions, in solver time."""

    gap: float = 1e-4

    def __post_init__(self) -> None:
        """Refuse limits that are none."""
        if not (self.seconds >= 0 and self.gap >= 0):
            raise ValueError("limits are not negative")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """A point to plan by."""

    point: Point
    """With all on/off decisions fixed: ``row_duals`` are the prices."""

    decisions: Decisions
    basis: Basis
    bound: float
    rung: Rung
    reason: PlanReason
    seconds: float
    """Of solver time."""

    @property
    def gap(self) -> float:
        """How far the point may be from the optimum, relative to it."""
        size = max(abs(self.point.objective), 1e-9)
        return max(0.0, self.point.objective - self.bound) / size


def search(
    model: HomeModel, limits: Limits, memory: Memory | None = None
) -> Found | None:
    """Return the best point within the limits; None if even the relaxed one fails."""
    relaxed = Highs()
    relaxed.load_relaxed(model.linear)
    start = None if memory is None else shifted_basis(memory, model)
    if start is not None:
        relaxed.start_at(start)
    seconds = max(limits.seconds, RELAXED_SECONDS_MIN)
    bound = relaxed.run(seconds=seconds)
    if bound is None:
        return None
    basis = relaxed.basis()
    if not model.linear.discrete:
        return Found(
            point=bound,
            decisions=rounded(model.linear, bound.x, bound.row_duals),
            basis=basis,
            bound=bound.objective,
            rung=Rung.OPTIMAL,
            reason=PlanReason.NONE,
            seconds=relaxed.seconds,
        )
    return _Search(model, limits, relaxed, bound, basis).run(memory)


class _Search:
    """One search, from its relaxed solution on."""

    def __init__(
        self,
        model: HomeModel,
        limits: Limits,
        relaxed: Highs,
        bound: Point,
        basis: Basis,
    ) -> None:
        self._model: Final = model
        self._limits: Final = limits
        self._relaxed: Final = relaxed
        self._basis: Final = basis
        self._relaxed_point: Final = bound
        self._bound: float = bound.objective
        self._searched: float = 0.0

    def run(self, memory: Memory | None) -> Found | None:
        """Round, and search on if the rounded point may be too far from the best."""
        linear, relaxed = self._model.linear, self._relaxed_point
        starts = [rounded(linear, relaxed.x, relaxed.row_duals)]
        if memory is not None:
            starts.append(shifted_decisions(memory, self._model))
        tried = [found for found in map(self._settle, starts) if found is not None]
        if not tried and (dived := self._dive()) is not None:
            tried.append(dived)
        best = min(tried, key=lambda found: found[0].objective, default=None)
        if best is not None and self._is_close(best[0]):
            return self._found(best, Rung.OPTIMAL, PlanReason.NONE)
        return self._look_further(best)

    def _look_further(self, best: tuple[Point, Decisions] | None) -> Found | None:
        search = Highs()
        search.load_discrete(self._model.linear)
        if best is not None:
            search.start_from(best[0].x)
        seconds = self._limits.seconds - self._relaxed.seconds
        found = (
            search.run(seconds=seconds, gap=self._limits.gap) if seconds > 0 else None
        )
        self._searched = search.seconds
        if found is None:
            reason = PlanReason.TIME_LIMIT if best else PlanReason.NO_INCUMBENT
            return None if best is None else self._found(best, Rung.ROUNDED, reason)
        self._bound = max(self._bound, found.bound)
        polished = self._settle(decided(self._model.linear, found.x))
        candidates = [c for c in (polished, best) if c is not None]
        best = min(candidates, key=lambda c: c[0].objective, default=None)
        if best is None:
            return None
        if found.optimal or self._is_close(best[0]):
            return self._found(best, Rung.OPTIMAL, PlanReason.NONE)
        return self._found(best, Rung.FEASIBLE, PlanReason.TIME_LIMIT)

    def _dive(self) -> tuple[Point, Decisions] | None:
        """Round block by block, asking for prices again after each.

        Where rounding leaves no way out the block does what always works, and where
        even that does not fit what was decided before, all of them do.
        """
        linear, taken = self._model.linear, list[Decisions]()
        open_again, point = linear.relaxed_lower, self._relaxed_point
        for block in linear.discrete:
            index = block.index
            self._relaxed.bound_columns(index, open_again[index], linear.upper[index])
        for block in linear.discrete:
            near = round_block(linear, block, point.x, point.row_duals)
            settled = self._settle(near) or self._settle(safe_block(linear, block))
            if settled is None:
                off = [safe_block(linear, block) for block in linear.discrete]
                return self._settle(joined(linear, off))
            point = settled[0]
            taken.append(settled[1])
        return point, joined(linear, taken)

    def _settle(self, decisions: Decisions) -> tuple[Point, Decisions] | None:
        """Return the best point under ``decisions``: a linear programme again."""
        self._relaxed.bound_columns(decisions.columns, decisions.lower, decisions.upper)
        point = self._relaxed.run(seconds=RELAXED_SECONDS_MIN)
        return None if point is None else (point, decisions)

    def _is_close(self, point: Point) -> bool:
        size = max(abs(point.objective), 1e-9)
        return point.objective - self._bound <= self._limits.gap * size

    def _found(
        self, best: tuple[Point, Decisions], rung: Rung, reason: PlanReason
    ) -> Found:
        return Found(
            point=best[0],
            decisions=best[1],
            basis=self._basis,
            bound=self._bound,
            rung=rung,
            reason=reason,
            seconds=self._relaxed.seconds + self._searched,
        )
