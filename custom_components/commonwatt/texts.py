"""The words of this integration in Home Assistant's language."""

from collections.abc import Mapping

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from .const import DOMAIN

type Texts = Mapping[str, str]


async def async_common_texts(hass: HomeAssistant) -> Texts:
    """Return sentences and names that belong to no entity, by the end of their keys."""
    prefix = f"component.{DOMAIN}.common."
    texts = await async_get_translations(hass, hass.config.language, "common", [DOMAIN])
    return {key.removeprefix(prefix): text for key, text in texts.items()}
