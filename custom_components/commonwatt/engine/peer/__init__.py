"""What members say to each other: presence, and the round of a delivery period.

Knows messages, votes and time-outs.  Clears no market and settles nothing: the digest
of a result is handed in.
"""

from .ballot import Agreement, Vote
from .book import Book, RevealedOrder, order_wh_max
from .fault import Fault, Misdeed
from .phase import Phase
from .presence import Presence
from .round import Round
from .rules import RoundRules
from .steps import (
    Answer,
    CastVote,
    ClearBook,
    Enter,
    ProposeBook,
    Repeat,
    RevealOrder,
    Step,
)
from .timing import RoundTiming

__all__ = [
    "Agreement",
    "Answer",
    "Book",
    "CastVote",
    "ClearBook",
    "Enter",
    "Fault",
    "Misdeed",
    "Phase",
    "Presence",
    "ProposeBook",
    "Repeat",
    "RevealOrder",
    "RevealedOrder",
    "Round",
    "RoundRules",
    "RoundTiming",
    "Step",
    "Vote",
    "order_wh_max",
]
