"""The prices and the carbon of every step of a plan."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Final, Protocol

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.event import (
    async_track_state_change_event,
    async_track_utc_time_change,
)
from homeassistant.util import dt as dt_util

from ...engine.dispatch.home import Horizon, Prices
from ...engine.forecast.signals import (
    CarbonBasis,
    CarbonForecast,
    for_steering,
)
from ...engine.model.period import (
    DAY_MS,
    HOUR_MS,
    DeliveryPeriod,
    Instant,
    datetime_from_instant,
    instant_from_datetime,
)
from ...engine.model.tariff import Tariff
from ...engine.model.units import div_round
from ...quantities import carbon_factor, price_factor
from ...references import EntityRef, resolve
from ...settings import HomeSettings
from ...tariff import TariffSource
from .memory import Memory
from .source import Source

MINUTES: Final = (1, 16, 31, 46)
"""A little after a delivery period began, so that entities show its price."""

MG_PER_G: Final = 1_000

type Steps = tuple[int | None, ...]


class Outlook(Protocol):
    """What the coming days cost and emit."""

    def prices(self, horizon: Horizon) -> Prices:
        """Return the prices and the carbon of every step."""
        ...

    def tariff_in(self, period: DeliveryPeriod, now: Instant) -> Tariff | None:
        """Return the tariff of a period, past or to come; None if it is unknown."""
        ...

    def carbon_in(self, period: DeliveryPeriod, now: Instant) -> int | None:
        """Return the grid's g per kWh in a period; None if it is unknown."""
        ...


class FlatOutlook:
    """The tariff of now, for ever: a home whose street has one price."""

    def __init__(
        self,
        tariff: Callable[[], Tariff | None],
        carbon: Callable[[DeliveryPeriod], int] | None = None,
    ) -> None:
        """Ask ``tariff`` whenever a plan is made; plan without regard to ``carbon``."""
        self._tariff: Final = tariff
        self._carbon: Final = carbon

    def prices(self, horizon: Horizon) -> Prices:
        """Return the same price for every step."""
        tariff, count = self._tariff(), len(horizon)
        buy = None if tariff is None else tariff.import_micro_per_kwh
        sell = None if tariff is None else tariff.feed_in_micro_per_kwh
        return Prices(
            import_micro_per_kwh=(buy,) * count, export_micro_per_kwh=(sell,) * count
        )

    def tariff_in(
        self,
        period: DeliveryPeriod,  # noqa: ARG002  # the protocol's signature
        now: Instant,  # noqa: ARG002  # the protocol's signature
    ) -> Tariff | None:
        """Return the same for every period."""
        return self._tariff()

    def carbon_in(
        self,
        period: DeliveryPeriod,
        now: Instant,  # noqa: ARG002  # the protocol's signature
    ) -> int | None:
        """Return the carbon the street's grid is said to have."""
        return None if self._carbon is None else self._carbon(period)


