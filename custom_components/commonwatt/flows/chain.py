"""The optional step *settle on a chain*: how it is reached, and what is there."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Final

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import voluptuous as vol

from ..chain.settings import CHAIN_ID_MAX, CONF_CHAIN_ID, CONF_URLS
from ..chain.trial import async_wrong_endpoints
from ..drivers.chain import ChainSettings
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
        chain = read_chain(user_input)
        errors, where = await async_wrong_endpoints(
            self.hass, chain, account, needs_coins=True
        )
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


def chain_schema() -> vol.Schema:
    """Return the form of a chain."""
    return vol.Schema({**endpoints_field(), **chain_id_field()})


def endpoints_field() -> Fields:
    """Return the field of the endpoints."""
    return {
        vol.Required(CONF_URLS): TextSelector(
            TextSelectorConfig(type=TextSelectorType.URL, multiple=True)
        )
    }


def chain_id_field() -> Fields:
    """Return the field of the chain's number."""
    return {
        vol.Required(CONF_CHAIN_ID): NumberSelector(
            NumberSelectorConfig(
                min=1, max=CHAIN_ID_MAX, step=1, mode=NumberSelectorMode.BOX
            )
        )
    }


def read_chain(answers: UserInput) -> ChainSettings:
    """Read what the form returned."""
    chain_id = answers[CONF_CHAIN_ID]
    assert isinstance(chain_id, int | float), "the form asks for a number"
    return ChainSettings(urls=read_endpoints(answers), chain_id=int(chain_id))


def read_endpoints(answers: UserInput) -> tuple[str, ...]:
    """Read the endpoints that were entered."""
    urls = answers[CONF_URLS]
    assert isinstance(urls, list), "the form returns a list"
    return tuple(str(url).strip() for url in urls)
