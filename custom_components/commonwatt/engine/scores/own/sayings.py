"""What a home says of a period before its gate closes, and how that is found.

It has several guesses: its plan, its forecast, its habit.  Around each it lays the
errors that guess has made at this time of day, and it says the one that would have
served best.  What was said once stays said: nothing learned later can better it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ...model.period import DeliveryPeriod, Instant
from ...model.units import ENERGY_WH_MAX
from ..evidence import PERIODS_A_DAY, day_of
from ..honesty import (
    CLIMATOLOGY_DAYS,
    HonestyPeriod,
    Quantiles,
    climatology,
    quantile_loss,
)

DAYS_KEPT: Final = CLIMATOLOGY_DAYS + 2
NEARBY: Final = 2
"""Quarters before and after that tell of the same time of day."""

ERRORS_MIN: Final = 14
"""With fewer errors of a guess behind it, nobody knows how wrong it is."""

GUESSES_MAX: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One period: what was guessed, what was said, what the meter counted."""

    period: DeliveryPeriod
    guesses_wh: tuple[int | None, ...] = ()
    """Net import as each guess had it, None where it had none."""

    report: Quantiles | None = None
    actual_wh: int | None = None


class Sayings:
    """Keeps four weeks of what was said and what came.  Asks no clock."""

    def __init__(self, kept: Iterable[Saying] = ()) -> None:
        """Go on with what is ``kept``."""
        self._kept = {one.period: one for one in kept}

    def all(self) -> tuple[Saying, ...]:
        """Return all that is kept, in order."""
        return tuple(self._kept[period] for period in sorted(self._kept))

    def say(
        self,
        period: DeliveryPeriod,
        guesses_wh: Sequence[int | None],
        *,
        now: Instant,
        closes_at: Instant,
    ) -> Quantiles | None:
        """Say what to expect of a period; None: nothing could be said.

        Once said, and from gate closure on, nothing is said any more.
        """
        known = self._kept.get(period)
        if now >= closes_at or (known is not None and known.guesses_wh):
            return None if known is None else known.report
        guesses = (
            *(_bounded(guess) for guess in guesses_wh[: GUESSES_MAX - 1]),
            self._habit(period),
        )
        report = self._report(period, guesses)
        self._kept[period] = Saying(period=period, guesses_wh=guesses, report=report)
        return report

    def hear(self, period: DeliveryPeriod, actual_wh: int) -> None:
        """Take in what the meter counted, or what a correction made of it."""
        known = self._kept.get(period) or Saying(period=period)
        self._kept[period] = replace(known, actual_wh=actual_wh)

    def forget(self, before_day: int) -> None:
        """Drop what is older than anything asks for."""
        oldest = before_day - DAYS_KEPT
        self._kept = {p: one for p, one in self._kept.items() if day_of(p) >= oldest}

    def judged(self, day: int) -> tuple[HonestyPeriod, ...]:
        """Return the periods of a day that can be scored."""
        return tuple(self._judged(day))

    def _judged(self, day: int) -> Iterator[HonestyPeriod]:
        first = DeliveryPeriod(day * PERIODS_A_DAY)
        for quarter in range(PERIODS_A_DAY):
            one = self._kept.get(first.next(quarter))
            if one is None or one.actual_wh is None:
                continue
            reference = self._reference(one.period)
            if reference is not None:
                yield HonestyPeriod(
                    actual_wh=one.actual_wh, report=one.report, reference=reference
                )

    def _reference(self, period: DeliveryPeriod) -> Quantiles | None:
        """Return what the home's own meter says is usual in this quarter."""
        past = (self._actual(period, days) for days in range(1, CLIMATOLOGY_DAYS + 1))
        return climatology([wh for wh in past if wh is not None])

    def _actual(self, period: DeliveryPeriod, days_ago: int) -> int | None:
        known = self._kept.get(period.next(-days_ago * PERIODS_A_DAY))
        return None if known is None else known.actual_wh

    def _habit(self, period: DeliveryPeriod) -> int | None:
        usual = self._reference(period)
        return None if usual is None else usual.p50_wh

    def _report(
        self, period: DeliveryPeriod, guesses: Sequence[int | None]
    ) -> Quantiles | None:
        """Return the guess that served best, with its errors around it."""
        best: tuple[int, Quantiles] | None = None
        for index, guess in enumerate(guesses):
            errors = self._errors(period, index)
            if guess is None or len(errors) < ERRORS_MIN:
                continue
            spread = climatology(errors)
            assert spread is not None, "more errors than a climatology needs"
            loss = sum(quantile_loss(error, spread) for error in errors)
            mean_loss = loss // len(errors)
            if best is None or mean_loss < best[0]:
                best = mean_loss, _around(guess, spread)
        return self._reference(period) if best is None else best[1]

    def _errors(self, period: DeliveryPeriod, index: int) -> list[int]:
        """Return how far a guess was off about this time on the days before."""
        found = []
        for days in range(1, CLIMATOLOGY_DAYS + 1):
            for near in range(-NEARBY, NEARBY + 1):
                one = self._kept.get(period.next(near - days * PERIODS_A_DAY))
                if one is None or one.actual_wh is None:
                    continue
                if index < len(one.guesses_wh):
                    guess = one.guesses_wh[index]
                    if guess is not None:
                        found.append(one.actual_wh - guess)
        return found


def said_of(sayings: Iterable[Saying]) -> Mapping[DeliveryPeriod, Quantiles]:
    """Return what was said, by period."""
    return {one.period: one.report for one in sayings if one.report is not None}


def _around(guess_wh: int, spread: Quantiles) -> Quantiles:
    p10, p50, p90 = (_bound(guess_wh + wh) for wh in spread.levels_wh)
    return Quantiles(p10_wh=p10, p50_wh=p50, p90_wh=p90)


def _bounded(guess_wh: int | None) -> int | None:
    return None if guess_wh is None else _bound(guess_wh)


def _bound(energy_wh: int) -> int:
    return max(-ENERGY_WH_MAX, min(ENERGY_WH_MAX, energy_wh))
