"""A plan's next action as a sentence, in Home Assistant's language."""

from collections.abc import Mapping
from typing import Final, Self

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..engine.dispatch.story import Action
from ..engine.model.period import datetime_from_instant


class Words:
    """The words a home explains itself with."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        """Take the texts by the last part of their keys."""
        self._texts: Final = texts

    @classmethod
    async def async_load(cls, hass: HomeAssistant) -> Self:
        """Read them in the language of this Home Assistant."""
        prefix = f"component.{DOMAIN}.common."
        texts = await async_get_translations(
            hass, hass.config.language, "common", [DOMAIN]
        )
        return cls({key.removeprefix(prefix): text for key, text in texts.items()})

    def what(self, action: Action, *, name: str) -> str:
        """Return what happens."""
        return self._texts[f"plan_action_{action.kind.value}"].format(name=name)

    def explain(self, action: Action, *, name: str) -> str:
        """Return what happens, when and why."""
        at = dt_util.as_local(datetime_from_instant(action.starts_at))
        what = self.what(action, name=name)
        why = self._texts[f"plan_reason_{action.reason.value}"]
        return self._texts["plan_sentence"].format(
            what=what, time=f"{at:%H:%M}", why=why
        )
