"""What a node is told when it is built."""

from dataclasses import dataclass, field
from typing import Final, Protocol

from ..forecast.federation import Timetable
from ..forecast.load import SUMS
from ..ledger.rules import SettlementRules
from ..model.party import Charter, CommunityId, PartyId
from ..model.period import DAY_MS, HOUR_MS, Instant
from ..peer import RoundTiming
from ..wire.certificate import SessionCertificate
from ..wire.keys import SessionKey

GIFT_WH_MAX_DAY: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session key and the certificate by which the household vouches for it."""

    certificate: SessionCertificate
    key: SessionKey


class Sessions(Protocol):
    """Where session keys come from; the node never holds the household key."""

    def at(self, now: Instant) -> Session:
        """Return the session to sign with at ``now``."""
        ...

    def renew(self, at: Instant) -> None:
        """From ``at`` on, sign with no key that was in use before."""
        ...


def _every_morning() -> Timetable:
    """Return a timetable of one sum a day, from 01:00 UTC on."""
    return Timetable(week_ms=DAY_MS, begins_ms=HOUR_MS, steps=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeConfig:
    """Who the node is and by which rules it plays."""

    party: PartyId
    community: CommunityId
    charter: Charter
    timing: RoundTiming = field(default_factory=RoundTiming)
    rules: SettlementRules = field(default_factory=SettlementRules)
    """Equal for all members, like the charter."""

    trainings: Timetable = field(default_factory=lambda: Timetable(steps=SUMS))
    """When members learn together; equal for all, too."""

    sun_trainings: Timetable = field(default_factory=_every_morning)
    """When they add up what their panels gave yesterday."""

    gift_wh_max_day: int = GIFT_WH_MAX_DAY
    """Most this home gives away on one day of UTC, to all together."""

    salt_secret: bytes
    """32 secret bytes from which the salts of commitments are derived."""
