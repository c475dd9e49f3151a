"""The season's score, honest forecasts, flexibility, progress, badges and missions."""

from dataclasses import replace
from typing import Final

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    DeliveryPeriod,
    after,
)
from custom_components.commonwatt.engine.model.units import PPM
from custom_components.commonwatt.engine.scores.badges import (
    Badge,
    Career,
    earned,
    progress_ppm,
)
from custom_components.commonwatt.engine.scores.flexibility import (
    FlexibilityEvent,
    Participation,
    flexibility_ppm,
    frozen_baseline_wh,
)
from custom_components.commonwatt.engine.scores.honesty import (
    HonestyPeriod,
    Quantiles,
    climatology,
    honesty_ppm,
    losses_of,
    quantile_loss,
)
from custom_components.commonwatt.engine.scores.missions import (
    Mission,
    MissionKind,
    MissionProgress,
    mission_of_the_week,
    reached_wh,
)
from custom_components.commonwatt.engine.scores.progress import (
    Progress,
    experience_of,
)
from custom_components.commonwatt.engine.scores.records import CommunityEnergy
from custom_components.commonwatt.engine.scores.season import (
    Attainment,
    Part,
    generosity_ppm,
    season_days,
    season_of,
    season_score,
)

FIRST: Final = DeliveryPeriod(1_900_000)
USUAL: Final = Quantiles(p10_wh=100, p50_wh=300, p90_wh=700)


@pytest.mark.parametrize(
    ("reached", "without", "best", "points"),
    [
        (500_000, 200_000, 800_000, 500_000),
        (900_000, 200_000, 800_000, PPM),
        (100_000, 200_000, 800_000, 0),
        (800_000, 800_000, 815_000, None),
    ],
)
def test_a_share_is_measured_against_what_can_be_attained(
    reached: int, without: int, best: int, points: int | None
) -> None:
    share = Attainment(reached_ppm=reached, without_ppm=without, best_ppm=best)
    assert share.points_ppm == points


def test_what_cannot_be_measured_leaves_its_weight_to_the_rest() -> None:
    score = season_score(
        {Part.LOCAL_SHARE: 400_000, Part.CARBON: None, Part.HONESTY: 800_000},
        prosumer=True,
    )
    assert score is not None
    assert sum(score.weights_ppm.values()) in range(PPM - 2, PPM + 1)
    assert score.points_ppm == (15 * 400_000 + 12 * 800_000) // 27
    assert (score.points, score.bucket) == (57, 55)


def test_a_home_about_which_nothing_is_known_has_no_score() -> None:
    assert season_score(dict.fromkeys(Part), prosumer=True) is None
    assert season_score({Part.SELF_CONSUMPTION: PPM}, prosumer=False) is None


def test_waste_lowers_what_it_could_raise_and_nothing_else() -> None:
    parts: dict[Part, int | None] = dict.fromkeys(Part, 500_000)
    plain = season_score(parts, prosumer=True)
    wasteful = season_score(parts, prosumer=True, use_ppm=1_500_000)
    assert plain is not None
    assert wasteful is not None
    assert wasteful.parts_ppm[Part.LOCAL_SHARE] < plain.parts_ppm[Part.LOCAL_SHARE]
    assert wasteful.parts_ppm[Part.HONESTY] == plain.parts_ppm[Part.HONESTY]


def test_seasons_are_thirteen_weeks_without_gaps() -> None:
    for season in range(200, 210):
        days = season_days(season)
        assert len(days) == 91
        assert {season_of(day) for day in days} == {season}
        assert season_of(days[-1] + 1) == season + 1


@given(st.lists(st.integers(-50_000, 50_000), min_size=1, max_size=13))
def test_gifts_count_on_a_curve_that_ends_at_ten_kwh(weeks: list[int]) -> None:
    found = generosity_ppm(weeks)
    assert found is not None
    assert 0 <= found <= PPM
    assert found == generosity_ppm([min(10_000, max(0, week)) for week in weeks])


def test_the_first_gift_counts_most() -> None:
    assert generosity_ppm([]) is None
    assert generosity_ppm([1_000]) == 226_294
    assert generosity_ppm([2_500]) == (386_853 + 511_392) // 2
    assert generosity_ppm([10_000, 0]) == PPM // 2


