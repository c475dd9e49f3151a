"""Every part of a score has its reason, with figures, in both languages."""

import json
from pathlib import Path
from typing import Final

import pytest

from custom_components.commonwatt.engine.scores.badges import Career
from custom_components.commonwatt.engine.scores.book import Standing
from custom_components.commonwatt.engine.scores.facts import SeasonFacts, score_of
from custom_components.commonwatt.engine.scores.flexibility import Participation
from custom_components.commonwatt.engine.scores.honesty import Losses
from custom_components.commonwatt.engine.scores.progress import Progress
from custom_components.commonwatt.engine.scores.season import Attainment, Part
from custom_components.commonwatt.scoring.reasons import PartStory, stories_of
from custom_components.commonwatt.texts import Texts

FOLDER: Final = Path(__file__).parents[2] / "custom_components/commonwatt/translations"
HALF: Final = Attainment(reached_ppm=600_000, without_ppm=400_000, best_ppm=800_000)
KEPT: Final = Participation(baseline_wh=1_000, metered_wh=800, committed_wh=150)
MISSED: Final = Participation(baseline_wh=1_000, metered_wh=990, committed_wh=150)
AWAY: Final = Participation(baseline_wh=1_000, metered_wh=990, committed_wh=0)
ALL: Final = SeasonFacts(
    prosumer=True,
    self_sufficiency=HALF,
    self_consumption=HALF,
    local_share=HALF,
    carbon=HALF,
    events=(KEPT, MISSED, AWAY),
    losses=Losses(loss=800, usual=1_000),
    trust_ppm=900_000,
    net_given_wh_by_week=(1_000,),
    learning_ppm=500_000,
)


def texts(language: str) -> Texts:
    """Return the sentences of a language."""
    found: Texts = json.loads((FOLDER / f"{language}.json").read_text())["common"]
    return found


def stories(facts: SeasonFacts, language: str = "en") -> dict[Part, PartStory]:
    """Return the stories of a season with these facts."""
    standing = Standing(
        season=220,
        score=score_of(facts),
        progress=Progress(),
        career=Career(),
        badges=frozenset(),
        reputations={},
        facts=facts,
    )
    return {one.part: one for one in stories_of(standing, texts(language))}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_part_has_a_reason_known_or_not(language: str) -> None:
    known, unknown = stories(ALL, language), stories(SeasonFacts(prosumer=True))

    assert set(known) == set(unknown) == set(Part)
    assert all(one.why and "{" not in one.why for one in known.values())
    assert all(one.points is not None for one in known.values())
    assert all(one.points is None and one.why for one in unknown.values())


def test_reasons_tell_the_figures_points_come_from() -> None:
    found = stories(ALL)

    carbon, evenings = found[Part.CARBON], found[Part.FLEXIBILITY]
    assert carbon.points == 50
    assert "Reached: 60 %; 40 %" in carbon.why
    assert "80 % was possible" in carbon.why
    assert "Promised on 2 of 3 lighter evenings, kept on 1." in evenings.why
    assert "20 % better than the usual" in found[Part.HONESTY].why


def test_a_forecast_worse_than_the_usual_says_so() -> None:
    worse = SeasonFacts(prosumer=True, losses=Losses(loss=1_100, usual=1_000))

    assert "10 % worse than the usual" in stories(worse)[Part.HONESTY].why


def test_the_best_comes_first_and_the_unknown_last() -> None:
    facts = SeasonFacts(prosumer=False, trust_ppm=900_000, carbon=HALF)
    order = list(stories(facts))

    assert order[:2] == [Part.RELIABILITY, Part.CARBON]
    assert Part.SELF_CONSUMPTION not in order, "it weighs nothing for a consumer"
