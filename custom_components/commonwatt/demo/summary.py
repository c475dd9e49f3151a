"""What has happened in the demo so far, as plain data for a script or a page."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from homeassistant.util.json import JsonValueType

from ..engine.simulation.neighbourhood import PeriodSummary

PERIODS_SHOWN: Final = 1000


@dataclass(slots=True)
class Tally:
    """Adds up what the delivery periods brought; keeps the last of them one by one."""

    periods_settled: int = 0
    _trades: int = 0
    _energy_wh: int = 0
    _saved_nano: int = 0
    _money_sum_nano: int = 0
    _energy_sum_wh: int = 0
    _price_min: int | None = None
    _price_max: int | None = None
    _rows: deque[dict[str, JsonValueType]] = field(
        default_factory=lambda: deque(maxlen=PERIODS_SHOWN)
    )

    def add(self, summaries: Iterable[PeriodSummary]) -> None:
        """Count in what has been settled since the last call."""
        for summary in summaries:
            self._add(summary)

    def _add(self, summary: PeriodSummary) -> None:
        self.periods_settled += 1
        self._trades += summary.trades
        self._energy_wh += summary.energy_traded_wh
        self._saved_nano += summary.my_saved_nano or 0
        self._money_sum_nano += summary.money_sum_nano
        self._energy_sum_wh += summary.energy_sum_wh
        price = summary.clearing_price_micro_per_kwh
        if price is not None and summary.trades:
            known = (self._price_min, self._price_max)
            prices = [price, *(p for p in known if p is not None)]
            self._price_min, self._price_max = min(prices), max(prices)
        self._rows.append(
            {
                "period": str(summary.period),
                "price_micro_per_kwh": price if summary.trades else None,
                "trades": summary.trades,
                "energy_wh": summary.energy_traded_wh,
                "my_position_wh": summary.my_position_wh,
                "my_saved_nano": summary.my_saved_nano,
            }
        )

    def as_data(self) -> dict[str, JsonValueType]:
        """Return totals and periods."""
        return {
            "periods_settled": self.periods_settled,
            "trades": self._trades,
            "energy_traded_wh": self._energy_wh,
            "clearing_price_micro_per_kwh": {
                "min": self._price_min,
                "max": self._price_max,
            },
            "my_saved_nano": self._saved_nano,
            "money_sum_nano": self._money_sum_nano,
            "energy_sum_wh": self._energy_sum_wh,
            "periods": list(self._rows),
        }
