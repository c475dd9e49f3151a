"""The chain in the data of a config entry: how to reach it, and what is there."""

from collections.abc import Mapping
from typing import Final

from ..drivers.chain import ChainSettings, Deployment

CONF_CHAIN: Final = "chain"
CONF_URLS: Final = "rpc_urls"
CONF_CHAIN_ID: Final = "chain_id"
CONF_DEPLOYMENT: Final = "deployment"

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


def chain_as_data(settings: ChainSettings) -> dict[str, object]:
    """Return what :func:`chain_settings` reads."""
    deployment = settings.deployment
    return {
        CONF_URLS: list(settings.urls),
        CONF_CHAIN_ID: settings.chain_id,
        CONF_DEPLOYMENT: None if deployment is None else deployment.value,
    }
