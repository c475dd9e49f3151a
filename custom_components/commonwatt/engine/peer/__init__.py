"""What members say to each other: presence, and the round of a delivery period.

Knows messages, votes and time-outs.  Clears no market and settles nothing: the digest of
a result is handed in.
"""

from .phase import Phase
from .timing import RoundTiming

__all__ = ["Phase", "RoundTiming"]
