"""A home's own book: days it closes, deeds it finds, and that it outlives a restart."""

from dataclasses import replace
from typing import Final

import pytest

from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    DeliveryPeriod,
    Instant,
    after,
)
from custom_components.commonwatt.engine.model.units import PPM
from custom_components.commonwatt.engine.scores.badges import Badge, earned
from custom_components.commonwatt.engine.scores.days import DayEnergy
from custom_components.commonwatt.engine.scores.facts import score_of
from custom_components.commonwatt.engine.scores.own.book import OwnBook
from custom_components.commonwatt.engine.scores.own.feeding import (
    Circumstances,
    facts_of,
)
from custom_components.commonwatt.engine.scores.own.hindsight import Store
from custom_components.commonwatt.engine.scores.own.periods import (
    HomeDay,
    Metered,
    Seen,
)
from custom_components.commonwatt.engine.scores.own.saved import own_bytes, read_own
from custom_components.commonwatt.engine.scores.own.use import expected_use_wh
from custom_components.commonwatt.engine.scores.records import (
    CommunityEnergy,
    OwnEnergy,
)
from custom_components.commonwatt.engine.scores.season import Part, season_days

SEASON: Final = 220
FIRST_DAY: Final = season_days(SEASON)[0]
A_DAY: Final = 96
STORE: Final = Store(capacity_wh=5_000, charge_wh_max=1_000, discharge_wh_max=1_000)
HERE: Final = Circumstances(prosumer=True)


def at(day: int, quarter: int) -> DeliveryPeriod:
    return DeliveryPeriod((FIRST_DAY + day) * A_DAY + quarter)


def live(book: OwnBook, day: int, *, guess_error_wh: int = 0) -> None:
    """Live a day of every hour: sun at noon, the car at night, the battery unused."""
    for quarter in range(0, A_DAY, 4):
        period = at(day, quarter)
        made_wh = 900 if 40 <= quarter < 64 else 0
        car_wh = 1_000 if quarter < 20 else 0
        used_wh = 200 + 10 * (day % 5) + car_wh
        net_wh = used_wh - made_wh
        closes_at = after(period.start, -5 * MINUTE_MS)
        book.say(
            period,
            [net_wh + guess_error_wh],
            now=after(closes_at, -MINUTE_MS),
            closes_at=closes_at,
        )
        book.see(
            Seen(
                period=period,
                used_wh=used_wh,
                made_wh=made_wh,
                car_wh=car_wh,
                car_here=quarter < 28,
                carbon_g_per_kwh=100 if quarter < 24 else 400,
            )
        )
        book.meter(period, Metered(import_wh=max(0, net_wh), export_wh=max(0, -net_wh)))


def lived(days: int) -> OwnBook:
    book = OwnBook()
    for day in range(days):
        live(book, day)
        book.close(midnight_after(day), STORE)
    return book


def midnight_after(day: int) -> Instant:
    return Instant((FIRST_DAY + day + 1) * DAY_MS + 2 * HOUR_MS)


def energy(days: range, *, evening_periods: int) -> dict[int, DayEnergy]:
    """Return settled days of which the evening took 2 kWh, where it was metered."""
    return {
        FIRST_DAY + day: DayEnergy(
            own=OwnEnergy(
                periods=A_DAY,
                import_wh=10_000,
                evening_wh=2_000,
                evening_periods=evening_periods,
            ),
            community=CommunityEnergy(import_wh=100_000, evening_all_wh=20_000),
        )
        for day in days
    }


def test_a_day_is_closed_two_hours_after_it_is_over() -> None:
    book = OwnBook()
    live(book, 0)
    book.close(after(midnight_after(0), -1), STORE)
    assert not book.days

    book.close(midnight_after(0), STORE)
    (day,) = book.days
    assert (day.day, day.periods) == (FIRST_DAY, 24)
    assert day.energy.best.import_wh < day.energy.without.import_wh
    assert day.carbon is not None
    assert day.car_wh == day.car_green_wh == 5_000


def test_what_comes_after_a_day_is_closed_changes_nothing() -> None:
    book = lived(1)
    before = book.days
    live(book, 0)
    book.close(midnight_after(1), STORE)

    assert book.days == before


def test_a_home_that_leaves_its_battery_idle_reaches_nothing() -> None:
    facts = facts_of(lived(3), {}, HERE, today=FIRST_DAY + 3)
    score = score_of(facts)

    assert score is not None
    assert score.parts_ppm[Part.SELF_SUFFICIENCY] == 0
    assert score.parts_ppm[Part.SELF_CONSUMPTION] == 0
    assert Part.FLEXIBILITY not in score.parts_ppm
    assert Part.LEARNING not in score.parts_ppm


def test_unknown_carbon_is_no_carbon_part() -> None:
    book = OwnBook()
    live(book, 0)
    seen = book.save().seen
    book.see(replace(seen[3], carbon_g_per_kwh=None))
    book.close(midnight_after(0), STORE)

    assert book.days[0].carbon is None
    assert book.days[0].car_wh == 0
    assert facts_of(book, {}, HERE, today=FIRST_DAY + 1).carbon is None


