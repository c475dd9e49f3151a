"""The book a home keeps of itself: periods come in, days and deeds come out.

Not thread-safe; does nothing by itself.  What meters counted comes from settlements,
the rest from the home's own devices and plans.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ...model.period import DAY_MS, HOUR_MS, DeliveryPeriod, Instant
from ...model.units import div_floor
from ..evidence import day_of
from ..honesty import Quantiles, losses_of
from .hindsight import Store, hindsight
from .periods import HomeDay, Metered, Seen
from .sayings import Saying, Sayings

DAYS_KEPT: Final = 400
CLOSE_AFTER_MS: Final = 2 * HOUR_MS
"""How long after midnight the last readings of a day are waited for."""

GREEN_PERIODS: Final = 6 * 4
WEEKS_KEPT: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSaved:
    """What the book needs to go on after a restart."""

    days: tuple[HomeDay, ...] = ()
    seen: tuple[Seen, ...] = ()
    metered: tuple[tuple[DeliveryPeriod, Metered], ...] = ()
    sayings: tuple[Saying, ...] = ()
    joined: frozenset[int] = frozenset()
    """Days before whose evening the home said that it takes part."""

    trainings: tuple[tuple[int, bool], ...] = ()
    """Weeks in which the community trained, and whether this home taught."""

    missions: tuple[tuple[int, bool], ...] = ()
    """First days of missions that are over, and whether they were done."""

    storms: int = 0
    closed_until: int = 0
    """First day that is not closed yet."""


class OwnBook:
    """Keeps what one home knows of itself."""

    def __init__(self, saved: OwnSaved | None = None) -> None:
        """Open the book as it was saved."""
        found = saved or OwnSaved()
        self.sayings: Final = Sayings(found.sayings)
        self._days = {one.day: one for one in found.days}
        self._seen = {one.period: one for one in found.seen}
        self._metered = dict(found.metered)
        self._joined = found.joined
        self._trainings = dict(found.trainings)
        self._missions = dict(found.missions)
        self._storms = found.storms
        self._closed_until = found.closed_until

    # ------------------------------------------------------------- what comes in

    def say(
        self,
        period: DeliveryPeriod,
        guesses_wh: Sequence[int | None],
        *,
        now: Instant,
        closes_at: Instant,
    ) -> Quantiles | None:
        """Say what to expect of a period: see ``Sayings``."""
        return self.sayings.say(period, guesses_wh, now=now, closes_at=closes_at)

    def see(self, seen: Seen) -> None:
        """Take in what the devices showed in a period."""
        if day_of(seen.period) >= self._closed_until:
            self._seen[seen.period] = seen

    def meter(self, period: DeliveryPeriod, metered: Metered) -> None:
        """Take in what the meter counted, or what a correction made of it."""
        self.sayings.hear(period, metered.net_wh)
        if day_of(period) >= self._closed_until:
            self._metered[period] = metered

    def join(self, day: int) -> None:
        """Take part in the evening of a day."""
        self._joined |= {day}

    def trained(self, week: int, *, taught: bool) -> None:
        """Remember a training of the community."""
        self._trainings[week] = taught or self._trainings.get(week, False)

    def mission_over(self, first_day: int, *, done: bool) -> None:
        """Remember how a mission ended."""
        self._missions[first_day] = done

    def storm_kept(self) -> None:
        """Remember that the reserve was kept through an alert."""
        self._storms += 1

    # -------------------------------------------------------------- what comes out

    @property
    def days(self) -> tuple[HomeDay, ...]:
        """Every closed day, in order."""
        return tuple(self._days[day] for day in sorted(self._days))

    @property
    def joined(self) -> frozenset[int]:
        """Days before whose evening the home said that it takes part."""
        return self._joined

    @property
    def trainings(self) -> tuple[tuple[int, bool], ...]:
        """Weeks of trainings, and whether this home taught in them."""
        return tuple(sorted(self._trainings.items()))

    @property
    def missions(self) -> tuple[tuple[int, bool], ...]:
        """First days of missions that are over, and whether they were done."""
        return tuple(sorted(self._missions.items()))

    @property
    def storms(self) -> int:
        """Alerts through which the reserve was kept."""
        return self._storms

    def close(self, now: Instant, store: Store | None) -> None:
        """Close the days that are over, ``store`` being all batteries of the home."""
        until = div_floor(now - CLOSE_AFTER_MS, DAY_MS)
        known = {day_of(period) for period in (*self._seen, *self._metered)}
        for day in sorted(day for day in known if day < until):
            self._days[day] = self._closed(day, store)
        self._closed_until = max(self._closed_until, until)
        self._seen = {p: s for p, s in self._seen.items() if day_of(p) >= until}
        self._metered = {p: m for p, m in self._metered.items() if day_of(p) >= until}
        self.sayings.forget(until)
        self._forget()

    def save(self) -> OwnSaved:
        """Return everything the book knows."""
        return OwnSaved(
            days=self.days,
            seen=tuple(self._seen[period] for period in sorted(self._seen)),
            metered=tuple(sorted(self._metered.items(), key=lambda one: one[0])),
            sayings=self.sayings.all(),
            joined=self._joined,
            trainings=self.trainings,
            missions=self.missions,
            storms=self._storms,
            closed_until=self._closed_until,
        )

    def _closed(self, day: int, store: Store | None) -> HomeDay:
        both = sorted(
            period
            for period in self._seen.keys() & self._metered.keys()
            if day_of(period) == day
        )
        seen = [self._seen[period] for period in both]
        metered = [self._metered[period] for period in both]
        carbon = [one.carbon_g_per_kwh for one in seen]
        prices = [price for price in carbon if price is not None]
        is_known = bool(prices) and len(prices) == len(carbon)
        losses = losses_of(self.sayings.judged(day))
        return HomeDay(
            day=day,
            periods=len(both),
            used_wh=sum(one.used_wh for one in seen),
            made_wh=sum(one.made_wh for one in seen),
            energy=hindsight(seen, metered, store, prices=[1] * len(seen)),
            carbon=hindsight(seen, metered, store, prices=prices) if is_known else None,
            car_wh=sum(one.car_wh for one in seen) if is_known else 0,
            car_green_wh=_green_wh(seen, prices) if is_known else 0,
            loss=losses.loss,
            usual_loss=losses.usual,
        )

    def _forget(self) -> None:
        for day in sorted(self._days)[:-DAYS_KEPT]:
            del self._days[day]
        for first_day in sorted(self._missions)[:-WEEKS_KEPT]:
            del self._missions[first_day]
        for week in sorted(self._trainings)[:-WEEKS_KEPT]:
            del self._trainings[week]
        oldest = self._closed_until - DAYS_KEPT
        self._joined = frozenset(day for day in self._joined if day >= oldest)


def _green_wh(seen: Iterable[Seen], prices: Sequence[int]) -> int:
    """Return what cars took in the six greenest hours of a day.

    Of hours that are as green as each other, those six take their part.
    """
    charged = list(zip(prices, (one.car_wh for one in seen), strict=True))
    limit = sorted(prices)[min(GREEN_PERIODS, len(prices)) - 1]
    below = [car_wh for price, car_wh in charged if price < limit]
    tied = [car_wh for price, car_wh in charged if price == limit]
    places = min(GREEN_PERIODS, len(prices)) - len(below)
    return sum(below) + div_floor(sum(tied) * places, len(tied))
