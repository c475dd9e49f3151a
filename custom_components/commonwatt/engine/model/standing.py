"""What a community has agreed to believe of its members: a part of its charter.

Everybody who has the charter has these figures, and so deals on the same terms; what
follows from them is for ``engine.scores`` and ``engine.market`` to say.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import isqrt
from typing import Final

from .party_id import PartyId
from .period import DeliveryPeriod
from .units import PPM, div_floor

CREDIT_WH: Final = 8_000
"""Default ordinary line: what 32 kW take in a quarter of an hour."""

CREDIT_WH_MAX: Final = 100_000_000
EVIDENCE_MICRO_MAX: Final = 1 << 40
"""Bound on evidence for or against one member; a year of it is a thousandth of this."""

BELIEFS_MAX: Final = 1_200
"""Members of the largest community that agrees on reputations: what a motion holds."""

VOUCHERS_NEEDED: Final = 2
VOUCHER_TRUST_PPM: Final = 350_000
"""Who is trusted less answers for nobody: newcomers cannot vouch for each other."""

VOUCHES_MAX: Final = 2
"""How many newcomers a member can answer for at a time."""

LIABLE_DAYS: Final = 90
"""How long a voucher shares in what the newcomer gets wrong."""

VOUCHED_GOOD_MICRO: Final = 1_130_000
"""Evidence a newcomer with two vouchers starts with: a reputation of 0.45."""

EXCUSES_MAX: Final = 64
EXCUSE_PERIODS_MAX: Final = 7 * 96
"""Nobody is excused for longer than a week at a time."""


class Cause(StrEnum):
    """Why somebody could not keep its word through no fault of its own."""

    OUTAGE = "outage"
    """The grid was down."""

    ISLAND = "island"
    """The home, or all of them, ran without the grid."""

    LINK = "link"
    """Nobody could be reached."""

    MAINTENANCE = "maintenance"
    """Announced: a meter or an inverter is being replaced."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Vouch:
    """One member answers for another from a day of UTC on."""

    by: PartyId
    newcomer: PartyId
    day: int

    def __post_init__(self) -> None:
        """Refuse to answer for oneself."""
        if self.by == self.newcomer:
            msg = "nobody vouches for itself"
            raise ValueError(msg)

    def liable_on(self, day: int) -> bool:
        """Tell whether the voucher answers for what happens on ``day``."""
        return self.day <= day < self.day + LIABLE_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Excuse:
    """A time in which a member could not keep its word through no fault of its own."""

    party: PartyId | None
    """None: everybody, as in an outage of the grid."""

    first: DeliveryPeriod
    until: DeliveryPeriod
    cause: Cause = Cause.OUTAGE

    def __post_init__(self) -> None:
        """Refuse a time that is none, or has no end."""
        if not 0 < self.until.number - self.first.number <= EXCUSE_PERIODS_MAX:
            msg = "an excuse is for a quarter of an hour to a week"
            raise ValueError(msg)

    def covers(self, party: PartyId, period: DeliveryPeriod) -> bool:
        """Tell whether nothing in ``period`` counts against ``party``."""
        return self.party in {None, party} and self.first <= period < self.until


def mean_ppm(*, good_micro: int, bad_micro: int) -> int:
    """Return the expected share of kept promises; one kept and one broken are given."""
    return div_floor((PPM + good_micro) * PPM, 2 * PPM + good_micro + bad_micro)


def trust_ppm(*, good_micro: int, bad_micro: int) -> int:
    """Return that share less one standard deviation of the Beta distribution."""
    good, bad = PPM + good_micro, PPM + bad_micro
    total = good + bad
    deviation_ppm = isqrt(good * bad * PPM**3 // (total * total * (total + PPM)))
    mean = mean_ppm(good_micro=good_micro, bad_micro=bad_micro)
    return max(0, mean - deviation_ppm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """What is believed of one party at the start of a day."""

    party: PartyId
    good_micro: int = 0
    """Kept promises in millionths, faded by age."""

    bad_micro: int = 0
    """Broken ones, counted double."""

    given_wh: int = 0
    """What it sold to neighbours, less what it bought, in the week before the day."""

    vouched: bool = False
    """The evidence it was lent is in ``good_micro``."""

    @property
    def trust_ppm(self) -> int:
        """How far the party is trusted."""
        return trust_ppm(good_micro=self.good_micro, bad_micro=self.bad_micro)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the members of a community stand, as they agreed.  The first one is empty."""

    credit_wh: int = CREDIT_WH
    """The ordinary line: energy in one period that a member's word is good for."""

    day: int | None = None
    """Day of UTC at whose start the beliefs hold; None: nothing is agreed yet."""

    beliefs: tuple[Belief, ...] = ()
    """Ascending by party; of whom there is none, nothing is known."""

    vouches: tuple[Vouch, ...] = ()
    """In the order in which they were given."""

    excuses: tuple[Excuse, ...] = ()
    """Of times that were not assessed yet."""

    def __post_init__(self) -> None:
        """Refuse a line out of bounds."""
        if not 0 <= self.credit_wh <= CREDIT_WH_MAX:
            msg = f"a line of {self.credit_wh} Wh is out of bounds"
            raise ValueError(msg)

    def belief(self, party: PartyId) -> Belief:
        """Return what is believed of a party; of a stranger, nothing."""
        known = next((one for one in self.beliefs if one.party == party), None)
        return Belief(party=party) if known is None else known
