"""Sensors of the scores: reliability and why, season, level, streak, mission."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.sensor import (
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import PERCENTAGE, UnitOfTime

from ..data import CommonWattConfigEntry
from ..engine.model.party import PartyId
from ..engine.model.units import PPM, div_floor
from ..engine.scores.effects import privileges_of
from ..engine.scores.reputation import Reputation, stars_tenths
from ..engine.scores.season import Part, weights_of
from .entity import ScoreEntity
from .keeper import Scores
from .known import Agreed

type Attributes = dict[str, str | int | float | bool | None]

_PPM_PER_PERCENT: Final = PPM // 100
_WH_PER_KWH: Final = 1000
_TENTHS: Final = 10


@dataclass(frozen=True, kw_only=True)
class ScoreSensorDescription(SensorEntityDescription):
    """How a sensor shows one part of the scores."""

    value: Callable[[Scores, PartyId], float | str | None]
    """None is unknown."""

    attributes: Callable[[Scores, PartyId], Attributes] | None = None


def _mine(scores: Scores, party: PartyId) -> Reputation | None:
    return scores.standing.reputations.get(party)


def _stars(scores: Scores, party: PartyId) -> float | None:
    mine = _mine(scores, party)
    # Alone, there is nobody to keep one's word to.
    if mine is None or len(scores.standing.reputations) == 1:
        return None
    return stars_tenths(mine.trust_ppm) / _TENTHS


def _reasons(scores: Scores, party: PartyId) -> Attributes:
    mine = _mine(scores, party)
    if mine is None:
        return {}
    return {
        "promised_kwh": mine.promised_wh / _WH_PER_KWH,
        "failed_kwh": mine.failed_wh / _WH_PER_KWH,
        **{lapse.value: count for lapse, count in mine.lapses.items()},
        "vouched": mine.vouched,
        **_terms(scores.agreed),
    }


def _terms(agreed: Agreed | None) -> Attributes:
    """Return what the reputation changes for this home; nothing where it does not."""
    if agreed is None:
        return {}
    return {
        "agreed": stars_tenths(agreed.trust_ppm) / _TENTHS,
        "credit_kwh": agreed.terms.credit_wh / _WH_PER_KWH,
        "deposit_percent": agreed.terms.deposit_ppm / _PPM_PER_PERCENT,
        "prepaid": privileges_of(agreed.trust_ppm).prepaid,
        "contracts": agreed.terms.may_contract,
    }


def _points(scores: Scores, _: PartyId) -> int | None:
    score = scores.standing.score
    return None if score is None else score.points


def _parts(scores: Scores, _: PartyId) -> Attributes:
    """Return the points of each part that counts here; None where it is unknown."""
    standing = scores.standing
    known = {} if standing.score is None else standing.score.parts_ppm
    weights = weights_of(prosumer=standing.facts.prosumer)
    return {
        part.value: div_floor(known[part], _PPM_PER_PERCENT) if part in known else None
        for part in Part
        if weights[part]
    }


def _mission(scores: Scores, _: PartyId) -> int | None:
    mission = scores.mission
    return None if mission is None else div_floor(mission.share_ppm, _PPM_PER_PERCENT)


def _goal(scores: Scores, _: PartyId) -> Attributes:
    progress = scores.mission
    if progress is None:
        return {}
    return {
        "mission": progress.mission.kind.value,
        "reached_kwh": progress.reached_wh / _WH_PER_KWH,
        "goal_kwh": progress.mission.goal_wh / _WH_PER_KWH,
    }


SENSORS: Final = (
    ScoreSensorDescription(
        key="reliability",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value=_stars,
        attributes=_reasons,
    ),
    ScoreSensorDescription(
        key="season_score",
        state_class=SensorStateClass.MEASUREMENT,
        value=_points,
        attributes=_parts,
    ),
    ScoreSensorDescription(
        key="level",
        state_class=SensorStateClass.TOTAL_INCREASING,
        value=lambda scores, _: scores.standing.progress.level,
    ),
    ScoreSensorDescription(
        key="streak",
        native_unit_of_measurement=UnitOfTime.DAYS,
        state_class=SensorStateClass.MEASUREMENT,
        value=lambda scores, _: scores.standing.progress.streak_days,
    ),
    ScoreSensorDescription(
        key="mission",
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        value=_mission,
        attributes=_goal,
    ),
)


def score_sensors(entry: CommonWattConfigEntry) -> list[SensorEntity]:
    """Return the sensors of the scores for a home or for the demo."""
    return [ScoreSensor(entry, description) for description in SENSORS]


class ScoreSensor(ScoreEntity, SensorEntity):
    """One part of the scores."""

    entity_description: ScoreSensorDescription

    def __init__(
        self, entry: CommonWattConfigEntry, description: ScoreSensorDescription
    ) -> None:
        super().__init__(entry, description.key)
        self.entity_description = description
        self._party: Final = entry.runtime_data.market.party
        if entry.runtime_data.home.simulated:
            # Nobody's recorder compiles statistics of a time that never was.
            self._attr_state_class = None

    @property
    @override
    def native_value(self) -> float | str | None:
        scores = self.scores
        if scores is None:
            return None
        return self.entity_description.value(scores, self._party)

    @property
    @override
    def extra_state_attributes(self) -> Attributes | None:
        attributes, scores = self.entity_description.attributes, self.scores
        if attributes is None or scores is None:
            return None
        return attributes(scores, self._party)
