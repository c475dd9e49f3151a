"""Members compare their ledgers, so that what one of them missed does not stay missed.

In every period a home tells some others, in a few bytes, what it holds of all periods
that can still be corrected.  Who holds something else says which periods they are, then
which readings, and both show what the other lacks (A. Demers et al., *Epidemic
algorithms for replicated database maintenance*, 1987).  Believes nobody: what is shown
proves itself.  Clauses: section 7 of ``docs/reference/agreement.md``.
"""

from collections import Counter
from collections.abc import Callable, Collection
from typing import Final

from ..model.comparison import (
    CLOSED,
    NOTHING,
    Comparison,
    ComparisonMessage,
    ReadingMarks,
    split,
)
from ..model.party import PartyId
from ..model.period import MINUTE_MS, DeliveryPeriod, Instant, after
from ..peer import electorate_of
from ..wire.envelope import Envelope
from .config import NodeConfig
from .marks import together
from .outbox import Outbox
from .settling import Settling

PERIODS_COMPARED: Final = 30
"""Less than can be corrected: the other may have settled one or two more."""

COMPARISONS_MAX: Final = 200
"""In the whole community and period, as long as nobody differs; one each at least."""

ANSWERS_MAX: Final = 16
"""So often a member is answered in one period."""

PERIODS_SHOWN_MAX: Final = 8
TELLING_MS: Final = MINUTE_MS
"""Not all at once: who comes first may have mended what the others would find."""

type Show = Callable[[DeliveryPeriod, PartyId, Instant], None]
type Claim = Callable[[DeliveryPeriod, PartyId], None]
type KnownBy = Callable[[PartyId], tuple[bytes, ...]]


