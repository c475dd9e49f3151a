"""Once a week, homes agree on what to believe of each other.

Each recomputes the week from what it saw settled.  One after the other has its turn to
make the motion; whoever finds the same votes for it, and who cannot know follows as
soon as more are in favour than may lie: at least one of them has recomputed it.  Where
too few agree everything stays as it is.  Clauses: section 8 of
``docs/reference/community.md``.
"""

from collections import Counter
from typing import Final

from ..model.community import Assess
from ..model.party import Charter, PartyId, PrivacyMode
from ..model.period import DAY_MS, HOUR_MS, MINUTE_MS, DeliveryPeriod, Instant, after
from ..model.standing import BELIEFS_MAX, EVIDENCE_MICRO_MAX, Belief, Standing
from ..model.units import div_floor
from ..peer import Electorate, OpenMotion, electorate_of
from ..peer.electorate import PRIVATE_DAYS
from ..peer.standings import PERIODS_A_DAY, WEEK_DAYS
from ..scores.evidence import evidence_by_day
from ..scores.reputation import PARTNER_DAYS, Start, faded, reputations
from ..wire.standings import standing_digest
from .citizen import Citizen
from .config import NodeConfig
from .witness import Witness

LAG_DAYS: Final = 5
"""Between the end of a week and its assessment: three days to appeal, two to vote."""

TURN_MS: Final = 30 * MINUTE_MS
"""So long one member has to make the motion, before it is the next one's turn."""

DOUBT_MS: Final = 6 * HOUR_MS
"""So long a home that found something else waits before it follows the others."""

KNOWN_PERMILLE: Final = 900
"""Of the periods of a week, what a home must have seen to have its own opinion."""

FORGOTTEN_MICRO: Final = 10_000
"""So little evidence is not worth keeping of somebody who has left."""


class Assessing:
    """The motions and ballots of this home about reputations."""

    def __init__(self, config: NodeConfig, citizen: Citizen, witness: Witness) -> None:
        """Begin without an opinion."""
        self.witness: Final = witness
        self._config: Final = config
        self._citizen: Final = citizen
        self._opinion: tuple[tuple[bytes, int, int], Assess | None] | None = None
        """What was last recomputed, and from what."""

        self._looked_in: int | None = None
        """Once a minute is often enough, and costs nothing."""

    def drive(self, now: Instant) -> None:
        """Vote on what the others found, and tell them what was found here."""
        self.witness.drive(now)
        minute = div_floor(now, MINUTE_MS)
        if minute == self._looked_in:
            return
        self._looked_in = minute
        charter = self._config.statutes.latest
        standing = charter.standing
        day = _due_day(now)
        if standing is None or day <= (standing.day or 0):
            return
        if not self._citizen.is_member or len(charter.members) == 1:
            return
        before = standing_digest(standing)
        found = self._recomputed(charter, standing, before, day)
        asked = [
            (motion, motion.motion.change)
            for motion in self._citizen.motions
            if isinstance(motion.motion.change, Assess)
            and (motion.motion.change.before, motion.motion.change.day) == (before, day)
        ]
        for motion, change in asked:
            if self._config.party in motion.ballots:
                continue
            if change == found or self._follows(motion, charter, found, now):
                self._citizen.vote(motion.digest, now, in_favour=True)
        is_said = any(change == found for _, change in asked)
        if found is not None and not is_said and self._has_turn(charter, day, now):
            self._citizen.propose(found, now, deadline=after(now, DAY_MS))

    def _follows(
        self,
        motion: OpenMotion,
        charter: Charter,
        found: Assess | None,
        now: Instant,
    ) -> bool:
        """Tell whether enough are in favour that one of them must be right."""
        asked_at = after(motion.motion.deadline, -DAY_MS)
        if found is not None and now < after(asked_at, DOUBT_MS):
            return False
        change = motion.motion.change
        assert isinstance(change, Assess), "only such are asked about"
        judges = self._judges(charter, change.day)
        sure = sum(
            party in judges.voters and in_favour
            for party, (in_favour, _) in motion.ballots.items()
        )
        return sure > judges.liars_max

    def _judges(self, charter: Charter, day: int) -> Electorate:
        """Return who can know: all members, or the committee that settled the week."""
        if charter.privacy is PrivacyMode.COMMITTEE:
            first = DeliveryPeriod((day - WEEK_DAYS) * PERIODS_A_DAY)
            return electorate_of(charter, self._config.community, first)
        voters = tuple(member.party for member in charter.members)
        return Electorate(voters=voters, fault_model=charter.fault_model)

    def _has_turn(self, charter: Charter, day: int, now: Instant) -> bool:
        since = now - (day + LAG_DAYS) * DAY_MS
        turn = div_floor(day, WEEK_DAYS) + div_floor(since, TURN_MS)
        members = charter.members
        return members[turn % len(members)].party == self._config.party

    def _recomputed(
        self, charter: Charter, standing: Standing, before: bytes, day: int
    ) -> Assess | None:
        """Return what this home makes of the week; None if it saw too little of it."""
        known = self.witness.known(day - WEEK_DAYS, day)
        question = (before, day, known)
        if self._opinion is None or self._opinion[0] != question:
            is_known = known * 1000 >= KNOWN_PERMILLE * WEEK_DAYS * PERIODS_A_DAY
            opinion = None
            if is_known and len(charter.members) <= BELIEFS_MAX:
                beliefs = self._beliefs(charter, standing, day)
                opinion = Assess(before=before, day=day, beliefs=beliefs)
            self._opinion = (question, opinion)
        return self._opinion[1]

    def _beliefs(
        self, charter: Charter, standing: Standing, day: int
    ) -> tuple[Belief, ...]:
        first = day - WEEK_DAYS
        old = {belief.party: belief for belief in standing.beliefs}
        if standing.day is not None:
            idle = max(0, first - standing.day)
            old = {party: faded(belief, idle) for party, belief in old.items()}
        members = {member.party for member in charter.members}
        seen = self.witness.testimonies(first, day)
        past = self.witness.meetings(self._met_since(charter, first), first)
        days = (
            *evidence_by_day(past),
            *evidence_by_day((one.evidence for one in seen), standing.excuses),
        )
        found = reputations(
            days,
            members=members | old.keys(),
            until_day=day,
            vouches=standing.vouches,
            start=Start(day=first, beliefs=old),
        )
        given_wh: Counter[PartyId] = Counter()
        for one in seen:
            given_wh.update(dict(one.given_wh))
        beliefs = (
            Belief(
                party=party,
                good_micro=min(one.good_micro, EVIDENCE_MICRO_MAX),
                bad_micro=min(one.bad_micro, EVIDENCE_MICRO_MAX),
                given_wh=given_wh[party],
                vouched=one.vouched,
            )
            for party, one in sorted(found.items())
        )
        return tuple(
            belief
            for belief in beliefs
            if belief.party in members
            or belief.good_micro + belief.bad_micro >= FORGOTTEN_MICRO
        )[:BELIEFS_MAX]

    def _met_since(self, charter: Charter, first: int) -> int:
        """Return from when on it counts who dealt with whom.

        A committee that sees readings knows nothing of the time before it sat.
        """
        since = first - PARTNER_DAYS
        if charter.privacy is PrivacyMode.COMMITTEE:
            return max(since, first // PRIVATE_DAYS * PRIVATE_DAYS)
        return since


def _due_day(now: Instant) -> int:
    """Return the end of the last week that is old enough to be assessed."""
    return (div_floor(now, DAY_MS) - LAG_DAYS) // WEEK_DAYS * WEEK_DAYS
