"""What members of a secure sum say to each other, and how a sum is named.

Nothing here is anybody's number: vectors travel masked, shares sealed.  Clauses:
``docs/reference/federation.md``.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from .party import PartyId

WEEK_MAX: Final = 1 << 20
STEP_MAX: Final = 63
PARTS_MAX: Final = 64
ATTEMPT_MAX: Final = 63
COHORT_MAX: Final = 256
NUMBERS_MAX: Final = 4_096
"""Numbers in one vector: 32 KiB, a quarter of the largest envelope."""


class Subject(IntEnum):
    """What members learn together.  Numbers travel: never give one a new meaning."""

    LOAD = 0
    """How homes use energy; once a week."""

    SUN = 1
    """What panels gave yesterday; once a day."""


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class SumName:
    """One sum of one training; a name is never used twice."""

    subject: Subject = Subject.LOAD
    week: int
    """Weeks, or whatever the subject is trained by, since the epoch."""

    part: int
    """Which of the cohorts that train side by side."""

    step: int
    """Which of the sums of a training."""

    attempt: int
    """0, then one more after every sum that came to nothing."""


class RosterStep(StrEnum):
    """What a list of members is a list of."""

    COHORT = "cohort"
    """Whose announcement arrived in time."""

    SHARERS = "sharers"
    """Whose sealed shares arrived in time."""

    SENDERS = "senders"
    """Whose masked vector arrived in time: the sum is over these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """I take part, with this X25519 key (32 bytes) made for this sum alone."""

    sum_name: SumName
    public_key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The aggregator's list of members, ascending; it decides nothing else."""

    sum_name: SumName
    step: RosterStep
    parties: tuple[PartyId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedShare:
    """One member's share of a self-mask, and what can be checked about it later."""

    sealed: bytes
    """Share of the sender's self-mask, readable by the recipient only."""

    share_digest: bytes
    """Digest of the share, so that nobody can hand in another one."""

    seed_digest: bytes
    """Digest of the seed the two of them share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedShares:
    """Shares for every other member of the cohort, in the cohort's order."""

    sum_name: SumName
    cohort_digest: bytes
    shares: tuple[SealedShare, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedVector:
    """A contribution that looks like noise: 8 bytes a number, little-endian."""

    sum_name: SumName
    sharers_digest: bytes
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """I was shown this list of senders, and no other."""

    sum_name: SumName
    senders_digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmasking:
    """What takes the masks off the sum: never two things about one member."""

    sum_name: SumName
    senders_digest: bytes
    shares: tuple[tuple[PartyId, bytes], ...]
    """Of the self-masks of members that sent."""

    seeds: tuple[tuple[PartyId, bytes], ...]
    """Shared with members that gave shares and then vanished."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedSum:
    """What a sum came to, for those who could not take part in it.

    One member's word is not believed: two have to say the same.
    """

    sum_name: SumName
    homes: int
    data: bytes
    """8 bytes a number, little-endian, like the vectors it is the sum of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """Whether I take part in the trainings; said by the hour, lest it be forgotten."""

    subject: Subject = Subject.LOAD
    takes_part: bool
    missing: tuple[int, int] | None = None
    """Week and step of sums I would like to be told."""


type FederationMessage = (
    Announcement | Roster | SealedShares | MaskedVector | Agreement | Unmasking
)
"""What is said within one sum."""

type TrainingMessage = FederationMessage | PublishedSum | Enrolment
"""Everything members say about learning together."""
