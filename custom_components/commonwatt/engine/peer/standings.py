"""How the standing of members changes: by a week's evidence, a vouch, an excuse.

Each change follows from one standing and no other, so that all members go the same way.
Clauses: section 8 of ``docs/reference/community.md``.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from ..model.community import Assess, Pardon, VouchFor
from ..model.party import Charter, PartyId
from ..model.period import DAY_MS, PERIOD_MS, DeliveryPeriod
from ..model.standing import (
    EXCUSES_MAX,
    VOUCHED_GOOD_MICRO,
    VOUCHER_TRUST_PPM,
    VOUCHERS_NEEDED,
    VOUCHES_MAX,
    Belief,
    Excuse,
    Standing,
    Vouch,
)
from ..wire.standings import standing_digest

WEEK_DAYS: Final = 7
"""Weeks are counted from 1970-01-01, so they begin on Thursdays, as epochs do."""

PERIODS_A_DAY: Final = DAY_MS // PERIOD_MS


def assessed(standing: Standing, change: Assess) -> Standing | None:
    """Return what members believe from now on; None if it follows from another past."""
    if change.before != standing_digest(standing) or change.day % WEEK_DAYS:
        return None
    if standing.day is not None and change.day <= standing.day:
        return None
    return replace(
        standing,
        day=change.day,
        beliefs=change.beliefs,
        vouches=tuple(
            vouch for vouch in standing.vouches if vouch.liable_on(change.day)
        ),
        excuses=tuple(
            one for one in standing.excuses if one.until > _first_of(change.day)
        ),
    )


def vouched(charter: Charter, author: PartyId, change: VouchFor) -> Standing | None:
    """Return the standing once ``author`` answers for a newcomer; None if it cannot.

    As soon as enough members answer for it, the newcomer is lent its first evidence:
    once in its life here.
    """
    standing, newcomer = charter.standing, change.newcomer
    if standing is None or charter.member(newcomer) is None or author == newcomer:
        return None
    if standing.belief(author).trust_ppm < VOUCHER_TRUST_PPM:
        return None
    known = standing.belief(newcomer)
    answering = [one for one in standing.vouches if one.liable_on(change.day)]
    if known.vouched or len([one for one in answering if one.by == author]) >= (
        VOUCHES_MAX
    ):
        return None
    mine = Vouch(by=author, newcomer=newcomer, day=change.day)
    for_it = {one.by for one in answering if one.newcomer == newcomer}
    if author in for_it:
        return None
    needed = min(VOUCHERS_NEEDED, len(charter.members) - 1)
    beliefs = standing.beliefs
    if len(for_it) + 1 >= needed:
        lent = replace(
            known, good_micro=known.good_micro + VOUCHED_GOOD_MICRO, vouched=True
        )
        beliefs = _with(beliefs, lent)
    return replace(standing, beliefs=beliefs, vouches=(*standing.vouches, mine))


def pardoned(standing: Standing, author: PartyId, change: Pardon) -> Standing | None:
    """Return the standing with one more excuse; None if it is too late, or no case.

    Everybody speaks for itself, and anybody for all.
    """
    excuse = change.excuse
    if excuse.party not in {None, author} or excuse in standing.excuses:
        return None
    if _is_assessed(standing, excuse) or len(standing.excuses) >= EXCUSES_MAX:
        return None
    return replace(standing, excuses=(*standing.excuses, excuse))


def _is_assessed(standing: Standing, excuse: Excuse) -> bool:
    return standing.day is not None and excuse.until <= _first_of(standing.day)


def _first_of(day: int) -> DeliveryPeriod:
    return DeliveryPeriod(day * PERIODS_A_DAY)


def _with(beliefs: Iterable[Belief], new: Belief) -> tuple[Belief, ...]:
    others = [one for one in beliefs if one.party != new.party]
    return tuple(sorted([*others, new], key=lambda one: one.party))
