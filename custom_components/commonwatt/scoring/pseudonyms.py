"""The key this home knows players of the leaderboard by; nobody else has it.

When it is destroyed, as the home leaves its community or is deleted, nobody can tell
any more who was who.
"""

import secrets
from typing import TYPE_CHECKING, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store

from ..const import DOMAIN
from ..engine.scores.leaderboard import SECRET_BYTES

if TYPE_CHECKING:
    from ..data import CommonWattData

STORE_VERSION: Final = 1


class Pseudonyms:
    """The key while the home is a member, and nothing of it afterwards."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, data: CommonWattData
    ) -> None:
        self.key: bytes | None = None
        """None: the home has left, and its key with it."""

        self._hass: Final = hass
        self._entry: Final = entry
        self._data: Final = data

    async def async_start(self) -> None:
        """Open the key, or draw one; watch whether the home stays."""
        self.key = await async_pseudonym_key(self._hass, self._entry.entry_id)
        self._entry.async_on_unload(self._data.market.async_listen(self._look))

    @callback
    def _look(self) -> None:
        status = self._data.market.status
        if self.key is None or status is None or status.is_member:
            return
        self.key = None
        self._entry.async_create_task(
            self._hass,
            async_forget_pseudonyms(self._hass, self._entry.entry_id),
            "commonwatt pseudonyms",
        )


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
