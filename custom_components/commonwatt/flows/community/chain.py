"""Settling a community on a chain: new contracts, or those of another home."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from homeassistant.config_entries import ConfigEntry, SubentryFlowResult
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    QrCodeSelector,
    QrCodeSelectorConfig,
    QrErrorCorrectionLevel,
)
import voluptuous as vol

from ...chain.link import ChainLink
from ...chain.member import accounts_of, async_household
from ...chain.settings import (
    CONF_CHAIN,
    CONF_CHAIN_ID,
    CONF_URLS,
    CommunityChain,
    community_chain,
)
from ...chain.trial import (
    CONF_LINK,
    NOTHING_WRONG,
    OtherCommunityError,
    Wrong,
    async_find_contracts,
    async_wrong_endpoints,
    error_of,
)
from ...drivers.chain import ChainError, ChainSettings, DeploymentTerms
from ...engine.model.party import Charter, PrivacyMode
from ...engine.model.units import NANO_PER_UNIT
from ...engine.wire.digests import community_id
from ...engine.wire.ethereum import address_of, checksummed
from ...settings import number, text
from ..chain import (
    CHAIN_ID_DEFAULT,
    chain_id_field,
    endpoints_field,
    read_chain,
    read_endpoints,
)
from ..device import UserInput
from .fields import long_text
from .manage import QR_SCALE, ManageSteps

CONF_LINE: Final = "credit_line"
LINE_DEFAULT: Final = 50
LINE_MAX: Final = 100_000


class ChainSteps(ManageSteps):
    """Steps for a member whose community settles on a chain, or might."""

    async def async_step_chain(
        self,
        user_input: UserInput | None = None,  # noqa: ARG002  # a step's signature
    ) -> SubentryFlowResult:
        """Ask what is to be done about the chain."""
        if self._charter_now.privacy is not PrivacyMode.OPEN:
            return self.async_abort(reason="chain_private")
        known = ["chain_share", "chain_change", "chain_leave"]
        new = ["chain_deploy", "chain_join"]
        return self.async_show_menu(
            step_id="chain", menu_options=new if self._known is None else known
        )

    # ---------------------------------------------------------------- a new chain

    async def async_step_chain_deploy(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Ask for a chain on which this home makes the community's contracts."""
        key = await async_household(self.hass, self._entry, self.settings)
        wrong = NOTHING_WRONG
        if user_input is not None:
            chain = read_chain(user_input)
            wrong = await async_wrong_endpoints(
                self.hass, chain, address_of(key.public), needs_coins=True
            )
            if wrong == NOTHING_WRONG:
                line = round(number(user_input, CONF_LINE))
                return self._keep(CommunityChain(settings=chain, terms=self._by(line)))
        most = NumberSelectorConfig(
            min=0,
            max=LINE_MAX,
            step=1,
            mode=NumberSelectorMode.BOX,
            unit_of_measurement=self.hass.config.currency,
        )
        schema = vol.Schema(
            {
                **endpoints_field(),
                **chain_id_field(),
                vol.Required(CONF_LINE): NumberSelector(most),
            }
        )
        usual = {CONF_CHAIN_ID: CHAIN_ID_DEFAULT, CONF_LINE: LINE_DEFAULT}
        return await self._ask("chain_deploy", schema, user_input or usual, wrong)

    async def async_step_chain_join(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Ask for the contracts that another home has deployed."""
        wrong = NOTHING_WRONG
        if user_input is not None:
            found = await self._joined(user_input)
            if isinstance(found, CommunityChain):
                return self._keep(found)
            wrong = found
        schema = vol.Schema({**endpoints_field(), vol.Required(CONF_LINK): long_text()})
        return await self._ask("chain_join", schema, user_input or {}, wrong)

    async def _joined(self, user_input: UserInput) -> CommunityChain | Wrong:
        """Look at the contracts before anything is kept."""
        try:
            link = ChainLink.read(text(user_input, CONF_LINK))
        except ValueError:
            return {CONF_LINK: "chain_link"}, {}
        key = await async_household(self.hass, self._entry, self.settings)
        chain = ChainSettings(urls=read_endpoints(user_input), chain_id=link.chain_id)
        errors, where = await async_wrong_endpoints(
            self.hass, chain, address_of(key.public), needs_coins=False
        )
        if errors:
            # The number of the chain is in the link, not in a field of its own.
            return {
                CONF_LINK if field == CONF_CHAIN_ID else field: error
                for field, error in errors.items()
            }, where
        members = await self.hass.async_add_executor_job(accounts_of, self._charter_now)
        try:
            deployment = await async_find_contracts(
                self.hass, chain, link, key=key, members=members
            )
        except (ChainError, OtherCommunityError) as err:
            return error_of(err), {}
        return CommunityChain(settings=replace(chain, deployment=deployment))

    # -------------------------------------------------------------- a known chain

    async def async_step_chain_share(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Show what the other members paste."""
        known = self._known
        deployment = None if known is None else known.settings.deployment
        if deployment is None:
            return self.async_abort(reason="chain_not_there_yet")
        if user_input is not None:
            return self.async_abort(reason="chain_shared")
        link = ChainLink.of(deployment).text
        code = QrCodeSelectorConfig(
            data=link,
            scale=QR_SCALE,
            error_correction_level=QrErrorCorrectionLevel.LOW,
        )
        schema = {
            vol.Optional("code"): QrCodeSelector(code),
            vol.Optional(CONF_LINK, default=link): long_text(),
        }
        return self.async_show_form(
            step_id="chain_share", data_schema=vol.Schema(schema)
        )

    async def async_step_chain_change(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Ask for other endpoints of the same chain."""
        known = self._known
        assert known is not None, "the menu offers it for a chain that is known"
        wrong = NOTHING_WRONG
        if user_input is not None:
            chain = replace(known.settings, urls=read_endpoints(user_input))
            key = await async_household(self.hass, self._entry, self.settings)
            errors, where = await async_wrong_endpoints(
                self.hass, chain, address_of(key.public), needs_coins=False
            )
            if not errors:
                return self._keep(replace(known, settings=chain))
            wrong = dict.fromkeys([CONF_URLS], *errors.values()), where
        shown = user_input or {CONF_URLS: list(known.settings.urls)}
        schema = vol.Schema(endpoints_field())
        return await self._ask("chain_change", schema, shown, wrong)

    async def async_step_chain_leave(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Settle by the journal alone again, if that is what is wanted."""
        if user_input is None:
            return self.async_show_form(
                step_id="chain_leave", data_schema=vol.Schema({})
            )
        return self._keep(None)

    # -------------------------------------------------------------------- helpers

    @property
    def _entry(self) -> ConfigEntry:
        return self._get_entry()

    @property
    def _known(self) -> CommunityChain | None:
        return community_chain(self._entry)

    @property
    def _charter_now(self) -> Charter:
        circle = self._member.circle
        assert circle is not None, "only members are asked"
        return circle.charter

    def _by(self, line: int) -> DeploymentTerms:
        """Return how new contracts are made: for all who are members now."""
        charter = self._charter_now
        return DeploymentTerms(
            charter=bytes.fromhex(community_id(charter)),
            founders=tuple(sorted(accounts_of(charter))),
            line_nano=line * NANO_PER_UNIT,
        )

    def _keep(self, chain: CommunityChain | None) -> SubentryFlowResult:
        return self.async_update_and_abort(
            self._entry,
            self._get_reconfigure_subentry(),
            data_updates={CONF_CHAIN: None if chain is None else chain.as_data},
        )

    async def _ask(
        self,
        step_id: str,
        schema: vol.Schema,
        suggested: Mapping[str, object],
        wrong: Wrong,
    ) -> SubentryFlowResult:
        errors, where = wrong
        key = await async_household(self.hass, self._entry, self.settings)
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, suggested),
            errors=errors,
            description_placeholders={
                "account": checksummed(address_of(key.public)),
                "url": "",
                "found": "",
                **where,
            },
        )
