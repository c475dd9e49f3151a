"""One home's season so far: its own facts in, its score out."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..model.units import PPM
from .badges import NO_DEEDS, Career
from .fixed import ratio_ppm
from .flexibility import Participation, flexibility_ppm
from .honesty import NO_LOSSES, Losses, honesty_ppm
from .season import Attainment, Part, SeasonScore, generosity_ppm, season_score


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonFacts:
    """What a home knows of itself; None where it cannot be measured."""

    prosumer: bool
    """It can produce or store."""

    self_sufficiency: Attainment | None = None
    self_consumption: Attainment | None = None
    local_share: Attainment | None = None
    carbon: Attainment | None = None
    events: tuple[Participation, ...] = ()
    losses: Losses = NO_LOSSES
    """Of the forecasts of the last four weeks."""

    trust_ppm: int | None = None
    """Its reputation, which everybody computes."""

    net_given_wh_by_week: tuple[int, ...] = ()
    learning_ppm: int | None = None
    used_wh: int | None = None
    expected_use_wh: int | None = None
    """What weather and season explain."""

    deeds: Career = NO_DEEDS
    """What no settlement tells: cars, events, storms, newcomers, learning."""

    sensor_in_doubt: bool = False
    """Its panels stood out from the neighbours' for a week: no points meanwhile."""


def score_of(facts: SeasonFacts) -> SeasonScore | None:
    """Return the score of a season so far; None without anything to go by."""
    if facts.sensor_in_doubt:
        return None
    return season_score(_parts(facts), prosumer=facts.prosumer, use_ppm=_use_ppm(facts))


def _parts(facts: SeasonFacts) -> Mapping[Part, int | None]:
    return {
        Part.SELF_SUFFICIENCY: _points(facts.self_sufficiency),
        Part.SELF_CONSUMPTION: _points(facts.self_consumption),
        Part.LOCAL_SHARE: _points(facts.local_share),
        Part.CARBON: _points(facts.carbon),
        Part.FLEXIBILITY: flexibility_ppm(facts.events),
        Part.HONESTY: honesty_ppm(facts.losses),
        Part.RELIABILITY: facts.trust_ppm,
        Part.GENEROSITY: generosity_ppm(facts.net_given_wh_by_week),
        Part.LEARNING: facts.learning_ppm,
    }


def _points(share: Attainment | None) -> int | None:
    return None if share is None else share.points_ppm


def _use_ppm(facts: SeasonFacts) -> int:
    if facts.used_wh is None or not facts.expected_use_wh:
        return PPM
    return ratio_ppm(facts.used_wh, facts.expected_use_wh)
