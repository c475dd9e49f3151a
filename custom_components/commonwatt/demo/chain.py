"""The chain of the demo: its street founds a community anew at every start.

The days are lived anew each time, so earlier contracts are of no use.
"""

from pathlib import Path
import shutil
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..chain.alone import LonePoster
from ..chain.files import chain_folder
from ..chain.settler import Settler
from ..drivers.chain import ChainSettings
from ..engine.wire.ethereum import address_of
from .street_books import StreetBooks

PACE_S: Final = 2.0


async def async_settler_of(
    hass: HomeAssistant,
    entry: ConfigEntry,
    settings: ChainSettings | None,
    books: StreetBooks | None,
) -> Settler | None:
    """Return who settles the street on a chain; None where there is none."""
    if settings is None or books is None:
        return None
    folder = chain_folder(hass, entry.entry_id)
    await hass.async_add_executor_job(_make_anew, folder)
    return Settler(
        hass,
        entry,
        settings=settings,
        terms=books.terms(),
        poster=LonePoster(hass, books, address_of(books.key.public)),
        key=books.key,
        folder=folder,
        pace_s=PACE_S,
    )


def _make_anew(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
