"""How long a machine has to stay on, and off, before it may be switched again."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Dwell:
    """Shortest times on and off; only for machines that have a least power."""

    on_ms_min: int = 0
    off_ms_min: int = 0
    is_on: bool = False
    """What it does now."""

    since_ms: int | None = None
    """How long it has been doing so; None: for long enough."""

    def __post_init__(self) -> None:
        """Refuse times that are none."""
        if min(self.on_ms_min, self.off_ms_min, self.since_ms or 0) < 0:
            raise ValueError("no time is negative")

    @property
    def owed_ms(self) -> int:
        """How much longer the machine has to stay as it is."""
        if self.since_ms is None:
            return 0
        least_ms = self.on_ms_min if self.is_on else self.off_ms_min
        return max(0, least_ms - self.since_ms)


UNBOUND: Final = Dwell()
"""A machine that may be switched at any time."""
