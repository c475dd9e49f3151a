"""Why each part of a score is what it is, in Home Assistant's language.

A part nobody could measure has no points, and its reason says what is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ..engine.model.units import PPM, div_round
from ..engine.scores.book import Standing
from ..engine.scores.facts import SeasonFacts
from ..engine.scores.own.evenings import kept_promises
from ..engine.scores.season import Attainment, Part, weights_of
from ..texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class PartStory:
    """One part of a score, as people read it."""

    part: Part
    points: int | None
    """Of a hundred; None: not measured, its weight has moved to the others."""

    why: str


def stories_of(standing: Standing, texts: Texts) -> tuple[PartStory, ...]:
    """Return all parts that count in this home, the best first, the unknown last."""
    known = {} if standing.score is None else standing.score.parts_ppm
    weights = weights_of(prosumer=standing.facts.prosumer)
    figures = _figures(standing.facts, texts)
    found = [
        PartStory(
            part=part,
            points=_percent(known[part]) if part in known else None,
            why=_why(part, known, figures, texts),
        )
        for part in Part
        if weights[part]
    ]
    return tuple(
        sorted(found, key=lambda one: (one.points is None, -(one.points or 0)))
    )


def _why(
    part: Part, known: Mapping[Part, int], figures: Mapping[Part, str], texts: Texts
) -> str:
    if part not in known:
        return texts[f"score_{part}_unknown"]
    return " ".join(
        text for text in (texts[f"score_{part}_why"], figures.get(part)) if text
    )


def _figures(facts: SeasonFacts, texts: Texts) -> Mapping[Part, str]:
    """Return what the points of some parts were reckoned from."""
    shares = {
        Part.SELF_SUFFICIENCY: facts.self_sufficiency,
        Part.SELF_CONSUMPTION: facts.self_consumption,
        Part.CARBON: facts.carbon,
    }
    figures = {
        part: _attained(share, texts)
        for part, share in shares.items()
        if share is not None
    }
    if facts.events:
        figures[Part.FLEXIBILITY] = texts["score_evenings"].format(
            joined=sum(one.committed_wh > 0 for one in facts.events),
            kept=kept_promises(facts.events),
            events=len(facts.events),
        )
    if (skill_ppm := facts.losses.skill_ppm) is not None:
        better = skill_ppm >= 0
        figures[Part.HONESTY] = texts[
            "score_forecasts_better" if better else "score_forecasts_worse"
        ].format(percent=_percent(abs(skill_ppm)))
    return figures


def _attained(share: Attainment, texts: Texts) -> str:
    return texts["score_attained"].format(
        reached=_percent(share.reached_ppm),
        without=_percent(share.without_ppm),
        best=_percent(share.best_ppm),
    )


def _percent(share_ppm: int) -> int:
    return div_round(share_ppm * 100, PPM)
