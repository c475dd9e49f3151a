"""Evenings on which a community asks for less, and storms that reserves outlast."""

from typing import Final

import pytest

from custom_components.commonwatt.engine.model.period import HOUR_MS, Instant
from custom_components.commonwatt.engine.model.units import PPM
from custom_components.commonwatt.engine.scores.flexibility import flexibility_ppm
from custom_components.commonwatt.engine.scores.missions import (
    MissionKind,
    kind_of_week,
)
from custom_components.commonwatt.engine.scores.own.evenings import (
    Baselines,
    Evening,
    draw,
    evenings_of,
    is_event,
    kept_promises,
    participations,
)
from custom_components.commonwatt.engine.scores.own.storms import StormWatch
from custom_components.commonwatt.engine.scores.season import season_days

SEASON: Final = 220
DAYS: Final = season_days(SEASON)
BEFORE: Final = range(DAYS[0] - 28, DAYS[0])
ALL: Final = range(BEFORE[0], DAYS[-1] + 1)
EVENTS: Final = frozenset(day for day in DAYS if is_event(day))


def street(
    own: dict[int, int] | None = None, *, usual_wh: int = 1_000, audit: bool = False
) -> tuple[Evening, ...]:
    """Return evenings of a home that uses the same as ever, but for some days."""
    return tuple(
        Evening(
            day=day,
            own_wh=(own or {}).get(day, usual_wh),
            others_wh=10_000,
            drawn=0 if audit and not is_event(day) and day % 5 == 0 else 1,
        )
        for day in ALL
    )


def points(
    evenings: tuple[Evening, ...], joined: frozenset[int] = EVENTS
) -> int | None:
    return flexibility_ppm(participations(evenings, season=SEASON, joined=joined))


def test_weeks_of_a_lighter_evening_are_events_known_to_all() -> None:
    assert 4 * 7 <= len(EVENTS) <= 5 * 7
    assert {kind_of_week(day) for day in EVENTS} == {MissionKind.EVENING_IMPORT}


def test_a_promise_kept_is_worth_all_and_none_nothing() -> None:
    saving = dict.fromkeys(EVENTS, 850)

    assert points(street(saving)) == PPM
    assert points(street()) == 0
    assert points(street(saving), joined=frozenset()) == 0
    assert kept_promises(
        participations(street(saving), season=SEASON, joined=EVENTS)
    ) == len(EVENTS)


def test_half_a_promise_on_half_the_evenings_is_a_quarter() -> None:
    half = frozenset(sorted(EVENTS)[::2])
    found = points(street(dict.fromkeys(EVENTS, 925)), joined=half)

    assert found is not None
    assert abs(found - PPM // 4) < PPM // 25


def test_sandbagging_in_the_weeks_between_moves_no_baseline() -> None:
    """The home uses double on every evening that is no event."""
    doubled = {day: 2_000 for day in DAYS if day not in EVENTS}

    assert points(street(doubled)) == points(street()) == 0


def test_sandbagging_before_the_season_is_found_by_audits() -> None:
    doubled = dict.fromkeys(BEFORE, 2_000)
    late = max(EVENTS)

    assert Baselines(street(doubled)).fair_wh(late) == 1_000, "its own later evenings"
    audited = Baselines(street(doubled, audit=True)).fair_wh(late)
    assert audited is not None
    assert audited <= 1_000


def test_a_cold_spell_that_moves_everybody_is_granted() -> None:
    last = max(EVENTS)
    cold = [
        Evening(day=one.day, own_wh=1_500, others_wh=15_000, drawn=1)
        if one.day >= DAYS[0]
        else one
        for one in street()
    ]

    assert Baselines(cold).fair_wh(last) == 1_500


def test_a_home_with_nothing_to_leave_out_is_not_asked() -> None:
    assert points(street(usual_wh=10)) is None
    assert Baselines(street()[:5]).fair_wh(DAYS[0] + 20) is None


def test_an_evening_is_an_hour_on_average_and_audits_are_drawn_by_what_happened() -> (
    None
):
    (one,) = evenings_of({7: (4_000, 8, 10_000, 3), 8: (0, 0, 500, 4)})

    assert (one.own_wh, one.others_wh) == (2_000, 3_000)
    drawn = sum(draw(day, (day * 31, 7)) % 10 == 0 for day in range(1_000))
    assert 60 < drawn < 140
    assert draw(1, (5,)) != draw(1, (6,)), "nobody knows before the day is settled"


def looks(*seen: tuple[int, int, int | None]) -> int:
    """Return how many storms were kept: each look is hour, reserve, stored."""
    watch, kept = StormWatch(), 0
    for hour, reserve_wh, stored_wh in seen:
        watch, now_kept = watch.look(
            Instant(hour * HOUR_MS), reserve_wh=reserve_wh, stored_wh=stored_wh
        )
        kept += now_kept
    return kept


RAISED: Final = ((0, 0, 500), (1, 3_000, 500), (2, 3_000, 3_100))


@pytest.mark.parametrize(
    ("seen", "kept"),
    [
        pytest.param((*RAISED, (9, 3_000, 3_000), (10, 0, 3_000)), 1, id="kept"),
        pytest.param((*RAISED, (9, 3_000, 900), (10, 0, 3_000)), 0, id="used up"),
        pytest.param((*RAISED, (5, 3_000, None), (10, 0, 9)), 1, id="silent store"),
        pytest.param((*RAISED[:2], (9, 0, 500)), 0, id="never reached"),
        pytest.param((*RAISED, (2, 0, 5_000)), 0, id="too short"),
        pytest.param(((0, 500, 9_000), (10, 0, 9_000)), 0, id="no alert"),
    ],
)
def test_a_storm_is_kept_when_the_reserve_outlasts_it(
    seen: tuple[tuple[int, int, int | None], ...], kept: int
) -> None:
    assert looks(*seen) == kept
