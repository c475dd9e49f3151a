"""The secrets of a home: made once, kept in a private file, shown to nobody.

They are in Home Assistant's backups, in plain text like every secret it keeps.
"""

from dataclasses import dataclass
import secrets
from typing import Final, Self

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryError
from homeassistant.helpers.storage import Store

from .const import DOMAIN
from .journal_file import journal_path

STORE_VERSION: Final = 1
SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HomeSecrets:
    """Each is random and has one use; none can be told from another."""

    household: bytes
    """The household's private key."""

    sessions: bytes
    """Session keys are derived from it."""

    salts: bytes
    """The salts of commitments are derived from it."""

    @classmethod
    def create(cls, household: bytes | None = None) -> Self:
        """Make new secrets from the operating system's randomness (may block).

        A home that has a private key already brings it along.
        """
        return cls(
            household=household or secrets.token_bytes(SECRET_BYTES),
            sessions=secrets.token_bytes(SECRET_BYTES),
            salts=secrets.token_bytes(SECRET_BYTES),
        )

    @classmethod
    def parse(cls, data: dict[str, str]) -> Self:
        """Read what ``as_data`` wrote; ValueError where it is damaged."""
        try:
            read = {name: bytes.fromhex(data[name]) for name in cls.__slots__}
        except KeyError as err:
            raise ValueError("a secret is missing") from err
        if any(len(secret) != SECRET_BYTES for secret in read.values()):
            raise ValueError("a secret is cut short")
        return cls(**read)

    def as_data(self) -> dict[str, str]:
        """Return what is stored."""
        return {
            "household": self.household.hex(),
            "sessions": self.sessions.hex(),
            "salts": self.salts.hex(),
        }


def secret_file(
    hass: HomeAssistant, entry_id: str, place: str | None = None
) -> Store[dict[str, str]]:
    """Return where a home's secrets lie: of one membership, or of the home alone."""
    name = entry_id if place is None else f"{entry_id}.{place}"
    return Store(
        hass,
        STORE_VERSION,
        f"{DOMAIN}.{name}.keys",
        private=True,
        atomic_writes=True,
    )


async def async_load_secrets(hass: HomeAssistant, entry: ConfigEntry) -> HomeSecrets:
    """Return the secrets of a home, new ones for a new home.

    A home whose keys are lost is not given new ones in silence: to its neighbours it
    would be a stranger, and its journal somebody else's.

    Raises:
        ConfigEntryError: the keys are damaged, or gone while the journal is there.
    """
    store = secret_file(hass, entry.entry_id)
    data = await store.async_load()
    if data is not None:
        try:
            return HomeSecrets.parse(data)
        except ValueError as err:
            raise _lost(store) from err
    journal = journal_path(hass, entry.entry_id)
    if await hass.async_add_executor_job(journal.exists):
        raise _lost(store)
    created = await hass.async_add_executor_job(HomeSecrets.create)
    await store.async_save(created.as_data())
    return created


async def async_forget_secrets(hass: HomeAssistant, entry_id: str) -> None:
    """Delete the secrets of a home that is gone."""
    await secret_file(hass, entry_id).async_remove()


def _lost(store: Store[dict[str, str]]) -> ConfigEntryError:
    return ConfigEntryError(
        translation_domain=DOMAIN,
        translation_key="keys_lost",
        translation_placeholders={"file": store.path},
    )
