"""A street of nodes in one thread: instant delivery, journals in lists, a log to read.

What a node sends is delivered only after what it wants persisted is in its journal.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from custom_components.commonwatt.engine.devices import (
    DeviceId,
    InverterState,
    MeterState,
    ProcessImage,
)
from custom_components.commonwatt.engine.ledger.journal import EntryKind, JournalEntry
from custom_components.commonwatt.engine.model.party import (
    Charter,
    FaultModel,
    Member,
    PartyId,
)
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    DeliveryPeriod,
    Instant,
    after,
    datetime_from_instant,
)
from custom_components.commonwatt.engine.model.tariff import Tariff
from custom_components.commonwatt.engine.model.zone import FeeTree
from custom_components.commonwatt.engine.node import (
    AgreementChanged,
    DerivedSessions,
    Effects,
    Event,
    MemberOffline,
    MemberOnline,
    Node,
    NodeConfig,
    NodeStatus,
    Outgoing,
    PeerFault,
    PeriodCorrected,
    PeriodFinal,
    PeriodSettled,
    PhaseChanged,
    TradeMatched,
)
from custom_components.commonwatt.engine.peer import VOID
from custom_components.commonwatt.engine.wire.digests import community_id
from custom_components.commonwatt.engine.wire.envelope import Envelope, peek, seal
from custom_components.commonwatt.engine.wire.keys import HouseholdKey
from custom_components.commonwatt.engine.wire.messages import (
    BookProposal,
    Consent,
    Message,
    OrderCommitment,
    OrderReveal,
    Presence,
    ReadingReport,
    ResultVote,
    Withdrawal,
)
from custom_components.commonwatt.engine.wire.verifier import MemoVerifier
from tests.engine.wire.community import secret

METER, ROOF = DeviceId("meter"), DeviceId("roof")
TARIFF = Tariff(energy_micro_per_kwh=300_000, feed_in_micro_per_kwh=80_000)
ZONE = FeeTree.single().root.id
START = DeliveryPeriod(2_000_000).start
"""Trading starts two periods later: a home first has to know itself."""

FIRST = DeliveryPeriod.containing(START).next(2)
VERIFY = MemoVerifier()

type Lost = Callable[[str, str, Message], bool]


def nothing_lost(_sender: str, _receiver: str, _message: Message) -> bool:
    """Lose nothing."""
    return False


@dataclass(kw_only=True)
class Home:
    """A home whose powers never change."""

    name: str
    net_w: int
    """+ import."""

    pv_w: int = 0
    has_meter: bool = True
    journal: list[JournalEntry] = field(default_factory=list)
    reports: list[Event] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)

    def image(self, now: Instant) -> ProcessImage:
        """Return what its devices show."""
        ms = now - START
        taken_wh, given_wh = (
            max(0, net_w) * ms // HOUR_MS for net_w in (self.net_w, -self.net_w)
        )
        meter = MeterState(
            measured_at=now, power_w=self.net_w, import_wh=taken_wh, export_wh=given_wh
        )
        roof = InverterState(
            measured_at=now, power_w=self.pv_w, energy_wh=self.pv_w * ms // HOUR_MS
        )
        return ProcessImage(
            taken_at=now,
            meters={METER: meter} if self.has_meter else {},
            inverters={ROOF: roof} if self.pv_w else {},
        )


ANN = ("Ann", 800, 0)
BEN = ("Ben", -1_500, 2_000)
CAT = ("Cat", 500, 0)


class Street:
    """Homes, their nodes, and the simplest network there is."""

    def __init__(
        self,
        *homes: tuple[str, int, int],
        fault_model: FaultModel = FaultModel.BYZANTINE,
        tariff: Tariff | None = TARIFF,
    ) -> None:
        """Let everybody move in at ``START``."""
        self.homes = {
            name: Home(name=name, net_w=net_w, pv_w=pv_w) for name, net_w, pv_w in homes
        }
        self.keys = {name: HouseholdKey(secret(name)) for name in self.homes}
        self.parties = {name: key.party for name, key in self.keys.items()}
        self.names = {party: name for name, party in self.parties.items()}
        tree = FeeTree.single()
        self.charter = Charter(
            members=tuple(
                Member(party=key.party, zone=tree.root.id, household_key=key.public)
                for key in self.keys.values()
            ),
            fee_tree=tree,
            fault_model=fault_model,
        )
        self.charter = self.found(self.charter)
        self.community = community_id(self.charter)
        self._sessions: dict[str, DerivedSessions] = {}
        self.tariff = tariff
        self.now = START
        self.lost: Lost = nothing_lost
        self.log: list[str] = []
        self.nodes: dict[str, Node] = {}
        for name in self.homes:
            self.wake(name)
        self.run(START)

    def found(self, charter: Charter) -> Charter:
        """Return the first charter of the community."""
        return charter

    # -- who is there ----------------------------------------------------------------

    def config(self, name: str) -> NodeConfig:
        """Return how a node is configured."""
        return NodeConfig(
            party=self.parties[name],
            community=self.community,
            charter=self.charter,
            salt_secret=secret(f"{name}'s salts"),
        )

    def sessions(self, name: str) -> DerivedSessions:
        """Return the session keys of a home."""
        if name not in self._sessions:
            self._sessions[name] = DerivedSessions(
                self.keys[name],
                secret=secret(f"{name}'s keys"),
                community=self.community,
            )
        return self._sessions[name]

    def wake(self, name: str) -> None:
        """Start a node from its journal, which is empty the first time."""
        node = Node.restore(
            self.config(name),
            self.homes[name].journal,
            sessions=self.sessions(name),
            verify=VERIFY,
            now=self.now,
        )
        node.set_tariff(self.tariff, self.now)
        self.nodes[name] = node

    def crash(self, name: str) -> None:
        """Let a node lose everything but its journal."""
        del self.nodes[name]

    # -- time ------------------------------------------------------------------------

    def run(self, until: Instant) -> None:
        """Let everything happen up to and at ``until``."""
        self._everybody_acts()
        while (due := self._next_due()) <= until:
            self.now = due
            self._everybody_acts()
        self.now = until

    def run_until(self, period: DeliveryPeriod, *, before_start_ms: int = 0) -> None:
        """Let everything happen up to the start of a period, or some time before."""
        self.run(after(period.start, -before_start_ms))

    def _next_due(self) -> Instant:
        due = [Instant((self.now // MINUTE_MS + 1) * MINUTE_MS)]
        for node in self.nodes.values():
            deadline = node.deadline()
            if deadline is not None:
                assert deadline > self.now, (
                    "a deadline that has passed is slept through"
                )
                due.append(deadline)
        return min(due)

    def _everybody_acts(self) -> None:
        for name, node in self.nodes.items():
            if self.now % MINUTE_MS == 0:
                node.observe(self.homes[name].image(self.now), self.now)
            node.tick(self.now)
        busy = True
        while busy:
            busy = any([self._carry_out(name) for name in list(self.nodes)])  # noqa: C419  # everybody, not only up to the first

    def _carry_out(self, name: str) -> bool:
        effects = self.nodes[name].effects()
        home = self.homes[name]
        home.journal.extend(effects.persist)
        home.reports.extend(effects.report)
        home.sent.extend(outgoing.data for outgoing in effects.send)
        self._write_down(name, effects)
        for outgoing in effects.send:
            message = self.opened(outgoing.data).message
            for other in self._listeners(name, outgoing):
                if not self.lost(name, other, message):
                    self.nodes[other].receive(outgoing.data, self.now)
        return bool(effects)

    def _listeners(self, name: str, outgoing: Outgoing) -> Iterable[str]:
        return [
            other
            for other in self.nodes
            if other != name and outgoing.to in {None, self.parties[other]}
        ]

    # -- what was said -----------------------------------------------------------------

    def opened(self, data: bytes) -> Envelope:
        """Read an envelope of any home; that it is genuine is for nodes to check."""
        envelope = peek(data)
        assert isinstance(envelope, Envelope)
        return envelope

    def lie(self, author: str, message: Message, *, sequence: int) -> bytes:
        """Sign a message with a home's own key, behind its node's back."""
        return seal(
            message,
            community=self.community,
            author=self.parties[author],
            sequence=sequence,
            sent_at=self.now,
            key=self.sessions(author).at(self.now).key,
        )

    @property
    def first_proposer(self) -> str:
        """Who proposes the first book of the first period."""
        return list(self.homes)[FIRST.number % len(self.homes)]

    def journaled(self, name: str, kind: EntryKind) -> list[JournalEntry]:
        """Return the entries of one kind."""
        return [entry for entry in self.homes[name].journal if entry.kind is kind]

    def reported[E: Event](self, name: str, kind: type[E]) -> list[E]:
        """Return the events of one kind that a node has reported."""
        return [event for event in self.homes[name].reports if isinstance(event, kind)]

    def status(self, name: str) -> NodeStatus:
        """Return the status of a node; the day began with the street."""
        return self.nodes[name].status(self.now, day_started_at=START)

    def faults(self, name: str) -> set[tuple[str | None, str]]:
        """Return who, says a node, did what wrong."""
        return {
            (self.names.get(party or PartyId("")), fault.value)
            for party, fault in self.status(name).faults
        }

    def _write_down(self, name: str, effects: Effects) -> None:
        moment = f"{datetime_from_instant(self.now):%H:%M:%S}"
        for entry in effects.persist:
            self.log.append(f"{moment} {name} journals {entry.kind.name}")
        for outgoing in effects.send:
            to = "all" if outgoing.to is None else self.names[outgoing.to]
            said = told(self.opened(outgoing.data).message)
            self.log.append(f"{moment} {name} -> {to}: {said}")
        for event in effects.report:
            self.log.extend(
                f"{moment} {name} reports {line}" for line in self._lines(event)
            )

    def _lines(self, event: Event) -> Iterator[str]:  # one for each kind
        match event:
            case PhaseChanged(period=period, phase=phase):
                yield f"{clock(period)} {phase}"
            case TradeMatched(period=period, trade=trade):
                yield (
                    f"{clock(period)} trade {self.names[trade.seller]} to "
                    f"{self.names[trade.buyer]} {trade.energy_wh} Wh at "
                    f"{trade.buyer_price_micro_per_kwh}"
                )
            case PeriodFinal(period=period, result=result):
                traded = "void" if result is None else f"{result.energy_wh} Wh traded"
                yield f"{clock(period)} decided: {traded}"
            case PeriodSettled(period=period, settlement=settlement):
                missing = [self.names[party] for party in settlement.missing]
                yield f"{clock(period)} settled, missing: {missing}"
            case PeriodCorrected(period=period):
                yield f"{clock(period)} corrected"
            case MemberOnline(party=party):
                yield f"{self.names[party]} online"
            case MemberOffline(party=party):
                yield f"{self.names[party]} offline"
            case PeerFault(party=party, fault=fault):
                yield f"fault of {self.names.get(party or PartyId(''))}: {fault}"
            case AgreementChanged(terms=terms, state=state):
                yield f"{type(terms).__name__.lower()} {terms.id[:4]} {state}"
            case _:
                yield type(event).__name__


def clock(period: DeliveryPeriod) -> str:
    """Return when a period starts."""
    return f"{datetime_from_instant(period.start):%H:%M}"


def told(message: Message) -> str:  # noqa: PLR0911  # one for each kind
    """Return what a message says, in one line."""
    match message:
        case Presence():
            return "here I am"
        case OrderCommitment(period=period):
            return f"{clock(period)} committed"
        case OrderReveal(order=order):
            steps = ", ".join(
                f"{step.side.name.lower()} {step.energy_wh} Wh at "
                f"{step.price_micro_per_kwh}"
                for step in order.steps
            )
            return f"{clock(order.period)} reveal: {steps or 'nothing'}"
        case BookProposal(period=period, attempt=attempt, reveals=reveals):
            size = "void" if reveals is None else f"of {len(reveals)}"
            return f"{clock(period)} book {size}, attempt {attempt}"
        case ResultVote(period=period, attempt=attempt, stage=stage, digest=digest):
            what = "void" if digest == VOID else "a result"
            return f"{clock(period)} {stage.name.lower()} {what}, attempt {attempt}"
        case ReadingReport(reading=reading):
            return (
                f"{clock(reading.period)} metered {reading.import_wh} Wh in, "
                f"{reading.export_wh} Wh out"
            )
        case Consent(terms=terms):
            return f"consent to {type(terms).__name__.lower()} {terms.id[:4]}"
        case Withdrawal(contract=contract):
            return f"withdraws from {contract[:4]}"
        case _:
            return type(message).__name__


def settled_periods(street: Street, name: str) -> list[DeliveryPeriod]:
    """Return the periods a node has settled, in its order."""
    return [event.period for event in street.reported(name, PeriodSettled)]
