"""The rounds a node takes part in, by delivery period."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from ..ledger.journal import EntryKind
from ..model.contract import Pledge
from ..model.order import Order
from ..model.party import PartyId
from ..model.period import DeliveryPeriod, Instant
from ..model.preference import Preference
from ..peer import Fault, Misdeed, Phase
from ..wire.digests import order_digest
from ..wire.envelope import Envelope
from ..wire.messages import OrderCommitment, OrderReveal
from .case import Case, Outcome, RoundMessage
from .config import NodeConfig
from .door import Door
from .outbox import Outbox
from .records import committed_body
from .settling import Settling

PERIODS_AHEAD_MAX: Final = 2
PERIODS_BEHIND_MAX: Final = 96
"""A round without a quorum is kept for a day."""

SETTLED_KEPT: Final = 32
"""Latest settled rounds kept to answer members that missed the end of them."""


class Rounds:
    """All rounds that are not done with."""

    def __init__(
        self,
        config: NodeConfig,
        outbox: Outbox,
        door: Door,
        settling: Settling,
        *,
        born: Instant,
    ) -> None:
        """Take part from ``born`` on; of earlier rounds this node is no witness."""
        self._config: Final = config
        self._outbox: Final = outbox
        self._door: Final = door
        self._born: Final = born
        self._settling: Final = settling
        self._cases: Final[dict[DeliveryPeriod, Case]] = {}
        self._abstains_until = Instant(-1)
        self._spoken_for: Final[set[DeliveryPeriod]] = set()
        self.frozen_from: Callable[[], DeliveryPeriod | None] = lambda: None
        """First period that waits for the next charter."""

    def outcome(self, period: DeliveryPeriod) -> Outcome | None:
        """Return what is known about the result of ``period``; None without a round."""
        case = self._cases.get(period)
        if case is None:
            return None
        return replace(case.outcome, is_bound=self._abstains(period))

    def position_wh(self, period: DeliveryPeriod) -> int | None:
        """Return what this home sold minus what it bought; None without a result."""
        outcome = self.outcome(period)
        if outcome is None or outcome.result is None:
            return None
        return outcome.result.position_wh(self._config.party)

    def is_decided(self, period: DeliveryPeriod) -> bool:
        """Tell whether the round of ``period`` is final or void."""
        case = self._cases.get(period)
        return case is not None and case.round.phase.decided

    def proof(self, period: DeliveryPeriod) -> tuple[bytes, ...]:
        """Return what shows anyone what was decided; empty while nothing is."""
        case = self._cases.get(period)
        return () if case is None else case.round.proof

    def votes(self, period: DeliveryPeriod) -> tuple[bytes, ...]:
        """Return the votes that decided a period; empty while nothing is."""
        case = self._cases.get(period)
        decision = None if case is None else case.round.decision
        return () if decision is None else decision.votes

    def show_result(self, period: DeliveryPeriod, party: PartyId, now: Instant) -> None:
        """Show a member outside the committee its part in what was decided."""
        case = self._cases.get(period)
        if case is not None and case.round.phase.decided:
            case.show_result(now, to=(party,))

    @property
    def latest_signed(self) -> DeliveryPeriod:
        """The latest period in whose round this node has signed anything."""
        signed = (p for p, case in self._cases.items() if case.has_signed)
        return max(signed, default=DeliveryPeriod(0))

    def recharter(self, since: DeliveryPeriod) -> None:
        """Begin the rounds from ``since`` on again, under the charter now in force.

        Where something was signed under the old one, nothing is signed any more.
        A round in which nobody has said anything yet has to be decided all the same.
        """
        for period in [period for period in self._cases if period >= since]:
            if self._cases.pop(period).has_signed:
                self._spoken_for.add(period)
            if self._config.charter_at(period).member(self._config.party) is not None:
                self.begin(period)

    @property
    def phases(self) -> Mapping[DeliveryPeriod, Phase]:
        """The phase of every round, ascending by period."""
        return {
            period: self._cases[period].round.phase for period in sorted(self._cases)
        }

    def deadline(self) -> Instant | None:
        """Return when time alone moves one of the rounds on."""
        deadlines = (case.deadline for case in self._cases.values())
        return min((at for at in deadlines if at is not None), default=None)

    def abstain_until(self, at: Instant) -> None:
        """Sign nothing in rounds under way at ``at``: what was said there is lost."""
        self._abstains_until = max(self._abstains_until, at)
        for period, case in self._cases.items():
            case.abstains = self._abstains(period)

    def has_committed(self, period: DeliveryPeriod) -> bool:
        """Tell whether this node is bound to an order for ``period``, or may be."""
        case = self._cases.get(period)
        if self._is_frozen(period):
            return True
        if case is None:
            return self._abstains(period)
        return case.abstains or case.round.orders.has_committed(self._config.party)

    def begin(self, period: DeliveryPeriod) -> Case:
        """Return the round of ``period``; take part in it from now on."""
        case = self._cases.get(period)
        if case is None:
            case = self._cases[period] = Case(
                period,
                self._config,
                self._outbox,
                self._door,
                own_reading=self._settling.own_reading,
                witness=self._is_witness(period),
                abstains=self._abstains(period),
            )
        return case

    def commit(
        self,
        order: Order,
        now: Instant,
        *,
        pledges: tuple[Pledge, ...] = (),
        preference: Preference | None = None,
    ) -> None:
        """Bind this node to an order: journal it, then send its commitment."""
        case = self.begin(order.period)
        is_bound = case.round.orders.has_committed(order.party)
        assert not is_bound, "one order for each period"
        case.own_order = own = OrderReveal(
            order=order,
            salt=self._config.order_salt(order.period),
            pledges=pledges,
            preference=preference,
        )
        self._outbox.keep(EntryKind.COMMITTED, committed_body(own), now)
        digest = order_digest(order, own.salt, pledges=pledges, preference=preference)
        message = OrderCommitment(period=order.period, digest=digest)
        case.say(message, now)

    def take(self, envelope: Envelope, message: RoundMessage, now: Instant) -> bool:
        """Take what a member says about a round; tell whether it still matters.

        A round that is settled and forgotten never begins again: whoever made us do so
        could make us vote a second time.
        """
        period = period_of(message)
        current = DeliveryPeriod.containing(now)
        distance = period.number - current.number
        if not -PERIODS_BEHIND_MAX <= distance <= PERIODS_AHEAD_MAX:
            misdeed = Misdeed(party=envelope.author, fault=Fault.OUT_OF_BOUNDS)
            self._door.blame(misdeed, now)
            return False
        if self._settling.is_settled(period) and period not in self._cases:
            return False
        if self._config.charter_at(period).member(envelope.author) is None:
            return False
        self.begin(period).take(envelope, message, now)
        return True

    def drive(self, now: Instant, *, quorum_online: bool) -> None:
        """Do all that the rounds ask for now, and drop those that are too old.

        Where nobody was awake to begin a round, whoever has heard of what was metered
        begins one that comes to nothing: what was delivered is settled all the same.
        """
        for period in self._settling.roundless(now, self.outcome):
            self.begin(period)
        oldest = DeliveryPeriod.containing(now).next(-PERIODS_BEHIND_MAX)
        for period in sorted(self._cases):
            if period < oldest:
                del self._cases[period]
            else:
                self.drive_one(period, now, quorum_online=quorum_online)

    def drive_one(
        self, period: DeliveryPeriod, now: Instant, *, quorum_online: bool
    ) -> None:
        """Do all that the round of ``period`` asks for now, if there is one."""
        case = self._cases.get(period)
        if case is not None:
            is_frozen = self._is_frozen(period)
            case.drive(now, quorum_online=quorum_online, frozen=is_frozen)

    def forget_settled(self) -> None:
        """Drop rounds that are settled, apart from the latest few."""
        settled = [
            period
            for period in sorted(self._cases)
            if self._settling.is_settled(period)
        ]
        for period in settled[:-SETTLED_KEPT]:
            del self._cases[period]

    def _is_frozen(self, period: DeliveryPeriod) -> bool:
        frozen_from = self.frozen_from()
        return frozen_from is not None and period >= frozen_from

    def _abstains(self, period: DeliveryPeriod) -> bool:
        return period in self._spoken_for or self._has_forgotten(period)

    def _has_forgotten(self, period: DeliveryPeriod) -> bool:
        """Tell whether what this node has said about a round may be lost to it."""
        return self._config.timing.bidding(period) <= self._abstains_until

    def _is_witness(self, period: DeliveryPeriod) -> bool:
        alone = len(self._config.charter_at(period).members) == 1
        return alone or self._born <= self._config.timing.bidding(period)


def period_of(message: RoundMessage) -> DeliveryPeriod:
    """Return the delivery period a message is about."""
    if isinstance(message, OrderReveal):
        return message.order.period
    return message.period