class Comparing:
    """Tells others what this home holds, and finds out where it differs."""

    def __init__(
        self,
        config: NodeConfig,
        outbox: Outbox,
        settling: Settling,
        *,
        show: Show,
        claim: Claim,
        known_by: KnownBy,
    ) -> None:
        """Begin with the next period.

        ``known_by`` returns the Presences by which a member's words can be read.
        ``show`` tells a member all of a period; ``claim`` remembers who says that it
        has one we lack.
        """
        self._config: Final = config
        self._outbox: Final = outbox
        self._settling: Final = settling
        self._show: Final = show
        self._claim: Final = claim
        self._known_by: Final = known_by
        self._told: DeliveryPeriod | None = None
        self._answered: Final[Counter[PartyId]] = Counter()
        self._marked: Final[dict[tuple[PartyId, DeliveryPeriod], bytes]] = {}
        """What we have said of our readings, lest we say it again and again."""

        self.deadline: Instant | None = None

    def drive(self, now: Instant, others: Collection[PartyId]) -> bool:
        """Tell some of the ``others`` what we hold, once for each period.

        Return whether it was time to.
        """
        wait_ms = self._config.timing.readings_ms + MINUTE_MS + self._turn_ms(now)
        latest = DeliveryPeriod.containing(after(now, -wait_ms)).next(-1)
        self.deadline = after(latest.next().end, wait_ms)
        if latest == self._told:
            return False
        is_first = self._told is None
        self._told = latest
        self._answered.clear()
        self._marked.clear()
        if not is_first:
            self._tell(latest, others, now)
        return True

    def take(
        self, envelope: Envelope, message: ComparisonMessage, now: Instant
    ) -> None:
        """Take what a member says it holds, and answer if we hold something else."""
        if self._outbox.is_waking:
            return
        author = envelope.author
        if isinstance(message, ReadingMarks):
            self._compare_readings(message, author, now)
        elif message.periods[-1] >= DeliveryPeriod.containing(now):
            return
        elif message.is_rough:
            mine = self._marks(message.periods)
            if together(split(mine)) != message.marks and self._may_answer(author):
                self._say(message.periods, mine, now, to=(author,))
        else:
            self._compare_periods(message, author, now)

    # -- what we hold ------------------------------------------------------------------

    def _tell(
        self, latest: DeliveryPeriod, others: Collection[PartyId], now: Instant
    ) -> None:
        """Tell what we hold of the periods that we could still correct.

        Who has left the community goes on with those in which it was a member.
        """
        window = [latest.next(-back) for back in reversed(range(PERIODS_COMPARED))]
        marks = [self._settling.mark(period) for period in window]
        while marks and marks[-1] == CLOSED:
            del marks[-1], window[-1]
        count = marks[::-1].index(CLOSED) if CLOSED in marks else len(marks)
        partners = self._partners(window[-1], others) if count else ()
        if partners:
            mine = b"".join(marks[-count:])
            rough = mine if count == 1 else together(split(mine))
            self._say(tuple(window[-count:]), rough, now, to=partners)

    def _say(
        self,
        periods: tuple[DeliveryPeriod, ...],
        marks: bytes,
        now: Instant,
        *,
        to: Collection[PartyId],
    ) -> None:
        message = Comparison(first=periods[0], count=len(periods), marks=marks)
        self._outbox.say_to(message, now, tuple(to))

    def _marks(self, periods: Collection[DeliveryPeriod]) -> bytes:
        return b"".join(self._settling.mark(period) for period in periods)

    def _turn_ms(self, now: Instant) -> int:
        """Return how long this home waits for its turn."""
        committee, current = self._config.committee, DeliveryPeriod.containing(now)
        place = committee.place(self._config.party, current) or 0
        return TELLING_MS * place // len(committee.members(current))

    def _partners(
        self, period: DeliveryPeriod, others: Collection[PartyId]
    ) -> tuple[PartyId, ...]:
        """Return with whom we compare: others each time, by and by everybody."""
        reads = self._config.committee.reads
        able = sorted(party for party in others if reads(party, period))
        count = min(len(able), self._partners_max(period))
        place = self._config.committee.place(self._config.party, period)
        assert place is not None, "ours"
        first = place + period.number * count
        return tuple(able[(first + next_) % len(able)] for next_ in range(count))

    def _partners_max(self, period: DeliveryPeriod) -> int:
        """Return how many are enough: whoever lies, two honest halves hear each other.

        With f liars among n the smaller half has at most (n - f) / 2 members.  Who
        speaks to more than these and the liars, itself not counted, speaks to somebody
        honest of the other half.
        """
        charter = self._config.charter_at(period)
        committee = self._config.committee.at(period)
        electorate = electorate_of(charter, self._config.community, period)
        count, liars = len(charter.members), electorate.liars_max
        if committee is not None:
            count = len(committee.voters)
        enough = (count + liars) // 2
        if not self._config.committee.settles(period):
            enough = liars + 1
        return max(1, min(enough, COMPARISONS_MAX // len(charter.members)))

    # -- where we differ ---------------------------------------------------------------

    def _compare_periods(
        self, message: Comparison, author: PartyId, now: Instant
    ) -> None:
        """Show what the other lacks, or ask for it; look closer where both differ."""
        committee = self._config.committee
        pairs = zip(message.periods, split(message.marks), strict=True)
        mine = {period: self._settling.mark(period) for period in message.periods}
        differing = [
            (period, theirs)
            for period, theirs in pairs
            if theirs != mine[period] and CLOSED not in {theirs, mine[period]}
        ]
        if not differing or not self._may_answer(author):
            return
        for period, theirs in differing[-PERIODS_SHOWN_MAX:]:
            knows_all = theirs != NOTHING and committee.reads(author, period)
            is_shown = knows_all and not committee.settles(period)
            if theirs != NOTHING and (mine[period] == NOTHING or is_shown):
                self._claim(period, author)
            elif knows_all:
                self._mark_readings(period, author, now)
            else:
                self._show(period, author, now)

    def _compare_readings(
        self, message: ReadingMarks, author: PartyId, now: Instant
    ) -> None:
        period = message.period
        docket = self._settling.docket(period)
        if docket is None or not self._settling.is_settled(period):
            return
        committee = self._config.committee
        members = committee.members(period)
        mine, theirs = split(docket.reading_marks(members)), split(message.marks)
        both_settle = committee.settles(period) and committee.reads(author, period)
        if len(mine) != len(theirs) or not (both_settle and self._may_answer(author)):
            return
        for party, ours, other in zip(members, mine, theirs, strict=True):
            said = docket.said(party) if ours != other else ()
            for data in (*self._known_by(party), *said) if said else ():
                self._outbox.pass_on(data, now, to=author)
        pairs = zip(mine, theirs, strict=True)
        if any(other not in {NOTHING, ours} for ours, other in pairs):
            self._mark_readings(period, author, now)

    def _mark_readings(
        self, period: DeliveryPeriod, author: PartyId, now: Instant
    ) -> None:
        """Say which readings we hold, unless that has been said."""
        docket = self._settling.docket(period)
        assert docket is not None, "it has a mark"
        marks = docket.reading_marks(self._config.committee.members(period))
        if self._marked.get((author, period)) != marks:
            self._marked[author, period] = marks
            message = ReadingMarks(period=period, marks=marks)
            self._outbox.say_to(message, now, (author,))

    def _may_answer(self, author: PartyId) -> bool:
        self._answered[author] += 1
        return self._answered[author] <= ANSWERS_MAX
