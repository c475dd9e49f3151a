"""The library that speaks to chains: installed only where a chain is configured.

It is not in the manifest, which would install some forty packages for everybody.
"""

from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.requirements import (
    RequirementsNotFound,
    async_process_requirements,
)

from ..const import DOMAIN
from ..drivers.chain import ChainError, ChainFault

REQUIREMENTS: Final = ["web3>=8.0.0,<9"]


async def async_require_library(hass: HomeAssistant) -> None:
    """See to it that the library is installed.

    Raises:
        ChainError: it cannot be installed (LIBRARY_MISSING).
    """
    try:
        await async_process_requirements(hass, DOMAIN, REQUIREMENTS, is_built_in=False)
    except RequirementsNotFound as err:
        raise ChainError(ChainFault.LIBRARY_MISSING, str(err)) from err
