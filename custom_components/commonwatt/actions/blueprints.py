"""Copies the component's blueprints to the owner's, when the owner says so."""

from pathlib import Path
import shutil
from typing import Final

from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse
import voluptuous as vol

from ..const import DOMAIN

OURS: Final = Path(__file__).parent.parent / "blueprints"
INSTALL_BLUEPRINTS: Final = vol.Schema({})


async def install_blueprints(call: ServiceCall) -> ServiceResponse:
    """Copy what is not there yet; what the owner changed is the owner's."""
    hass = call.hass
    folder = Path(hass.config.path("blueprints", "automation", DOMAIN))
    installed = await hass.async_add_executor_job(_copy, folder)
    await _forget(hass)
    return {"folder": str(folder), "installed": [*installed]}


def _copy(folder: Path) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    missing = [
        source
        for source in sorted(OURS.glob("*.yaml"))
        if not (folder / source.name).exists()
    ]
    for source in missing:
        shutil.copyfile(source, folder / source.name)
    return [source.name for source in missing]


async def _forget(hass: HomeAssistant) -> None:
    """Have automations look at the folder again."""
    if hass.services.has_service("automation", "reload"):
        await hass.services.async_call("automation", "reload", blocking=True)
