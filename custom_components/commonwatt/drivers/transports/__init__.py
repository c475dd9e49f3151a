"""How sealed envelopes get from member to member.

A transport carries bytes; what they mean, and whether to believe them, is the node's
business.
"""

from .bundle import Bundle
from .credentials import Credentials
from .gossip import Gossip
from .memory import MemoryHub, MemoryTransport
from .refusals import Refusal, Refusals
from .roster import Roster, meeting_place
from .transport import Receive, Transport

__all__ = [
    "Bundle",
    "Credentials",
    "Gossip",
    "MemoryHub",
    "MemoryTransport",
    "Receive",
    "Refusal",
    "Refusals",
    "Roster",
    "Transport",
    "meeting_place",
]
