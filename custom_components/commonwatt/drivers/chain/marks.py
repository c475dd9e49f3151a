"""The batches of late, leaf by leaf: no later one releases less than they did.

Kept with the outbox, by the struct hash of the batch.
"""

from collections.abc import Mapping
from typing import Final

from ...engine.ledger.chain.day import GENESIS, ChainDay
from ...engine.ledger.chain.drafts import day_of_draft, draft_of
from ...engine.wire.batches import batch_value, read_draft
from ...engine.wire.canonical import decode, encode
from ...engine.wire.ethereum import Address
from ...engine.wire.fields import array
from .outbox_file import OutboxFile

BATCHES_KEPT: Final = 8
_NOTE: Final = "batches"
_UNSENT_MAX: Final = 1 << 24


class Marks:
    """Batches this home has drafted, signed, posted or learned of."""

    def __init__(self, file: OutboxFile, settlement: Address) -> None:
        """Go on with what the file holds."""
        self._file: Final = file
        self._settlement: Final = settlement
        self._days: Final = {day.batch.struct_hash: day for day in self._read()}

    def day(self, batch: bytes) -> ChainDay | None:
        """Return a batch by its struct hash, without certificates; None if unknown."""
        return self._days.get(batch)

    def released(self, batch: bytes) -> Mapping[Address, int] | None:
        """Return what a batch released to each account; None if we never saw it."""
        if batch == GENESIS:
            return {}
        day = self.day(batch)
        if day is None:
            return None
        return {leaf.account: leaf.released_nano for leaf in day.balances}

    def keep(self, day: ChainDay) -> None:
        """Remember a batch, in the place of the oldest."""
        name = day.batch.struct_hash
        if name in self._days:
            return
        self._days[name] = day
        while len(self._days) > BATCHES_KEPT:
            del self._days[next(iter(self._days))]
        value = tuple(
            batch_value(draft_of(kept, self._settlement))
            for kept in self._days.values()
        )
        self._file.write_note(
            _NOTE, encode(value, size_max=_UNSENT_MAX, items_max=_UNSENT_MAX)
        )

    def _read(self) -> list[ChainDay]:
        noted = self._file.note(_NOTE)
        if noted is None:
            return []
        value = decode(noted, size_max=_UNSENT_MAX, items_max=_UNSENT_MAX)
        drafts = [read_draft(one) for one in array(value)]
        return [day_of_draft(one) for one in drafts if self._is_ours(one.settlement)]

    def _is_ours(self, settlement: bytes) -> bool:
        """Tell whether a batch is of these contracts and not of earlier ones."""
        return settlement == self._settlement
