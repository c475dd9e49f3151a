"""Letters for somebody whom nobody knows how to reach yet."""

from collections import OrderedDict, deque
from typing import Final

from ...engine.model.party import PartyId

LETTERS_MAX: Final = 32
PARTIES_MAX: Final = 64


class Waiting:
    """Keeps the latest letters for each of the latest addressees."""

    def __init__(self) -> None:
        """Begin empty."""
        self._letters: Final[OrderedDict[PartyId, deque[bytes]]] = OrderedDict()

    def keep(self, letter: bytes, to: PartyId) -> None:
        """Keep a letter; the oldest gives way if there are too many."""
        self._letters.setdefault(to, deque(maxlen=LETTERS_MAX)).append(letter)
        if len(self._letters) > PARTIES_MAX:
            self._letters.popitem(last=False)

    def take(self, to: PartyId) -> tuple[bytes, ...]:
        """Take out all letters for ``to``."""
        return tuple(self._letters.pop(to, ()))
