"""What a device said at one instant."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..model.period import Instant
from .point import PointValue


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSnapshot:
    """The outcome of one successful poll.  Unknown is None, never zero."""

    measured_at: Instant
    values: Mapping[str, PointValue]
    """By :attr:`Point.key`; a point the device offers is always there."""

    def number(self, key: str) -> float | None:
        """Return a numeric value; None where it is unknown or not a number."""
        value = self.values.get(key)
        return None if isinstance(value, str) else value

    def integer(self, key: str, *, factor: int = 1) -> int | None:
        """Return ``factor`` times a numeric value, rounded; None where unknown."""
        value = self.number(key)
        return None if value is None else round(value * factor)

    def text(self, key: str) -> str | None:
        """Return the value of a status; None where unknown."""
        value = self.values.get(key)
        return value if isinstance(value, str) else None
