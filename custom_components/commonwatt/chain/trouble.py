"""What is wrong with a chain, as Home Assistant's repairs show it.

Each is shown while it lasts, and taken back by itself.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN
from ..drivers.chain import ChainFault, ChainStatus
from ..engine.wire.ethereum import Address, checksummed


class Trouble(StrEnum):
    """A reason why days cannot be posted; the value is the key of its text."""

    SILENT = "chain_silent"
    WRONG_CHAIN = "chain_wrong"
    WRONG_CODE = "chain_wrong_code"
    REFUSED = "chain_refused"
    TOO_DEAR = "chain_too_dear"
    NO_COINS = "chain_no_coins"
    STUCK = "chain_stuck"
    NO_LIBRARY = "chain_no_library"
    DISK = "chain_disk"

    @classmethod
    def of(cls, fault: ChainFault) -> Trouble:
        """Return what a fault of the driver is called here."""
        return _OF_FAULTS[fault]


_OF_FAULTS: Final[Mapping[ChainFault, Trouble]] = {
    ChainFault.UNREACHABLE: Trouble.SILENT,
    ChainFault.BAD_ANSWER: Trouble.SILENT,
    ChainFault.WRONG_CHAIN: Trouble.WRONG_CHAIN,
    ChainFault.WRONG_CODE: Trouble.WRONG_CODE,
    ChainFault.REFUSED: Trouble.REFUSED,
    ChainFault.TOO_DEAR: Trouble.TOO_DEAR,
    ChainFault.NO_COINS: Trouble.NO_COINS,
    ChainFault.LIBRARY_MISSING: Trouble.NO_LIBRARY,
    ChainFault.DISK: Trouble.DISK,
    ChainFault.IN_USE: Trouble.DISK,
}

_ERRORS: Final = frozenset(
    {
        Trouble.WRONG_CHAIN,
        Trouble.WRONG_CODE,
        Trouble.REFUSED,
        Trouble.NO_LIBRARY,
        Trouble.DISK,
    }
)
"""What does not pass by itself."""


def troubles_of(status: ChainStatus) -> set[Trouble]:
    """Return what hinders transactions now."""
    found = {
        Trouble.STUCK: status.is_stuck,
        Trouble.TOO_DEAR: status.is_too_dear,
        Trouble.NO_COINS: status.is_out_of_coins,
        Trouble.SILENT: status.is_behind,
    }
    return {trouble for trouble, is_there in found.items() if is_there}


def issue_id(entry_id: str, trouble: Trouble) -> str:
    """Return the name of an issue of one home."""
    return f"{trouble.value}_{entry_id}"


@callback
def async_show_troubles(
    hass: HomeAssistant, entry: ConfigEntry, troubles: set[Trouble], *, account: Address
) -> None:
    """Show these troubles of a home, and take all others back."""
    for trouble in Trouble:
        name = issue_id(entry.entry_id, trouble)
        if trouble not in troubles:
            ir.async_delete_issue(hass, DOMAIN, name)
            continue
        severity = (
            ir.IssueSeverity.ERROR if trouble in _ERRORS else ir.IssueSeverity.WARNING
        )
        ir.async_create_issue(
            hass,
            DOMAIN,
            name,
            is_fixable=False,
            severity=severity,
            translation_key=trouble.value,
            translation_placeholders={
                "home": entry.title,
                "account": checksummed(account),
            },
        )
