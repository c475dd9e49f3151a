"""The node: one home as a member of its community.  The engine's only facade.

Bytes from peers, process images and ``now`` go in; effects come out.
"""

from .config import NodeConfig, Session, Sessions
from .effects import Effects, Outgoing
from .events import (
    Event,
    Fault,
    MemberOffline,
    MemberOnline,
    PeerFault,
    PeriodFinal,
    PeriodSettled,
    PhaseChanged,
    TradeMatched,
)
from .status import NodeStatus

__all__ = [
    "Effects",
    "Event",
    "Fault",
    "MemberOffline",
    "MemberOnline",
    "NodeConfig",
    "NodeStatus",
    "Outgoing",
    "PeerFault",
    "PeriodFinal",
    "PeriodSettled",
    "PhaseChanged",
    "Session",
    "Sessions",
    "TradeMatched",
]
