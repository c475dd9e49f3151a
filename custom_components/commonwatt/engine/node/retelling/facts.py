"""What went into a settled period, and what came of it."""

from dataclasses import dataclass

from ...ledger.balances import Balances
from ...model.clearing import ClearingResult
from ...model.party import Charter, PartyId
from ...model.period import DeliveryPeriod
from ...model.reading import MeterReading
from ...model.tariff import Tariff
from ...peer.book import RevealedOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules need to know to clear and settle a period."""

    period: DeliveryPeriod
    charter: Charter
    home: PartyId
    """Whose bill is settled along with the community's accounts."""

    bids: tuple[RevealedOrder, ...] | None
    """Of the book, ascending by party; None: the period was void."""

    readings: tuple[MeterReading, ...]
    """Ascending by party; what is missing is missing."""

    tariff: Tariff | None
    """Of the home; None is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What the rules made of the facts."""

    result: ClearingResult | None
    booked: Balances
    """All postings of the period, corrections among them, added up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tale:
    """A settled period: what went in, and what a home says came out."""

    facts: Facts
    came: Came
