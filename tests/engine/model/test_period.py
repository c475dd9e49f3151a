"""Delivery periods tile the time line, aligned to UTC."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given, strategies as st

from custom_components.commonwatt.engine.model.period import (
    PERIOD_MS,
    SECOND_MS,
    DeliveryPeriod,
    Instant,
    after,
    datetime_from_instant,
    instant_from_datetime,
)

NOON = datetime(2026, 6, 21, 12, 0, tzinfo=UTC)


@given(st.integers(0, 2**45))
def test_every_instant_lies_in_exactly_one_period(instant: int) -> None:
    now = Instant(instant)
    period = DeliveryPeriod.containing(now)
    assert now in period
    assert now not in period.next()
    assert now not in period.next(-1)


def test_periods_meet_without_a_gap() -> None:
    period = DeliveryPeriod.containing(instant_from_datetime(NOON))
    assert period.end == period.next().start
    assert period.end - period.start == PERIOD_MS
    assert str(period) == "2026-06-21T12:00Z"


def test_an_instant_is_the_same_in_every_time_zone() -> None:
    elsewhere = NOON.astimezone(timezone(timedelta(hours=5, minutes=45)))
    assert instant_from_datetime(elsewhere) == instant_from_datetime(NOON)
    assert datetime_from_instant(instant_from_datetime(NOON)) == NOON


def test_instants_move_by_milliseconds() -> None:
    start = instant_from_datetime(NOON)
    later = datetime_from_instant(after(start, 90 * SECOND_MS))
    assert later - NOON == timedelta(seconds=90)
