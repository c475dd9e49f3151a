"""What the owner of a headless member can have it do while it runs.

Every errand is a function of the node; what cannot be done is told, never half done.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
import secrets
from typing import Final

from ...engine.model.community import (
    NONCE_BYTES,
    Admit,
    Amend,
    Assess,
    Change,
    Leave,
    Pardon,
    Remove,
    StandingChange,
    VouchFor,
)
from ...engine.model.party import PartyId
from ...engine.model.period import (
    DAY_MS,
    PERIODS_PER_HOUR,
    DeliveryPeriod,
    Instant,
    after,
    datetime_from_instant,
)
from ...engine.model.standing import Cause, Excuse
from ...engine.model.units import div_floor
from ...engine.model.zone import ZoneId
from ...engine.node import Hindered, MotionView, Node, Obstacle
from .json_fields import JSON, a_number, a_text, an_object
from .rules_file import rules_object, rules_of

type Told = dict[str, JSON]

INVITATION_DAYS: Final = 7
MOTION_DAYS: Final = 7

_WHY: Final[Mapping[Obstacle, str]] = {
    Obstacle.NOT_A_MEMBER: "this home is no member of the community",
    Obstacle.WAKING: "the member has just started and waits to hear from the others",
    Obstacle.NO_SUCH_MOTION: "there is no such motion, or it is closed",
    Obstacle.VOTED_ALREADY: "this home has voted on it already",
    Obstacle.TOO_LATE: "its deadline has passed",
    Obstacle.OUT_OF_BOUNDS: "so many motions, or so long a time, are out of bounds",
    Obstacle.DOES_NOT_FIT: "it does not fit the charter: is there such a member, zone?",
    Obstacle.LAST_MEMBER: "the last member cannot leave: delete the folder",
}


class ErrandError(Exception):
    """What was asked for cannot be done; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One wish of the owner, and where others can dial this member."""

    wish: Mapping[str, JSON]
    addresses: Sequence[str]

    def text(self, name: str) -> str:
        """Return a part of the wish that must be there."""
        return a_text(self.wish.get(name))

    def number(self, name: str, default: int) -> int:
        """Return a number of the wish."""
        found = a_number(self.wish.get(name))
        return default if found is None else found


def carry_out(errand: Errand, node: Node, now: Instant) -> Told:
    """Do what the owner wishes; ``{"error": why}`` if it cannot be done."""
    try:
        return ERRANDS[errand.text("command")](errand, node, now)
    except KeyError as err:
        return {"error": f"{err} is missing or unknown"}
    except (ErrandError, ValueError) as err:
        return {"error": str(err)}


def _invite(errand: Errand, node: Node, now: Instant) -> Told:
    zone = errand.wish.get("zone")
    tree = node.community.charter.fee_tree
    expires_at = after(now, errand.number("days", INVITATION_DAYS) * DAY_MS)
    invite = node.community.invite(
        now,
        zone=tree.root.id if zone is None else ZoneId(a_text(zone)),
        expires_at=expires_at,
        nonce=secrets.token_bytes(NONCE_BYTES),
    )
    if isinstance(invite, Hindered):
        raise ErrandError(_WHY[invite.obstacle])
    link = invite.at(errand.addresses).link
    return {"link": link, "expires_at": _time(expires_at)}


def _motions(_errand: Errand, node: Node, _now: Instant) -> Told:
    return {"motions": [_motion(view) for view in node.community.motion_views()]}


def _rules(_errand: Errand, node: Node, _now: Instant) -> Told:
    return {"rules": rules_object(Amend.of(node.community.charter))}


def _propose(errand: Errand, node: Node, now: Instant) -> Told:
    change = rules_of(an_object(errand.wish.get("rules")))
    return _put_to_the_vote(change, errand, node, now)


def _remove(errand: Errand, node: Node, now: Instant) -> Told:
    change = Remove(party=PartyId(errand.text("party")))
    return _put_to_the_vote(change, errand, node, now)


def _vouch(errand: Errand, node: Node, now: Instant) -> Told:
    newcomer = PartyId(errand.text("party"))
    change = VouchFor(newcomer=newcomer, day=div_floor(now, DAY_MS))
    return _put_to_the_vote(change, errand, node, now)


def _appeal(errand: Errand, node: Node, now: Instant) -> Told:
    """Ask for an excuse that ends now: for the hours since something broke."""
    until = DeliveryPeriod.containing(now).next()
    periods = errand.number("hours", 1) * PERIODS_PER_HOUR
    excuse = Excuse(
        party=None if errand.wish.get("everybody") is True else node.party,
        first=until.next(-periods),
        until=until,
        cause=Cause(errand.text("cause")),
    )
    return _put_to_the_vote(Pardon(excuse=excuse), errand, node, now)


def _leave(_errand: Errand, node: Node, now: Instant) -> Told:
    motion = node.community.leave(now)
    if isinstance(motion, Hindered):
        raise ErrandError(_WHY[motion.obstacle])
    return {"motion": motion.hex()}


def _vote(errand: Errand, node: Node, now: Instant) -> Told:
    in_favour = errand.wish.get("approve")
    if not isinstance(in_favour, bool):
        raise ErrandError("yes or no?")
    motion = bytes.fromhex(errand.text("motion"))
    hindered = node.community.vote(motion, now, in_favour=in_favour)
    if hindered is not None:
        raise ErrandError(_WHY[hindered.obstacle])
    return {"motion": motion.hex(), "approve": in_favour}


def _put_to_the_vote(change: Change, errand: Errand, node: Node, now: Instant) -> Told:
    deadline = after(now, errand.number("days", MOTION_DAYS) * DAY_MS)
    motion = node.community.propose(change, now, deadline=deadline)
    if isinstance(motion, Hindered):
        raise ErrandError(_WHY[motion.obstacle])
    return {"motion": motion.hex(), "deadline": _time(deadline)}


def _revoke(_errand: Errand, node: Node, now: Instant) -> Told:
    hindered = node.community.revoke_sessions(now)
    if hindered is not None:
        raise ErrandError(_WHY[hindered.obstacle])
    return {"since": _time(now)}


ERRANDS: Final[Mapping[str, Callable[[Errand, Node, Instant], Told]]] = {
    "invite": _invite,
    "motions": _motions,
    "rules": _rules,
    "propose": _propose,
    "remove": _remove,
    "vouch": _vouch,
    "appeal": _appeal,
    "leave": _leave,
    "vote": _vote,
    "revoke": _revoke,
}


def _motion(view: MotionView) -> Told:
    return {
        "motion": view.id,
        "author": view.author,
        "change": _change(view.change, view.rules),
        "deadline": _time(view.deadline),
        "yes": view.yes,
        "no": view.no,
        "needed": view.needed,
        "mine": view.mine,
        "state": view.state.value,
    }


def _change(change: Change, rules: Amend) -> Told:
    match change:
        case Admit(member=member):
            return {"admit": member.party, "zone": member.zone}
        case Remove(party=party):
            return {"remove": party}
        case Leave():
            return {"leave": True}
        case Amend():
            before, wanted = rules_object(rules), rules_object(change)
            return {key: wanted[key] for key in wanted if wanted[key] != before[key]}
        case VouchFor() | Pardon() | Assess():
            return _standing_change(change)


def _standing_change(change: StandingChange) -> Told:
    match change:
        case VouchFor(newcomer=party):
            return {"vouch": party}
        case Pardon(excuse=excuse):
            return {
                "excuse": excuse.party,
                "from": _time(excuse.first.start),
                "until": _time(excuse.until.start),
                "cause": excuse.cause.value,
            }
        case Assess(day=day, beliefs=beliefs):
            return {"assess": day, "members": len(beliefs)}


def _time(at: Instant) -> str:
    return datetime_from_instant(at).isoformat()
