"""Rung 0 of the ladder: what a home said, with everything missing or absurd mended.

Every repair is named (``Flaw``); only a home without any price or any idea of its
consumption cannot be planned for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isfinite
from typing import Final

from ..model.period import DAY_MS
from ..model.units import PPM, PRICE_MICRO_PER_KWH_MAX, div_floor
from .home import (
    Appliance,
    CycleAppliance,
    Flaw,
    FlawKind,
    HomeProblem,
    Horizon,
    Scenario,
    Storage,
    Tank,
)

POWER_W_MAX: Final = 10_000_000
"""Beyond that a forecast is no home's."""

CARBON_G_PER_KWH_MAX: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A home one can compute with: as long as the horizon, and nothing unknown."""

    problem: HomeProblem
    load_w: tuple[tuple[int, ...], ...]
    """For every scenario."""

    production_w: tuple[tuple[int, ...], ...]
    weight_ppm: tuple[int, ...]
    """Of the scenarios; their sum is positive."""

    import_micro_per_kwh: tuple[int, ...]
    export_micro_per_kwh: tuple[int, ...]
    carbon_g_per_kwh: tuple[int, ...]
    storages: tuple[tuple[Storage, int], ...]
    """With what is in them, in Wh."""

    appliances: tuple[Appliance, ...]
    flaws: tuple[Flaw, ...]


def whole(values: Iterable[float | None]) -> tuple[int | None, ...]:
    """Return measured or forecast values as integers; None for what is no number."""
    return tuple(
        None if value is None or not isfinite(value) else round(value)
        for value in values
    )


def check(problem: HomeProblem) -> Checked | None:
    """Return the mended problem; None if prices or consumption are wholly unknown."""
    flaws: set[Flaw] = set()
    mend = _Mend(problem.horizon, flaws)
    prices = problem.grid.prices
    imports = mend.prices(prices.import_micro_per_kwh)
    loads = [mend.forecast(scenario.load_w) for scenario in problem.scenarios]
    if imports is None or None in loads:
        return None
    exports = mend.prices(prices.export_micro_per_kwh)
    count = len(problem.horizon)
    nothing = (0,) * count
    return Checked(
        problem=problem,
        load_w=tuple(load or nothing for load in loads),
        production_w=tuple(
            mend.forecast(scenario.production_w) or nothing
            for scenario in problem.scenarios
        ),
        weight_ppm=_weights(problem.scenarios),
        import_micro_per_kwh=imports,
        export_micro_per_kwh=exports or nothing,
        carbon_g_per_kwh=_carbon(prices.carbon_g_per_kwh, mend) or nothing,
        storages=tuple(_storages(problem, mend)),
        appliances=tuple(a for a in problem.appliances if _fits(a, mend)),
        flaws=tuple(sorted(flaws, key=lambda flaw: (flaw.kind, flaw.asset or ""))),
    )


class _Mend:
    """Repairs series, and remembers what was wrong with them."""

    def __init__(self, horizon: Horizon, flaws: set[Flaw]) -> None:
        self.horizon: Final = horizon
        self.flaws: Final = flaws

    def forecast(self, values: Sequence[int | None]) -> tuple[int, ...] | None:
        """Return powers for every step: gaps hold the last known value."""
        sane = self._sane(values, POWER_W_MAX, FlawKind.FORECAST_GAP)
        return _held(sane)

    def prices(self, values: Sequence[int | None]) -> tuple[int, ...] | None:
        """Return prices for every step: gaps repeat the day before."""
        sane = self._sane(values, PRICE_MICRO_PER_KWH_MAX, FlawKind.PRICE_GAP)
        boundaries = self.horizon.boundaries
        for step, value in enumerate(sane):
            day_before = boundaries[step] - DAY_MS
            if value is None and day_before >= boundaries[0]:
                sane[step] = sane[_step_of(boundaries, day_before)]
        return _held(sane)

    def _sane(
        self, values: Sequence[int | None], limit: int, kind: FlawKind
    ) -> list[int | None]:
        count = len(self.horizon)
        sane = [v if v is not None and abs(v) <= limit else None for v in values]
        sane = [*sane[:count], *[None] * (count - len(sane))]
        if None in sane:
            self.flaws.add(Flaw(kind=kind))
        return sane


def _step_of(boundaries: Sequence[int], instant: int) -> int:
    return next(
        step
        for step, (start, end) in enumerate(pairwise(boundaries))
        if start <= instant < end
    )


def _held(values: Sequence[int | None]) -> tuple[int, ...] | None:
    last = next((value for value in values if value is not None), None)
    if last is None:
        return None
    held: list[int] = []
    for value in values:
        last = last if value is None else value
        held.append(last)
    return tuple(held)


def _carbon(values: Sequence[int | None], mend: _Mend) -> tuple[int, ...] | None:
    if not values:
        return None
    known = [
        v if v is not None and 0 <= v <= CARBON_G_PER_KWH_MAX else None for v in values
    ]
    return mend.forecast(known)


def _weights(scenarios: Sequence[Scenario]) -> tuple[int, ...]:
    weights = tuple(max(0, scenario.weight_ppm) for scenario in scenarios)
    return weights if sum(weights) > 0 else (PPM,) * len(weights)


def _storages(problem: HomeProblem, mend: _Mend) -> Iterable[tuple[Storage, int]]:
    for storage in problem.storages:
        stored_wh = storage.stored_wh
        if stored_wh is None:
            mend.flaws.add(Flaw(kind=FlawKind.STORED_UNKNOWN, asset=storage.id))
            continue
        inside_wh = min(max(stored_wh, 0), storage.capacity_wh)
        if inside_wh != stored_wh:
            mend.flaws.add(Flaw(kind=FlawKind.STORED_OUTSIDE, asset=storage.id))
        yield _tank(storage, mend), inside_wh


def _tank(storage: Storage, mend: _Mend) -> Storage:
    """Return the same store with series as long as the horizon."""
    if not isinstance(storage, Tank):
        return storage
    count = len(mend.horizon)
    if len(storage.cop_ppm) == count == len(storage.draw_w):
        return storage
    mend.flaws.add(Flaw(kind=FlawKind.SERIES_LENGTH, asset=storage.id))
    return replace(
        storage,
        cop_ppm=stretched(storage.cop_ppm, count),
        draw_w=stretched(storage.draw_w, count),
    )


def stretched(values: Sequence[int], count: int) -> tuple[int, ...]:
    """Return ``count`` values: the rest is cut off, or the last one repeated."""
    last = values[-1] if values else 0
    return (*values[:count], *(last,) * (count - len(values)))


def _fits(appliance: Appliance, mend: _Mend) -> bool:
    """Tell whether an appliance has any time to run within the horizon."""
    horizon = mend.horizon
    earliest = max(appliance.earliest, horizon.start)
    latest = min(appliance.done_by, horizon.end)
    needed_ms = 1
    if isinstance(appliance, CycleAppliance):
        needed_ms = len(appliance.profile_w) * appliance.profile_step_ms
    starts = (
        boundary
        for boundary in horizon.boundaries[:-1]
        if earliest <= boundary <= latest - needed_ms
    )
    if next(starts, None) is not None:
        return True
    if appliance.earliest < horizon.end:
        kind = FlawKind.WINDOW_TOO_SHORT
        mend.flaws.add(Flaw(kind=kind, asset=appliance.id))
    return False


def share_of(weight_ppm: Sequence[int], index: int) -> int:
    """Return the share of one scenario in ppm."""
    return div_floor(weight_ppm[index] * PPM, sum(weight_ppm))
