"""What members say to each other: presence, and the round of a delivery period.

Knows messages, votes and time-outs.  Clears no market and settles nothing: the digest
of a result is handed in.
"""

from .agreement import Agreement, Choice
from .book import Book, RevealedOrder, order_wh_max
from .electorate import Electorate, electorate_of
from .fault import OF_THE_NETWORK, Fault, Misdeed
from .motions import OpenMotion, applied, needs_ballots
from .phase import Phase
from .presence import Presence
from .proposals import VOID
from .round import Round
from .rules import RoundRules
from .statutes import Statutes
from .steps import (
    Answer,
    CastVote,
    ClearBook,
    Enter,
    ProposeBook,
    Repeat,
    RevealOrder,
    SignReceipt,
    Step,
)
from .tally import Quorum, Vote
from .timing import RoundTiming

__all__ = [
    "OF_THE_NETWORK",
    "VOID",
    "Agreement",
    "Answer",
    "Book",
    "CastVote",
    "Choice",
    "ClearBook",
    "Electorate",
    "Enter",
    "Fault",
    "Misdeed",
    "OpenMotion",
    "Phase",
    "Presence",
    "ProposeBook",
    "Quorum",
    "Repeat",
    "RevealOrder",
    "RevealedOrder",
    "Round",
    "RoundRules",
    "RoundTiming",
    "SignReceipt",
    "Statutes",
    "Step",
    "Vote",
    "applied",
    "electorate_of",
    "needs_ballots",
    "order_wh_max",
]
