"""The street that :mod:`.chain_days` settles: its homes, its books and its journal."""

from dataclasses import dataclass, field
from typing import Final

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.demo.street_books import StreetBooks
from custom_components.commonwatt.engine.ledger.balances import Balances, balances
from custom_components.commonwatt.engine.ledger.bookings import SHARING
from custom_components.commonwatt.engine.ledger.journal import EntryKind, JournalEntry
from custom_components.commonwatt.engine.ledger.settlement import Settlement
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    DeliveryPeriod,
    Instant,
)
from custom_components.commonwatt.engine.model.posting import (
    AccountKind,
    Transaction,
    Unit,
)
from custom_components.commonwatt.engine.node import PeriodSettled, read_transactions
from custom_components.commonwatt.engine.simulation.neighbourhood import (
    Neighbourhood,
    NeighbourhoodSpec,
)

STARTED_AT: Final = Instant(20_000 * DAY_MS + 8 * HOUR_MS)


class Disagreement(Exception):  # noqa: N818  # what this tool looks for
    """The chain and the journal do not say the same."""


def agree(what: str, *, is_so: bool) -> None:
    """Raise unless it is so."""
    if not is_so:
        raise Disagreement(what)


@dataclass(slots=True)
class Journal:
    """The journal of the user's home, as its node has written it."""

    entries: list[JournalEntry] = field(default_factory=list)

    def persist(self, entries: tuple[JournalEntry, ...]) -> None:
        """Keep what the node signs and settles, before it is sent."""
        self.entries += entries

    def closing(self) -> Balances:
        """Add up every posting ever written, retailers' bills left out."""
        return balances(
            transaction
            for entry in self.entries
            if entry.kind in {EntryKind.SETTLED, EntryKind.CORRECTED}
            for transaction in read_transactions(entry.body)
            if not _is_bill(transaction)
        )


def _is_bill(transaction: Transaction) -> bool:
    """Tell whether money goes to or comes from a retailer."""
    return any(
        posting.account.kind is AccountKind.RETAILER and posting.unit is Unit.NANO
        for posting in transaction.postings
    )


class Street:
    """Twelve homes, their books, and what was settled in each period."""

    def __init__(self, seed: int) -> None:
        """Move in on a morning."""
        self.journal: Final = Journal()
        self.homes: Final = Neighbourhood(
            NeighbourhoodSpec(outside=None),
            seed=seed,
            started_at=STARTED_AT,
            persist=self.journal.persist,
        )
        self.books: Final = StreetBooks(self.homes.households, self.homes.community)
        self.settled: Final[dict[DeliveryPeriod, Settlement]] = {}

    def advance(self, to: Instant) -> None:
        """Let the street live until then."""
        self.homes.advance(to)
        events = self.homes.drain().report
        self.homes.ask(lambda node, now: self.books.take(events, node, now))
        for event in events:
            if isinstance(event, PeriodSettled):
                self.settled[event.period] = event.settlement

    def live_until(self, to: Instant) -> None:
        """Go from one delivery period to the next."""
        while self.homes.now < to:
            self.advance(DeliveryPeriod.containing(self.homes.now).end)

    def spread_nano(self, period: DeliveryPeriod) -> int:
        """Return what sharing brought the fund in a period."""
        return sum(
            posting.amount
            for transaction in self.settled[period].community
            if transaction.reason == SHARING
            for posting in transaction.postings
            if posting.account.kind is AccountKind.FUND and posting.unit is Unit.NANO
        )
