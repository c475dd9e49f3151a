"""Leaderboards: who sees what of whom, and what is left when a key is destroyed."""

from typing import Final

import pytest

from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.social import League, ScoreCard
from custom_components.commonwatt.engine.model.units import PPM
from custom_components.commonwatt.engine.scores.leaderboard import (
    Entry,
    entries_of,
    league_of,
    pseudonym,
    view,
)
from custom_components.commonwatt.engine.scores.plausibility import (
    doubted_days,
    stands_out,
)


def entry(name: str, bucket: int, *, improvement: int = 0) -> Entry:
    return Entry(
        pseudonym=name,
        league=League.PANELS,
        bucket=bucket,
        improvement=improvement,
    )


LEAGUE: Final = [entry(name, 95 - 5 * i) for i, name in enumerate("abcdefg")]


def test_a_player_sees_itself_and_two_on_each_side() -> None:
    seen = view(LEAGUE, "d")

    assert seen is not None
    assert (seen.rank, seen.players) == (4, 7)
    assert [one.pseudonym for one in seen.nearby] == ["b", "c", "d", "e", "f"]
    assert seen.percentile_ppm == PPM // 2


def test_the_last_sees_no_list_of_losers() -> None:
    seen = view(LEAGUE, "g")

    assert seen is not None
    assert [one.pseudonym for one in seen.nearby] == ["e", "f", "g"]


def test_equal_scores_share_a_rank() -> None:
    seen = view([entry(name, 50) for name in "abcde"], "e")

    assert seen is not None
    assert (seen.rank, seen.percentile_ppm) == (1, PPM)


def test_four_players_are_no_league() -> None:
    assert view(LEAGUE[:4], "a") is None
    other = Entry(pseudonym="x", league=League.STORAGE, bucket=5, improvement=0)
    assert view([*LEAGUE[:4], other], "a") is None


def test_who_does_not_play_sees_nothing() -> None:
    assert view(LEAGUE, "z") is None


def test_the_most_improved_is_named() -> None:
    seen = view([*LEAGUE, entry("h", 5, improvement=20)], "a")

    assert seen is not None
    assert seen.most_improved.pseudonym == "h"


def test_a_pseudonym_changes_with_the_season_the_player_and_the_key() -> None:
    names = {
        pseudonym(bytes([key]) * 32, PartyId(f"{player:040x}"), season)
        for key in range(2)
        for player in range(3)
        for season in range(2)
    }
    assert len(names) == 12


def test_only_who_shows_a_card_of_this_season_plays() -> None:
    def card(season: int, *, is_shown: bool = True) -> ScoreCard:
        return ScoreCard(
            season=season,
            league=League.PANELS,
            bucket=50,
            improvement=5,
            is_shown=is_shown,
        )

    one, other, third = (PartyId(f"{n:040x}") for n in range(3))
    cards = {one: card(7), other: card(6), third: card(7, is_shown=False)}
    (player,) = entries_of(cards, secret=bytes(32), season=7)

    assert player.pseudonym == pseudonym(bytes(32), one, 7)
    assert (player.bucket, player.improvement) == (50, 5)


@pytest.mark.parametrize(
    ("panels", "storage", "league"),
    [
        (False, False, League.CONSUMER),
        (True, False, League.PANELS),
        (True, True, League.STORAGE),
        (False, True, League.STORAGE),
    ],
)
def test_homes_compare_with_homes_of_the_same_means(
    panels: bool,  # noqa: FBT001  # a column of the table
    storage: bool,  # noqa: FBT001
    league: League,
) -> None:
    assert league_of(panels=panels, storage=storage) is league


def test_a_meter_is_compared_with_panels_nearby() -> None:
    neighbours = [3_000_000, 3_100_000, 2_900_000, 3_050_000]

    assert stands_out(own=3_200_000, neighbours=neighbours) is False
    assert stands_out(own=4_500_000, neighbours=neighbours) is True
    assert stands_out(own=4_500_000, neighbours=neighbours[:3]) is None
    assert stands_out(own=0, neighbours=neighbours) is False


def test_one_doctored_meter_brings_nobody_else_into_doubt() -> None:
    neighbours = [3_000_000, 9_000_000, 2_900_000, 3_050_000]

    assert stands_out(own=3_100_000, neighbours=neighbours) is False


NEARBY: Final = [[1_000_000 + 10_000 * k] * 9 for k in range(4)]


def test_a_week_beyond_belief_is_in_doubt_and_an_odd_day_is_not() -> None:
    assert doubted_days([1_500_000] * 9, NEARBY) == (True,) * 9
    odd_day = [1_000_000] * 8 + [1_500_000]
    assert doubted_days(odd_day, NEARBY) == (False,) * 9
    assert doubted_days([1_500_000] * 6, [one[:6] for one in NEARBY]) == (False,) * 6


def test_a_small_difference_every_day_is_found() -> None:
    assert all(doubted_days([1_250_000] * 9, NEARBY))
