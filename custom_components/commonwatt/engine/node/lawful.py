"""Whether a motion may be made at all, before anybody votes on it."""

from ..model.community import Admit, Change, Pardon, VouchFor
from ..model.period import DAY_MS, Instant, after
from ..model.units import div_floor
from ..peer import OpenMotion, Statutes
from ..scores.evidence import APPEAL_MS
from ..wire.envelope import Envelope
from .door import Door


def is_timely(change: Change, at: Instant) -> bool:
    """Tell whether a change can be proposed at ``at``: appeals have to come soon."""
    match change:
        case Pardon(excuse=excuse):
            return at < after(excuse.first.start, APPEAL_MS)
        case VouchFor(day=day):
            return day == div_floor(at, DAY_MS)
        case _:
            return True


def is_lawful(
    known: OpenMotion, envelope: Envelope, *, statutes: Statutes, door: Door
) -> bool:
    """Tell whether a motion comes in time, and whoever it would let in was invited.

    The invitation is of a member of today, was never used, and had not expired when
    the motion was signed.
    """
    change = known.motion.change
    if not isinstance(change, Admit):
        return is_timely(change, envelope.sent_at)
    if statutes.is_used(change.invitation):
        return False
    invited = door.invited(change.invitation)
    if invited is None:
        return False
    inviter, invitation = invited
    in_time = envelope.sent_at < invitation.expires_at
    is_placed = change.member.zone == invitation.zone
    return in_time and is_placed and statutes.latest.member(inviter) is not None
