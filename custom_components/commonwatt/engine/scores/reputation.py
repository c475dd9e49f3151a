"""Reputation: how surely a member keeps its word, as everybody can recompute it.

A Beta distribution over "delivers what was promised", with memory that fades: evidence
counts half after sixty days, and bad news double.  What is shown is the mean less one
standard deviation, so that a newcomer is not trusted for want of failures.

Every quantity is an integer (counts of evidence in millionths) and days come in order,
so that members with the same journal find the same digits.

Sources: Jøsang & Ismail, "The Beta Reputation System", 2002 (mean of a Beta with
forgetting); the weights are the community's rules, docs/reference/reputation.md.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from ..model.party import PartyId
from ..model.standing import (
    VOUCHED_GOOD_MICRO,
    VOUCHERS_NEEDED,
    Belief,
    mean_ppm,
    trust_ppm,
)
from ..model.units import PPM, div_floor
from .evidence import DayEvidence, Lapse, PairEvidence
from .fixed import clip_ppm, inverse_root_ppm, power_ppm, ratio_ppm, times_ppm
from .vouching import VOUCHER_SHARE_PPM, Vouch, vouchers_of

DAY_DECAY_PPM: Final = 988_514
"""What a day leaves of old evidence: a half after sixty days."""

DEAD_BAND_PPM: Final = 50_000
"""Deviation nobody is blamed for: no forecast is better."""

BLAME_RANGE_PPM: Final = 500_000
"""Deviation beyond the dead band at which a promise counts as broken altogether."""

FULL_WEIGHT_WH: Final = 2_000
"""Energy between two parties on one day that counts as a whole piece of evidence."""

FULL_TRUST_PPM: Final = 500_000
"""Reputation of a partner from which on its word counts in full."""

PARTNER_DAYS: Final = 30
"""How long dealing with the same partner makes each further day count less."""

BAD_NEWS: Final = 2
LAPSE_WEIGHT_PPM: Final = 250_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reputation:
    """What is believed of one member."""

    good_micro: int = 0
    """Kept promises in millionths, faded by age."""

    bad_micro: int = 0
    """Broken ones, counted double."""

    promised_wh: int = 0
    """Energy promised in the last thirty days, for the reasons that are shown."""

    failed_wh: int = 0
    lapses: Mapping[Lapse, int] = field(default_factory=dict)
    """What else went wrong in the last thirty days, and in how many periods."""

    vouched: bool = False

    @property
    def mean_ppm(self) -> int:
        """Expected share of kept promises, where one kept and one broken are given."""
        return mean_ppm(good_micro=self.good_micro, bad_micro=self.bad_micro)

    @property
    def trust_ppm(self) -> int:
        """Mean less one standard deviation: the figure that is shown and used."""
        return trust_ppm(good_micro=self.good_micro, bad_micro=self.bad_micro)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What was agreed at the start of a day, to go on from."""

    day: int
    beliefs: Mapping[PartyId, Belief]


NEWCOMER: Final = Reputation()
VOUCHED_NEWCOMER: Final = Reputation(good_micro=VOUCHED_GOOD_MICRO, vouched=True)


def kept_ppm(*, contracted_wh: int, failed_wh: int) -> int:
    """Return how far a promise was kept: all of it within the dead band, down to 0."""
    deviation_ppm = ratio_ppm(failed_wh, contracted_wh)
    blame_ppm = ratio_ppm(max(0, deviation_ppm - DEAD_BAND_PPM), BLAME_RANGE_PPM)
    return PPM - clip_ppm(blame_ppm)


def reputations(
    days: Iterable[DayEvidence],
    *,
    members: Iterable[PartyId],
    until_day: int,
    vouches: Iterable[Vouch] = (),
    start: Start | None = None,
) -> dict[PartyId, Reputation]:
    """Return every member's reputation at the start of day ``until_day``.

    ``days`` ascend; a day weighs partners by their reputation at its start.  Of days
    before a ``start`` only who dealt with whom counts.
    """
    ledger = _Ledger(members=sorted(members), vouches=tuple(vouches), start=start)
    for day in days:
        if day.day >= until_day:
            break
        if start is not None and day.day < start.day:
            ledger.meet(day)
        else:
            ledger.add(day)
    return ledger.standing(until_day)


def faded(belief: Belief, days: int) -> Belief:
    """Return what is left of a belief after some days without evidence."""
    left_ppm = power_ppm(DAY_DECAY_PPM, days)
    return replace(
        belief,
        good_micro=times_ppm(belief.good_micro, left_ppm),
        bad_micro=times_ppm(belief.bad_micro, left_ppm),
    )


def reputation_of(belief: Belief) -> Reputation:
    """Return what a belief says of a party, without its reasons."""
    return Reputation(
        good_micro=belief.good_micro,
        bad_micro=belief.bad_micro,
        vouched=belief.vouched,
    )