@given(
    actuals=st.lists(st.integers(-2_000, 2_000), min_size=30, max_size=60),
    shift=st.integers(-500, 500),
)
def test_reporting_what_happens_on_average_is_never_worse_than_a_shift_of_it(
    actuals: list[int], shift: int
) -> None:
    """The empirical quantiles minimise the sum of the losses: the rule is proper."""
    honest = climatology(actuals)
    assert honest is not None
    shifted = Quantiles(
        p10_wh=honest.p10_wh + shift,
        p50_wh=honest.p50_wh + shift,
        p90_wh=honest.p90_wh + shift,
    )
    # Nearest ranks lie at most one value off the exact quantile.
    slack = PPM * (max(actuals) - min(actuals))
    assert sum(quantile_loss(a, honest) for a in actuals) <= slack + sum(
        quantile_loss(a, shifted) for a in actuals
    )


def one(actual_wh: int, report: Quantiles | None = USUAL) -> HonestyPeriod:
    return HonestyPeriod(actual_wh=actual_wh, report=report, reference=USUAL)


def points(periods: list[HonestyPeriod]) -> int | None:
    return honesty_ppm(losses_of(periods))


def test_the_usual_itself_is_worth_half() -> None:
    assert points([one(250), one(800)]) == PPM // 2
    assert points([]) is None


def test_knowing_better_is_worth_more_and_silence_less() -> None:
    sharp = Quantiles(p10_wh=240, p50_wh=250, p90_wh=260)
    assert points([one(250, sharp)]) == PPM
    assert points([one(250, None)]) == PPM // 2 - 2 * PPM // 10
    assert points([one(900, sharp)] * 3) == 0


def test_a_home_without_a_past_is_not_scored() -> None:
    assert climatology([100] * 6) is None
    assert climatology(range(0, 1_000, 100)) == Quantiles(
        p10_wh=100, p50_wh=500, p90_wh=800
    )


def test_quantiles_ascend() -> None:
    with pytest.raises(ValueError, match="ascend"):
        replace(USUAL, p10_wh=301)
    with pytest.raises(ValueError, match="bounds"):
        replace(USUAL, p90_wh=1 << 40)


def test_flexibility_is_what_was_promised_and_done() -> None:
    kept = Participation(baseline_wh=1_000, metered_wh=400, committed_wh=500)
    half = Participation(baseline_wh=1_000, metered_wh=750, committed_wh=500)
    away = Participation(baseline_wh=1_000, metered_wh=0, committed_wh=0)

    assert flexibility_ppm([]) is None
    assert flexibility_ppm([away]) == 0
    assert flexibility_ppm([kept]) == PPM
    assert flexibility_ppm([kept, half]) == 750_000
    assert flexibility_ppm([kept, half, away, away]) == 375_000


def test_the_baseline_is_the_smaller_of_two_medians_from_before() -> None:
    then = FIRST.start
    assert (
        frozen_baseline_wh(
            community_p50_wh=900, own_p50_wh=2_000, known_at=then, event_at=then
        )
        == 900
    )
    assert (
        frozen_baseline_wh(
            community_p50_wh=900, own_p50_wh=None, known_at=then, event_at=then
        )
        == 900
    )
    with pytest.raises(AssertionError):
        frozen_baseline_wh(
            community_p50_wh=1, own_p50_wh=1, known_at=after(then, 1), event_at=then
        )


def test_an_event_is_announced_before_it_begins() -> None:
    early = after(FIRST.start, -HOUR_MS)
    FlexibilityEvent(announced_at=early, first=FIRST, until=FIRST.next(8))
    with pytest.raises(ValueError, match="announced"):
        FlexibilityEvent(announced_at=FIRST.start, first=FIRST, until=FIRST.next())
    with pytest.raises(ValueError, match="lasts"):
        FlexibilityEvent(announced_at=early, first=FIRST, until=FIRST)


def played(days: int, points_ppm: int = PPM) -> Progress:
    progress = Progress()
    for _ in range(days):
        progress = progress.day(season=1, points_ppm=points_ppm)
    return progress


def test_streaks_are_worth_a_fifth_at_most() -> None:
    assert played(6).bonus_ppm == 0
    assert played(7).bonus_ppm == 20_000
    assert played(300).bonus_ppm == 200_000


def test_a_miss_halves_a_streak_once_the_freezes_are_used() -> None:
    progress = played(40)
    for expected in (40, 40, 20, 10):
        progress = progress.day(season=1, points_ppm=None)
        assert progress.streak_days == expected
    assert progress.day(season=2, points_ppm=None).streak_days == 10
    assert progress.level == played(40).level


