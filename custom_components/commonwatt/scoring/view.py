"""What the panel shows of the scores, in Home Assistant's language."""

from collections.abc import Mapping
from typing import Final

from homeassistant.util.json import JsonValueType

from ..data import CommonWattData
from ..engine.model.contract import Gift
from ..engine.model.party import PartyId
from ..engine.model.period import DAY_MS
from ..engine.model.units import PPM
from ..engine.node import DealState
from ..engine.scores.badges import Badge, progress_ppm
from ..engine.scores.leaderboard import entries_of, pseudonym, view
from ..engine.scores.season import season_days
from ..texts import Texts
from .keeper import ScoreKeeper
from .reasons import PartStory, stories_of

_PPM_PER_PERCENT: Final = PPM // 100
_WH_PER_KWH: Final = 1000

ICONS: Final[Mapping[Badge, str]] = {
    Badge.FIRST_TRADE: "mdi:handshake",
    Badge.SUNNY_NEIGHBOUR: "mdi:white-balance-sunny",
    Badge.NIGHT_OWL: "mdi:owl",
    Badge.PEAK_TAMER: "mdi:chart-bell-curve",
    Badge.TRUTH_TELLER: "mdi:crystal-ball",
    Badge.ROCK: "mdi:diamond-stone",
    Badge.GIVER: "mdi:gift",
    Badge.ISLAND_HOUR: "mdi:island",
    Badge.STORM_KEEPER: "mdi:weather-lightning",
    Badge.MENTOR: "mdi:account-heart",
    Badge.GARDENER: "mdi:sprout",
    Badge.ZERO_CARBON_DAY: "mdi:leaf",
}


def score_section(keeper: ScoreKeeper, party: PartyId, texts: Texts) -> JsonValueType:
    """Return score, level, streak and reputation; None before anything is settled."""
    scores = keeper.scores
    if scores is None or scores.standing.score is None:
        return None
    standing = scores.standing
    score, mine = scores.standing.score, standing.reputations.get(party)
    return {
        "points": score.points,
        "out_of": 100,
        "level": texts["score_level"].format(level=standing.progress.level),
        "season_ends_at": season_days(standing.season).stop * DAY_MS,
        "parts": [_part(story, texts) for story in stories_of(standing, texts)],
        "reputation_ppm": None if mine is None else mine.trust_ppm,
        "streak_days": standing.progress.streak_days,
    }


def badges_section(keeper: ScoreKeeper, texts: Texts) -> JsonValueType:
    """Return all badges, those that are earned first."""
    scores = keeper.scores
    if scores is None:
        return None
    standing = scores.standing
    ordered = sorted(Badge, key=lambda one: (one not in standing.badges, one.value))
    return [
        {
            "id": badge.value,
            "name": texts[f"badge_{badge}"],
            "description": texts[f"badge_{badge}_how"],
            "icon": ICONS[badge],
            "earned": badge in standing.badges,
            "earned_at": None,
            "progress_ppm": progress_ppm(badge, standing.career),
        }
        for badge in ordered
    ]


def missions_section(keeper: ScoreKeeper, texts: Texts) -> JsonValueType:
    """Return the mission of the week: one bar for all."""
    scores = keeper.scores
    if scores is None:
        return None
    if scores.mission is None:
        return []
    progress, mission = scores.mission, scores.mission.mission
    return [
        {
            "id": f"{mission.kind}_{mission.first_day}",
            "name": texts[f"mission_{mission.kind}"],
            "description": texts[f"mission_{mission.kind}_how"],
            "progress_ppm": progress.share_ppm,
            "ends_at": mission.until_day * DAY_MS,
            "joined": None,
            "amount": texts["mission_amount"].format(
                reached=round(progress.reached_wh / _WH_PER_KWH, 1),
                goal=round(mission.goal_wh / _WH_PER_KWH, 1),
            ),
        }
    ]


def leaderboard_section(
    keeper: ScoreKeeper, data: CommonWattData, key: bytes | None, texts: Texts
) -> JsonValueType:
    """Return who stands near this home in its league, under pseudonyms."""
    scores, status = keeper.scores, data.market.status
    if scores is None or status is None or key is None:
        return None
    season = scores.standing.season
    me = pseudonym(key, data.market.party, season)
    seen = view(entries_of(status.score_cards, secret=key, season=season), me)
    rows: list[JsonValueType] = []
    if seen is not None:
        first = [one.pseudonym for one in seen.nearby].index(me)
        rows = [
            {
                "rank": max(1, seen.rank - first + place),
                "name": texts["leaderboard_you"]
                if one.pseudonym == me
                else texts["leaderboard_player"].format(name=one.pseudonym[:4]),
                "points": one.bucket,
                "me": one.pseudonym == me,
            }
            for place, one in enumerate(seen.nearby)
        ]
    league = None if seen is None else texts[f"league_{seen.nearby[0].league}"]
    return {"opted_in": keeper.is_shown, "league": league, "rows": rows}


def requests_section(data: CommonWattData) -> JsonValueType:
    """Return who needs energy, the most urgent first."""
    status, me = data.market.status, data.market.party
    if status is None:
        return None
    names = {one.party: one.name for one in data.neighbours()}
    return [
        {
            "id": f"{one.party}/{one.request.number}",
            "number": one.request.number,
            "party": one.party,
            "from": names.get(one.party, one.party),
            "energy_wh": one.request.energy_wh,
            "until": one.request.until.start,
            "reason": one.request.reason.value,
            "given_wh": _given_wh(data, one.party),
            "mine": one.party == me,
        }
        for one in status.requests
    ]


def _given_wh(data: CommonWattData, party: PartyId) -> int:
    """Return what this home's own live gifts to a neighbour promise."""
    status = data.market.status
    views = () if status is None else status.agreements
    return sum(
        one.terms.energy_wh_max
        for one in views
        if one.state is DealState.IN_FORCE
        and isinstance(one.terms, Gift)
        and one.terms.giver == data.market.party
        and one.terms.receiver == party
    )


def _part(story: PartStory, texts: Texts) -> JsonValueType:
    return {
        "name": texts[f"score_{story.part}"],
        "points": story.points,
        "out_of": 100,
        "why": story.why,
    }
