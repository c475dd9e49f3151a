"""Recorded homes for the forecast benchmark, as whole local days."""

from collections.abc import Iterator
import csv
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import gzip
import os
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from custom_components.commonwatt.engine.forecast.load import (
    Days,
    Floats,
    Ints,
    LocalTimes,
    fold,
)

ROOT: Final = Path(__file__).resolve().parents[2]
HOURS_OUT_MAX: Final = 2
"""Longer runs of exactly zero are a sensor that was off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedSet:
    """Homes of one data set and how to walk through them."""

    name: str
    homes: tuple[Days, ...]
    history_days: tuple[int, ...]
    """How much of its own past the newcomer is given."""

    weeks: tuple[int, ...]
    """First days of the test weeks."""

    neighbour_days: int
    """0 where there is no neighbour."""


def data_folder(chosen: str | None) -> Path:
    """Return the folder of recorded data; SystemExit if there is none."""
    named = chosen or os.environ.get("COMMONWATT_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        raise SystemExit("recorded data: give --data DIR or set COMMONWATT_DATA")
    return folder


def recorded_sets(folder: Path) -> Iterator[RecordedSet]:
    """Yield the sets, each when it is needed."""
    homes = folder / "homes"
    yield RecordedSet(
        name="citylearn9",
        homes=tuple(_citylearn(homes / "citylearn9_hourly.npz")),
        history_days=(7, 14, 28, 90),
        weeks=tuple(range(182, 358, 7)),
        neighbour_days=180,
    )
    yield RecordedSet(
        name="hamlet",
        homes=tuple(_hamlet(path) for path in sorted(homes.glob("hamlet*/hh_*.csv"))),
        history_days=(7, 14, 28),
        weeks=(28, 35, 42),
        neighbour_days=28,
    )
    yield RecordedSet(
        name="emhass",
        homes=(_emhass(homes / "emhass_home_30min.csv.gz"),),
        history_days=(7, 14, 28, 90),
        weeks=tuple(range(100, 350, 21)),
        neighbour_days=0,
    )


def _citylearn(path: Path) -> Iterator[Days]:
    """Read hours of local standard time."""
    with np.load(path) as recorded:
        hours = recorded["time"].astype(np.int64)
        for load_kwh in recorded["load_kwh"].astype(np.float64):
            yield _in_days(load_kwh * 1000, hours * 60, steps=24)


def _hamlet(path: Path) -> Days:
    """Read mean power in W per quarter of an hour, from German homes."""
    with path.open(newline="") as file:
        rows = [(float(row[0]), float(row[1])) for row in list(csv.reader(file))[1:]]
    zone = ZoneInfo("Europe/Berlin")
    minutes = [_local_minutes(datetime.fromtimestamp(at, zone)) for at, _ in rows]
    power_w = np.array([power for _, power in rows])
    return _in_days(power_w / 4, np.array(minutes), steps=96)


def _emhass(path: Path) -> Days:
    """Read mean power in W per half hour, from a home in France."""
    with gzip.open(path, "rt", newline="") as file:
        rows = [
            (datetime.fromisoformat(row[0]), float(row[1] or "nan"))
            for row in list(csv.reader(file))[1:]
        ]
    zone = ZoneInfo("Europe/Paris")
    minutes = [_local_minutes(at.astimezone(zone)) for at, _ in rows]
    power_w = np.array([power for _, power in rows])
    return _in_days(_without_outages(power_w, 2) / 2, np.array(minutes), steps=48)


def _without_outages(power_w: Floats, per_hour: int) -> Floats:
    """Forget runs of exactly zero: a home that is switched on uses something."""
    kept = power_w.copy()
    start = 0
    for index in range(len(power_w) + 1):
        if index < len(power_w) and power_w[index] == 0:
            continue
        if index - start > HOURS_OUT_MAX * per_hour:
            kept[start:index] = np.nan
        start = index + 1
    return kept


def _local_minutes(moment: datetime) -> int:
    wall = moment.replace(tzinfo=None) - datetime(1970, 1, 1, tzinfo=UTC).replace(
        tzinfo=None
    )
    return wall // timedelta(minutes=1)


def _in_days(energy_wh: Floats, local_minutes: Ints, *, steps: int) -> Days:
    """Fold whole days; the recordings say nothing of holidays."""
    day = local_minutes // (24 * 60)
    first, last = int(day.min()) + 1, int(day.max()) - 1
    whole = (day >= first) & (day <= last)
    times = LocalTimes(day=day[whole] - first, minute=local_minutes[whole] % (24 * 60))
    kinds = (np.arange(first, last + 1) + 3) % 7  # 1970-01-01 was a Thursday
    return fold(energy_wh[whole], times, kinds=kinds, steps=steps)
