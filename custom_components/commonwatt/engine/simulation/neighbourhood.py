"""A neighbourhood in one thread: real nodes, simulated homes, one seed.

The same seed and the same calls give the same trades.  One home may be *outside*: its
devices are read and written by whoever runs the neighbourhood, and its node's journal
is kept by them too.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from ..devices import ProcessImage, Setpoint
from ..ledger.journal import JournalEntry
from ..model.party import PartyId
from ..model.period import MINUTE_MS, DeliveryPeriod, Instant
from ..model.tariff import Tariff
from ..node import Event, Node, NodeStatus, Planning
from ..peer import RoundTiming
from ..wire.verifier import MemoVerifier
from .community import Identity, found_community, tariff_of
from .events import EventQueue
from .homes import (
    HomeCommands,
    HomeKey,
    HomeModel,
    HomeSpec,
    HomeState,
    Traces,
    neighbourhood_specs,
    open_neighbourhood,
)
from .invariants import Inspector
from .network import Network
from .opinions import Opinions
from .plants import plants_of
from .reality import assets_of, beyond_the_meter
from .resident import OutsideResident, Resident
from .summary import PeriodSummary, SummaryBook

__all__ = [
    "Drained",
    "HomeGlance",
    "Neighbourhood",
    "NeighbourhoodSpec",
    "PeriodSummary",
    "Persist",
]

type Persist = Callable[[tuple[JournalEntry, ...]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighbourhoodSpec:
    """Who lives there, and how closely they look."""

    homes: tuple[HomeSpec, ...] = field(default_factory=neighbourhood_specs)
    outside: int | None = 0
    """Index of the home that is read from outside; None: all are simulated whole."""

    timing: RoundTiming = field(default_factory=RoundTiming)
    look_ms: int = 5 * MINUTE_MS
    """How often the nodes inside look at their devices."""

    make_planning: Callable[[], Planning] | None = None
    """Makes whoever plans for a home; None: everybody bids by the rule."""

    residents_vote: bool = False
    """The residents propose to change the charter now and then, and vote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeGlance:
    """One home, for a map or a table."""

    key: HomeKey
    party: PartyId
    state: HomeState
    position_wh: int | None
    """Sold minus bought for the present delivery period; None without a result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    """What the watched home's node has said since the last call."""

    actuate: tuple[Setpoint, ...]
    report: tuple[Event, ...]
    summaries: tuple[PeriodSummary, ...]


