"""How a member proves who it is to those it meets."""

from collections.abc import Callable
from dataclasses import dataclass
import secrets

from ...engine.model.party import PartyId
from ...engine.model.period import Instant
from ...engine.node import Session, Sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """The identity of this member; the household key itself is not here."""

    party: PartyId
    sessions: Sessions
    clock: Callable[[], Instant]
    """The clock of the node: certificates are good or bad at its instants."""

    pace: int = 1
    """How many seconds of ``clock`` go by in one: more than 1 in a rehearsal only."""

    random: Callable[[int], bytes] = secrets.token_bytes

    def session(self) -> Session:
        """Return the session key in force now, and its certificate."""
        return self.sessions.at(self.clock())
