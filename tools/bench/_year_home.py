"""A recorded home-year with real prices, and plain forecasts from its past."""

import csv
from dataclasses import dataclass
from datetime import datetime
import gzip
from pathlib import Path
from typing import Final

import numpy as np

DAY: Final = 48
"""Half hours in a day."""

FEES: Final = 0.16
"""EUR/kWh on top of the day-ahead price of what is bought."""

WEEKS: Final = 4
SUNNY_DAYS: Final = 7
PUBLISHED: Final = 24
"""Half hour of the day (UTC) from which on the next day's prices are known."""

WEEK_S: Final = 7 * 86_400
LAST_DAYS: Final = 14


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Year:
    """Half hours of a home; all arrays are as long."""

    start: int
    """Milliseconds since the epoch of the first half hour."""

    load_w: np.ndarray
    production_w: np.ndarray
    buy: np.ndarray
    """EUR/kWh, as is ``sell``."""

    sell: np.ndarray
    filled: int
    """Half hours without a recorded load, filled from the same time a week before."""


def read_year(folder: Path, *, days: int) -> Year:
    """Return the recorded home from its first midnight on."""
    with gzip.open(folder / "homes" / "emhass_home_30min.csv.gz", "rt") as file:
        rows = list(csv.reader(file))[1:]
    first = next(i for i, row in enumerate(rows) if row[0].endswith(" 00:00:00+00:00"))
    rows = rows[first : first + min(days, (len(rows) - first) // DAY) * DAY]
    instants = [int(datetime.fromisoformat(row[0]).timestamp()) for row in rows]
    load = [float(row[1]) if row[1] else None for row in rows]
    prices = _prices(folder, instants)
    return Year(
        start=instants[0] * 1000,
        load_w=_filled(load),
        production_w=np.array([max(float(row[2] or 0), 0.0) for row in rows]),
        buy=prices + FEES,
        sell=prices,
        filled=sum(value is None for value in load),
    )


def expected(
    year: Year, now: int, ahead: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return load, production and prices expected from ``now`` on.

    Load: the mean of the same half hour of the same weekday in the last four weeks and
    of the last days, corrected by how far off it was just now.  Sun: the mean of the
    last days, scaled by how bright the last hours were.  Prices: as published; later
    ones as in the last days.
    """
    steps = range(now, min(now + ahead, len(year.load_w)))
    usual = np.array([_usual_load(year, now, step) for step in steps])
    sun = np.array(
        [_recent(year.production_w, now, step, SUNNY_DAYS) for step in steps]
    )
    later = np.arange(len(steps))
    if now > DAY:
        before = np.array(
            [_usual_load(year, now - 2, step) for step in range(now - 2, now)]
        )
        off = float((year.load_w[now - 2 : now] - before).mean())
        usual = np.maximum(usual + off * 0.7 ** (later + 1), 0.0)
        sun = sun * _brightness(year, now, later)
    prices = expected_prices(year, now, len(steps))
    return usual, sun, prices + FEES, prices


def expected_prices(year: Year, now: int, count: int) -> np.ndarray:
    """Return day-ahead prices as published; later ones as in the last days."""
    day_end = (now // DAY + (2 if now % DAY >= PUBLISHED else 1)) * DAY
    return np.array(
        [
            year.sell[step]
            if step < day_end
            else _recent(year.sell, now, step, SUNNY_DAYS)
            for step in range(now, now + count)
        ]
    )


def _usual_load(year: Year, now: int, step: int) -> float:
    """Return the mean load of a time of day, from the past of ``now`` only."""
    weeks = [step - week * 7 * DAY for week in range(1, WEEKS + 1)]
    same = [year.load_w[at] for at in weeks if 0 <= at < now]
    recent = _recent(year.load_w, now, step, LAST_DAYS)
    return float(0.5 * np.mean(same) + 0.5 * recent) if same else recent


def _recent(values: np.ndarray, now: int, step: int, days: int) -> float:
    """Return the mean of the same half hour on the last days before ``now``."""
    last = step - ((step - now) // DAY + 1) * DAY
    past = [at for at in range(last, last - days * DAY, -DAY) if 0 <= at < now]
    if past:
        return float(values[past].mean())
    return float(values[:now].mean()) if now else float(values[0])


def _brightness(year: Year, now: int, later: np.ndarray) -> np.ndarray:
    """Return how much brighter than usual it is, and will be for some hours."""
    hours = slice(max(now - 6, 0), now)
    usual = sum(
        _recent(year.production_w, at, at, SUNNY_DAYS) for at in range(now - 6, now)
    )
    bright = float(year.production_w[hours].sum()) / usual if usual > 1 else 1.0
    trust = 0.9**later
    return trust * min(max(bright, 0.2), 2.0) + (1 - trust)


def _prices(folder: Path, instants: list[int]) -> np.ndarray:
    """Return the day-ahead price of every instant, in EUR/kWh."""
    path = folder / "prices" / "energinet" / "price_hourly_2023_2024.csv.gz"
    with gzip.open(path, "rt") as file:
        known = {
            int(row["unix_utc"]): float(row["DE_eur_mwh"]) / 1000
            for row in csv.DictReader(file)
        }
    prices = []
    for instant in instants:
        hour = instant - instant % 3_600
        while hour not in known:
            hour -= 52 * WEEK_S
        prices.append(known[hour])
    return np.array(prices)


def _filled(values: list[float | None]) -> np.ndarray:
    filled: list[float] = []
    for step, value in enumerate(values):
        week_ago = filled[step - 7 * DAY] if step >= 7 * DAY else 300.0
        filled.append(week_ago if value is None else value)
    return np.array(filled)
