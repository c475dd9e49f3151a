"""The street of the demo: the neighbourhood, and the journal of the user's home in it.

Everything here blocks and belongs in an executor; one call waits for another.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final, Self

from ..drivers.journal import SQLiteJournal
from ..drivers.traces import read_traces
from ..engine.devices import ProcessImage
from ..engine.model.period import Instant
from ..engine.node import Node, NodeStatus
from ..engine.simulation.homes import HomeCommands, HomeKey, HomeState
from ..engine.simulation.neighbourhood import (
    Drained,
    HomeGlance,
    Neighbourhood,
    NeighbourhoodSpec,
)
from ..forecasting.foresight import Foresight
from .forecasts import DemoForesight
from .settings import DemoSettings
from .street_books import StreetBooks
from .street_planner import StreetPlanner

type DayStartedAt = Callable[[Instant], Instant]


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What there is to show after a step."""

    status: NodeStatus
    drained: Drained
    homes: tuple[HomeGlance, ...]


class Street:
    """Twelve homes and their nodes, and what is on disk of the user's own."""

    def __init__(
        self,
        neighbourhood: Neighbourhood,
        journal: SQLiteJournal,
        day_started_at: DayStartedAt,
        forecasts: DemoForesight,
        books: StreetBooks | None,
    ) -> None:
        self.neighbourhood: Final = neighbourhood
        self.books: Final = books
        self._forecasts: Final = forecasts
        self.journal: Final = journal
        self._day_started_at: Final = day_started_at
        self._lock: Final = Lock()

    @classmethod
    def open(
        cls,
        settings: DemoSettings,
        *,
        started_at: Instant,
        journal_path: Path,
        day_started_at: DayStartedAt,
    ) -> Self:
        """Let everybody move in.

        The days are lived anew each time, so an earlier journal is of no use.

        Raises:
            TracesError: the recordings cannot be played (any more).
            JournalError: the world does not let us keep a journal.
        """
        traces = None if settings.traces is None else read_traces(settings.traces)
        for old in journal_path.parent.glob(f"{journal_path.name}*"):
            old.unlink()
        journal = SQLiteJournal.open(journal_path, now=started_at).journal
        spec = NeighbourhoodSpec(make_planning=StreetPlanner, residents_vote=True)
        try:
            neighbourhood = Neighbourhood(
                spec,
                seed=settings.seed,
                started_at=started_at,
                traces=traces,
                persist=journal.append,
            )
            forecasts = DemoForesight(
                spec.homes, seed=settings.seed, started_at=started_at, traces=traces
            )
            energy = forecasts.foresight.energy
            neighbourhood.ask(lambda node, _now: node.expect_with(energy))
        except BaseException:
            journal.close()
            raise
        books = None
        if settings.chain is not None:
            books = StreetBooks(neighbourhood.households, neighbourhood.community)
        return cls(neighbourhood, journal, day_started_at, forecasts, books)

    @property
    def foresight(self) -> Foresight:
        """What the user's home expects."""
        return self._forecasts.foresight

    @property
    def home_keys(self) -> tuple[HomeKey, ...]:
        """The homes of the street, the user's first."""
        return tuple(home.key for home in self.neighbourhood.homes())

    def advance(self, to: Instant, commands: HomeCommands) -> HomeState:
        """Let time pass, with ``commands`` written into the user's devices."""
        with self._lock:
            self.neighbourhood.command(commands)
            self.neighbourhood.advance(to)
            return self.neighbourhood.home_state()

    def look(self, image: ProcessImage | None) -> Glance:
        """Tell the user's node what was read of its home, if it is time to."""
        with self._lock:
            if image is not None:
                self._forecasts.observe(image, self.neighbourhood.home_state())
                self.neighbourhood.observe(image)
            drained = self.neighbourhood.drain()
            if (books := self.books) is not None:
                self.neighbourhood.ask(
                    lambda node, now: books.take(drained.report, node, now)
                )
            return Glance(
                status=self._status(),
                drained=drained,
                homes=self.neighbourhood.homes(),
            )

    def ask[Answer](
        self, question: Callable[[Node, Instant], Answer]
    ) -> tuple[Answer, NodeStatus]:
        """Let the user's node do something, or tell something."""
        with self._lock:
            return self.neighbourhood.ask(question), self._status()

    def close(self) -> None:
        """Let go of the journal."""
        self.journal.close()

    def _status(self) -> NodeStatus:
        day_started_at = self._day_started_at(self.neighbourhood.now)
        return self.neighbourhood.status(day_started_at=day_started_at)
