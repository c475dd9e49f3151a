"""Fields of the forms about communities, and what is wrong with an answer."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import voluptuous as vol

from ...community.identity import async_unseal
from ...engine.wire.keys import household_secret
from ...engine.wire.vault import VaultError, VaultFault
from ...secret_store import HomeSecrets
from ...settings import optional_text, section_of, text

CONF_IDENTITY: Final = "identity"
CONF_SEALED: Final = "sealed"
CONF_HOUSEHOLD_KEY: Final = "household_key"
CONF_PASSPHRASE: Final = "passphrase"  # noqa: S105  # the name of a field

VAULT_ERRORS: Final[Mapping[VaultFault, str]] = {
    VaultFault.NOT_A_VAULT: "identity_not_a_vault",
    VaultFault.FROM_THE_FUTURE: "identity_from_the_future",
    VaultFault.TOO_DEAR: "identity_not_a_vault",
    VaultFault.WRONG_PASSPHRASE: "identity_wrong_passphrase",
}


def choice(key: str, options: Iterable[StrEnum | str]) -> SelectSelector:
    """Return a choice among a few, explained by texts under ``key``."""
    return SelectSelector(
        SelectSelectorConfig(
            options=[str(option) for option in options],
            translation_key=key,
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


def password() -> TextSelector:
    """Return a field nobody should read over a shoulder."""
    return TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))


def long_text() -> TextSelector:
    """Return a field for something pasted."""
    return TextSelector(TextSelectorConfig(multiline=True))


def identity_section() -> section:
    """Return the part of a form for whoever brings keys along."""
    return section(
        vol.Schema(
            {
                vol.Optional(CONF_SEALED): long_text(),
                vol.Optional(CONF_PASSPHRASE): password(),
                vol.Optional(CONF_HOUSEHOLD_KEY): password(),
            }
        ),
        {"collapsed": True},
    )


async def async_read_identity(
    hass: HomeAssistant, user_input: Mapping[str, object]
) -> HomeSecrets | str:
    """Return the identity that was brought along, or a new one, or an error's key."""
    entered = section_of(user_input, CONF_IDENTITY)
    sealed = optional_text(entered, CONF_SEALED)
    key = optional_text(entered, CONF_HOUSEHOLD_KEY)
    if sealed is not None and key is not None:
        return "identity_twice"
    if sealed is None:
        return await hass.async_add_executor_job(_new_identity, key)
    return await async_open_sealed(
        hass, sealed, optional_text(entered, CONF_PASSPHRASE) or ""
    )


def _new_identity(key: str | None) -> HomeSecrets | str:
    """Return a new identity, under a private key its owner has already (may block)."""
    if key is None:
        return HomeSecrets.create()
    try:
        household = household_secret(key)
    except ValueError:
        return "household_key_invalid"
    return HomeSecrets.create(household)


async def async_open_sealed(
    hass: HomeAssistant, sealed: str, passphrase: str
) -> HomeSecrets | str:
    """Return the identity in a sealed text, or an error's key."""
    try:
        return await async_unseal(hass, sealed, passphrase)
    except VaultError as err:
        return VAULT_ERRORS[err.fault]


def name_of(user_input: Mapping[str, object]) -> str:
    """Return the name that was entered."""
    return text(user_input, "name").strip()
