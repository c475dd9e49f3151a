"""Letters our node has not judged yet, and who brought them."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from ...engine.model.party import PartyId
from .parcel import Parcel

UNJUDGED_MAX: Final = 8_192


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A letter before the node has looked at it."""

    parcel: Parcel | None
    """None for what is not to be passed on."""

    bringer: PartyId


class Court:
    """Keeps the latest of them by the letter."""

    def __init__(self) -> None:
        self._waiting: Final[OrderedDict[bytes, Unjudged]] = OrderedDict()

    def await_verdict(self, letter: bytes, unjudged: Unjudged) -> None:
        """Keep a letter until it is judged, or too many others have come."""
        self._waiting[letter] = unjudged
        if len(self._waiting) > UNJUDGED_MAX:
            self._waiting.popitem(last=False)

    def dismiss(self, letter: bytes) -> Unjudged | None:
        """Take out a letter that has been judged; None: it is not known."""
        return self._waiting.pop(letter, None)
