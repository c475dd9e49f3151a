"""A home's own book as canonical bytes, to outlive a restart.

Reading raises ValueError for bytes this book has not written.
"""

from collections.abc import Iterable
from typing import Final

from ...model.period import DeliveryPeriod
from ...wire.canonical import Value, decode, encode
from ...wire.fields import (
    any_integer,
    array,
    array_of,
    boolean,
)
from ..honesty import Quantiles
from .book import OwnSaved
from .periods import Flow, Hindsight, HomeDay, Metered, Seen
from .sayings import Saying

VERSION: Final = 1
BYTES_MAX: Final = 8 * 1024 * 1024
ITEMS_MAX: Final = 1024 * 1024


def own_bytes(saved: OwnSaved) -> bytes:
    """Write a home's own book."""
    value: Value = (
        VERSION,
        tuple(_day_value(one) for one in saved.days),
        tuple(_seen_value(one) for one in saved.seen),
        tuple((p.number, m.import_wh, m.export_wh) for p, m in saved.metered),
        tuple(_saying_value(one) for one in saved.sayings),
        tuple(sorted(saved.joined)),
        saved.trainings,
        saved.missions,
        saved.storms,
        saved.closed_until,
    )
    return encode(value, size_max=BYTES_MAX, items_max=ITEMS_MAX)


def read_own(data: bytes) -> OwnSaved:
    """Read a home's own book."""
    version, *rest = array(decode(data, size_max=BYTES_MAX, items_max=ITEMS_MAX))
    if version != VERSION:
        raise ValueError("written by another version")
    days, seen, metered, sayings, joined, *more = array_of(tuple(rest), 9)
    trainings, missions, storms, closed_until = more
    return OwnSaved(
        days=tuple(_day(one) for one in array(days)),
        seen=tuple(_seen(one) for one in array(seen)),
        metered=tuple(_metered(one) for one in array(metered)),
        sayings=tuple(_saying(one) for one in array(sayings)),
        joined=frozenset(any_integer(one) for one in array(joined)),
        trainings=_told(trainings),
        missions=_told(missions),
        storms=any_integer(storms),
        closed_until=any_integer(closed_until),
    )


def _day_value(one: HomeDay) -> Value:
    return (
        one.day,
        one.periods,
        one.used_wh,
        one.made_wh,
        _hindsight_value(one.energy),
        None if one.carbon is None else _hindsight_value(one.carbon),
        one.car_wh,
        one.car_green_wh,
        one.loss,
        one.usual_loss,
    )


def _day(value: Value) -> HomeDay:
    day, periods, used, made, energy, carbon, *rest = array_of(value, 10)
    car, green, loss, usual = rest
    return HomeDay(
        day=any_integer(day),
        periods=any_integer(periods),
        used_wh=any_integer(used),
        made_wh=any_integer(made),
        energy=_hindsight(energy),
        carbon=None if carbon is None else _hindsight(carbon),
        car_wh=any_integer(car),
        car_green_wh=any_integer(green),
        loss=any_integer(loss),
        usual_loss=any_integer(usual),
    )


def _hindsight_value(one: Hindsight) -> Value:
    return tuple(
        (flow.import_wh, flow.export_wh, flow.carbon_mg)
        for flow in (one.reached, one.without, one.best)
    )


def _hindsight(value: Value) -> Hindsight:
    reached, without, best = (_flow(one) for one in array_of(value, 3))
    return Hindsight(reached=reached, without=without, best=best)


def _flow(value: Value) -> Flow:
    imported, exported, carbon = _ints(array_of(value, 3))
    return Flow(import_wh=imported, export_wh=exported, carbon_mg=carbon)


def _seen_value(one: Seen) -> Value:
    return (
        one.period.number,
        one.used_wh,
        one.made_wh,
        one.car_wh,
        one.car_here,
        one.carbon_g_per_kwh,
    )


def _seen(value: Value) -> Seen:
    number, used, made, car, car_here, carbon = array_of(value, 6)
    return Seen(
        period=DeliveryPeriod(any_integer(number)),
        used_wh=any_integer(used),
        made_wh=any_integer(made),
        car_wh=any_integer(car),
        car_here=boolean(car_here),
        carbon_g_per_kwh=None if carbon is None else any_integer(carbon),
    )


def _metered(value: Value) -> tuple[DeliveryPeriod, Metered]:
    number, imported, exported = _ints(array_of(value, 3))
    return DeliveryPeriod(number), Metered(import_wh=imported, export_wh=exported)


def _saying_value(one: Saying) -> Value:
    report = None if one.report is None else one.report.levels_wh
    return (one.period.number, one.guesses_wh, report, one.actual_wh)


def _saying(value: Value) -> Saying:
    number, guesses, report, actual = array_of(value, 4)
    return Saying(
        period=DeliveryPeriod(any_integer(number)),
        guesses_wh=tuple(
            None if guess is None else any_integer(guess) for guess in array(guesses)
        ),
        report=None if report is None else _quantiles(report),
        actual_wh=None if actual is None else any_integer(actual),
    )


def _quantiles(value: Value) -> Quantiles:
    p10, p50, p90 = _ints(array_of(value, 3))
    return Quantiles(p10_wh=p10, p50_wh=p50, p90_wh=p90)


def _told(value: Value) -> tuple[tuple[int, bool], ...]:
    return tuple(
        (any_integer(when), boolean(flag))
        for when, flag in (array_of(one, 2) for one in array(value))
    )


def _ints(values: Iterable[Value]) -> tuple[int, ...]:
    return tuple(any_integer(one) for one in values)
