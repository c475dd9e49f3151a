"""The accounts of a real home: what is settled goes into its statistics.

Only what is shared with neighbours: of a home alone its own meter tells everything.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store
from homeassistant.util.json import JsonValueType

from ..const import DOMAIN, LOGGER
from ..engine.ledger.settlement import Settlement
from ..engine.model.period import DeliveryPeriod
from ..engine.node import Event
from ..texts import async_common_texts
from .energy_book import EnergyBook
from .flows import SETTLED, USED, Flow, settled_amounts, settlements, used_amounts
from .statistics import WrittenStatistics

if TYPE_CHECKING:
    from ..data import CommonWattConfigEntry, CommonWattData

STORE_VERSION: Final = 1
ENERGY: Final = "energy"
FLOWS: Final = (*SETTLED, *USED.values(), Flow.CARBON)


class HomeAccounts:
    """Books what the node settles while the entry is loaded, and writes it down."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: CommonWattConfigEntry,
        data: CommonWattData,
        *,
        book: EnergyBook,
        names: Mapping[Flow, str],
    ) -> None:
        self._hass: Final = hass
        self._entry: Final = entry
        self._data: Final = data
        self._store: Final = _store(hass, entry.entry_id)
        self._statistics: Final = WrittenStatistics(
            hass, book, names, place=entry.entry_id
        )
        self._turns: Final = asyncio.Lock()
        self._has_offered = False

    @callback
    def async_start(self) -> None:
        """Follow the node."""
        unload = self._entry.async_on_unload
        unload(self._data.market.async_listen_to_events(self._hear))

    @callback
    def _hear(self, events: Iterable[Event]) -> None:
        settled = {
            period: settlement
            for period, settlement in settlements(events)
            if len(settlement.parties) > 1
        }
        if settled:
            self._entry.async_create_task(
                self._hass, self._book(settled), "commonwatt accounts"
            )

    async def _book(self, settled: Mapping[DeliveryPeriod, Settlement]) -> None:
        """Book periods, keep the book, then write the hours that have changed."""
        async with self._turns:
            for period, settlement in settled.items():
                await self._enter(period, settlement)
            await self._store.async_save(self._statistics.book.as_data())
            self._statistics.async_write()
            await self._offer()

    async def _offer(self) -> None:
        """Offer, once after each start, to show neighbours in the dashboard."""
        if self._has_offered or ENERGY not in self._hass.config.components:
            return
        self._has_offered = True
        # Only now: whoever does without the dashboard does without its code.
        offer = await self._hass.async_add_import_executor_job(_offering)
        await offer(self._hass, self._entry)

    async def _enter(self, period: DeliveryPeriod, settlement: Settlement) -> None:
        summary = settlement.summary(self._data.market.party)
        if summary is None:
            return
        amounts = dict(settled_amounts(summary, self._data.home.tariff()))
        try:
            figures = await self._data.ask(lambda node, _: node.figures(period))
        except RuntimeError:
            LOGGER.debug("The node has stopped: the origin of a period stays unknown")
        else:
            if figures is not None:
                amounts.update(used_amounts(figures.mix))
        self._statistics.book.book(period, amounts)


async def async_keep_accounts(
    hass: HomeAssistant, entry: CommonWattConfigEntry
) -> None:
    """Begin to keep the accounts of a home; the demo keeps its own."""
    data = entry.runtime_data
    if data.demo is not None:
        return
    texts = await async_common_texts(hass)
    names = {
        flow: texts[f"statistic_{flow}"].format(home=entry.title) for flow in FLOWS
    }
    kept = await _store(hass, entry.entry_id).async_load()
    book = EnergyBook.resume(FLOWS, kept) if kept else EnergyBook(FLOWS)
    HomeAccounts(hass, entry, data, book=book, names=names).async_start()


async def async_forget_accounts(hass: HomeAssistant, entry_id: str) -> None:
    """Delete the book of a home that is gone; its statistics are the owner's."""
    await _store(hass, entry_id).async_remove()


def _offering() -> Callable[[HomeAssistant, CommonWattConfigEntry], Awaitable[None]]:
    from .dashboard import async_offer  # noqa: PLC0415

    return async_offer


def _store(hass: HomeAssistant, entry_id: str) -> Store[dict[str, JsonValueType]]:
    return Store(hass, STORE_VERSION, f"{DOMAIN}.accounts.{entry_id}")
