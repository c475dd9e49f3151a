"""Whether a motion may be made at all, before anybody votes on it."""

from ..model.community import Admit
from ..peer import OpenMotion, Statutes
from ..wire.envelope import Envelope
from .door import Door


def is_lawful(
    known: OpenMotion, envelope: Envelope, *, statutes: Statutes, door: Door
) -> bool:
    """Tell whether whoever a motion would let in was invited, to that place.

    The invitation is of a member of today, was never used, and had not expired when
    the motion was signed.
    """
    change = known.motion.change
    if not isinstance(change, Admit):
        return True
    if statutes.is_used(change.invitation):
        return False
    invited = door.invited(change.invitation)
    if invited is None:
        return False
    inviter, invitation = invited
    in_time = envelope.sent_at < invitation.expires_at
    is_placed = change.member.zone == invitation.zone
    return in_time and is_placed and statutes.latest.member(inviter) is not None
