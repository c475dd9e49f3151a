"""The key this home knows players of the leaderboard by; nobody else has it.

When it is deleted, with the home, nobody can tell who was who.
"""

import secrets
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from ..const import DOMAIN
from ..engine.scores.leaderboard import SECRET_BYTES

STORE_VERSION: Final = 1


def _store(hass: HomeAssistant, entry_id: str) -> Store[str]:
    return Store(
        hass,
        STORE_VERSION,
        f"{DOMAIN}.pseudonyms.{entry_id}",
        private=True,
        atomic_writes=True,
    )


async def async_pseudonym_key(hass: HomeAssistant, entry_id: str) -> bytes:
    """Return the key of a home; a new one where there is none, or a damaged one."""
    store = _store(hass, entry_id)
    try:
        key = bytes.fromhex(await store.async_load() or "")
    except ValueError:
        key = b""
    if len(key) != SECRET_BYTES:
        key = secrets.token_bytes(SECRET_BYTES)
        await store.async_save(key.hex())
    return key


async def async_forget_pseudonyms(hass: HomeAssistant, entry_id: str) -> None:
    """Delete the key of a home that is gone."""
    await _store(hass, entry_id).async_remove()
