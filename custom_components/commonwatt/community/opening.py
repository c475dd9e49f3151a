"""Opening what belongs to one membership; deleting what belongs to none any more."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from ..const import DOMAIN
from ..journal_file import async_forget_place, async_places
from ..secret_store import secret_file
from .circle import Circle
from .directory import Directory
from .settings import CommunitySettings
from .waking import Woken
from .watch import forget_issues
from .ways import Ways


async def async_circle(
    hass: HomeAssistant,
    entry: ConfigEntry,
    settings: CommunitySettings | None,
    woken: Woken,
) -> Circle | None:
    """Return the community of a member; None for a home that is on its own."""
    if settings is None:
        return None
    directory = Directory(hass, entry.entry_id, settings.place)
    await directory.async_load(await _nameless(hass))
    ways = Ways(hass, settings.ways, roster=woken.roster, credentials=woken.credentials)
    return Circle(settings, charter=woken.charter, directory=directory, ways=ways)


async def async_forget_others(
    hass: HomeAssistant, entry: ConfigEntry, settings: CommunitySettings | None
) -> None:
    """Delete keys, journal and names of memberships the home has no more."""
    for place in await async_places(hass, entry.entry_id):
        if settings is None or place != settings.place:
            await _forget(hass, entry.entry_id, place)
    if settings is None:
        forget_issues(hass, entry.entry_id)


async def async_forget_places(hass: HomeAssistant, entry_id: str) -> None:
    """Delete everything of all memberships of a home that is gone."""
    for place in await async_places(hass, entry_id):
        await _forget(hass, entry_id, place)
    forget_issues(hass, entry_id)


async def _forget(hass: HomeAssistant, entry_id: str, place: str) -> None:
    await secret_file(hass, entry_id, place).async_remove()
    await Directory(hass, entry_id, place).async_forget()
    await async_forget_place(hass, entry_id, place)


async def _nameless(hass: HomeAssistant) -> str:
    """Return what to call a neighbour without a name, in Home Assistant's language."""
    texts = await async_get_translations(hass, hass.config.language, "common", [DOMAIN])
    return texts[f"component.{DOMAIN}.common.nameless_neighbour"]
