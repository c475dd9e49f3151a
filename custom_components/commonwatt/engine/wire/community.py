"""Bodies of what members say about their community: motions, ballots, enactments.

Clauses: section 2 of ``docs/reference/community.md``.
"""

from collections.abc import Callable, Mapping
from typing import Final, assert_never

from ..model.community import (
    CHARTER_ATTEMPT_MAX,
    DIGEST_BYTES,
    NONCE_BYTES,
    Admit,
    Amend,
    Assess,
    Ballot,
    Change,
    CharterRecord,
    CharterVote,
    Enactment,
    Invitation,
    Leave,
    Motion,
    Pardon,
    Recollection,
    Remove,
    SessionRevocation,
    SyncPage,
    SyncRequest,
    VouchFor,
    Waking,
)
from ..model.party import PartyId
from ..model.vote import VoteStage
from .canonical import INTEGER_MAX, Value
from .charters import (
    charter_value,
    member_value,
    read_charter,
    read_member,
    read_rules,
    read_zone_id,
    rules_value,
)
from .fields import (
    array,
    array_of,
    boolean,
    byte_string,
    instant,
    integer,
    party_bytes,
    period,
    read_party,
)
from .keys import SIGNATURE_BYTES
from .standings import read_standing_change, standing_change_value

type CommunityMessage = (
    Motion
    | Ballot
    | Enactment
    | CharterVote
    | Invitation
    | SyncRequest
    | SyncPage
    | Waking
    | Recollection
    | SessionRevocation
)

NUMBER_MAX: Final = 1 << 31
_ADMIT, _REMOVE, _LEAVE, _AMEND = range(4)
_LAST_CHANGE: Final = 6
"""The kinds after these four are those of :mod:`.standings`."""


def community_value(message: CommunityMessage) -> Value:  # noqa: C901, PLR0911  # one for each kind
    """Return the body of ``message``."""
    match message:
        case Motion():
            return (_change_value(message.change), message.deadline)
        case Ballot():
            return (message.motion, message.in_favour)
        case Enactment():
            return (
                message.number,
                message.attempt,
                message.valid_attempt,
                message.since.number,
                message.motion,
            )
        case CharterVote():
            return (message.number, message.attempt, message.stage, message.digest)
        case Invitation():
            return (message.zone, message.expires_at, message.nonce)
        case Waking():
            return (message.before,)
        case Recollection():
            return (message.sequence,)
        case SessionRevocation():
            return (message.before, message.signature)
        case SyncRequest():
            return (message.number, message.period.number)
        case SyncPage():
            founding = message.founding
            return (
                message.number,
                None if founding is None else charter_value(founding),
                tuple(record_value(record) for record in message.records),
            )
        case _:
            assert_never(message)


def record_value(record: CharterRecord) -> Value:
    """Return one change of the charter."""
    return (record.since.number, record.motion, record.proof)


def read_record(value: Value) -> CharterRecord:
    """Return one change of the charter; ValueError if it is none."""
    since, motion, proof = array_of(value, 3)
    return CharterRecord(
        since=period(since),
        motion=byte_string(motion),
        proof=tuple(byte_string(one) for one in array(proof)),
    )


def _change_value(change: Change) -> Value:
    match change:
        case Admit():
            return (_ADMIT, member_value(change.member), change.invitation)
        case Remove():
            return (_REMOVE, party_bytes(change.party))
        case Leave():
            return (_LEAVE,)
        case Amend():
            return (_AMEND, rules_value(change))
        case VouchFor() | Pardon() | Assess():
            return standing_change_value(change)
        case _:
            assert_never(change)


def _change(value: Value) -> Change:
    kind, *rest = array(value)
    match integer(kind, least=0, most=_LAST_CHANGE):
        case 0:
            member, invitation = array_of(tuple(rest), 2)
            return Admit(member=read_member(member), invitation=byte_string(invitation))
        case 1:
            (party,) = array_of(tuple(rest), 1)
            return Remove(party=read_party(party))
        case 2:
            array_of(tuple(rest), 0)
            return Leave()
        case 3:
            (rules,) = array_of(tuple(rest), 1)
            return read_rules(rules)
        case _:
            return read_standing_change(value)


def _motion(value: Value, _author: PartyId) -> Motion:
    change, deadline = array_of(value, 2)
    return Motion(change=_change(change), deadline=instant(deadline))


def _ballot(value: Value, _author: PartyId) -> Ballot:
    motion, in_favour = array_of(value, 2)
    return Ballot(motion=_digest(motion), in_favour=boolean(in_favour))


def _enactment(value: Value, _author: PartyId) -> Enactment:
    number, attempt, valid_attempt, since, motion = array_of(value, 5)
    return Enactment(
        number=integer(number, least=1, most=NUMBER_MAX),
        attempt=_attempt(attempt),
        valid_attempt=None if valid_attempt is None else _attempt(valid_attempt),
        since=period(since),
        motion=_digest(motion),
    )


def _charter_vote(value: Value, _author: PartyId) -> CharterVote:
    number, attempt, stage, digest = array_of(value, 4)
    return CharterVote(
        number=integer(number, least=1, most=NUMBER_MAX),
        attempt=_attempt(attempt),
        stage=VoteStage(integer(stage, least=0, most=max(VoteStage))),
        digest=_digest(digest),
    )


def _invitation(value: Value, _author: PartyId) -> Invitation:
    zone, expires_at, nonce = array_of(value, 3)
    return Invitation(
        zone=read_zone_id(zone),
        expires_at=instant(expires_at),
        nonce=byte_string(nonce, NONCE_BYTES),
    )


def _sync_request(value: Value, _author: PartyId) -> SyncRequest:
    number, first = array_of(value, 2)
    return SyncRequest(
        number=integer(number, least=0, most=NUMBER_MAX), period=period(first)
    )


def _sync_page(value: Value, _author: PartyId) -> SyncPage:
    number, founding, records = array_of(value, 3)
    return SyncPage(
        number=integer(number, least=0, most=NUMBER_MAX),
        founding=None if founding is None else read_charter(founding),
        records=tuple(read_record(record) for record in array(records)),
    )


def _waking(value: Value, _author: PartyId) -> Waking:
    (before,) = array_of(value, 1)
    return Waking(before=integer(before, least=0, most=INTEGER_MAX))


def _recollection(value: Value, _author: PartyId) -> Recollection:
    (sequence,) = array_of(value, 1)
    return Recollection(
        sequence=None
        if sequence is None
        else integer(sequence, least=0, most=INTEGER_MAX)
    )


def _digest(value: Value) -> bytes:
    return byte_string(value, DIGEST_BYTES)


def _attempt(value: Value) -> int:
    return integer(value, least=0, most=CHARTER_ATTEMPT_MAX)


def _revocation(value: Value, _author: PartyId) -> SessionRevocation:
    before, signature = array_of(value, 2)
    return SessionRevocation(
        before=instant(before), signature=byte_string(signature, SIGNATURE_BYTES)
    )


COMMUNITY_PARSERS: Final[
    Mapping[type[CommunityMessage], Callable[[Value, PartyId], CommunityMessage]]
] = {
    Motion: _motion,
    Ballot: _ballot,
    Enactment: _enactment,
    CharterVote: _charter_vote,
    Invitation: _invitation,
    SyncRequest: _sync_request,
    SyncPage: _sync_page,
    Waking: _waking,
    Recollection: _recollection,
    SessionRevocation: _revocation,
}
