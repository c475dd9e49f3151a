"""What each account was released by the batches of late: no later batch releases less.

Kept with the outbox, by the struct hash of the batch.
"""

from collections.abc import Mapping
from typing import Final

from ...engine.ledger.chain.day import GENESIS, ChainDay
from ...engine.wire.canonical import INTEGER_MAX, Value, decode, encode
from ...engine.wire.ethereum import ADDRESS_BYTES, Address
from ...engine.wire.fields import array, array_of, byte_string, integer
from .outbox_file import OutboxFile

BATCHES_KEPT: Final = 8
_NOTE: Final = "marks"
_UNSENT_MAX: Final = 1 << 24


class Marks:
    """Marks of the batches this home has drafted, signed or posted."""

    def __init__(self, file: OutboxFile) -> None:
        """Go on with what the file holds."""
        self._file: Final = file

    def released(self, batch: bytes) -> Mapping[Address, int] | None:
        """Return what a batch released to each account; None if we never saw it."""
        if batch == GENESIS:
            return {}
        return dict(self._all()).get(batch)

    def keep(self, day: ChainDay) -> None:
        """Remember what a batch releases."""
        name = day.batch.struct_hash
        marks = {leaf.account: leaf.released_nano for leaf in day.balances}
        others = [one for one in self._all() if one[0] != name]
        kept = [*others, (name, marks)][-BATCHES_KEPT:]
        value: Value = tuple(
            (batch, tuple(sorted(found.items()))) for batch, found in kept
        )
        self._file.write_note(
            _NOTE, encode(value, size_max=_UNSENT_MAX, items_max=_UNSENT_MAX)
        )

    def _all(self) -> list[tuple[bytes, dict[Address, int]]]:
        noted = self._file.note(_NOTE)
        if noted is None:
            return []
        value = decode(noted, size_max=_UNSENT_MAX, items_max=_UNSENT_MAX)
        return [_read(one) for one in array(value)]


def _read(value: Value) -> tuple[bytes, dict[Address, int]]:
    batch, marks = array_of(value, 2)
    found = {}
    for one in array(marks):
        account, amount = array_of(one, 2)
        address = Address(byte_string(account, ADDRESS_BYTES))
        found[address] = integer(amount, least=0, most=INTEGER_MAX)
    return byte_string(batch), found
