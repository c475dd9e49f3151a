"""Noise for those who want more than a sum: user-level differential privacy.

Each home cuts its vector to a fixed length and adds its part of the noise before it
masks; no one but the sum ever has all of it, and no one adds it twice.  Below 200 homes
the noise drowns what is to be learned, so there is none to choose.

Source: the Gaussian mechanism; Dwork, Roth, "Algorithmic foundations of differential
privacy", 2014, theorem A.1 (proven for epsilon up to 1; above it the same factor is
used, which overstates the noise).
"""

from dataclasses import dataclass
from math import log, sqrt
from typing import Final

import numpy as np

from .fixed_point import Floats
from .secrets_of_a_sum import SEED_BYTES, stream

MEMBERS_MIN: Final = 200
DELTA: Final = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseRules:
    """How much privacy, against how large a cohort."""

    epsilon: float
    norm_max: float
    """Length (L2) a contribution is cut to: what one home can change at all."""

    members: int
    """Least number of members whose noise is in a sum."""

    def __post_init__(self) -> None:
        """Refuse noise where it would drown everything."""
        if self.members < MEMBERS_MIN:
            raise ValueError(f"noise needs at least {MEMBERS_MIN} members")
        if not (self.epsilon > 0 and self.norm_max > 0):
            raise ValueError("privacy and length are positive")

    @property
    def deviation(self) -> float:
        """Standard deviation of all members' noise together, in every number."""
        return self.norm_max * sqrt(2 * log(1.25 / DELTA)) / self.epsilon


def with_noise(vector: Floats, rules: NoiseRules, *, seed: bytes) -> Floats:
    """Return a contribution cut to length, with this member's part of the noise."""
    assert len(seed) == SEED_BYTES, "a seed has 32 bytes"
    length = float(np.linalg.norm(vector))
    cut = vector * min(1.0, rules.norm_max / length) if length > 0 else vector
    part = rules.deviation / sqrt(rules.members)
    return cut + part * _normal(seed, len(vector))


def _normal(seed: bytes, count: int) -> Floats:
    """Turn pseudo-random words into normal numbers (Box and Muller, 1958)."""
    words = stream(seed, 2 * count)
    uniform = ((words >> np.uint64(11)).astype(np.float64) + 0.5) / (1 << 53)
    radius = np.sqrt(-2 * np.log(uniform[:count]))
    return np.asarray(radius * np.cos(2 * np.pi * uniform[count:]))
