"""The last settled periods of a home's community, for whoever wants to compute them.

Nobody is named: members and zones are numbered, and what a committee alone may know is
not told.  ``script/simulate --diagnostics`` replays it.
"""

from typing import Final

from homeassistant.core import HomeAssistant

from .data import CommonWattConfigEntry
from .drivers.journal import Journal, JournalError
from .engine.ledger.balances import Balances
from .engine.model.clearing import ClearingResult
from .engine.model.period import DeliveryPeriod, Instant
from .engine.node import Node
from .engine.node.retelling import (
    Came,
    Facts,
    Tale,
    anonymous,
    booked,
    plain,
    tale_value,
)

FORMAT: Final = 1
ENTRIES_MAX: Final = 12_000
"""Entries read from the end of the journal: far more than can still be corrected."""

BIDS_MAX: Final = 2_000
"""In one download; of a large community only the latest periods are told."""

type Known = tuple[tuple[Facts, ClearingResult | None], ...]


async def async_replay_diagnostics(
    hass: HomeAssistant, entry: CommonWattConfigEntry
) -> dict[str, object] | None:
    """Return what can be replayed; None where the node or its journal is not there."""
    data = entry.runtime_data

    def look(node: Node, _now: Instant) -> tuple[Known, dict[DeliveryPeriod, Balances]]:
        return _known(node), _booked(data.journal)

    try:
        known, accounts = await data.ask(look)
    except RuntimeError, JournalError, ValueError:
        return None
    return await hass.async_add_executor_job(_told, known, accounts)


def _known(node: Node) -> Known:
    found: list[tuple[Facts, ClearingResult | None]] = []
    bids = 0
    for facts in reversed(node.facts()):
        bids += len(facts.bids or ())
        outcome = node.outcome(facts.period)
        if bids > BIDS_MAX or outcome is None:
            break
        found.append((facts, outcome.result))
    return tuple(reversed(found))


def _booked(journal: Journal) -> dict[DeliveryPeriod, Balances]:
    return booked(journal.entries(first=max(0, journal.count - ENTRIES_MAX)))


def _told(known: Known, accounts: dict[DeliveryPeriod, Balances]) -> dict[str, object]:
    tales = [
        Tale(facts=facts, came=Came(result=result, booked=accounts[facts.period]))
        for facts, result in known
        if facts.period in accounts
    ]
    told = anonymous(tales)
    return {
        "format": FORMAT,
        "periods": [plain(tale_value(tale)) for tale in told],
        "left_out": len(tales) - len(told),
    }
