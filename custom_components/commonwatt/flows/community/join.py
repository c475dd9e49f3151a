"""Joining a community by invitation: knock, read what one joins, then say yes."""

import asyncio
from contextlib import suppress
from typing import Final, override

from homeassistant.config_entries import SubentryFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import TextSelector
from homeassistant.helpers.translation import async_get_translations
import voluptuous as vol

from ...community.identity import async_keep_secrets, async_party, new_place
from ...community.settings import CommunitySettings, HTTPWay, WaySettings
from ...community.visit import Visit
from ...const import DOMAIN
from ...drivers.transports.http import clean_address
from ...engine.model.party import Charter
from ...engine.model.units import MICRO_PER_UNIT
from ...engine.wire.invite import Invite, read_invite
from ...home import wall_clock
from ...secret_store import HomeSecrets
from ...settings import section_of, text
from ..device import UserInput, name_errors
from .fields import (
    CONF_IDENTITY,
    async_read_identity,
    identity_section,
    long_text,
    name_of,
)
from .ways import WaySteps, broker_at

CONF_LINK: Final = "link"
KNOCK_SECONDS_MAX: Final = 60.0


class JoinSteps(WaySteps):
    """Steps that join a community."""

    _title = ""
    _invite: Invite | None = None
    _joiner: HomeSecrets | None = None
    _visit: Visit | None = None
    _knocking: asyncio.Task[None] | None = None

    async def async_step_join(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Ask for the invitation."""
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = await self._read(user_input)
            if not errors:
                return await self.async_step_ways()
        return self.async_show_form(
            step_id="join",
            data_schema=self.add_suggested_values_to_schema(_schema(), user_input),
            errors=errors,
        )

    async def async_step_knock(
        self,
        user_input: UserInput | None = None,  # noqa: ARG002  # a step's signature
    ) -> SubentryFlowResult:
        """Knock, and show that somebody may take a moment to answer."""
        if self._knocking is None:
            self._knocking = self.hass.async_create_task(
                self._knock(), "commonwatt knocks"
            )
        if not self._knocking.done():
            return self.async_show_progress(
                step_id="knock",
                progress_action="knock",
                progress_task=self._knocking,
            )
        await self._knocking
        self._knocking = None
        answered = self._visit is not None and self._visit.charter is not None
        following = "charter" if answered else "silence"
        if self._visit is not None and self._visit.is_spent:
            following = "spent"
        return self.async_show_progress_done(next_step_id=following)

    async def async_step_spent(
        self,
        user_input: UserInput | None = None,  # noqa: ARG002  # a step's signature
    ) -> SubentryFlowResult:
        """Say that somebody else has come in by this invitation."""
        return self.async_abort(reason="invitation_used")

    async def async_step_silence(
        self,
        user_input: UserInput | None = None,  # noqa: ARG002  # a step's signature
    ) -> SubentryFlowResult:
        """Say that nobody answered, and what can be done."""
        assert self._invite is not None, "one knocks with an invitation"
        return self.async_show_menu(
            step_id="silence",
            menu_options=["knock", "ways"],
            description_placeholders={
                "addresses": ", ".join(self._invite.addresses) or "-"
            },
        )

    async def async_step_charter(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Show what one joins; nothing is kept before the owner agrees."""
        assert self._visit is not None, "the door has been opened"
        charter = self._visit.charter
        assert charter is not None, "the door has been opened"
        if user_input is not None:
            return await self._join()
        return self.async_show_form(
            step_id="charter",
            data_schema=vol.Schema({}),
            description_placeholders=await self._in_words(charter),
        )

    @override
    def async_remove(self) -> None:
        """Knock no longer once somebody closes the form."""
        if self._knocking is not None:
            self._knocking.cancel()

    # -------------------------------------------------------------------- helpers

    async def _read(self, user_input: UserInput) -> dict[str, str]:
        if errors := name_errors(user_input):
            return errors
        try:
            invite = read_invite(text(user_input, CONF_LINK))
        except ValueError:
            return {CONF_LINK: "link_invalid"}
        expires_at = invite.expires_at
        is_new = not any(section_of(user_input, CONF_IDENTITY).values())
        if is_new and expires_at is not None and wall_clock() >= expires_at:
            # Whoever comes back with its identity is a member still.
            return {CONF_LINK: "link_expired"}
        joiner = await async_read_identity(self.hass, user_input)
        if isinstance(joiner, str):
            return {"base": joiner}
        self._title, self._invite, self._joiner = name_of(user_input), invite, joiner
        brokers = [one for one in map(broker_at, invite.addresses) if one is not None]
        dial = tuple(filter(None, map(clean_address, invite.addresses)))
        self._broker_told = next(iter(brokers), None)
        only_broker = bool(brokers) and not dial
        self._ways = WaySettings(http=None if only_broker else HTTPWay(dial=dial))
        return {}

    async def _knock(self) -> None:
        """Knock for a while; a charter, if there is one, is in the visit then."""
        invite, joiner = self._invite, self._joiner
        assert invite is not None, "one knocks with an invitation"
        assert joiner is not None, "and as somebody"
        visit = self._visit = await self.hass.async_add_executor_job(
            lambda: Visit(self.hass, invite, joiner, self._ways, clock=wall_clock)
        )
        with suppress(TimeoutError):
            async with asyncio.timeout(KNOCK_SECONDS_MAX):
                await visit.async_until(lambda visit: visit.charter is not None)

    async def _join(self) -> SubentryFlowResult:
        visit, invite, joiner = self._visit, self._invite, self._joiner
        assert visit is not None, "the door has been opened"
        assert invite is not None, "and by invitation"
        assert joiner is not None, "to somebody"
        founding = visit.founding
        assert founding is not None, "whoever knows the last charter knows the first"
        settings = CommunitySettings(
            community=invite.community,
            party=await async_party(self.hass, joiner),
            place=new_place(),
            founding=founding,
            ways=self._ways,
            invite=invite,
        )
        await async_keep_secrets(
            self.hass, self._get_entry().entry_id, settings.place, joiner
        )
        return self.async_create_entry(
            title=self._title, data=settings.as_data(), unique_id=settings.community
        )

    async def _in_words(self, charter: Charter) -> dict[str, str]:
        """Return what a charter says, in Home Assistant's language."""
        texts = await async_get_translations(
            self.hass, self.hass.config.language, "selector", [DOMAIN]
        )

        def word(key: str, option: str) -> str:
            name = f"component.{DOMAIN}.selector.{key}.options.{option}"
            return texts.get(name, option)

        tariff, unit = charter.reference_tariff, f"{self.hass.config.currency}/kWh"
        price = None if tariff is None else tariff.import_micro_per_kwh
        return {
            "members": str(len(charter.members)),
            "zones": ", ".join(zone.id for zone in charter.fee_tree.zones),
            "admission": word("admission", charter.admission),
            "fault_model": word("fault_model", charter.fault_model),
            "billing_basis": word("billing_basis", charter.billing_basis),
            "privacy": word("privacy", charter.privacy),
            "mechanism": word("mechanism", charter.mechanism),
            "reputation": word(
                "reputation", "shown" if charter.standing is None else "counts"
            ),
            "tariff": "-" if price is None else f"{price / MICRO_PER_UNIT:.4f} {unit}",
        }


def _schema() -> vol.Schema:
    return vol.Schema(
        {
            vol.Required(CONF_LINK): long_text(),
            vol.Required(CONF_NAME): TextSelector(),
            vol.Required(CONF_IDENTITY, default={}): identity_section(),
        }
    )
