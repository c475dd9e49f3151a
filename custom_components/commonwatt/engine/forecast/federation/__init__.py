"""Sums over the neighbours of which nobody sees a summand.

Owns the protocol of ``docs/reference/federation.md``.  Knows vectors of numbers, not
what they mean; draws no randomness and keeps no clock.
"""

from ...model.federation import COHORT_MAX
from .cohort import COHORT_MIN, Remembered, aggregator, divide
from .fixed_point import from_words, to_words
from .known_sums import numbers
from .letters import Refusal
from .noise import MEMBERS_MIN, NoiseRules, with_noise
from .phase import AbortReason, Phase, SumTiming
from .repeats import Letter
from .secure_sum import Aborted, SecureSum, Summed
from .timetable import Timetable
from .training import Lesson, Record, Training

__all__ = [
    "COHORT_MAX",
    "COHORT_MIN",
    "MEMBERS_MIN",
    "AbortReason",
    "Aborted",
    "Lesson",
    "Letter",
    "NoiseRules",
    "Phase",
    "Record",
    "Refusal",
    "Remembered",
    "SecureSum",
    "SumTiming",
    "Summed",
    "Timetable",
    "Training",
    "aggregator",
    "divide",
    "from_words",
    "numbers",
    "to_words",
    "with_noise",
]
