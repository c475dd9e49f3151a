"""Where the outbox of a chain lies among Home Assistant's files, and its end."""

from pathlib import Path
import shutil

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import STORAGE_DIR

from ..const import DOMAIN


def chain_folder(hass: HomeAssistant, entry_id: str) -> Path:
    """Return the folder in which an entry keeps what it has sent."""
    return Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.{entry_id}.chain"))


async def async_forget_chain(hass: HomeAssistant, entry_id: str) -> None:
    """Delete what was kept of a home that is gone; the chain itself forgets nothing."""
    folder = chain_folder(hass, entry_id)
    await hass.async_add_executor_job(_delete, folder)


async def async_forget_books(hass: HomeAssistant, entry_id: str) -> None:
    """Delete the books of a home that settles on no chain; what it sent stays."""
    folder = chain_folder(hass, entry_id)
    await hass.async_add_executor_job(_delete_books, folder)


def _delete_books(folder: Path) -> None:
    for path in folder.glob("books-*"):
        path.unlink(missing_ok=True)


def _delete(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
