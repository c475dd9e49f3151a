"""Price and carbon series in every shape integrations show them in: one table.

A list of records with a time and a value, a mapping from times to values, or the plain
numbers of a day.  Tolerant: what is no series is passed over, never an error.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
import math
import re
from typing import Final

from homeassistant.util import dt as dt_util

from ...engine.model.period import MINUTE_MS, Instant, instant_from_datetime
from .series import Series, merged, series_of

START_KEYS: Final = (
    "start",
    "start_time",
    "starts_at",
    "startsat",
    "start_timestamp",
    "starttime",
    "from",
    "valid_from",
    "validfrom",
    "hour",
    "time",
    "timestamp",
    "datetime",
    "date_time",
    "period_start",
    "hourutc",
    "timeutc",
    "date",
)
END_KEYS: Final = (
    "end",
    "end_time",
    "ends_at",
    "end_timestamp",
    "endtime",
    "to",
    "till",
    "until",
    "valid_to",
    "validto",
    "period_end",
)
VALUE_KEYS: Final[Mapping[str, str | None]] = {
    "value_inc_vat": None,
    "price_per_kwh": "/kWh",
    "price_ct_per_kwh": "ct/kWh",
    "price_eur_per_mwh": "EUR/MWh",
    "per_kwh": "/kWh",
    "total": None,
    "price": None,
    "value": None,
    "marketprice": None,
    "spotpricedkk": "DKK/MWh",
    "spotpriceeur": "EUR/MWh",
    "electricity_price": None,
    "unit_rate": None,
    "rate": None,
    "carbon_intensity": None,
    "carbonintensity": None,
    "intensity": None,
    "forecast": None,
    "actual": None,
}
"""Where a record keeps its value, best first, and the unit the key itself names."""

STRETCHES_MAX: Final = 4_000
HOURS_OF_A_DAY_MIN: Final = 23
"""Fewer plain numbers are no day."""

_EPOCH_S_MIN: Final = 1_000_000_000
_EPOCH_MS_MIN: Final = 100_000_000_000
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(:[0-5]\d)?")
_NUMBERED: Final = re.compile(r"price_(?:(next_day)_)?(\d{2})h")
"""An attribute for each hour, as of the Spanish PVPC."""

type Point = tuple[Instant, Instant | None, float]


def series_in_attributes(
    attributes: Mapping[str, object], today: date
) -> Series | None:
    """Return everything an entity's attributes say of times and values as one."""
    found = [
        series
        for name in sorted(attributes, key=_precise_first)
        if (series := _series_named(name, attributes[name], today)) is not None
    ]
    numbered = series_of(_numbered(attributes, today))
    found += [] if numbered is None else [numbered]
    if not found:
        return None
    # Records beside plain numbers: the same prices once more, told less well.
    best, *others = found
    for other in others:
        if other.unit == best.unit:
            best = merged(best, other)
    return best


def series_in_answer(answer: object) -> Iterator[Series]:
    """Yield every series an action answered with, wherever it is nested."""
    series = _series(answer, None)
    if series is not None:
        yield series
    elif isinstance(answer, Mapping):
        for value in answer.values():
            yield from series_in_answer(value)


def _precise_first(name: str) -> tuple[int, str]:
    if name.startswith("raw"):
        return 0, name
    return (2 if "forecast" in name else 1), name


def _series_named(name: str, value: object, today: date) -> Series | None:
    return _series(value, _day_of(name, today))


def _day_of(name: str, today: date) -> date | None:
    """Return the day an attribute speaks of, if its name tells."""
    if "tomorrow" in name or "next_day" in name:
        return today + timedelta(days=1)
    return today if "today" in name else None


def _series(value: object, day: date | None) -> Series | None:
    if isinstance(value, Mapping):
        return series_of(_points_of_mapping(value, day))
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        return None
    if not 0 < len(value) <= STRETCHES_MAX:
        return None
    if all(isinstance(record, Mapping) for record in value):
        records = [record for record in value if isinstance(record, Mapping)]
        return _series_of_records(records, day)
    return series_of(_points_of_day(value, day)) if day is not None else None


