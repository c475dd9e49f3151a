"""Brings the node of a headless member back to where its journal ends."""

from dataclasses import dataclass

from ...engine.model.party import Charter
from ...engine.node import DerivedSessions, Node, NodeConfig
from ...engine.wire.digests import community_id
from ...engine.wire.verifier import verify
from ..journal import SQLiteJournal
from ..transports import Credentials, Roster
from .clock import clock_of
from .folder import FolderError
from .identity import Identity
from .settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Woken:
    """A node, and whom it talks with as whom."""

    node: Node
    roster: Roster
    credentials: Credentials


def wake(
    settings: Settings, identity: Identity, charter: Charter, journal: SQLiteJournal
) -> Woken:
    """Wake the node (blocking).

    Raises:
        FolderError: the charter does not name this member.
        JournalError: the journal cannot be read.
    """
    clock, household = clock_of(settings.rehearsal), identity.key
    community = community_id(charter)
    sessions = DerivedSessions(household, secret=identity.sessions, community=community)
    config = NodeConfig(
        party=household.party,
        community=community,
        charter=charter,
        salt_secret=identity.salts,
    )
    now = clock()
    past = journal.restorable()
    node = Node.restore(config, past, sessions=sessions, verify=verify, now=now)
    if not node.community.is_member:
        raise FolderError("the charter does not name this member")
    return Woken(
        node=node,
        roster=Roster(
            community=community,
            members=node.community.charter.members,
            revoked=node.community.revoked,
        ),
        credentials=Credentials(
            party=household.party,
            sessions=sessions,
            clock=clock,
            pace=1 if settings.rehearsal is None else settings.rehearsal.pace,
        ),
    )
