"""A day of panels, step by step, and how to add up what is known of it."""

from collections.abc import Iterable, Sequence

type SolarDay = Sequence[float | None]
"""Energy in Wh of each step of a day of UTC; None where nobody counted."""


def both_known(one: SolarDay, other: SolarDay) -> Iterable[tuple[float, float]]:
    """Yield the values of steps that both days know."""
    for a, b in zip(one, other, strict=True):
        if a is not None and b is not None:
            yield a, b
