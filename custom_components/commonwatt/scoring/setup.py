"""Opens the score book of an entry, shows it in the panel, forgets it."""

from homeassistant.core import HomeAssistant

from ..data import CommonWattConfigEntry
from ..texts import async_common_texts
from .keeper import ScoreKeeper, async_forget_scores
from .pseudonyms import Pseudonyms, async_forget_pseudonyms
from .view import (
    badges_section,
    leaderboard_section,
    missions_section,
    requests_section,
    score_section,
)


async def async_set_up_scores(
    hass: HomeAssistant, entry: CommonWattConfigEntry
) -> None:
    """Begin to keep score."""
    data = entry.runtime_data
    keeper = data.scoring = ScoreKeeper(hass, entry, data)
    texts = await async_common_texts(hass)
    party = data.market.party
    data.shown["score"] = lambda: score_section(keeper, party, texts)
    data.shown["badges"] = lambda: badges_section(keeper, texts)
    data.shown["missions"] = lambda: missions_section(keeper, texts)
    known = Pseudonyms(hass, entry, data)
    await known.async_start()
    data.shown["leaderboard"] = lambda: leaderboard_section(
        keeper, data, known.key, texts
    )
    data.shown["requests"] = lambda: requests_section(data)
    await keeper.async_start()


async def async_forget_standing(hass: HomeAssistant, entry_id: str) -> None:
    """Delete what was kept of a home that is gone: its book, and who was who."""
    await async_forget_scores(hass, entry_id)
    await async_forget_pseudonyms(hass, entry_id)
