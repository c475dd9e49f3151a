"""The node: one home as a member of its community.  The engine's only facade.

Bytes from peers, process images and ``now`` go in; effects come out.
"""

from .agreements import Refusal, Refused
from .case import Outcome
from .citizen import Citizen, Hindered, Obstacle
from .config import NodeConfig, Session, Sessions
from .deals import AgreementView, DealState
from .effects import Effects, Outgoing
from .events import (
    AgreementChanged,
    CharterChanged,
    Event,
    HelpAsked,
    MemberOffline,
    MemberOnline,
    MotionClosed,
    MotionOpened,
    NeighboursLearned,
    PeerFault,
    PeriodCorrected,
    PeriodFinal,
    PeriodSettled,
    PhaseChanged,
    SessionsRevoked,
    Thanked,
    TradeMatched,
)
from .foresight import Planning
from .guest import Guest
from .learning_status import LearningState, LearningStatus
from .mandate import Mandate
from .mix import MixPart, OriginShare, Supplier
from .motion_views import MotionState, MotionView
from .node import Node
from .pool_shares import OpenPoolGift, OpenRequest
from .sessions import DerivedSessions, lone_config
from .settled_records import read_postings, read_settled, read_transactions
from .social import Social
from .status import NodeStatus

__all__ = [
    "AgreementChanged",
    "AgreementView",
    "CharterChanged",
    "Citizen",
    "DealState",
    "DerivedSessions",
    "Effects",
    "Event",
    "Guest",
    "HelpAsked",
    "Hindered",
    "LearningState",
    "LearningStatus",
    "Mandate",
    "MemberOffline",
    "MemberOnline",
    "MixPart",
    "MotionClosed",
    "MotionOpened",
    "MotionState",
    "MotionView",
    "NeighboursLearned",
    "Node",
    "NodeConfig",
    "NodeStatus",
    "Obstacle",
    "OpenPoolGift",
    "OpenRequest",
    "OriginShare",
    "Outcome",
    "Outgoing",
    "PeerFault",
    "PeriodCorrected",
    "PeriodFinal",
    "PeriodSettled",
    "PhaseChanged",
    "Planning",
    "Refusal",
    "Refused",
    "Session",
    "Sessions",
    "SessionsRevoked",
    "Social",
    "Supplier",
    "Thanked",
    "TradeMatched",
    "lone_config",
    "read_postings",
    "read_settled",
    "read_transactions",
]
