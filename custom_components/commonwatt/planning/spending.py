"""What today has cost so far, each settled delivery period at its own price."""

from collections.abc import Callable
from typing import Final

from ..engine.model.period import DeliveryPeriod, Instant
from ..engine.model.tariff import Tariff
from ..engine.node import NodeStatus
from ..local_day import day_started_at

type TariffIn = Callable[[DeliveryPeriod, Instant], Tariff | None]


class Spending:
    """Follows the settled energy of one home through the day.

    What was settled before we came is counted at the mean price of the day so far.
    """

    def __init__(self, tariff_in: TariffIn) -> None:
        """Ask ``tariff_in`` for the price of a period, past ones included."""
        self._tariff_in: Final = tariff_in
        self._day: Instant | None = None
        self._import_wh = 0
        self._export_wh = 0
        self._nano: int | None = 0
        """At the retailer's prices; None while a price is unknown."""

        self._saved_nano: int | None = None

    @property
    def nano(self) -> int | None:
        """Cost of today's settled periods, savings taken off; None if unknown."""
        if self._nano is None or self._saved_nano is None:
            return None
        return self._nano - self._saved_nano

    def take(self, status: NodeStatus) -> None:
        """Take in what was settled since the last time."""
        day, came_late = day_started_at(status.at), self._day is None
        if day != self._day:
            self._day, self._import_wh, self._export_wh, self._nano = day, 0, 0, 0
        import_wh = status.import_wh_today - self._import_wh
        export_wh = status.export_wh_today - self._export_wh
        self._import_wh = status.import_wh_today
        self._export_wh = status.export_wh_today
        self._saved_nano = status.saved_nano_today
        if import_wh or export_wh:
            self._add(import_wh, export_wh, self._periods(status, came_late=came_late))

    def _periods(
        self, status: NodeStatus, *, came_late: bool
    ) -> tuple[DeliveryPeriod, ...]:
        """Return the periods whose prices count for what is new."""
        last = status.last_settled or status.period
        if not came_late:
            return (last,)
        assert self._day is not None, "a day is under way"
        first = DeliveryPeriod.containing(self._day)
        count = max(1, last.number - first.number + 1)
        return tuple(last.next(-back) for back in range(count))

    def _add(
        self, import_wh: int, export_wh: int, periods: tuple[DeliveryPeriod, ...]
    ) -> None:
        now = max(periods).end
        tariffs = [self._tariff_in(period, now) for period in periods]
        known = [tariff for tariff in tariffs if tariff is not None]
        if not known or self._nano is None:
            self._nano = None
            return
        buy = sum(tariff.import_micro_per_kwh for tariff in known)
        sell = sum(tariff.feed_in_micro_per_kwh for tariff in known)
        self._nano += (import_wh * buy - export_wh * sell) // len(known)
