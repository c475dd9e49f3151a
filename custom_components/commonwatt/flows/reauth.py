"""Asking for a member's identity again, when its keys are gone or somebody else's."""

from collections.abc import Mapping

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
import voluptuous as vol

from ..community.identity import async_keep_secrets, async_party
from ..community.settings import community_settings
from ..settings import text
from .community.fields import (
    CONF_PASSPHRASE,
    CONF_SEALED,
    async_open_sealed,
    long_text,
    password,
)
from .device import UserInput


class ReauthSteps(ConfigFlow):
    """Steps that give a home its key to the community back."""

    async def async_step_reauth(
        self,
        entry_data: Mapping[str, object],  # noqa: ARG002  # a step's signature
    ) -> ConfigFlowResult:
        """Begin, because the home could not be started."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: UserInput | None = None
    ) -> ConfigFlowResult:
        """Ask for the sealed identity of this very member."""
        entry = self._get_reauth_entry()
        error: str | None = None
        if user_input is not None:
            error = await self._restore(user_input)
            if error is None:
                self.hass.config_entries.async_schedule_reload(entry.entry_id)
                return self.async_abort(reason="reauth_successful")
        schema = {
            vol.Required(CONF_SEALED): long_text(),
            vol.Required(CONF_PASSPHRASE): password(),
        }
        return self.async_show_form(
            step_id="reauth_confirm",
            data_schema=vol.Schema(schema),
            errors={} if error is None else {"base": error},
            description_placeholders={"home": entry.title},
        )

    async def _restore(self, user_input: UserInput) -> str | None:
        """Keep the identity, or return what is wrong with it."""
        entry = self._get_reauth_entry()
        settings = community_settings(entry)
        if settings is None:
            # The community was deleted while the form was open: nothing is lacking.
            return None
        found = await async_open_sealed(
            self.hass, text(user_input, CONF_SEALED), text(user_input, CONF_PASSPHRASE)
        )
        if isinstance(found, str):
            return found
        if await async_party(self.hass, found) != settings.party:
            return "identity_of_another"
        await async_keep_secrets(self.hass, entry.entry_id, settings.place, found)
        return None