def test_periods_only_one_side_knows_are_left_out() -> None:
    book = OwnBook()
    live(book, 0)
    book.see(Seen(period=at(0, 1), used_wh=9_000, made_wh=0))
    book.meter(at(0, 2), Metered(import_wh=9_000, export_wh=0))
    book.close(midnight_after(0), STORE)

    assert book.days[0].periods == 24


def test_eight_weeks_of_good_forecasts_are_found() -> None:
    facts = facts_of(lived(11 * 7), {}, HERE, today=FIRST_DAY + 11 * 7)

    assert facts.deeds.honest_weeks >= 8
    assert Badge.TRUTH_TELLER in earned(facts.deeds)
    assert Badge.NIGHT_OWL in earned(facts.deeds)


def test_trainings_missions_and_newcomers_are_help() -> None:
    book = lived(1)
    week = (FIRST_DAY - 4) // 7
    book.trained(week, taught=True)
    book.trained(week + 1, taught=False)
    book.mission_over(FIRST_DAY, done=True)
    helped = Circumstances(prosumer=True, newcomers_helped=1)

    alone = facts_of(book, {}, HERE, today=FIRST_DAY + 9)
    assert alone.learning_ppm == 3 * PPM // 4
    assert facts_of(book, {}, helped, today=FIRST_DAY + 9).learning_ppm == PPM
    assert alone.deeds.learning_weeks == 1


def test_a_training_taught_once_stays_taught() -> None:
    book = OwnBook()
    book.trained(7, taught=True)
    book.trained(7, taught=False)

    assert book.trainings == ((7, True),)


def test_promised_evenings_need_to_be_settled() -> None:
    book = lived(1)
    days = range(-28, 91)
    own = energy(days, evening_periods=8)
    facts = facts_of(book, own, HERE, today=FIRST_DAY + 91 - 1)

    assert facts.events
    assert all(one.committed_wh == 0 for one in facts.events)
    assert (
        facts_of(
            book, energy(days, evening_periods=0), HERE, today=FIRST_DAY + 90
        ).events
        == ()
    )


def used(day: int, used_wh: int) -> HomeDay:
    return HomeDay(day=FIRST_DAY + day, periods=A_DAY, used_wh=used_wh)


def test_waste_is_measured_against_the_weeks_before_the_season() -> None:
    days = [used(day, 10_000 if day < 0 else 15_000) for day in range(-28, 40)]
    found = expected_use_wh(days, {}, SEASON)

    assert found == (40 * 15_000, 40 * 10_000)


def test_what_moves_everybody_is_granted_and_a_mild_spring_held_against_nobody() -> (
    None
):
    days = [used(day, 10_000 if day < 0 else 15_000) for day in range(-28, 40)]
    first = FIRST_DAY
    cold = {first + day: 100 if day < 0 else 150 for day in range(-28, 40)}
    mild = {first + day: 100 if day < 0 else 50 for day in range(-28, 40)}

    assert expected_use_wh(days, cold, SEASON) == (40 * 15_000, 40 * 15_000)
    assert expected_use_wh(days, mild, SEASON) == (40 * 15_000, 40 * 10_000)


def test_a_newcomer_is_measured_by_its_first_weeks() -> None:
    days = [used(day, 10_000 if day < 28 else 20_000) for day in range(50)]

    assert expected_use_wh(days[:6], {}, SEASON) is None
    assert expected_use_wh(days, {}, SEASON) == (22 * 20_000, 22 * 10_000)


def test_the_book_outlives_a_restart_to_the_last_digit() -> None:
    book = lived(3)
    live(book, 3)
    book.join(FIRST_DAY + 3)
    book.trained(9, taught=True)
    book.mission_over(FIRST_DAY, done=False)
    book.storm_kept()
    again = OwnBook(read_own(own_bytes(book.save())))

    assert again.save() == book.save()
    for each in (book, again):
        each.close(midnight_after(3), STORE)
    assert again.save() == book.save()
    assert again.storms == 1


@pytest.mark.parametrize("data", [b"", b"\x80", b"\x81\x02"])
def test_what_no_book_has_written_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # any reason will do
        read_own(data)


def test_a_book_forgets_what_nobody_wants_to_know_any_more() -> None:
    book = OwnBook()
    for week in range(70):
        book.trained(week, taught=True)
        book.mission_over(7 * week, done=True)
    book.join(FIRST_DAY)
    days = tuple(used(day, 1) for day in range(-405, 0))
    again = OwnBook(replace(book.save(), days=days))
    again.close(Instant((FIRST_DAY + 500) * DAY_MS), STORE)

    assert len(again.days) == 400
    assert len(again.trainings) == len(again.missions) == 60
    assert again.joined == frozenset()
