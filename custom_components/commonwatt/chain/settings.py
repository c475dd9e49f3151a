"""The chain in the data of a config entry: how to reach it, and what is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from homeassistant.config_entries import ConfigEntry
from homeassistant.util.json import JsonValueType

from ..community.settings import membership_of
from ..drivers.chain import ChainSettings, Deployment, DeploymentTerms
from ..engine.model.units import NANO_PER_UNIT
from ..engine.wire.ethereum import address_from, checksummed
from ..settings import integer, section_of, text

CONF_CHAIN: Final = "chain"
CONF_URLS: Final = "rpc_urls"
CONF_CHAIN_ID: Final = "chain_id"
CONF_DEPLOYMENT: Final = "deployment"
CONF_TERMS: Final = "terms"

URLS_MAX: Final = 5
CHAIN_ID_MAX: Final = 2**53 - 1
"""What a form's number can hold; chain ids in use are far below."""


def chain_settings(data: Mapping[str, object]) -> ChainSettings | None:
    """Return the chain that an entry's data names; None: the journal is the ledger."""
    chosen = data.get(CONF_CHAIN)
    if not isinstance(chosen, Mapping):
        return None
    urls, chain_id = chosen[CONF_URLS], chosen[CONF_CHAIN_ID]
    assert isinstance(urls, list | tuple), "the form keeps a list"
    deployment = chosen.get(CONF_DEPLOYMENT)
    return ChainSettings(
        urls=tuple(str(url) for url in urls),
        chain_id=int(chain_id),
        deployment=None if deployment is None else Deployment.read(deployment),
    )


def chain_as_data(settings: ChainSettings) -> dict[str, JsonValueType]:
    """Return what :func:`chain_settings` reads."""
    urls: list[JsonValueType] = [*settings.urls]
    return {
        CONF_URLS: urls,
        CONF_CHAIN_ID: settings.chain_id,
        CONF_DEPLOYMENT: _deployment_as_data(settings.deployment),
    }


def _deployment_as_data(deployment: Deployment | None) -> JsonValueType:
    if deployment is None:
        return None
    kept: dict[str, JsonValueType] = {}
    for key, value in deployment.value.items():
        kept[key] = {**value} if isinstance(value, dict) else value
    return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityChain:
    """The chain of a real community, as one of its homes goes by it."""

    settings: ChainSettings
    terms: DeploymentTerms | None = None
    """By which this home deploys; None: it joins what another one deployed."""

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Self | None:
        """Parse what ``as_data`` wrote into a subentry; None: there is no chain."""
        settings = chain_settings(data)
        if settings is None:
            return None
        terms = section_of(data, CONF_CHAIN).get(CONF_TERMS)
        return cls(
            settings=settings,
            terms=_terms(terms) if isinstance(terms, Mapping) else None,
        )

    @property
    def as_data(self) -> dict[str, JsonValueType]:
        """What a subentry keeps under ``chain``."""
        kept, terms = chain_as_data(self.settings), self.terms
        kept[CONF_TERMS] = None
        if terms is not None:
            founders: list[JsonValueType] = [checksummed(one) for one in terms.founders]
            kept[CONF_TERMS] = {
                "charter": terms.charter.hex(),
                "founders": founders,
                "line": terms.line_nano // NANO_PER_UNIT,
            }
        return kept


def community_chain(entry: ConfigEntry) -> CommunityChain | None:
    """Return the chain that a home's community settles on; None: there is none."""
    subentry = membership_of(entry)
    return None if subentry is None else CommunityChain.from_data(subentry.data)


def _terms(data: Mapping[str, object]) -> DeploymentTerms:
    founders = data["founders"]
    assert isinstance(founders, list | tuple), "a form has written it"
    return DeploymentTerms(
        charter=bytes.fromhex(text(data, "charter")),
        founders=tuple(address_from(str(one)) for one in founders),
        line_nano=integer(data, "line") * NANO_PER_UNIT,
    )