def _series_of_records(
    records: Sequence[Mapping[object, object]], day: date | None
) -> Series | None:
    folded = [{str(k).lower(): v for k, v in record.items()} for record in records]
    key = next((k for k in VALUE_KEYS if k in folded[0]), None)
    if key is None:
        return None
    unit = VALUE_KEYS[key] or _unit_told(folded[0])
    return series_of(_points_of_records(folded, key, day), unit)


def _unit_told(record: Mapping[str, object]) -> str | None:
    unit = record.get("unit")
    return unit if isinstance(unit, str) and "/" in unit else None


def _points_of_records(
    records: Sequence[Mapping[str, object]], key: str, day: date | None
) -> Iterator[Point]:
    for record in records:
        start = _first_time(record, START_KEYS, day)
        value = _number(record.get(key))
        if start is not None and value is not None:
            yield start, _first_time(record, END_KEYS, day), value


def _points_of_mapping(
    mapping: Mapping[object, object], day: date | None
) -> Iterator[Point]:
    for key, told in mapping.items():
        start, value = _instant(key, day), _number(told)
        if start is not None and value is not None:
            yield start, None, value


def _points_of_day(values: Sequence[object], day: date) -> Iterator[Point]:
    """Cut a day into as many equal parts as there are numbers, on any day."""
    if len(values) < HOURS_OF_A_DAY_MIN:
        return
    begins, ends = _midnight(day), _midnight(day + timedelta(days=1))
    length_ms = (ends - begins) // len(values)
    for index, told in enumerate(values):
        value = _number(told)
        if value is not None:
            start = Instant(begins + index * length_ms)
            yield start, Instant(start + length_ms), value


def _numbered(attributes: Mapping[str, object], today: date) -> Iterator[Point]:
    for name, told in attributes.items():
        match, value = _NUMBERED.fullmatch(name), _number(told)
        if match is not None and value is not None:
            day = today + timedelta(days=match[1] is not None)
            yield Instant(_midnight(day) + int(match[2]) * 60 * MINUTE_MS), None, value


def _first_time(
    record: Mapping[str, object], keys: Sequence[str], day: date | None
) -> Instant | None:
    told = next((record[key] for key in keys if key in record), None)
    return _instant(told, day)


def _instant(told: object, day: date | None) -> Instant | None:
    """Return a time as told, to the minute; a naive one is local."""
    moment = _moment(told, day)
    if moment is None:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt_util.get_default_time_zone())
    instant = instant_from_datetime(moment)
    return Instant(instant - instant % MINUTE_MS)


def _moment(told: object, day: date | None) -> datetime | None:
    if isinstance(told, datetime):
        return told
    if isinstance(told, int | float) and not isinstance(told, bool):
        return _from_epoch(told)
    if not isinstance(told, str):
        return None
    clock = _CLOCK.fullmatch(told)
    if clock is not None:
        at = time(int(clock[1]), int(clock[2]))
        return None if day is None else datetime.combine(day, at)
    return dt_util.parse_datetime(told)


def _from_epoch(told: float) -> datetime | None:
    seconds = told / 1000 if told >= _EPOCH_MS_MIN else told
    if not _EPOCH_S_MIN <= seconds < _EPOCH_MS_MIN:
        return None
    return dt_util.utc_from_timestamp(seconds)


def _number(told: object) -> float | None:
    if isinstance(told, Mapping):
        folded = {str(key).lower(): value for key, value in told.items()}
        inner = (folded[key] for key in VALUE_KEYS if key in folded)
        return next((n for n in map(_number, inner) if n is not None), None)
    if isinstance(told, bool) or not isinstance(told, int | float | str):
        return None
    try:
        value = float(told)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _midnight(day: date) -> Instant:
    zone = dt_util.get_default_time_zone()
    return instant_from_datetime(datetime.combine(day, time(), zone))
