"""Decoded values without what stands for "unset"."""

import math
from typing import Final

from ...engine.devices import PointValue

_FLOAT_MAX: Final = 3.4028e38
"""Some devices say "unset" with the largest number there is."""


def plain_value(value: object) -> PointValue:
    """Return a decoded value; None for what is no value at all."""
    match value:
        case str():
            return value.split("\0")[0].strip() or None
        case float() if not math.isfinite(value) or abs(value) > _FLOAT_MAX:
            return None
        case int() | float():
            return value
        case _:
            return None
