"""One price, or one carbon intensity: now, announced, and learned from the past."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ...engine.forecast.signals import DAYS_REMEMBERED, PERIODS_PER_DAY, expect
from ...engine.model.period import DeliveryPeriod, Instant, instant_from_datetime
from ...quantities import StateProblem, number_of, unit_of
from ...references import EntityRef, resolve, state_of
from .offers import answers
from .series import ByPeriod, Series
from .shapes import series_in_answer, series_in_attributes

PERIODS_REMEMBERED: Final = DAYS_REMEMBERED * PERIODS_PER_DAY

type Factor = Callable[[str], float | None]
"""What turns a number in some unit into our integers; None: the unit does not fit."""


class Source:
    """What one entity says of the present and the coming days.

    ``more`` are entities that only tell the future of the same quantity, in its unit
    unless they have one of their own.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entity: EntityRef,
        more: Iterable[EntityRef] = (),
        *,
        factor: Factor,
    ) -> None:
        self.entity: Final = entity
        self.known: Final[ByPeriod] = {}
        """Past and announced values by period."""

        self._hass: Final = hass
        self._more: Final = tuple(more)
        self._factor: Final = factor
        self._now: int | None = None
        self._expected: Final[dict[DeliveryPeriod, int | None]] = {}
        """What was worked out since we looked last: every plan asks for the same."""

        self._flat: bool | None = None

    @property
    def entities(self) -> tuple[EntityRef, ...]:
        """Everybody who tells something."""
        return self.entity, *self._more

    @property
    def known_until(self) -> Instant:
        """End of what is known."""
        return max((p.end for p in self.known), default=Instant(0))

    def remember(self, values: Mapping[DeliveryPeriod, int]) -> None:
        """Take over what was known before a restart."""
        self.known.update(values)
        self._think_again()

    def look(self, moment: datetime) -> None:
        """Read what the entities show now."""
        now = instant_from_datetime(moment)
        self._now = self._present()
        period = DeliveryPeriod.containing(now)
        if self._now is not None:
            self.known.setdefault(period, self._now)
        today = dt_util.as_local(moment).date()
        unit = unit_of(state_of(self._hass, self.entity))
        for ref in self.entities:
            state = state_of(self._hass, ref)
            series = state and series_in_attributes(state.attributes, today)
            if series:
                own = unit_of(state)
                fallback = own if self._factor(own) is not None else unit
                self._take(series, fallback, now)
        self._forget(period)
        self._think_again()

    async def ask(self, moment: datetime) -> None:
        """Ask the integration behind the entity for what it does not show."""
        entity_id = resolve(self._hass, self.entity)
        if entity_id is None:
            return
        now = instant_from_datetime(moment)
        best: tuple[float, ByPeriod] | None = None
        async for offer, found in answers(self._hass, entity_id):
            for values in self._candidates(found, offer.unit, now):
                distance = self._distance(values, now)
                if best is None or distance < best[0]:
                    best = distance, values
        if best is not None:
            self.remember(best[1])

    def at(self, period: DeliveryPeriod, now: Instant) -> int | None:
        """Return what is known or expected of a period; None if nothing is.

        A value that did not change for a day is taken to stay.
        """
        present = DeliveryPeriod.containing(now)
        if period == present and self._now is not None:
            return self._now
        if period in self.known:
            return self.known[period]
        if self._flat is None:
            self._flat = self._is_flat(present)
        if self._now is not None and self._flat:
            return self._now
        if period not in self._expected:
            self._expected[period] = expect(self.known, period)
        expected = self._expected[period]
        return self._now if expected is None else expected

    def _present(self) -> int | None:
        state = state_of(self._hass, self.entity)
        value, factor = number_of(state), self._factor(unit_of(state))
        if isinstance(value, StateProblem) or factor is None:
            return None
        return round(value * factor)

    def _take(self, series: Series, unit: str, now: Instant) -> None:
        factor = self._factor(series.unit or unit)
        if factor is not None:
            self.known.update(series.by_period(factor, around=now))

    def _candidates(
        self, found: list[object], unit: str, now: Instant
    ) -> Iterable[ByPeriod]:
        """Return each series of the answers; days of the same name belong together."""
        columns = [list(series_in_answer(answer)) for answer in found]
        for index in range(max(map(len, columns), default=0)):
            values: ByPeriod = {}
            for column in columns:
                if index >= len(column):
                    continue
                factor = self._factor(column[index].unit or unit)
                if factor is not None:
                    values |= column[index].by_period(factor, around=now)
            if values:
                yield values

    def _distance(self, values: ByPeriod, now: Instant) -> float:
        """Return how far a series is from what the entity shows: which one is it?"""
        there = values.get(DeliveryPeriod.containing(now))
        if there is None or self._now is None:
            return float("inf")
        return abs(there - self._now)

    def _is_flat(self, present: DeliveryPeriod) -> bool:
        """Tell whether there was one value only, all day: it needs no profile."""
        day = (self.known.get(present.next(-i)) for i in range(1, PERIODS_PER_DAY + 1))
        seen = {value for value in day if value is not None}
        ahead = any(period > present for period in self.known)
        return len(seen) <= 1 and not ahead

    def _think_again(self) -> None:
        self._expected.clear()
        self._flat = None

    def _forget(self, present: DeliveryPeriod) -> None:
        oldest = present.next(-PERIODS_REMEMBERED)
        for period in [period for period in self.known if period < oldest]:
            del self.known[period]