class Neighbourhood:
    """Twelve homes or any number, their nodes, and the network between them."""

    def __init__(
        self,
        spec: NeighbourhoodSpec,
        *,
        seed: int,
        started_at: Instant,
        traces: Traces | None = None,
        persist: Persist | None = None,
        inspector: Inspector | None = None,
        entries: Iterable[JournalEntry] = (),
    ) -> None:
        """Let everybody move in at ``started_at``.

        ``persist`` keeps the watched home's journal and is called before anything its
        node signed is sent; ``entries`` is what an earlier life of it has left there.
        An ``inspector`` looks over the shoulder of every node.
        """
        self._spec: Final = spec
        self._queue: Final = EventQueue(started_at)
        self._network: Final = Network(self._queue, seed=seed)
        self._verify: Final = MemoVerifier()
        self._persist: Final = persist
        self._inspector: Final = inspector
        self._watched_index: Final = spec.outside or 0
        models = open_neighbourhood(
            seed=seed, started_at=started_at, specs=spec.homes, traces=traces
        )
        identities = found_community(spec.homes, seed=seed, timing=spec.timing)
        self.households: Final = tuple(one.household for one in identities)
        """The keys of all homes, in their order: here one process holds them."""

        self.community: Final = identities[0].config.community
        self._residents: Final = tuple(
            self._move_in(index, models[home.key], identities[index], entries)
            for index, home in enumerate(spec.homes)
        )
        self._book: Final = SummaryBook(
            self._watched.node, identities[0].config.charter.fee_tree.root.id
        )
        self._actuate: list[Setpoint] = []
        self._report: list[Event] = []
        for resident in self._residents:
            self._wake(resident)
        if spec.residents_vote:
            others = [r for r in self._residents if r is not self._watched]
            Opinions(others, self._queue, self._follow, seed=seed)
        self._look()

    # -- what the watched home is ----------------------------------------------------

    @property
    def party(self) -> PartyId:
        """The party of the watched home."""
        return self._watched.node.party

    @property
    def home_spec(self) -> HomeSpec:
        """What stands in the watched home."""
        return self._watched.spec

    @property
    def tariff(self) -> Tariff:
        """What the watched home's retailer charges."""
        return tariff_of(self._watched.spec)

    @property
    def now(self) -> Instant:
        """Simulated time."""
        return self._queue.now

    def home_state(self) -> HomeState:
        """Return the watched home at :attr:`now`."""
        return self._watched.state

    def status(self, *, day_started_at: Instant) -> NodeStatus:
        """Return the status of the watched home's node."""
        return self._watched.node.status(self.now, day_started_at=day_started_at)

    def node(self, party: PartyId) -> Node:
        """Return the node of a member, to ask it or to give it a command."""
        return next(r.node for r in self._residents if r.node.party == party)

    def homes(self) -> tuple[HomeGlance, ...]:
        """Return a glance at every home, in their order."""
        period = DeliveryPeriod.containing(self.now)
        return tuple(
            HomeGlance(
                key=resident.spec.key,
                party=resident.node.party,
                state=resident.state,
                position_wh=resident.node.position_wh(period),
            )
            for resident in self._residents
        )

    # -- what happens ------------------------------------------------------------------

    def advance(self, to: Instant) -> None:
        """Let everything happen that happens up to and at ``to``."""
        self._queue.advance(to)
        for resident in self._residents:
            resident.live_until(to)

    def observe(self, image: ProcessImage) -> None:
        """Show the outside home's node what its devices show now."""
        resident = self._watched
        state = resident.live_until(self.now)
        resident.node.set_assets(assets_of(resident.spec, state), self.now)
        image = beyond_the_meter(image, resident.spec, state)
        resident.node.observe(image, self.now)
        self._follow(resident)

    def ask[Answer](self, question: Callable[[Node, Instant], Answer]) -> Answer:
        """Let the watched home's node do something, or tell something."""
        answer = question(self._watched.node, self.now)
        self._follow(self._watched)
        return answer

    def command(self, commands: HomeCommands) -> None:
        """Tell the outside home's devices what was written into their registers."""
        self._watched.command(commands, self.now)

    def drain(self) -> Drained:
        """Return what the watched home's node has said since the last call."""
        drained = Drained(
            actuate=tuple(self._actuate),
            report=tuple(self._report),
            summaries=self._book.drain(),
        )
        self._actuate.clear()
        self._report.clear()
        return drained

    # -- how it works ------------------------------------------------------------------

    @property
    def _watched(self) -> Resident:
        return self._residents[self._watched_index]

    def _move_in(
        self,
        index: int,
        model: HomeModel,
        identity: Identity,
        entries: Iterable[JournalEntry],
    ) -> Resident:
        home = self._spec.homes[index]
        node = Node.restore(
            identity.config,
            entries if index == self._watched_index else (),
            sessions=identity.sessions,
            verify=self._verify,
            now=self.now,
        )
        node.set_tariff(tariff_of(home), self.now)
        zone = identity.config.charter.fee_tree.root.id
        node.set_plants(plants_of(home, node.party, zone))
        if self._spec.make_planning is not None:
            node.plan_with(self._spec.make_planning())
        outside = index == self._spec.outside
        resident = (OutsideResident if outside else Resident)(home, model, node)

        def receive(data: bytes) -> None:
            node.receive(data, self.now)
            self._follow(resident)

        self._network.join(node.party, receive)
        return resident

    def _wake(self, resident: Resident) -> None:
        resident.node.tick(self.now)
        self._follow(resident)

    def _look(self) -> None:
        """Let the nodes inside look at their devices, now and again and again."""
        for index, resident in enumerate(self._residents):
            if index != self._spec.outside:
                resident.look(self.now)
                self._follow(resident)
        look_ms = self._spec.look_ms
        self._queue.plan(Instant((self.now // look_ms + 1) * look_ms), self._look)

    def _follow(self, resident: Resident) -> None:
        """Carry out what a node wants: persist, send, actuate, and wake it in time."""
        effects = resident.node.effects()
        if self._inspector is not None:
            self._inspector.inspect(resident.node.party, effects)
        if resident is self._watched:
            if effects.persist and self._persist is not None:
                self._persist(effects.persist)
            self._book.follow(effects.persist, effects.report)
            self._actuate.extend(effects.actuate)
            self._report.extend(effects.report)
        for outgoing in effects.send:
            self._network.send(resident.node.party, outgoing)
        if effects.actuate:
            resident.obey(effects.actuate, self.now)
        self._set_alarm(resident)

    def _set_alarm(self, resident: Resident) -> None:
        deadline = resident.node.deadline()
        if deadline is None or deadline == resident.wakes_at:
            return
        resident.wakes_at = deadline

        def ring() -> None:
            if resident.wakes_at == deadline:
                resident.wakes_at = None
                self._wake(resident)

        self._queue.plan(deadline, ring)
