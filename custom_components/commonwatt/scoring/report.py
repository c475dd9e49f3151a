"""The week of a home in a few sentences, and the figures behind them."""

from collections.abc import Iterator, Mapping
from typing import Final

from homeassistant.util.json import JsonValueType

from ..engine.model.party import PartyId
from ..engine.scores.reputation import stars_tenths
from .keeper import Scores
from .reasons import stories_of

_WH_PER_KWH: Final = 1000
_TENTHS: Final = 10
MIN_PARTS: Final = 2
"""With one part there is no best of them."""


def report(
    scores: Scores | None, party: PartyId, *, home: str, texts: Mapping[str, str]
) -> dict[str, JsonValueType]:
    """Return the report: ``text`` in Home Assistant's language, and its figures."""
    if scores is None or not scores.week_days:
        return {"text": texts["report_nothing"], "days": 0}
    figures = _figures(scores, party, texts)
    sentences = [texts["report_energy"].format(home=home, **_shown(figures))]
    if figures["given_kwh"] or figures["taken_kwh"]:
        sentences.append(texts["report_gifts"].format(**_shown(figures)))
    if figures["points"] is not None:
        sentences.append(texts["report_score"].format(**_shown(figures)))
        sentences.extend(_parts(scores, texts))
    return {"text": " ".join(sentences), **figures}


def _parts(scores: Scores, texts: Mapping[str, str]) -> Iterator[str]:
    """Yield what went best, and where most is to be gained, with its reason."""
    known = [
        one for one in stories_of(scores.standing, texts) if one.points is not None
    ]
    if len(known) < MIN_PARTS:
        return
    best, least = known[0], known[-1]
    yield texts["report_parts"].format(
        best=texts[f"score_{best.part}"],
        best_points=best.points,
        least=texts[f"score_{least.part}"],
        least_points=least.points,
        why=least.why,
    )


def _figures(
    scores: Scores, party: PartyId, texts: Mapping[str, str]
) -> dict[str, JsonValueType]:
    week, standing = scores.week, scores.standing
    mine = standing.reputations.get(party)
    return {
        "days": scores.week_days,
        "imported_kwh": week.import_wh / _WH_PER_KWH,
        "exported_kwh": week.export_wh / _WH_PER_KWH,
        "local_kwh": week.local_wh / _WH_PER_KWH,
        "given_kwh": sum(wh for _, wh in week.given) / _WH_PER_KWH,
        "taken_kwh": sum(wh for _, wh in week.taken) / _WH_PER_KWH,
        "points": None if standing.score is None else standing.score.points,
        "parts": {one.part.value: one.points for one in stories_of(standing, texts)},
        "level": standing.progress.level,
        "stars": None if mine is None else stars_tenths(mine.trust_ppm) / _TENTHS,
        "badges": [badge.value for badge in sorted(standing.badges)],
    }


def _shown(figures: Mapping[str, JsonValueType]) -> dict[str, str]:
    return {
        name.removesuffix("_kwh"): str(
            round(value, 1) if isinstance(value, float) else value
        )
        for name, value in figures.items()
    }
