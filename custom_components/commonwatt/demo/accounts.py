"""The demo's accounts: what is settled goes into the statistics and the summary."""

from collections.abc import Mapping
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.json import JsonValueType

from ..accounts.energy_book import EnergyBook
from ..accounts.flows import COUNTED, SETTLED, Flow, settled_amounts, settlements
from ..accounts.statistics import WrittenStatistics
from ..engine.devices import ProcessImage
from ..engine.ledger.settlement import Settlement
from ..engine.model.party import PartyId
from ..engine.model.period import PERIODS_PER_HOUR, DeliveryPeriod
from ..engine.model.tariff import Tariff
from ..engine.simulation.neighbourhood import Drained
from .bookkeeping import CounterBook
from .summary import Tally

PLACE: Final = "demo"
"""What the ids of its statistics begin with."""

FLOWS: Final = (*SETTLED, *COUNTED)


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
        self._statistics: Final = WrittenStatistics(
            hass, EnergyBook(FLOWS), names, place=PLACE
        )
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
        settled = dict(settlements(drained.report))
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
