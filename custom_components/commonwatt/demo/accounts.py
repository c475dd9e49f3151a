"""The demo's accounts: what is settled goes into the statistics and the summary."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.json import JsonValueType

from ..engine.devices import ProcessImage
from ..engine.ledger.settlement import Settlement
from ..engine.model.party import PartyId
from ..engine.model.period import PERIODS_PER_HOUR, DeliveryPeriod
from ..engine.model.tariff import Tariff
from ..engine.node import Event, PeriodCorrected, PeriodSettled
from ..engine.simulation.neighbourhood import Drained
from .bookkeeping import CounterBook, settled_amounts
from .energy_book import Flow
from .statistics import DemoStatistics
from .summary import Tally


class Accounts:
    """Everything that is counted of one run of the demo."""

    def __init__(
        self,
        hass: HomeAssistant,
        *,
        party: PartyId,
        tariff: Tariff,
        names: Mapping[Flow, str],
    ) -> None:
        """Keep the accounts of ``party``, under these names of the statistics."""
        self._party: Final = party
        self._tariff: Final = tariff
        self._statistics: Final = DemoStatistics(hass, names)
        self._counters: Final = CounterBook()
        self._tally: Final = Tally()

    @property
    def periods_settled(self) -> int:
        """Number of delivery periods settled so far."""
        return self._tally.periods_settled

    def summary(self) -> dict[str, JsonValueType]:
        """Return what has happened so far."""
        return self._tally.as_data()

    @callback
    def async_begin(self) -> None:
        """Forget what an earlier run of the demo wrote."""
        self._statistics.async_clear()

    @callback
    def async_take(self, image: ProcessImage | None, drained: Drained) -> None:
        """Note what the devices counted; book what was settled."""
        if image is not None:
            self._counters.read(image)
        settled = dict(_settlements(drained.report))
        for period, settlement in settled.items():
            self._book(period, settlement)
        self._tally.add(drained.summaries)
        if any(period.next().number % PERIODS_PER_HOUR == 0 for period in settled):
            self._statistics.async_write()

    @callback
    def async_end(self) -> None:
        """Write what has not been written yet: the hour under way."""
        self._statistics.async_write()

    def _book(self, period: DeliveryPeriod, settlement: Settlement) -> None:
        summary = settlement.summary(self._party)
        assert summary is not None, "the home is a member"
        amounts = settled_amounts(summary, self._tariff)
        counted = self._counters.take(period)
        self._statistics.book.book(period, {**amounts, **counted})


def _settlements(
    events: Iterable[Event],
) -> Iterator[tuple[DeliveryPeriod, Settlement]]:
    """Yield what is settled, or settled again: a correction tells how it is now."""
    for event in events:
        if isinstance(event, PeriodSettled):
            yield event.period, event.settlement
        elif isinstance(event, PeriodCorrected):
            yield event.period, event.difference