class OutlookRuntime:
    """What a real home's entities tell of prices and carbon."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, settings: HomeSettings
    ) -> None:
        self._hass: Final = hass
        self._entry: Final = entry
        self._tariff: Final = TariffSource(hass=hass, settings=settings.tariff)
        self._sources: Final = _sources(hass, settings)
        self._memory: Final = Memory(hass, entry.entry_id)
        self._asked_at = Instant(0)

    @property
    def sources(self) -> Mapping[str, Source]:
        """By what they tell: energy, feed_in, carbon, carbon_marginal."""
        return self._sources

    async def async_start(self, on_news: Callable[[], None]) -> None:
        """Remember what was known, look and ask, and go on doing so."""
        await self._memory.load(self._sources)
        self._look()
        entry, hass = self._entry, self._hass
        entry.async_create_background_task(hass, self._ask(on_news), "commonwatt ask")

        @callback
        def changed(_event: Event[EventStateChangedData]) -> None:
            self._look()

        async def due(_moment: datetime) -> None:
            self._look()
            if self._wants_to_ask():
                await self._ask(on_news)

        entry.async_on_unload(
            async_track_state_change_event(hass, self._entity_ids(), changed)
        )
        entry.async_on_unload(
            async_track_utc_time_change(hass, due, minute=MINUTES, second=0)
        )

    def prices(self, horizon: Horizon) -> Prices:
        """Return the prices and the carbon of every step, as far as known."""
        periods = _periods(horizon)
        tariffs = [self.tariff_in(period, horizon.start) for period in periods]
        buys = [None if t is None else t.import_micro_per_kwh for t in tariffs]
        sells = [None if t is None else t.feed_in_micro_per_kwh for t in tariffs]
        carbon = self._carbon(periods, horizon.start)
        return Prices(
            import_micro_per_kwh=_by_step(
                horizon, dict(zip(periods, buys, strict=True))
            ),
            export_micro_per_kwh=_by_step(
                horizon, dict(zip(periods, sells, strict=True))
            ),
            carbon_g_per_kwh=_by_step(horizon, carbon) if carbon else (),
        )

    def tariff_in(self, period: DeliveryPeriod, now: Instant) -> Tariff | None:
        """Return the tariff of a period, past or to come; None if it is unknown."""
        settings = self._tariff.settings
        if "energy" in self._sources:
            energy = self._sources["energy"].at(period, now)
        else:
            local = dt_util.as_local(datetime_from_instant(period.start))
            told = self._tariff.energy_at(local)
            energy = told if isinstance(told, int) else None
        if "feed_in" in self._sources:
            feed_in = self._sources["feed_in"].at(period, now)
        else:
            assert isinstance(settings.feed_in, int), "an entity has a source"
            feed_in = settings.feed_in
        if energy is None or feed_in is None:
            return None
        return self._tariff.tariff(energy=energy, feed_in=feed_in)

    def carbon_in(self, period: DeliveryPeriod, now: Instant) -> int | None:
        """Return the grid's g per kWh in a period, as plans go by it."""
        return self._carbon((period,), now).get(period)

    def _carbon(
        self, periods: tuple[DeliveryPeriod, ...], now: Instant
    ) -> dict[DeliveryPeriod, int | None]:
        """Return g per kWh of the one series to plan by; nothing if there is none."""
        average = self._intensity("carbon", CarbonBasis.AVERAGE, periods, now)
        marginal = self._intensity(
            "carbon_marginal", CarbonBasis.MARGINAL, periods, now
        )
        series = for_steering(average, marginal).mg_per_kwh
        if not series:
            return {}
        return {
            period: div_round(series[period], MG_PER_G) if period in series else None
            for period in periods
        }

    def _intensity(
        self,
        name: str,
        basis: CarbonBasis,
        periods: tuple[DeliveryPeriod, ...],
        now: Instant,
    ) -> CarbonForecast:
        source = self._sources.get(name)
        found = {p: source.at(p, now) for p in periods} if source else {}
        return CarbonForecast(
            basis=basis,
            mg_per_kwh={p: value for p, value in found.items() if value is not None},
        )

    @callback
    def _look(self) -> None:
        moment = dt_util.utcnow()
        for source in self._sources.values():
            source.look(moment)
        self._memory.save_soon(self._sources)

    async def _ask(self, on_news: Callable[[], None]) -> None:
        moment = dt_util.utcnow()
        self._asked_at = instant_from_datetime(moment)
        for source in self._sources.values():
            await source.ask(moment)
        on_news()

    def _wants_to_ask(self) -> bool:
        """Tell whether less than a day is known, or an hour has passed."""
        now = instant_from_datetime(dt_util.utcnow())
        ends = [source.known_until for source in self._sources.values()]
        short = min(ends, default=now) < now + DAY_MS
        return bool(self._sources) and (short or now - self._asked_at >= HOUR_MS)

    def _entity_ids(self) -> list[str]:
        found = (
            resolve(self._hass, ref)
            for source in self._sources.values()
            for ref in source.entities
        )
        return [entity_id for entity_id in found if entity_id is not None]


def _sources(hass: HomeAssistant, settings: HomeSettings) -> dict[str, Source]:
    def price(unit: str) -> float | None:
        return price_factor(unit, hass.config.currency)

    tariff, foresight = settings.tariff, settings.foresight
    sources: dict[str, Source] = {}
    if isinstance(tariff.energy, str):
        more: tuple[EntityRef, ...] = foresight.prices
        sources["energy"] = Source(hass, tariff.energy, more, factor=price)
    if isinstance(tariff.feed_in, str):
        sources["feed_in"] = Source(hass, tariff.feed_in, factor=price)
    if foresight.carbon is not None:
        sources["carbon"] = Source(hass, foresight.carbon, factor=carbon_factor)
    if foresight.carbon_marginal is not None:
        sources["carbon_marginal"] = Source(
            hass, foresight.carbon_marginal, factor=carbon_factor
        )
    return sources


def _periods(horizon: Horizon) -> tuple[DeliveryPeriod, ...]:
    period, periods = DeliveryPeriod.containing(horizon.start), []
    while period.start < horizon.end:
        periods.append(period)
        period = period.next()
    return tuple(periods)


def _by_step(horizon: Horizon, values: Mapping[DeliveryPeriod, int | None]) -> Steps:
    """Return the mean of every step; None where a part is unknown."""

    def means() -> Iterator[int | None]:
        for start, end in pairwise(horizon.boundaries):
            parts, period = [], DeliveryPeriod.containing(start)
            while period.start < end:
                parts.append(values.get(period))
                period = period.next()
            known = [part for part in parts if part is not None]
            whole = len(known) == len(parts)
            yield div_round(sum(known), len(known)) if whole else None

    return tuple(means())
