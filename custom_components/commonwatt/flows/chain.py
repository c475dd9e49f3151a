"""The optional step *settle on a chain*: how it is reached, and what is there."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Final

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import voluptuous as vol
from yarl import URL

from ..chain.settings import CHAIN_ID_MAX, CONF_CHAIN_ID, CONF_URLS, URLS_MAX
from ..drivers.chain import ChainError, ChainSettings
from ..drivers.chain.probe import probe
from ..engine.wire.ethereum import Address, checksummed
from .device import Fields, UserInput

CHAIN_ID_DEFAULT: Final = 100
"""Gnosis Chain: a batch costs a fraction of a cent there."""


class ChainSteps(ConfigFlow):
    """The step that asks for a chain, in whichever flow wants one."""

    _chain: ChainSettings | None = None
    """What the entry has now, and the form shows."""

    @abstractmethod
    async def async_chain_account(self) -> Address:
        """Return the account that will pay for the gas."""

    @abstractmethod
    async def async_chain_chosen(self, chain: ChainSettings) -> ConfigFlowResult:
        """Go on with a chain that answers."""

    async def async_step_chain(
        self, user_input: UserInput | None = None
    ) -> ConfigFlowResult:
        """Ask how the chain is reached; go on if it is the one that is meant."""
        account = await self.async_chain_account()
        if user_input is None:
            return self._show_chain(account, self._suggested(), {}, {})
        chain = _read(user_input)
        errors, where = await self._wrong_chain(chain, account)
        if errors:
            return self._show_chain(account, user_input, errors, where)
        return await self.async_chain_chosen(chain)

    def _suggested(self) -> dict[str, object]:
        known = self._chain
        if known is None:
            return {CONF_CHAIN_ID: CHAIN_ID_DEFAULT}
        return {CONF_URLS: list(known.urls), CONF_CHAIN_ID: known.chain_id}

    def _show_chain(
        self,
        account: Address,
        suggested: Mapping[str, object],
        errors: dict[str, str],
        where: Mapping[str, str],
    ) -> ConfigFlowResult:
        return self.async_show_form(
            step_id="chain",
            data_schema=self.add_suggested_values_to_schema(chain_schema(), suggested),
            errors=errors,
            description_placeholders={
                "account": checksummed(account),
                "url": "",
                "found": "",
                **where,
            },
        )

    async def _wrong_chain(
        self, chain: ChainSettings, account: Address
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Return the errors of the form, and what they are about."""
        if not 1 <= len(chain.urls) <= URLS_MAX:
            return {CONF_URLS: "chain_urls_count"}, {}
        session = async_get_clientsession(self.hass)
        for url in chain.urls:
            if not _is_url(url):
                return {CONF_URLS: "chain_url"}, {"url": url}
            try:
                found = await probe(session, url, account)
            except ChainError:
                return {CONF_URLS: "chain_silent"}, {"url": url}
            if found.chain_id != chain.chain_id:
                where = {"url": url, "found": str(found.chain_id)}
                return {CONF_CHAIN_ID: "chain_wrong"}, where
            if not found.coins_wei:
                return {"base": "chain_no_coins"}, {}
        return {}, {}


def chain_schema() -> vol.Schema:
    """Return the form of a chain."""
    fields: Fields = {
        vol.Required(CONF_URLS): TextSelector(
            TextSelectorConfig(type=TextSelectorType.URL, multiple=True)
        ),
        vol.Required(CONF_CHAIN_ID): NumberSelector(
            NumberSelectorConfig(
                min=1, max=CHAIN_ID_MAX, step=1, mode=NumberSelectorMode.BOX
            )
        ),
    }
    return vol.Schema(fields)


def _read(answers: UserInput) -> ChainSettings:
    """Read what the form returned."""
    urls, chain_id = answers[CONF_URLS], answers[CONF_CHAIN_ID]
    assert isinstance(urls, list), "the form returns a list"
    assert isinstance(chain_id, int | float), "the form asks for a number"
    return ChainSettings(
        urls=tuple(str(url).strip() for url in urls), chain_id=int(chain_id)
    )


def _is_url(text: str) -> bool:
    try:
        url = URL(text)
    except ValueError:
        return False
    return url.scheme in {"http", "https"} and bool(url.host)
