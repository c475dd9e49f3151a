"""Bodies of what members say when they add up their vectors.

Knows fields and bounds; whether a message fits the sum it names is for the room that
sums.  Clauses: section 4 of ``docs/reference/federation.md``.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Final, assert_never

from ..model.federation import (
    ATTEMPT_MAX,
    COHORT_MAX,
    NUMBERS_MAX,
    PARTS_MAX,
    STEP_MAX,
    WEEK_MAX,
    Agreement,
    Announcement,
    Enrolment,
    MaskedVector,
    PublishedSum,
    Roster,
    RosterStep,
    SealedShare,
    SealedShares,
    Subject,
    SumName,
    TrainingMessage,
    Unmasking,
)
from ..model.party import PartyId
from .canonical import Value
from .domain import DIGEST_BYTES
from .fields import (
    array,
    array_of,
    boolean,
    byte_string,
    integer,
    party_bytes,
    read_party,
    text,
)

KEY_BYTES: Final = 32
SHARE_BYTES: Final = 32
SEED_BYTES: Final = 32
SEALED_BYTES: Final = SHARE_BYTES + 16
NUMBER_BYTES: Final = 8


def training_value(message: TrainingMessage) -> Value:  # noqa: PLR0911  # one for each kind
    """Return the body of ``message``."""
    match message:
        case Announcement():
            return (name_value(message.sum_name), message.public_key)
        case Roster():
            parties = tuple(map(party_bytes, message.parties))
            return (name_value(message.sum_name), message.step.value, parties)
        case SealedShares():
            shares = tuple(
                (one.sealed, one.share_digest, one.seed_digest)
                for one in message.shares
            )
            return (name_value(message.sum_name), message.cohort_digest, shares)
        case MaskedVector():
            return (
                name_value(message.sum_name),
                message.sharers_digest,
                message.data,
            )
        case Agreement():
            return (name_value(message.sum_name), message.senders_digest)
        case Unmasking():
            return (
                name_value(message.sum_name),
                message.senders_digest,
                _held_value(message.shares),
                _held_value(message.seeds),
            )
        case PublishedSum():
            return (name_value(message.sum_name), message.homes, message.data)
        case Enrolment():
            return (message.subject.value, message.takes_part, message.missing)
        case _:
            assert_never(message)


def read_announcement(value: Value, _author: PartyId) -> Announcement:
    """Read the key a member brings to a sum."""
    name, key = array_of(value, 2)
    return Announcement(
        sum_name=read_name(name), public_key=byte_string(key, KEY_BYTES)
    )


def read_roster(value: Value, _author: PartyId) -> Roster:
    """Read a list of members."""
    name, step, parties = array_of(value, 3)
    return Roster(
        sum_name=read_name(name),
        step=RosterStep(text(step)),
        parties=_ascending(tuple(map(read_party, _at_most(parties, COHORT_MAX)))),
    )


def read_sealed_shares(value: Value, _author: PartyId) -> SealedShares:
    """Read the shares a member deals to its cohort."""
    name, digest, shares = array_of(value, 3)
    return SealedShares(
        sum_name=read_name(name),
        cohort_digest=byte_string(digest, DIGEST_BYTES),
        shares=tuple(map(_sealed_share, _at_most(shares, COHORT_MAX))),
    )


def read_masked_vector(value: Value, _author: PartyId) -> MaskedVector:
    """Read a contribution under its masks."""
    name, digest, data = array_of(value, 3)
    return MaskedVector(
        sum_name=read_name(name),
        sharers_digest=byte_string(digest, DIGEST_BYTES),
        data=_numbers(data),
    )


def read_agreement(value: Value, _author: PartyId) -> Agreement:
    """Read which list a member was shown."""
    name, digest = array_of(value, 2)
    return Agreement(
        sum_name=read_name(name), senders_digest=byte_string(digest, DIGEST_BYTES)
    )


def read_unmasking(value: Value, _author: PartyId) -> Unmasking:
    """Read what a member gives to take the masks off."""
    name, digest, shares, seeds = array_of(value, 4)
    return Unmasking(
        sum_name=read_name(name),
        senders_digest=byte_string(digest, DIGEST_BYTES),
        shares=_held(shares, SHARE_BYTES),
        seeds=_held(seeds, SEED_BYTES),
    )


def read_published_sum(value: Value, _author: PartyId) -> PublishedSum:
    """Read what a sum came to."""
    name, homes, data = array_of(value, 3)
    return PublishedSum(
        sum_name=read_name(name),
        homes=integer(homes, least=1, most=COHORT_MAX),
        data=_numbers(data),
    )


def read_enrolment(value: Value, _author: PartyId) -> Enrolment:
    """Read whether a member takes part."""
    subject, takes_part, missing = array_of(value, 3)
    return Enrolment(
        subject=_subject(subject),
        takes_part=boolean(takes_part),
        missing=None if missing is None else _week_and_step(missing),
    )


TRAINING_PARSERS: Final[
    Mapping[type[TrainingMessage], Callable[[Value, PartyId], TrainingMessage]]
] = {
    Announcement: read_announcement,
    Roster: read_roster,
    SealedShares: read_sealed_shares,
    MaskedVector: read_masked_vector,
    Agreement: read_agreement,
    Unmasking: read_unmasking,
    PublishedSum: read_published_sum,
    Enrolment: read_enrolment,
}


def name_value(name: SumName) -> Value:
    """Return the name of a sum as a canonical value."""
    return (name.subject.value, name.week, name.part, name.step, name.attempt)


def _subject(value: Value) -> Subject:
    return Subject(integer(value, least=min(Subject), most=max(Subject)))


def read_name(value: Value) -> SumName:
    """Read the name of a sum."""
    subject, week, part, step, attempt = array_of(value, 5)
    return SumName(
        subject=_subject(subject),
        week=integer(week, least=0, most=WEEK_MAX),
        part=integer(part, least=0, most=PARTS_MAX - 1),
        step=integer(step, least=0, most=STEP_MAX),
        attempt=integer(attempt, least=0, most=ATTEMPT_MAX),
    )


def _week_and_step(value: Value) -> tuple[int, int]:
    week, step = array_of(value, 2)
    return (
        integer(week, least=0, most=WEEK_MAX),
        integer(step, least=0, most=STEP_MAX),
    )


def _ascending(parties: tuple[PartyId, ...]) -> tuple[PartyId, ...]:
    if any(a >= b for a, b in pairwise(parties)):
        raise ValueError("parties are listed in ascending order, each once")
    return parties


def _at_most(value: Value, count: int) -> tuple[Value, ...]:
    values = array(value)
    if len(values) > count:
        raise ValueError(f"{len(values)} values where {count} may be")
    return values


def _sealed_share(value: Value) -> SealedShare:
    sealed, share_digest, seed_digest = array_of(value, 3)
    return SealedShare(
        sealed=byte_string(sealed, SEALED_BYTES),
        share_digest=byte_string(share_digest, DIGEST_BYTES),
        seed_digest=byte_string(seed_digest, DIGEST_BYTES),
    )


def _held_value(held: tuple[tuple[PartyId, bytes], ...]) -> Value:
    return tuple((party_bytes(party), secret) for party, secret in held)


def _held(value: Value, length: int) -> tuple[tuple[PartyId, bytes], ...]:
    pairs = (array_of(pair, 2) for pair in _at_most(value, COHORT_MAX))
    held = tuple(
        (read_party(party), byte_string(data, length)) for party, data in pairs
    )
    _ascending(tuple(party for party, _ in held))
    return held


def _numbers(value: Value) -> bytes:
    data = byte_string(value)
    if len(data) % NUMBER_BYTES or len(data) > NUMBER_BYTES * NUMBERS_MAX:
        raise ValueError(f"{len(data)} bytes are no vector")
    return data
