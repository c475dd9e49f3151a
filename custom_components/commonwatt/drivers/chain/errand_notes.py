"""The errands this home has signed, by the names of what they are for.

Kept with the outbox, so that the same name is the same errand after a restart too.
"""

from collections import OrderedDict
from typing import Final

from ...engine.model.errand import SignedErrand
from ...engine.wire.batches import batch_value, read_errand
from ...engine.wire.canonical import decode, encode
from ...engine.wire.ethereum import Address
from ...engine.wire.fields import array, array_of, text
from .outbox_file import OutboxFile

KEPT_MAX: Final = 256
_BYTES_MAX: Final = 1 << 18
_ITEMS_MAX: Final = 1 << 13


class ErrandNotes:
    """Errands for the contracts of one community, the latest last."""

    def __init__(self, file: OutboxFile, settlement: Address) -> None:
        """Go on with what the file holds."""
        self._file: Final = file
        self._note: Final = f"errands:{settlement.hex()}"
        self._signed: Final[OrderedDict[str, SignedErrand]] = OrderedDict(self._read())

    def signed(self, name: str) -> SignedErrand | None:
        """Return an errand by its name; None if none was signed."""
        return self._signed.get(name)

    def all(self) -> tuple[SignedErrand, ...]:
        """Return all that are known, the oldest first."""
        return tuple(self._signed.values())

    def keep(self, name: str, signed: SignedErrand) -> None:
        """Write an errand down, in the place of the oldest."""
        self._signed[name] = signed
        self._signed.move_to_end(name)
        while len(self._signed) > KEPT_MAX:
            self._signed.popitem(last=False)
        value = tuple((one, batch_value(kept)) for one, kept in self._signed.items())
        data = encode(value, size_max=_BYTES_MAX, items_max=_ITEMS_MAX)
        self._file.write_note(self._note, data)

    def _read(self) -> list[tuple[str, SignedErrand]]:
        noted = self._file.note(self._note)
        if noted is None:
            return []
        value = decode(noted, size_max=_BYTES_MAX, items_max=_ITEMS_MAX)
        pairs = (array_of(one, 2) for one in array(value))
        return [(text(name), read_errand(body)) for name, body in pairs]
