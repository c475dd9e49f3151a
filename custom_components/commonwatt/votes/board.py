"""The motions of a home's community: what there is to vote on, said in words."""

from collections.abc import Mapping
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util.json import JsonValueType

from ..data import CommonWattConfigEntry, CommonWattData
from ..engine.node import MotionView
from ..texts import Texts, async_common_texts
from .words import Said, Words

MINE: Final[Mapping[bool | None, str | None]] = {True: "yes", False: "no", None: None}


class VoteBoard:
    """Where the votes of a community hang out, in Home Assistant's language."""

    def __init__(self, hass: HomeAssistant, data: CommonWattData, texts: Texts) -> None:
        self.texts: Final = texts
        self._hass: Final = hass
        self._data: Final = data

    @property
    def motions(self) -> tuple[MotionView, ...]:
        """What is or was put to the vote: open motions first, then the last closed."""
        status = self._data.market.status
        views = () if status is None else status.motions
        return tuple(view for view in views if view.is_for_people)

    def find(self, motion: str) -> MotionView | None:
        """Return a motion that is or was put to the vote."""
        return next((view for view in self.motions if view.id == motion), None)

    def say(self, motion: MotionView) -> Said:
        """Return a motion in words."""
        names = {one.party: one.name for one in self._data.neighbours()}
        currency = self._hass.config.currency
        return Words(texts=self.texts, names=names, currency=currency).say(motion)

    def section(self) -> JsonValueType:
        """Return the votes as the panel shows them."""
        if self._data.market.status is None:
            return None
        return [self._row(motion) for motion in self.motions]

    def _row(self, motion: MotionView) -> JsonValueType:
        said = self.say(motion)
        return {
            "id": motion.id,
            "title": said.title,
            "description": said.description,
            "deadline": motion.deadline,
            "yes": motion.yes,
            "no": motion.no,
            "voters": motion.members,
            "quorum": motion.needed,
            "mine": MINE[motion.mine],
            "state": motion.state.value,
        }


async def async_hang_out_votes(
    hass: HomeAssistant, entry: CommonWattConfigEntry
) -> None:
    """Show what there is to vote on."""
    data = entry.runtime_data
    data.votes = VoteBoard(hass, data, await async_common_texts(hass))
    data.shown["votes"] = data.votes.section