class _Ledger:
    """Beliefs about all members, day after day."""

    def __init__(
        self,
        *,
        members: list[PartyId],
        vouches: tuple[Vouch, ...],
        start: Start | None = None,
    ) -> None:
        """Start with what is believed of newcomers, or was agreed."""
        self._vouches = vouches
        self._needed = max(1, min(VOUCHERS_NEEDED, len(members) - 1))
        self._beliefs = {
            party: self._newcomer(party)
            if start is None
            else reputation_of(start.beliefs.get(party, Belief(party=party)))
            for party in members
        }
        self._at: int | None = None if start is None else start.day
        self._met: dict[tuple[PartyId, PartyId], list[int]] = {}
        self._recent: list[DayEvidence] = []

    def meet(self, day: DayEvidence) -> None:
        """Take in who dealt with whom on a day that was assessed before."""
        for pair in day.pairs:
            self._met.setdefault((pair.party, pair.partner), []).append(day.day)
        self._recent.append(day)

    def add(self, day: DayEvidence) -> None:
        """Take in one day; what it says weighs by what was believed before it."""
        before = {party: self._faded(party, day.day) for party in self._beliefs}
        bad_micro = dict.fromkeys(before, 0)
        good_micro = dict.fromkeys(before, 0)
        kept = _kept_on(day)
        for pair in day.pairs:
            if pair.party not in before or pair.partner not in before:
                continue
            weight_ppm = self._weight_ppm(pair, day.day, before[pair.partner])
            share = kept[pair.party]
            good_micro[pair.party] += times_ppm(weight_ppm, share)
            bad_micro[pair.party] += BAD_NEWS * times_ppm(weight_ppm, PPM - share)
        for party, _ in day.lapses:
            if party in before:
                bad_micro[party] += BAD_NEWS * LAPSE_WEIGHT_PPM
        self._share_blame(bad_micro, day.day)
        for party, belief in before.items():
            self._beliefs[party] = replace(
                belief,
                good_micro=belief.good_micro + good_micro[party],
                bad_micro=belief.bad_micro + bad_micro[party],
            )
        self._at = day.day
        self._recent.append(day)

    def standing(self, day: int) -> dict[PartyId, Reputation]:
        """Return all reputations at the start of ``day``, with their reasons."""
        recent = [one for one in self._recent if one.day >= day - PARTNER_DAYS]
        return {
            party: _reasoned(self._faded(party, day), party, recent)
            for party in self._beliefs
        }

    def _faded(self, party: PartyId, day: int) -> Reputation:
        belief = self._beliefs[party]
        left_ppm = power_ppm(DAY_DECAY_PPM, self._days_since(day))
        return replace(
            belief,
            good_micro=times_ppm(belief.good_micro, left_ppm),
            bad_micro=times_ppm(belief.bad_micro, left_ppm),
        )

    def _days_since(self, day: int) -> int:
        return 0 if self._at is None else max(0, day - self._at)

    def _weight_ppm(self, pair: PairEvidence, day: int, partner: Reputation) -> int:
        met = self._met.setdefault((pair.party, pair.partner), [])
        met[:] = [one for one in met if one >= day - PARTNER_DAYS]
        energy_ppm = clip_ppm(ratio_ppm(pair.contracted_wh, FULL_WEIGHT_WH))
        trust_ppm = clip_ppm(ratio_ppm(partner.trust_ppm, FULL_TRUST_PPM))
        novelty_ppm = inverse_root_ppm(1 + len(met))
        met.append(day)
        return times_ppm(times_ppm(energy_ppm, trust_ppm), novelty_ppm)

    def _newcomer(self, party: PartyId) -> Reputation:
        return VOUCHED_NEWCOMER if self._vouchers_of(party) else NEWCOMER

    def _vouchers_of(self, party: PartyId) -> tuple[Vouch, ...]:
        return vouchers_of(party, self._vouches, needed=self._needed)

    def _share_blame(self, bad_micro: dict[PartyId, int], day: int) -> None:
        for party in tuple(bad_micro):
            for vouch in self._vouchers_of(party):
                if vouch.by in bad_micro and vouch.liable_on(day):
                    bad_micro[vouch.by] += times_ppm(
                        bad_micro[party], VOUCHER_SHARE_PPM
                    )


def _kept_on(day: DayEvidence) -> dict[PartyId, int]:
    """Return how far each party kept its word on a day, to all partners alike.

    Whom of them it let down is its own choice: it must not change what is thought.
    """
    contracted: Counter[PartyId] = Counter()
    failed: Counter[PartyId] = Counter()
    for pair in day.pairs:
        contracted[pair.party] += pair.contracted_wh
        failed[pair.party] += pair.failed_wh
    return {
        party: kept_ppm(contracted_wh=energy_wh, failed_wh=failed[party])
        for party, energy_wh in contracted.items()
    }


def _reasoned(
    belief: Reputation, party: PartyId, recent: Iterable[DayEvidence]
) -> Reputation:
    promised_wh = failed_wh = 0
    lapses: dict[Lapse, int] = {}
    for day in recent:
        for pair in day.pairs:
            if pair.party == party:
                promised_wh += pair.contracted_wh
                failed_wh += pair.failed_wh
        for (who, lapse), count in day.lapses.items():
            if who == party:
                lapses[lapse] = lapses.get(lapse, 0) + count
    return replace(belief, promised_wh=promised_wh, failed_wh=failed_wh, lapses=lapses)


def stars_tenths(trust_ppm: int) -> int:
    """Return a reputation as tenths of a star of five: what people are shown."""
    return div_floor(trust_ppm * 50 + PPM // 2, PPM)
