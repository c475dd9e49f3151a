"""What members believe of each other as canonical bytes.

Clauses: section 8 of ``docs/reference/community.md``.
"""

from typing import Final, assert_never

from ..model.community import Assess, Pardon, StandingChange, VouchFor
from ..model.period import DAY_MS
from ..model.standing import (
    BELIEFS_MAX,
    CREDIT_WH_MAX,
    EVIDENCE_MICRO_MAX,
    Belief,
    Cause,
    Excuse,
    Standing,
    Vouch,
)
from ..model.units import ENERGY_WH_MAX
from .canonical import Value, encode
from .domain import DIGEST_BYTES, Domain, tagged_digest
from .fields import (
    INSTANT_MAX,
    array,
    array_of,
    boolean,
    byte_string,
    integer,
    party_bytes,
    period,
    read_party,
    text,
)

_VOUCH, _PARDON, _ASSESS = range(4, 7)
"""Kinds of changes, after those of ``.community``."""

DAY_MAX: Final = INSTANT_MAX // DAY_MS
_UNSENT_MAX: Final = 1 << 20
"""Bound on bytes and items that are hashed where they are and never travel."""


def standing_value(standing: Standing) -> Value:
    """Return all that was agreed."""
    return (
        standing.credit_wh,
        standing.day,
        tuple(_belief_value(belief) for belief in standing.beliefs),
        tuple(
            (party_bytes(one.by), party_bytes(one.newcomer), one.day)
            for one in standing.vouches
        ),
        tuple(_excuse_value(excuse) for excuse in standing.excuses),
    )


def read_standing(value: Value) -> Standing:
    """Return a standing; ValueError if it is none."""
    credit, day, beliefs, vouches, excuses = array_of(value, 5)
    return Standing(
        credit_wh=read_credit(credit),
        day=None if day is None else _day(day),
        beliefs=_beliefs(beliefs),
        vouches=tuple(_vouch(one) for one in array(vouches)),
        excuses=tuple(_excuse(one) for one in array(excuses)),
    )


def standing_digest(standing: Standing) -> bytes:
    """Return what names a standing, so that the next one follows from no other."""
    data = encode(standing_value(standing), size_max=_UNSENT_MAX, items_max=_UNSENT_MAX)
    return tagged_digest(Domain.STANDING, data)


def read_credit(value: Value) -> int:
    """Return an ordinary line in Wh; ValueError if it is none."""
    return integer(value, least=0, most=CREDIT_WH_MAX)


def standing_change_value(change: StandingChange) -> Value:
    """Return a change of the standing, its kind first."""
    match change:
        case VouchFor(newcomer=newcomer, day=day):
            return _VOUCH, party_bytes(newcomer), day
        case Pardon(excuse=excuse):
            return (_PARDON, *_excuse_value(excuse))
        case Assess(before=before, day=day, beliefs=beliefs):
            return _ASSESS, before, day, tuple(map(_belief_value, beliefs))
        case _:
            assert_never(change)


def read_standing_change(value: Value) -> StandingChange:
    """Return a change of the standing; ValueError if it is none."""
    kind, *rest = array(value)
    match integer(kind, least=_VOUCH, most=_ASSESS):
        case 4:
            newcomer, day = array_of(tuple(rest), 2)
            return VouchFor(newcomer=read_party(newcomer), day=_day(day))
        case 5:
            return Pardon(excuse=_excuse(tuple(rest)))
        case _:
            before, day, beliefs = array_of(tuple(rest), 3)
            return Assess(
                before=byte_string(before, DIGEST_BYTES),
                day=_day(day),
                beliefs=_beliefs(beliefs),
            )


def _excuse_value(excuse: Excuse) -> tuple[Value, ...]:
    party = None if excuse.party is None else party_bytes(excuse.party)
    return party, excuse.first.number, excuse.until.number, excuse.cause.value


def _excuse(value: Value) -> Excuse:
    party, first, until, cause = array_of(value, 4)
    return Excuse(
        party=None if party is None else read_party(party),
        first=period(first),
        until=period(until),
        cause=Cause(text(cause)),
    )


def _day(value: Value) -> int:
    return integer(value, least=0, most=DAY_MAX)


def _belief_value(belief: Belief) -> Value:
    return (
        party_bytes(belief.party),
        belief.good_micro,
        belief.bad_micro,
        belief.given_wh,
        belief.vouched,
    )


def _beliefs(value: Value) -> tuple[Belief, ...]:
    beliefs = tuple(_belief(one) for one in array(value))
    parties = [belief.party for belief in beliefs]
    if len(beliefs) > BELIEFS_MAX or parties != sorted(set(parties)):
        raise ValueError("beliefs ascend by party, one for each, and are not too many")
    return beliefs


def _belief(value: Value) -> Belief:
    party, good, bad, given, vouched = array_of(value, 5)
    return Belief(
        party=read_party(party),
        good_micro=integer(good, least=0, most=EVIDENCE_MICRO_MAX),
        bad_micro=integer(bad, least=0, most=EVIDENCE_MICRO_MAX),
        given_wh=integer(given, least=-ENERGY_WH_MAX, most=ENERGY_WH_MAX),
        vouched=boolean(vouched),
    )


def _vouch(value: Value) -> Vouch:
    by, newcomer, day = array_of(value, 3)
    return Vouch(by=read_party(by), newcomer=read_party(newcomer), day=_day(day))