def test_levels_need_ever_more() -> None:
    assert [experience_of(level) for level in (1, 4, 9)] == [100, 800, 2_700]
    assert [played(days).level for days in (0, 1, 3, 8)] == [0, 1, 2, 4]


@given(st.lists(st.none() | st.integers(0, PPM), max_size=120))
def test_experience_and_level_never_fall(days: list[int | None]) -> None:
    progress = Progress()
    for points in days:
        following = progress.day(season=1, points_ppm=points)
        assert following.experience_milli >= progress.experience_milli
        assert following.level >= progress.level
        progress = following


BADGES: Final = {
    Badge.FIRST_TRADE: Career(trades=1),
    Badge.SUNNY_NEIGHBOUR: Career(sold_local_wh=100_000),
    Badge.NIGHT_OWL: Career(car_wh=50_000, car_green_wh=40_000),
    Badge.PEAK_TAMER: Career(events_kept=10),
    Badge.TRUTH_TELLER: Career(honest_weeks=8),
    Badge.ROCK: Career(reliable_days=91),
    Badge.GIVER: Career(net_given_wh=10_000),
    Badge.ISLAND_HOUR: Career(island_periods=4),
    Badge.STORM_KEEPER: Career(storms_kept=1),
    Badge.MENTOR: Career(newcomers_helped=1),
    Badge.GARDENER: Career(learning_weeks=12),
    Badge.ZERO_CARBON_DAY: Career(zero_carbon_days=1),
}


@pytest.mark.parametrize("badge", Badge)
def test_each_badge_is_earned_by_its_own_deed(badge: Badge) -> None:
    assert earned(BADGES[badge]) == {badge}
    assert earned(Career()) == frozenset()


def test_one_lucky_night_makes_no_owl() -> None:
    assert progress_ppm(Badge.NIGHT_OWL, Career(car_wh=9_000, car_green_wh=9_000)) == 0
    assert progress_ppm(Badge.GIVER, Career(net_given_wh=-500)) == 0
    assert progress_ppm(Badge.GIVER, Career(net_given_wh=2_500)) == 250_000


def test_a_mission_shows_the_sum_alone() -> None:
    mission = Mission(
        kind=MissionKind.GIFTS, first_day=10, until_day=17, goal_wh=500_000
    )
    assert mission.runs_on(10)
    assert not mission.runs_on(17)
    assert MissionProgress(mission=mission, reached_wh=125_000).share_ppm == 250_000
    assert MissionProgress(mission=mission, reached_wh=900_000).done
    with pytest.raises(ValueError, match="goal"):
        replace(mission, goal_wh=0)
    with pytest.raises(ValueError, match="a day"):
        replace(mission, until_day=10)


WEEK_BEFORE: Final = CommunityEnergy(
    traded_wh=100_000, given_wh=5_000, evening_import_wh=70_000
)


def test_missions_take_turns_and_follow_from_the_week_before() -> None:
    monday = season_days(220)[0]
    found = [
        mission_of_the_week(monday + 7 * week + 3, before=WEEK_BEFORE, members=12)
        for week in range(3)
    ]
    goals = {one.kind: one.goal_wh for one in found if one is not None}

    assert goals == {
        MissionKind.GIFTS: 12_000,
        MissionKind.LOCAL_ENERGY: 110_000,
        MissionKind.EVENING_IMPORT: 10_500,
    }
    assert [one.first_day for one in found if one] == [monday, monday + 7, monday + 14]


def test_a_community_without_a_past_or_members_has_no_mission() -> None:
    monday = season_days(220)[0]
    assert not any(
        mission_of_the_week(monday + 7 * week, before=CommunityEnergy(), members=1)
        for week in range(3)
    )


@pytest.mark.parametrize(
    ("kind", "reached"),
    [
        (MissionKind.GIFTS, 2_000),
        (MissionKind.LOCAL_ENERGY, 40_000),
        (MissionKind.EVENING_IMPORT, 20_000 - 18_000),
    ],
)
def test_what_is_reached_is_counted_for_whole_days(
    kind: MissionKind, reached: int
) -> None:
    mission = Mission(kind=kind, first_day=0, until_day=7, goal_wh=1)
    so_far = CommunityEnergy(traded_wh=40_000, given_wh=2_000, evening_import_wh=18_000)
    assert reached_wh(mission, before=WEEK_BEFORE, so_far=so_far, days=2) == reached
