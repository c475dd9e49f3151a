"""The node: one home as a member of its community.  The engine's only facade.

Bytes from peers, process images and ``now`` go in; effects come out.
"""

from .case import Outcome
from .config import NodeConfig, Session, Sessions
from .effects import Effects, Outgoing
from .events import (
    Event,
    MemberOffline,
    MemberOnline,
    PeerFault,
    PeriodCorrected,
    PeriodFinal,
    PeriodSettled,
    PhaseChanged,
    TradeMatched,
)
from .node import Node
from .records import read_postings, read_transactions
from .sessions import DerivedSessions, lone_config
from .status import NodeStatus

__all__ = [
    "DerivedSessions",
    "Effects",
    "Event",
    "MemberOffline",
    "MemberOnline",
    "Node",
    "NodeConfig",
    "NodeStatus",
    "Outcome",
    "Outgoing",
    "PeerFault",
    "PeriodCorrected",
    "PeriodFinal",
    "PeriodSettled",
    "PhaseChanged",
    "Session",
    "Sessions",
    "TradeMatched",
    "lone_config",
    "read_postings",
    "read_transactions",
]
