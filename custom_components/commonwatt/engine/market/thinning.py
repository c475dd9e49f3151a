"""Fewer steps for a curve, never a better price than the true one.

What a thinned curve sends out is dearer, what it takes is worth less: whatever the
outside decides, the inside can serve it without a loss.
"""

from heapq import heapify, heappop, heappush

from .curve import Curve

type Steps = list[tuple[int, int]]
"""Ticks and Wh, ascending by tick."""


def thin(curve: Curve, steps_max: int) -> Curve:
    """Return ``curve`` with at most ``steps_max`` steps, losing little surplus.

    Steps are merged two by two, those first that lose the least: energy times the
    difference of their prices.  One step each way is always kept, if there is one.
    """
    imports: Steps = []
    exports: Steps = []
    for tick, start, end in zip(
        curve.ticks, curve.totals, curve.totals[1:], strict=False
    ):
        if start < 0:
            imports.append((tick, min(end, 0) - start))
        if end > 0:
            exports.append((tick, end - max(start, 0)))
    # Seen from zero outwards both sides get less attractive, and merge outwards.
    sides = [[(-tick, wh) for tick, wh in reversed(imports)], exports]
    _merge_cheapest(sides, steps_max)
    energy_wh_at: dict[int, int] = {}
    for sign, steps in zip((-1, 1), sides, strict=True):
        for tick, energy_wh in steps:
            energy_wh_at[sign * tick] = energy_wh_at.get(sign * tick, 0) + energy_wh
    return Curve.of(curve.totals[0], energy_wh_at)


def _merge_cheapest(sides: list[Steps], steps_max: int) -> None:
    """Merge neighbouring steps within each side until ``steps_max`` are left in all."""
    links = [list(range(1, len(steps) + 1)) for steps in sides]
    waiting = [
        (_loss(steps, at, at + 1), side, at, at + 1, steps[at][1])
        for side, steps in enumerate(sides)
        for at in range(len(steps) - 1)
    ]
    heapify(waiting)
    gone: set[tuple[int, int]] = set()
    left = sum(map(len, sides))
    before = [list(range(-1, len(steps) - 1)) for steps in sides]
    while left > steps_max and waiting:
        _, side, at, outer, energy_wh = heappop(waiting)
        steps = sides[side]
        if (steps[at][1], links[side][at]) != (energy_wh, outer):
            continue  # looked at again since
        gone.add((side, at))
        left -= 1
        tick, outer_wh = steps[outer]
        steps[outer] = (tick, outer_wh + energy_wh)
        inner = before[side][outer] = before[side][at]
        if inner >= 0:
            links[side][inner] = outer
            loss = _loss(steps, inner, outer)
            heappush(waiting, (loss, side, inner, outer, steps[inner][1]))
        beyond = links[side][outer]
        if beyond < len(steps):
            loss = _loss(steps, outer, beyond)
            heappush(waiting, (loss, side, outer, beyond, steps[outer][1]))
    for side, steps in enumerate(sides):
        steps[:] = [s for at, s in enumerate(steps) if (side, at) not in gone]


def _loss(steps: Steps, inner: int, outer: int) -> int:
    """Return the surplus lost when a step moves out to the next one's price."""
    return steps[inner][1] * (steps[outer][0] - steps[inner][0])
