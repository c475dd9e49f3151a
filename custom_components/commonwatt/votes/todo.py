"""The votes that await a home, as a to-do list.

Ticking one off says yes, as each of them tells; nothing else can be done to them here.
"""

from datetime import datetime
from typing import Final, override

from homeassistant.components.todo import (
    TodoItem,
    TodoItemStatus,
    TodoListEntity,
    TodoListEntityFeature,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..data import CommonWattConfigEntry
from ..engine.model.period import Instant, datetime_from_instant
from ..engine.node import MotionState, MotionView
from ..market_entity import MarketEntity
from .casting import cast


class VotesToCast(MarketEntity, TodoListEntity):
    """Open motions: those this home has voted on are done."""

    _attr_supported_features = TodoListEntityFeature.UPDATE_TODO_ITEM

    def __init__(self, entry: CommonWattConfigEntry) -> None:
        super().__init__(entry, "votes")
        self._entry: Final = entry
        self._board: Final = entry.runtime_data.votes

    @property
    @override
    def todo_items(self) -> list[TodoItem] | None:
        if self.status is None:
            return None
        return [
            self._item(motion)
            for motion in self._board.motions
            if motion.state is MotionState.OPEN
        ]

    @override
    async def async_update_todo_item(self, item: TodoItem) -> None:
        """Vote in favour where an item is ticked off."""
        motion = self._board.find(item.uid or "")
        ticked = item.status is TodoItemStatus.COMPLETED
        if motion is None or not motion.awaits_me or not ticked:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="vote_only_ticked"
            )
        await cast(self._entry, motion.id, in_favour=True)

    def _item(self, motion: MotionView) -> TodoItem:
        said, texts = self._board.say(motion), self._board.texts
        if motion.awaits_me:
            summary = texts["vote_todo"].format(title=said.title)
            description = f"{said.description}\n\n{texts['vote_todo_how']}"
            status = TodoItemStatus.NEEDS_ACTION
        else:
            summary, status = said.title, TodoItemStatus.COMPLETED
            mine = "vote_todo_yes" if motion.mine else "vote_todo_no"
            description = f"{said.description}\n\n{texts[mine]}"
        return TodoItem(
            uid=motion.id,
            summary=summary,
            description=description,
            due=_local(motion.deadline),
            status=status,
        )


def _local(instant: Instant) -> datetime:
    return dt_util.as_local(datetime_from_instant(instant))
