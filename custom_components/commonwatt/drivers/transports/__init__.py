"""How sealed envelopes get from member to member.

A transport carries bytes; what they mean, and whether to believe them, is the node's
business.
"""

from .memory import MemoryHub, MemoryTransport
from .transport import Receive, Transport

__all__ = ["MemoryHub", "MemoryTransport", "Receive", "Transport"]
