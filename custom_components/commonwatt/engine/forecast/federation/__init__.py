"""Sums over the neighbours of which nobody sees a summand.

Owns the protocol of ``docs/reference/federation.md``.  Knows vectors of numbers, not
what they mean; draws no randomness and keeps no clock.
"""

from .cohort import COHORT_MAX, COHORT_MIN, Remembered, aggregator, divide
from .fixed_point import from_words, to_words
from .letters import Refusal
from .noise import MEMBERS_MIN, NoiseRules, with_noise
from .phase import AbortReason, Phase, SumTiming
from .secure_sum import Aborted, SecureSum, Summed

__all__ = [
    "COHORT_MAX",
    "COHORT_MIN",
    "MEMBERS_MIN",
    "AbortReason",
    "Aborted",
    "NoiseRules",
    "Phase",
    "Refusal",
    "Remembered",
    "SecureSum",
    "SumTiming",
    "Summed",
    "aggregator",
    "divide",
    "from_words",
    "to_words",
    "with_noise",
]
