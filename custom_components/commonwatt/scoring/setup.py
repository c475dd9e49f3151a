"""Opens the score book of an entry and shows it in the panel."""

from homeassistant.core import HomeAssistant

from ..data import CommonWattConfigEntry
from .keeper import ScoreKeeper
from .view import (
    async_score_texts,
    badges_section,
    missions_section,
    score_section,
)


async def async_set_up_scores(
    hass: HomeAssistant, entry: CommonWattConfigEntry
) -> None:
    """Begin to keep score."""
    data = entry.runtime_data
    keeper = data.scoring = ScoreKeeper(hass, entry, data)
    texts = await async_score_texts(hass)
    party = data.market.party
    data.shown["score"] = lambda: score_section(keeper, party, texts)
    data.shown["badges"] = lambda: badges_section(keeper, texts)
    data.shown["missions"] = lambda: missions_section(keeper, texts)
    await keeper.async_start()
