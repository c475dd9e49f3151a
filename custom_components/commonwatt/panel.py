"""Brings panel and cards into Home Assistant's frontend, and takes them away again.

The built files lie in ``frontend/``.  Their address holds a digest of their content, so
that a browser may keep them for ever and still gets new ones at once.  One address
serves both as the panel's module and as a resource of all dashboards.
"""

import hashlib
from pathlib import Path
from typing import Final

from homeassistant.components import frontend, panel_custom
from homeassistant.components.http import StaticPathConfig
from homeassistant.components.lovelace.const import LOVELACE_DATA, MODE_STORAGE
from homeassistant.components.lovelace.resources import ResourceStorageCollection
from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN

URL_PATH: Final = "neighbourhood"
ELEMENT: Final = "commonwatt-panel"
ICON: Final = "mdi:home-group"
FILE_NAME: Final = "commonwatt.js"
STATIC_ROOT: Final = f"/{DOMAIN}_static"
FOLDER: Final = Path(__file__).parent / "frontend"

_DIGEST_LENGTH: Final = 12
_MODULE_URL: Final[HassKey[str]] = HassKey(f"{DOMAIN}_module_url")


async def async_serve_files(hass: HomeAssistant) -> None:
    """Serve the built files; once, since Home Assistant never forgets a static path."""
    if "http" not in hass.config.components:
        return
    digest = await hass.async_add_executor_job(_digest)
    folder = f"{STATIC_ROOT}/{digest}"
    await hass.http.async_register_static_paths(
        [StaticPathConfig(folder, str(FOLDER), cache_headers=True)]
    )
    hass.data[_MODULE_URL] = f"{folder}/{FILE_NAME}"


async def async_show_panel(hass: HomeAssistant) -> None:
    """Put the panel into the sidebar and the cards into every dashboard.

    Does nothing where there is no frontend: a safe mode, or a home without screens.
    """
    module_url = hass.data.get(_MODULE_URL)
    if module_url is None or "frontend" not in hass.config.components:
        return
    if not frontend.async_panel_exists(hass, URL_PATH):
        texts = await async_get_translations(
            hass, hass.config.language, "common", [DOMAIN]
        )
        await panel_custom.async_register_panel(
            hass,
            frontend_url_path=URL_PATH,
            webcomponent_name=ELEMENT,
            sidebar_title=texts[f"component.{DOMAIN}.common.panel_title"],
            sidebar_icon=ICON,
            module_url=module_url,
            handle_safe_area=True,
        )
    await _offer_cards(hass, module_url)


async def async_hide_panel(hass: HomeAssistant) -> None:
    """Take the panel away with the last home.

    Not with one that is only reloaded: who looks at it would be thrown out.
    """
    homes = hass.config_entries.async_entries(DOMAIN, include_disabled=False)
    if not homes and "frontend" in hass.config.components:
        frontend.async_remove_panel(hass, URL_PATH, warn_if_unknown=False)


async def async_forget_cards(hass: HomeAssistant) -> None:
    """Take our address out of the dashboards' resources, when the last home goes."""
    if hass.config_entries.async_entries(DOMAIN):
        return
    resources = _stored_resources(hass)
    if resources is None:
        return
    await resources.async_get_info()
    for item in _ours(resources):
        await resources.async_delete_item(item["id"])


async def _offer_cards(hass: HomeAssistant, module_url: str) -> None:
    resources = _stored_resources(hass)
    if resources is None:
        # Somebody keeps the resources in YAML, or there are no dashboards at all.
        frontend.add_extra_js_url(hass, module_url)
        return
    # Loads the collection: what is written before would replace what is stored.
    await resources.async_get_info()
    ours = _ours(resources)
    if not ours:
        await resources.async_create_item({"res_type": "module", "url": module_url})
        return
    first, *doubles = ours
    if first["url"] != module_url:
        await resources.async_update_item(
            first["id"], {"res_type": "module", "url": module_url}
        )
    for item in doubles:
        await resources.async_delete_item(item["id"])


def _stored_resources(hass: HomeAssistant) -> ResourceStorageCollection | None:
    """Return the dashboards' resources; None where they are not ours to change."""
    lovelace = hass.data.get(LOVELACE_DATA)
    if lovelace is None or lovelace.resource_mode != MODE_STORAGE:
        return None
    resources = lovelace.resources
    return resources if isinstance(resources, ResourceStorageCollection) else None


def _ours(resources: ResourceStorageCollection) -> list[dict[str, str]]:
    """Return the resources that point to our files, of whatever version."""
    return [
        item
        for item in resources.async_items()
        if str(item["url"]).startswith(f"{STATIC_ROOT}/")
    ]


def _digest() -> str:
    """Return a digest of the built file (blocking)."""
    content = (FOLDER / FILE_NAME).read_bytes()
    return hashlib.sha256(content).hexdigest()[:_DIGEST_LENGTH]
