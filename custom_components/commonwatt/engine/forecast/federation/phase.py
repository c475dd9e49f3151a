"""The phases of a secure sum, and the only ways from one to the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Final

from ...model.federation import (
    Agreement,
    Announcement,
    FederationMessage,
    MaskedVector,
    RosterStep,
    SealedShares,
    Unmasking,
)
from ...model.period import MINUTE_MS, Instant, after


class Phase(StrEnum):
    """Where a sum stands, as one member sees it."""

    ANNOUNCING = "announcing"
    SHARING = "sharing"
    SENDING = "sending"
    AGREEING = "agreeing"
    UNMASKING = "unmasking"
    SUMMED = "summed"
    ABORTED = "aborted"

    @property
    def over(self) -> bool:
        """Tell whether nothing can change any more."""
        return self in {Phase.SUMMED, Phase.ABORTED}


class Trigger(Enum):
    """What moves a sum on.  Time alone only ever ends it."""

    COHORT_ACCEPTED = auto()
    SHARERS_ACCEPTED = auto()
    SENDERS_ACCEPTED = auto()
    AGREED = auto()
    UNMASKED = auto()
    FAILED = auto()


TRANSITIONS: Final[Mapping[tuple[Phase, Trigger], Phase]] = {
    (Phase.ANNOUNCING, Trigger.COHORT_ACCEPTED): Phase.SHARING,
    (Phase.SHARING, Trigger.SHARERS_ACCEPTED): Phase.SENDING,
    (Phase.SENDING, Trigger.SENDERS_ACCEPTED): Phase.AGREEING,
    (Phase.AGREEING, Trigger.AGREED): Phase.UNMASKING,
    (Phase.UNMASKING, Trigger.UNMASKED): Phase.SUMMED,
    (Phase.ANNOUNCING, Trigger.FAILED): Phase.ABORTED,
    (Phase.SHARING, Trigger.FAILED): Phase.ABORTED,
    (Phase.SENDING, Trigger.FAILED): Phase.ABORTED,
    (Phase.AGREEING, Trigger.FAILED): Phase.ABORTED,
    (Phase.UNMASKING, Trigger.FAILED): Phase.ABORTED,
}

ORDER: Final = tuple(Phase)

GATHERED: Final[Mapping[Phase, RosterStep]] = {
    Phase.ANNOUNCING: RosterStep.COHORT,
    Phase.SHARING: RosterStep.SHARERS,
    Phase.SENDING: RosterStep.SENDERS,
}
"""The list that ends a phase."""

LAST_PHASE: Final[Mapping[type[FederationMessage] | RosterStep, Phase]] = {
    Announcement: Phase.ANNOUNCING,
    RosterStep.COHORT: Phase.ANNOUNCING,
    SealedShares: Phase.SHARING,
    RosterStep.SHARERS: Phase.SHARING,
    MaskedVector: Phase.SENDING,
    RosterStep.SENDERS: Phase.SENDING,
    Agreement: Phase.UNMASKING,
    Unmasking: Phase.UNMASKING,
}
"""The last phase in which a message is of any use; later it is late."""


class AbortReason(StrEnum):
    """Why a sum came to nothing.  Nothing is revealed by any of them."""

    TIMED_OUT = "timed_out"
    TOO_FEW = "too_few"
    LEFT_OUT = "left_out"
    """This member is not on the list: it came too late."""

    LIST_DIFFERS = "list_differs"
    """The aggregator's list is not what this member has heard."""

    SINGLES_OUT = "singles_out"
    """The sum and one before it would differ by a single member."""

    BAD_KEY = "bad_key"
    BAD_SHARES = "bad_shares"


@dataclass(frozen=True, slots=True, kw_only=True)
class SumTiming:
    """When the phases of a sum end."""

    starts: Instant
    gather_ms: int = 10 * MINUTE_MS
    """How long members may announce, share and send before the list is made."""

    list_ms: int = 5 * MINUTE_MS
    """How long a list, and whatever needs no list, may take to arrive."""

    def list_at(self, phase: Phase) -> Instant:
        """Return when the aggregator closes the list of a phase."""
        whole = self.gather_ms + self.list_ms
        return after(self.starts, ORDER.index(phase) * whole + self.gather_ms)

    def ends(self, phase: Phase) -> Instant:
        """Return when a member gives up on a phase."""
        whole = self.gather_ms + self.list_ms
        return after(self.starts, (ORDER.index(phase) + 1) * whole)
