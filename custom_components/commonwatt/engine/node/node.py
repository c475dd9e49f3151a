"""The facade: one home as a member of its community, sans-IO.

Owns nothing but the rooms it puts together and the order in which they are asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Self

from ..devices import DeviceId, ProcessImage, Setpoint
from ..dispatch import Assets
from ..ledger.billing import avoided_micro_per_kwh
from ..ledger.certificates import CertificateRegister
from ..ledger.journal import EntryKind, JournalEntry
from ..ledger.origin import ProductionDevice
from ..ledger.rules import SettlementRules
from ..model.order import Order
from ..model.origin import EnergySource
from ..model.party import PartyId
from ..model.period import DeliveryPeriod, Instant, after
from ..model.preference import WISHES_MAX, Preference
from ..model.reading import MeterReading
from ..model.social import HelpRequest, ScoreCard, Thanks
from ..model.tariff import Tariff
from ..peer import Presence as Membership, order_wh_max
from ..wire.envelope import Envelope
from ..wire.messages import (
    REVISION_MAX,
    BookProposal,
    Consent,
    OrderCommitment,
    OrderReveal,
    Presence,
    ReadingReport,
    ResultVote,
    Withdrawal,
)
from ..wire.verifier import Verifier
from .agreements import Agreements, Refusal, Refused
from .case import Outcome
from .config import NodeConfig, Sessions
from .door import Door
from .effects import Effects
from .events import MemberOffline, MemberOnline
from .foresight import Forecast, Planning
from .household import Household, energy_of
from .learning import Learning
from .mandate import Mandate
from .metering import Measured
from .neighbour_prices import NeighbourPrices
from .origins import Origins
from .outbox import Outbox
from .records import observed_body
from .replay import Replay
from .rounds import Rounds, period_of
from .settling import Settling
from .social import Social
from .status import NodeStatus, StatusSources, status_of
from .totals import Figures


class Node:
    """Bytes, process images and ``now`` go in; effects come out.

    For one thread at a time.  ``now`` never goes back.
    """

    def __init__(
        self, config: NodeConfig, *, sessions: Sessions, verify: Verifier, now: Instant
    ) -> None:
        """Begin without a past; :meth:`restore` begins with what a journal holds."""
        self._config: Final = config
        self._outbox: Final = Outbox(config, sessions)
        self._door: Final = Door(config, self._outbox, verify)
        self.agreements: Final = Agreements(config, self._outbox)
        """Contracts and gifts: to propose, accept, give and withdraw."""

        self.learning: Final = Learning(config, self._outbox, born=now)
        """Learning with the neighbours: to take part in, and what came of it."""

        self.social: Final = Social(config, self._outbox)
        """Requests for help, thanks, score cards."""

        self.neighbour_prices: Final = NeighbourPrices(config)
        """What neighbours will ask and pay, for who plans."""

        self._origins: Final = Origins(config)
        self._settling: Final = Settling(
            config,
            self._outbox,
            self._door,
            origins=self._origins,
            agreements=self.agreements,
        )
        self._rounds: Final = Rounds(
            config,
            self._outbox,
            self._door,
            born=now,
            own_reading=self._settling.own_reading,
            is_settled=self._settling.is_settled,
        )
        self._household: Final = Household(self._avoided_micro_per_kwh)
        self._members: Final = Membership(
            me=config.party,
            members=(member.party for member in config.charter.members),
            silence_ms=config.timing.presence_ms,
        )
        self._preference: Preference | None = None
        self._advice: tuple[Setpoint, ...] = ()
        self._measured = DeliveryPeriod.containing(now).next(-1)
        """The latest period whose reading was reported, or never will be."""

        self._begun = self._measured
        """The latest period that began under our eyes."""

        self._bid = self._latest_closed(now)
        """The latest period bid for, or too late to bid for."""

        self._announced: bytes | None = None

    @classmethod
    def restore(
        cls,
        config: NodeConfig,
        entries: Iterable[JournalEntry],
        *,
        sessions: Sessions,
        verify: Verifier,
        now: Instant,
    ) -> Self:
        """Go on where the journal ends: whatever was signed stays as it was signed.

        The last 10,000 entries, a week, are enough.  An empty journal: a new node.
        """
        node = cls(config, sessions=sessions, verify=verify, now=now)
        replay = Replay(
            config=config,
            outbox=node._outbox,
            door=node._door,
            rounds=node._rounds,
            settling=node._settling,
            household=node._household,
            agreements=node.agreements,
            learning=node.learning,
            social=node.social,
        )
        observed = replay.run(entries)
        if observed is not None:
            node._measured = max(observed, node._measured.next(-1))
        return node

    @property
    def party(self) -> PartyId:
        """The party this node speaks for."""
        return self._config.party

    @property
    def rules(self) -> SettlementRules:
        """What the community chose about settling."""
        return self._config.rules

    # -- what comes in -------------------------------------------------------------

    def receive(self, data: bytes, now: Instant) -> bool:
        """Take an envelope from a peer.  Bad bytes are counted, never raised.

        Return whether it is what it seems to be, and so worth passing on.
        """
        envelope = self._door.open(data, now)
        if envelope is None:
            return False
        if envelope.author == self._config.party:
            self._outbox.resume_after(envelope.sequence)
        elif self._members.heard(envelope.author, now):
            self._outbox.report(MemberOnline(party=envelope.author))
            if isinstance(envelope.message, Presence):
                self._outbox.say_hello(now, to=envelope.author)
        self._take(envelope, now)
        return True

    def observe(self, image: ProcessImage, now: Instant) -> None:
        """Take a fresh look at the home's devices."""
        self._household.observe(image)
        self._report_readings(now)
        self._settle(now)
        self._advise(now)

    def set_tariff(self, tariff: Tariff | None, now: Instant) -> None:
        """Learn what the retailer charges from now on; None is unknown.

        Without a tariff the home does not trade and its savings are unknown.
        """
        if self._household.tariff is None:
            current = DeliveryPeriod.containing(now)
            self._settling.note_tariff(current, tariff)
        self._household.tariff = tariff

    def plan_with(self, planning: Planning) -> None:
        """Bid by the plans of ``planning`` from now on, and by the rule without one."""
        self._household.planning = planning

    def set_mandate(self, mandate: Mandate) -> None:
        """Learn what the owner lets this home promise from now on."""
        self._household.mandate = mandate

    def expect_with(self, forecast: Forecast) -> None:
        """Bid by ``forecast`` from now on, and by the plain one where it is silent."""
        self._household.expected = forecast

    def set_assets(self, assets: Assets, now: Instant) -> None:
        """Learn what can be steered, and what the cars need."""
        self._household.assets = assets
        self._advise(now)

    def set_plants(self, plants: Mapping[DeviceId, ProductionDevice]) -> None:
        """Learn what the home produces with; an inverter not named is solar."""
        self._origins.plants = dict(plants)

    def set_preference(
        self, neighbours: Sequence[PartyId], sources: Sequence[EnergySource]
    ) -> None:
        """Learn whom and what this home would rather trade with, the dearest first."""
        wish = Preference(
            party=self.party,
            neighbours=tuple(neighbours[:WISHES_MAX]),
            sources=tuple(sources[:WISHES_MAX]),
        )
        self._preference = wish if wish.neighbours or wish.sources else None

    def correct_reading(self, reading: MeterReading, now: Instant) -> Refused | None:
        """Put a reading in the place of what the meter was thought to have counted."""
        if reading.party != self.party:
            return Refused(Refusal.NOT_OURS)
        if not self._settling.is_correctable(reading.period):
            return Refused(Refusal.OVER)
        known = self._settling.own_report(reading.period)
        revision = 0 if known is None else known.revision + 1
        if revision > REVISION_MAX:
            return Refused(Refusal.TOO_MANY)
        message = ReadingReport(reading=reading, revision=revision)
        self._settling.take_reading(self._outbox.say(message, now), message, now)
        self._settle(now)
        return None

    def tick(self, now: Instant) -> None:
        """Let time do its work; due at :meth:`deadline`, harmless at any time."""
        self._announce(now)
        self._begin_period(now)
        self._lose_silent_members(now)
        self._report_readings(now)
        self._place_orders(now)
        self._rounds.drive(now, quorum_online=self._is_quorum_online)
        self._settle(now)
        self.learning.drive(now)

    # -- what goes out -------------------------------------------------------------

    def effects(self) -> Effects:
        """Return what the world is to do; each effect is handed out once."""
        return self._outbox.drain()

    def deadline(self) -> Instant | None:
        """Return when to tick next; None before the first tick."""
        said_at = self._outbox.said_at
        if said_at is None:
            return None
        timing = self._config.timing
        due = (
            after(said_at, timing.heartbeat_ms),
            timing.bidding(self._bid.next()),
            self._begun.end,
            self._members.deadline(),
            self._rounds.deadline(),
            self._settling.deadline(self._rounds.is_decided),
            self.learning.deadline(),
        )
        return min(at for at in due if at is not None)

    def outcome(self, period: DeliveryPeriod) -> Outcome | None:
        """Return what is known about the result of ``period``; None without a round."""
        return self._rounds.outcome(period)

    def figures(self, period: DeliveryPeriod) -> Figures | None:
        """Return this home's part in a settled period of the last two days."""
        return self._settling.figures(period)

    def certificates(self, period: DeliveryPeriod) -> CertificateRegister | None:
        """Return the certificates of a settled period, while it can be corrected."""
        return self._settling.certified(period)

    def position_wh(self, period: DeliveryPeriod) -> int | None:
        """Return what this home sold minus what it bought; None without a result."""
        outcome = self._rounds.outcome(period)
        if outcome is None or outcome.result is None:
            return None
        return outcome.result.position_wh(self._config.party)

    def status(self, now: Instant, *, day_started_at: Instant) -> NodeStatus:
        """Return what there is to show at ``now``; the day began at local midnight."""
        sources = StatusSources(
            config=self._config,
            members_online=len(self._members.online),
            rounds=self._rounds,
            settling=self._settling,
            agreements=self.agreements,
            learning=self.learning,
            social=self.social,
            advice=self._advice,
            faults=self._door.faults,
        )
        return status_of(sources, now, day_started_at=day_started_at)

    # -- how it works ----------------------------------------------------------------

    @property
    def _is_quorum_online(self) -> bool:
        return len(self._members.online) >= self._config.charter.quorum

    def _avoided_micro_per_kwh(self, tariff: Tariff) -> int:
        basis, scheme = self._config.charter.billing_basis, self._config.rules.scheme
        return avoided_micro_per_kwh(tariff, basis, scheme)

    def _take(self, envelope: Envelope, now: Instant) -> None:
        message = envelope.message
        match message:
            case Presence():
                pass
            case Consent() | Withdrawal():
                self.agreements.take(envelope, message, now)
            case OrderCommitment() | OrderReveal() | BookProposal() | ResultVote():
                period = period_of(message)
                if self._rounds.take(envelope, message, now):
                    self._settling.expect(period)
                self._rounds.drive_one(
                    period, now, quorum_online=self._is_quorum_online
                )
                self._settle(now)
            case ReadingReport():
                self._settling.take_reading(envelope, message, now)
                self._settle(now)
            case HelpRequest() | Thanks() | ScoreCard():
                self.social.take(envelope.author, message, now)
            case _:
                self.learning.take(envelope.author, message, now)

    def _announce(self, now: Instant) -> None:
        """Say hello after a silence, and whenever there is a new key to know us by."""
        certificate = self._outbox.session(now).certificate
        said_at, heartbeat_ms = self._outbox.said_at, self._config.timing.heartbeat_ms
        is_silent = said_at is None or now >= after(said_at, heartbeat_ms)
        if is_silent or certificate.session_key != self._announced:
            self._announced = certificate.session_key
            self._door.trust(certificate, now)
            self._outbox.say_hello(now)

    def _begin_period(self, now: Instant) -> None:
        current = DeliveryPeriod.containing(now)
        if current > self._begun:
            self._begun = current
            self._settling.note_tariff(current, self._household.tariff)
            outcome = self._rounds.outcome(current)
            self.neighbour_prices.note(None if outcome is None else outcome.result)
            self.agreements.repeat(now)
            self.social.repeat(now)
            self._advise(now)

    def _lose_silent_members(self, now: Instant) -> None:
        for party in self._members.silenced(now):
            self._outbox.report(MemberOffline(party=party))

    def _report_readings(self, now: Instant) -> None:
        """Report every ended period whose energy is known; give up on older ones."""
        latest = DeliveryPeriod.containing(now).next(-1)
        while self._measured < latest:
            period = self._measured.next()
            measured = self._household.measured(period)
            if measured is None and period == latest:
                return
            self._measured = period
            if measured is not None:
                self._report_reading(measured, now)

    def _report_reading(self, measured: Measured, now: Instant) -> None:
        period, energy = measured.period, energy_of(measured)
        if energy is not None:
            self._household.learn(period, energy)
        own = self._origins.exported(measured)
        self._settling.note_consumption(period, measured.consumption_wh)
        self._settling.note_own(period, own)
        self._outbox.keep(EntryKind.OBSERVED, observed_body(measured, energy), now)
        reading = MeterReading(
            party=self._config.party,
            period=period,
            import_wh=measured.import_wh,
            export_wh=measured.export_wh,
        )
        message = ReadingReport(reading=reading, origins=self._origins.told(own))
        self._settling.take_reading(self._outbox.say(message, now), message, now)

    def _place_orders(self, now: Instant) -> None:
        timing = self._config.timing
        while now >= timing.bidding(self._bid.next()):
            period = self._bid = self._bid.next()
            if now >= timing.gate_closure(period):
                continue
            self._rounds.begin(period)
            self._settling.expect(period)
            if not self._rounds.has_committed(period):
                self._place_order(period, now)

    def _place_order(self, period: DeliveryPeriod, now: Instant) -> None:
        energy_wh_max = order_wh_max(self._config.charter)
        steps = self._household.wish(period, energy_wh_max=energy_wh_max)
        if steps is not None:
            order = Order.of(self.party, period, *steps)
            pledges = self.agreements.pledges(period, order, self._household.tariff)
            wish = self._preference
            self._rounds.commit(order, now, pledges=pledges, preference=wish)
            self.agreements.note_pledged(period, pledges)

    def _settle(self, now: Instant) -> None:
        if self._settling.drive(now, self._rounds.outcome):
            self._rounds.forget_settled()

    def _advise(self, now: Instant) -> None:
        position_wh = self.position_wh(DeliveryPeriod.containing(now))
        self._advice = self._household.advice(now, position_wh=position_wh or 0)
        self._outbox.advise(self._advice)

    def _latest_closed(self, now: Instant) -> DeliveryPeriod:
        period = DeliveryPeriod.containing(now)
        while now >= self._config.timing.gate_closure(period.next()):
            period = period.next()
        return period
