"""Who a home is in a community: made for it, or brought along in a sealed file.

Keys never lie in an entry's data.  Whoever has the sealed text and its passphrase is
that member.
"""

import base64
import binascii
from functools import partial
import secrets
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryAuthFailed

from ..const import DOMAIN
from ..engine.model.party import PartyId
from ..engine.wire.keys import HouseholdKey
from ..engine.wire.vault import (
    NONCE_BYTES,
    SALT_BYTES,
    VAULT_BYTES_MAX,
    Identity,
    VaultError,
    VaultFault,
    open_identity,
    seal_identity,
)
from ..secret_store import HomeSecrets, secret_file
from .settings import CommunitySettings

PLACE_BYTES: Final = 8
TEXT_LENGTH_MAX: Final = 2 * VAULT_BYTES_MAX


def new_place() -> str:
    """Return a name for the files of a membership that no other one has."""
    return secrets.token_hex(PLACE_BYTES)


async def async_member_secrets(
    hass: HomeAssistant, entry: ConfigEntry, settings: CommunitySettings
) -> HomeSecrets:
    """Return the secrets of a member.

    Raises:
        ConfigEntryAuthFailed: they are gone, damaged or another member's.  Home
            Assistant then asks the owner for the sealed identity.
    """
    data = await secret_file(hass, entry.entry_id, settings.place).async_load()
    try:
        found = None if data is None else HomeSecrets.parse(data)
    except ValueError:
        found = None
    if found is None or await async_party(hass, found) != settings.party:
        raise ConfigEntryAuthFailed(
            translation_domain=DOMAIN,
            translation_key="identity_lost",
            translation_placeholders={"home": entry.title},
        )
    return found


async def async_party(hass: HomeAssistant, found: HomeSecrets) -> PartyId:
    """Return who has these secrets."""
    key = await hass.async_add_executor_job(HouseholdKey, found.household)
    return key.party


async def async_keep_secrets(
    hass: HomeAssistant, entry_id: str, place: str, found: HomeSecrets
) -> None:
    """Store the secrets of a membership."""
    await secret_file(hass, entry_id, place).async_save(found.as_data())


async def async_seal(hass: HomeAssistant, found: HomeSecrets, passphrase: str) -> str:
    """Return secrets as a text to carry away; ValueError: the passphrase is short."""
    sealing = partial(
        seal_identity,
        Identity(household=found.household, sessions=found.sessions, salts=found.salts),
        passphrase,
        salt=secrets.token_bytes(SALT_BYTES),
        nonce=secrets.token_bytes(NONCE_BYTES),
    )
    return base64.b64encode(await hass.async_add_executor_job(sealing)).decode()


async def async_unseal(
    hass: HomeAssistant, sealed: str, passphrase: str
) -> HomeSecrets:
    """Return the secrets in a sealed text; VaultError if it does not open."""
    if len(sealed) > TEXT_LENGTH_MAX:
        raise VaultError(VaultFault.NOT_A_VAULT)
    try:
        data = base64.b64decode("".join(sealed.split()), validate=True)
    except (binascii.Error, ValueError) as err:
        raise VaultError(VaultFault.NOT_A_VAULT) from err
    found = await hass.async_add_executor_job(open_identity, data, passphrase)
    return HomeSecrets(
        household=found.household, sessions=found.sessions, salts=found.salts
    )
