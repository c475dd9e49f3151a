"""What a node is told when it is built."""

from dataclasses import dataclass, field
import hashlib
import hmac
from typing import Final, Protocol

from ..forecast.federation import Timetable
from ..forecast.load import SUMS
from ..ledger.billing import avoided_micro_per_kwh
from ..model.community import SessionRevocation
from ..model.party import Charter, CommunityId, PartyId
from ..model.period import DAY_MS, HOUR_MS, DeliveryPeriod, Instant
from ..model.settlement_rules import SettlementRules
from ..model.tariff import Tariff
from ..peer import RoundTiming, Statutes
from ..wire.certificate import SessionCertificate
from ..wire.keys import Signer
from ..wire.messages import SALT_BYTES
from .committee import Committee

GIFT_WH_MAX_DAY: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session key and the certificate by which the household vouches for it."""

    certificate: SessionCertificate
    key: Signer


class Sessions(Protocol):
    """Where session keys come from; the node never holds the household key."""

    def at(self, now: Instant) -> Session:
        """Return the session to sign with at ``now``."""
        ...

    def renew(self, at: Instant) -> None:
        """From ``at`` on, sign with no key that was in use before."""
        ...

    def revoke(self, before: Instant) -> SessionRevocation:
        """Return the household's word that keys certified before count no more."""
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
    """The first one of the community; what followed from it is in ``statutes``."""

    statutes: Statutes = field(init=False, compare=False)
    """All charters this node knows; grows while the node lives."""

    committee: Committee = field(init=False, compare=False)
    """Who may read orders and readings."""

    timing: RoundTiming = field(default_factory=RoundTiming)
    trainings: Timetable = field(default_factory=lambda: Timetable(steps=SUMS))
    """When members learn together; equal for all."""

    sun_trainings: Timetable = field(default_factory=_every_morning)
    """When they add up what their panels gave yesterday."""

    gift_wh_max_day: int = GIFT_WH_MAX_DAY
    """Most this home gives away on one day of UTC, to all together."""

    salt_secret: bytes
    """32 secret bytes from which the salts of orders and readings are derived."""

    def __post_init__(self) -> None:
        """Begin with the first charter."""
        statutes = Statutes(self.community, self.charter)
        object.__setattr__(self, "statutes", statutes)
        object.__setattr__(self, "committee", Committee(self.party, statutes))

    @property
    def rules(self) -> SettlementRules:
        """How the community settles by the latest charter."""
        return self.statutes.latest.settlement

    def order_salt(self, period: DeliveryPeriod) -> bytes:
        """Return what hides this home's order until it is shown."""
        return self._salt(period.number.to_bytes(8))

    def reading_salt(self, period: DeliveryPeriod) -> bytes:
        """Return what goes with this home's reading, in every life the same."""
        return self._salt(b"reading" + period.number.to_bytes(8))

    def _salt(self, use: bytes) -> bytes:
        return hmac.digest(self.salt_secret, use, hashlib.sha256)[:SALT_BYTES]

    def avoided_micro_per_kwh(self, tariff: Tariff) -> int:
        """Return what a neighbour's kWh saves on a bill by ``tariff``."""
        basis = self.statutes.latest.billing_basis
        return avoided_micro_per_kwh(tariff, basis, self.rules.scheme)

    def charter_at(self, period: DeliveryPeriod) -> Charter:
        """Return the charter in force in ``period``, as far as it is known."""
        return self.statutes.at(period)
