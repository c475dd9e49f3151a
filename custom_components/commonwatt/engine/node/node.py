"""The facade: one home as a member of its community, sans-IO.

Owns nothing but the rooms it puts together and the order in which they are asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, Self

from ..devices import DeviceId, ProcessImage, Setpoint
from ..dispatch import Assets
from ..ledger.certificates import CertificateRegister
from ..ledger.journal import JournalEntry
from ..ledger.rules import SettlementRules
from ..model.origin import EnergySource, ProductionDevice
from ..model.party import Charter, PartyId
from ..model.period import DeliveryPeriod, Instant
from ..model.reading import MeterReading
from ..model.tariff import Tariff
from ..wire.messages import Presence
from ..wire.verifier import Verifier
from .agreements import Agreements, Refused
from .assessing import Assessing
from .awakening import Awakening
from .batches import Batches
from .bids import Bids
from .case import Outcome
from .catch_up import CatchUp
from .config import NodeConfig, Sessions
from .door import Door
from .effects import Effects
from .events import MemberOffline, MemberOnline
from .foresight import Forecast, Planning
from .greeting import Greeting, members_to_watch, watch_members
from .household import Household
from .learning import Learning
from .mandate import Mandate
from .meter_reports import MeterReports
from .neighbour_prices import NeighbourPrices
from .origins import Origins
from .outbox import Outbox
from .reception import Reception
from .replay import Replay
from .retelling import Facts, facts_of
from .rounds import Rounds
from .settling import Settling
from .showing import Showing
from .social import Social
from .status import NodeStatus, StatusSources, status_of
from .totals import Figures
from .witness import Witness


class Node:
    """Bytes, process images and ``now`` go in; effects come out.

    For one thread at a time.  ``now`` never goes back.
    """

    def __init__(
        self, config: NodeConfig, *, sessions: Sessions, verify: Verifier, now: Instant
    ) -> None:
        """Begin without a past; :meth:`restore` begins with what a journal holds."""
        config = replace(config)
        self._config: Final = config
        self._outbox: Final = Outbox(config, sessions)
        self._door: Final = Door(config, self._outbox, verify)
        self.agreements: Final = Agreements(config, self._outbox)
        """Contracts and gifts: to propose, accept, give and withdraw."""

        self.learning: Final = Learning(config, self._outbox, born=now)
        """Learning with the neighbours: to take part in, and what came of it."""

        self.social: Final = Social(config, self._outbox, self.agreements, now)
        """Requests for help, the pool, thanks, score cards."""

        self.showing: Final = Showing(config, self._outbox)
        """Live power of who lets the others see it."""

        self.neighbour_prices: Final = NeighbourPrices(config)
        """What neighbours will ask and pay, for who plans."""

        self._origins: Final = Origins(config)
        outbox, door = self._outbox, self._door
        self._settling: Final = Settling(
            config, outbox, door, origins=self._origins, agreements=self.agreements
        )
        self.batches: Final = Batches(config, outbox, door, self._settling)
        """Drafts and signatures of what goes to the chain."""

        self._rounds: Final = Rounds(config, outbox, door, self._settling, born=now)
        self._catch_up: Final = CatchUp.begin(
            config,
            outbox,
            door,
            rounds=self._rounds,
            settling=self._settling,
            on_charter=self._adopt,
        )
        self._governance: Final = self._catch_up.governance
        self.community: Final = self._catch_up.citizen
        """Charter, motions, invitations: to propose, vote, invite and leave."""

        witness = Witness(config, outbox, self._rounds.outcome)
        self._assessing: Final = Assessing(config, self.community, witness)
        self._awakening, self._reception = self._wake()
        self._household: Final = Household(config.avoided_micro_per_kwh)
        self._members: Final = watch_members(config)
        self._advice: tuple[Setpoint, ...] = ()
        before = DeliveryPeriod.containing(now).next(-1)
        self._reports: Final = MeterReports(
            config,
            self._outbox,
            household=self._household,
            settling=self._settling,
            origins=self._origins,
            latest=before,
        )
        self._begun = before  # the latest period that began under our eyes
        self._bids: Final = self._begin_bidding(now)
        self._greeting: Final = Greeting(config, self._outbox, self._door)
        self._now = now

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
            governance=node._governance,
            witness=node._assessing.witness,
        )
        observed = replay.run(entries)
        node._awakening, node._reception = node._wake()
        if observed is not None:
            latest = node._reports.latest
            node._reports.latest = max(observed, latest.next(-1))
        return node

    @property
    def party(self) -> PartyId:
        """The party this node speaks for."""
        return self._config.party

    def charter(self, now: Instant) -> Charter:
        """Return the charter in force at ``now``, as far as this node knows."""
        return self._config.charter_at(DeliveryPeriod.containing(now))

    @property
    def rules(self) -> SettlementRules:
        """What the community chose about settling."""
        return self._config.rules

    # -- what comes in -------------------------------------------------------------

    def receive(self, data: bytes, now: Instant) -> bool:
        """Take an envelope from a peer.  Bad bytes are counted, never raised.

        Return whether it is what it seems to be, and so worth passing on.
        """
        self._now = now
        envelope = self._door.open(data, now)
        if envelope is None:
            return False
        if envelope.author == self._config.party:
            self._outbox.resume_after(envelope.sequence)
        elif envelope.author in self._members and self._members.heard(
            envelope.author, now
        ):
            self._outbox.report(MemberOnline(party=envelope.author))
            if isinstance(envelope.message, Presence):
                self._outbox.say_hello(now, to=envelope.author)
        was_waking = self._outbox.is_waking
        self._reception.take(envelope, now, quorum_online=self._is_quorum_online)
        self._settle(now)
        if was_waking and not self._outbox.is_waking:
            self.tick(now)
        return True

    def observe(self, image: ProcessImage, now: Instant) -> None:
        """Take a fresh look at the home's devices."""
        self._household.observe(image)
        self.showing.drive(image, now)
        if not self._outbox.is_waking:
            self._reports.drive(now)
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
        self._bids.prefer(neighbours, sources)

    def correct_reading(self, reading: MeterReading, now: Instant) -> Refused | None:
        """Put a reading in the place of what the meter was thought to have counted."""
        refused = self._reports.correct(reading, now)
        self._settle(now)
        return refused

    def tick(self, now: Instant) -> None:
        """Let time do its work; due at :meth:`deadline`, harmless at any time."""
        self._now = now
        self._awakening.begin(now)
        self._greeting.drive(now)
        self._begin_period(now)
        self._lose_silent_members(now)
        self._awakening.drive(now)
        if self._outbox.is_waking:
            return
        self._reports.drive(now)
        self._bids.drive(now)
        self._rounds.drive(now, quorum_online=self._is_quorum_online)
        self._settle(now)
        self._governance.drive(now)
        self._catch_up.drive(now, self._members.online - {self.party})
        self.learning.drive(now)

    # -- what goes out -------------------------------------------------------------

    def effects(self) -> Effects:
        """Return what the world is to do; each effect is handed out once."""
        return self._outbox.drain()

    def deadline(self) -> Instant | None:
        """Return when to tick next; None before the first tick."""
        hello_due = self._greeting.deadline
        if hello_due is None:
            return None
        due: list[Instant | None] = [
            hello_due,
            self._members.deadline(),
            self._awakening.deadline(),
        ]
        if not self._outbox.is_waking:
            due += (
                self._begun.end,
                self._bids.deadline(),
                self._rounds.deadline(),
                self._settling.deadline(self._rounds.is_decided),
                self.learning.deadline(),
                self._governance.deadline(self._now),
                self._catch_up.deadline(),
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

    def facts(self) -> tuple[Facts, ...]:
        """Return what the periods that can be corrected were settled from."""
        return facts_of(self._config, self._settling)

    def position_wh(self, period: DeliveryPeriod) -> int | None:
        """Return what this home sold minus what it bought; None without a result."""
        return self._rounds.position_wh(period)

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
            showing=self.showing,
            community=self.community,
            advice=self._advice,
            faults=self._door.faults,
            is_waking=self._outbox.is_waking,
        )
        return status_of(sources, now, day_started_at=day_started_at)

    # -- how it works ----------------------------------------------------------------

    def _begin_bidding(self, now: Instant) -> Bids:
        return Bids(
            self._config,
            household=self._household,
            rounds=self._rounds,
            settling=self._settling,
            agreements=self.agreements,
            now=now,
        )

    def _wake(self) -> tuple[Awakening, Reception]:
        awakening = Awakening(self._config, self._outbox, self._rounds)
        return awakening, Reception(
            rounds=self._rounds,
            settling=self._settling,
            agreements=self.agreements,
            catch_up=self._catch_up,
            learning=self.learning,
            social=self.social,
            showing=self.showing,
            batches=self.batches,
            door=self._door,
            awakening=awakening,
        )

    @property
    def _is_quorum_online(self) -> bool:
        quorum = self._config.charter_at(self._begun).quorum
        return len(self._members.online) >= quorum

    def _adopt(self, since: DeliveryPeriod, now: Instant) -> None:
        """Let the rooms know that the charter changes from a period on."""
        self._rounds.recharter(since)
        self._rounds.drive(now, quorum_online=self._is_quorum_online)
        statutes = self._config.statutes
        self._door.admit(statutes.known_members(DeliveryPeriod.containing(now)))
        self._members.replace(members_to_watch(self._config, now))

    def _begin_period(self, now: Instant) -> None:
        current = DeliveryPeriod.containing(now)
        if current > self._begun:
            self._begun = current
            self._members.replace(members_to_watch(self._config, now))
            self._settling.note_tariff(current, self._household.tariff)
            outcome = self._rounds.outcome(current)
            self.neighbour_prices.note(None if outcome is None else outcome.result)
            self.agreements.repeat(now)
            self.social.begin_period(now)
            self.batches.repeat(now)
            self._advise(now)

    def _lose_silent_members(self, now: Instant) -> None:
        for party in self._members.silenced(now):
            self._outbox.report(MemberOffline(party=party))

    def _settle(self, now: Instant) -> None:
        if self._settling.drive(now, self._rounds.outcome):
            self._rounds.forget_settled()
        self._assessing.drive(now)

    def _advise(self, now: Instant) -> None:
        position_wh = self.position_wh(DeliveryPeriod.containing(now))
        self._advice = self._household.advice(now, position_wh=position_wh or 0)
        self._outbox.advise(self._advice)
