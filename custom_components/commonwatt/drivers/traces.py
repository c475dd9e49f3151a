"""Recorded household and solar series from a folder of CSV files.

Layout (that of HAMLET's data): ``hh_*.csv`` are households in W, ``pv_*_pu.csv`` solar
generators per unit of their peak; each has a header line and then ``unix time, value``
at a constant interval.  Other files are left alone.  Blocking: call it in an executor.
"""

from collections.abc import Callable, Iterator
import csv
from enum import StrEnum
from itertools import pairwise
from math import isfinite
from pathlib import Path
from typing import Final

from ..engine.model.period import DAY_MS, SECOND_MS, Instant
from ..engine.model.units import PPM
from ..engine.simulation.homes import Traces, TraceSeries, common_days

HOUSEHOLD_PATTERN: Final = "hh_*.csv"
SOLAR_PATTERN: Final = "pv_*_pu.csv"
FILES_MAX: Final = 200
ROWS_MAX: Final = 1_000_000
HOUSEHOLD_W_MAX: Final = 1_000_000
MISSING: Final = frozenset({"", "nan", "null", "none", "na"})


class TracesReason(StrEnum):
    """Why a folder cannot be played."""

    NO_FOLDER = "no_folder"
    NO_HOUSEHOLD = "no_household"
    """No file is called hh_*.csv."""

    NO_SUN = "no_sun"
    """No file is called pv_*_pu.csv."""

    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    """The operating system refuses, or it is not text."""

    BAD_TIME = "bad_time"
    """A time is no number, or the times do not go up at one interval."""

    BAD_VALUE = "bad_value"
    """A value is neither a number nor missing, or no home has such a value."""

    NOTHING_RECORDED = "nothing_recorded"
    """A series has no value in the days that all series cover."""

    NO_COMMON_DAY = "no_common_day"
    """No whole day (UTC) is covered by all series."""


class TracesError(Exception):
    """The folder cannot be played; ``where`` names the folder, file or line."""

    def __init__(self, reason: TracesReason, where: str) -> None:
        self.reason: Final = reason
        self.where: Final = where
        super().__init__(f"{reason}: {where}")


def read_traces(folder: Path) -> Traces:
    """Read all series of ``folder``; TracesError says what is wrong with it."""
    if not folder.is_dir():
        raise TracesError(TracesReason.NO_FOLDER, str(folder))
    households = _read_all(
        folder, HOUSEHOLD_PATTERN, TracesReason.NO_HOUSEHOLD, _household_w
    )
    solar = _read_all(folder, SOLAR_PATTERN, TracesReason.NO_SUN, _solar_ppm)
    if not common_days([*households, *solar]):
        raise TracesError(TracesReason.NO_COMMON_DAY, str(folder))
    try:
        return Traces.of(households=households, solar=solar)
    except ValueError as err:
        raise TracesError(TracesReason.NOTHING_RECORDED, str(err)) from err


def _read_all(
    folder: Path, pattern: str, missing: TracesReason, parse: Callable[[float], int]
) -> list[TraceSeries]:
    paths = sorted(folder.glob(pattern))
    if not paths:
        raise TracesError(missing, f"{folder}/{pattern}")
    if len(paths) > FILES_MAX:
        raise TracesError(TracesReason.TOO_LARGE, f"{folder}/{pattern}")
    return [_read_series(path, parse) for path in paths]


def _household_w(value: float) -> int:
    if not 0 <= value <= HOUSEHOLD_W_MAX:
        raise ValueError
    return round(value)


def _solar_ppm(value: float) -> int:
    """A generator may exceed its nominal peak a little, and takes nothing at night."""
    if not -0.05 <= value <= 2:  # noqa: PLR2004  # beyond that it is not per unit
        raise ValueError
    return max(0, round(value * PPM))


def _read_series(path: Path, parse: Callable[[float], int]) -> TraceSeries:
    samples: list[tuple[Instant, int | None]] = []
    for number, row in enumerate(_rows(path), start=2):
        if number > ROWS_MAX:
            raise TracesError(TracesReason.TOO_LARGE, str(path))
        where = f"{path}:{number}"
        samples.append((_time(row, where), _value(row, where, parse)))
    return _series(path, samples)


def _rows(path: Path) -> Iterator[list[str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = csv.reader(file)
            next(lines, None)
            yield from (row for row in lines if row)
    except (OSError, UnicodeDecodeError, csv.Error) as err:
        raise TracesError(TracesReason.UNREADABLE, str(path)) from err


def _time(row: list[str], where: str) -> Instant:
    try:
        seconds = float(row[0])
    except ValueError as err:
        raise TracesError(TracesReason.BAD_TIME, where) from err
    if not isfinite(seconds) or not 0 <= seconds < DAY_MS * 100:
        raise TracesError(TracesReason.BAD_TIME, where)
    return Instant(round(seconds * SECOND_MS))


def _value(row: list[str], where: str, parse: Callable[[float], int]) -> int | None:
    text = row[1].strip() if len(row) > 1 else ""
    if text.lower() in MISSING:
        return None
    try:
        return parse(float(text))
    except (ValueError, OverflowError) as err:
        raise TracesError(TracesReason.BAD_VALUE, where) from err


def _series(path: Path, samples: list[tuple[Instant, int | None]]) -> TraceSeries:
    """Put the samples on the grid of their smallest distance; what lacks is None."""
    times = [time for time, _ in samples]
    steps = {after - before for before, after in pairwise(times)}
    interval_ms = min(steps, default=0)
    if interval_ms <= 0 or any(step % interval_ms for step in steps):
        raise TracesError(TracesReason.BAD_TIME, str(path))
    length = (times[-1] - times[0]) // interval_ms + 1
    if length > ROWS_MAX:
        raise TracesError(TracesReason.TOO_LARGE, str(path))
    by_time = dict(samples)
    values = (by_time.get(Instant(times[0] + n * interval_ms)) for n in range(length))
    try:
        return TraceSeries(
            name=path.name,
            starts_at=times[0],
            interval_ms=interval_ms,
            values=tuple(values),
        )
    except ValueError as err:
        raise TracesError(TracesReason.BAD_TIME, str(path)) from err
