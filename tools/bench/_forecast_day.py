"""What a forecast gains during its day, and the seconds a night of learning takes.

One real home in quarters of an hour: learned every tenth night, asked every hour, once
with and once without what the day has shown so far.
"""

import csv
from dataclasses import dataclass
from datetime import datetime
import gzip
from pathlib import Path
from time import process_time
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from custom_components.commonwatt.engine.forecast.load import forecast_load, learn_load
from custom_components.commonwatt.engine.forecast.series import PERIODS_PER_DAY, Series
from custom_components.commonwatt.engine.model.period import (
    DeliveryPeriod,
    datetime_from_instant,
)

FIRST_DAY: Final = 130
EVERY_DAYS: Final = 10
LEADS: Final = {"quarter": 0, "one_hour": 3, "four_hours": 15, "twelve_hours": 47}
PARIS: Final = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class Paris:
    """The calendar of the recorded home, which says nothing of holidays."""

    def local(self, period: DeliveryPeriod) -> tuple[int, int]:
        """Return day and minute in Paris."""
        moment = datetime_from_instant(period.start).astimezone(PARIS)
        return moment.toordinal(), moment.hour * 60 + moment.minute

    def kind(self, day: int) -> int:
        """Return the day of the week."""
        return (day - 1) % 7


def day_figures(folder: Path) -> dict[str, float]:
    """Return nMAE by lead with and without update, and the seconds of a night."""
    series, calendar = _recorded(folder), Paris()
    days = len(series.energy_wh) // PERIODS_PER_DAY
    errors: dict[str, list[tuple[float, float, float]]] = {lead: [] for lead in LEADS}
    night_s = []
    for day in range(FIRST_DAY, days - 3, EVERY_DAYS):
        midnight = series.first.next(day * PERIODS_PER_DAY)
        past = series.between(series.first, midnight)
        start = process_time()
        learned = learn_load(past, calendar, now=midnight.start)
        night_s.append(process_time() - start)
        for later in range(0, PERIODS_PER_DAY, 4):
            at = midnight.next(later)
            known = series.between(series.first, at)
            updated = forecast_load(learned, known, calendar, now=at.start)
            plain = forecast_load(learned, past, calendar, now=at.start)
            assert updated is not None, "a home of months is known"
            assert plain is not None, "a home of months is known"
            for name, lead in LEADS.items():
                truth = series.at(at.next(lead))
                if truth is not None:
                    errors[name].append(
                        (
                            abs(truth - float(updated.p50_wh[lead])),
                            abs(truth - float(plain.p50_wh[lead])),
                            truth,
                        )
                    )
    figures = {"night_s": round(max(night_s), 3)}
    for name, told in errors.items():
        updated_wh, plain_wh, came = np.array(told).sum(axis=0)
        figures[f"nmae_{name}"] = round(float(updated_wh / came), 4)
        figures[f"nmae_{name}_without_update"] = round(float(plain_wh / came), 4)
    return figures


def _recorded(folder: Path) -> Series:
    """Read the half hours of the home, each as two quarters."""
    with gzip.open(folder / "homes" / "emhass_home_30min.csv.gz", "rt") as file:
        rows = list(csv.reader(file))[1:]
    first = int(datetime.fromisoformat(rows[0][0]).timestamp()) // 900
    power_w = np.array([float(row[1] or "nan") for row in rows])
    return Series(DeliveryPeriod(first), np.repeat(power_w / 4, 2))
