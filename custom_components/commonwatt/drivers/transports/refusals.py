"""What was refused, whom it came from, how often: counted, and logged once."""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
import logging
from typing import Final

LOGGER: Final = logging.getLogger(__name__)
PEERS_MAX: Final = 512
"""Peers told apart; the rest are counted together, or strangers could fill the list."""

EVERYBODY_ELSE: Final = "others"


class Refusal(StrEnum):
    """Every reason for which a transport turns somebody or something away."""

    STRANGER = "stranger"
    """No member, or one no more."""

    UNPROVED = "unproved"
    """The proof of identity does not hold."""

    REVOKED = "revoked"
    """A session key that its owner has revoked: somebody else may have it."""

    CROWDED = "crowded"
    """As many connections as there may be."""

    TOO_LONG = "too_long"
    TOO_MUCH = "too_much"
    """More messages or bytes than the rate allows."""

    MALFORMED = "malformed"
    NOT_GENUINE = "not_genuine"
    """A letter that its author never signed."""


class Refusals:
    """Counts refusals by peer and reason."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self._counts: Final[Counter[tuple[str, Refusal]]] = Counter()

    @property
    def counts(self) -> Mapping[tuple[str, Refusal], int]:
        """How often whom was refused what."""
        return dict(self._counts)

    def note(self, who: str, reason: Refusal) -> None:
        """Count a refusal; only the first of its kind reaches the log."""
        if (who, reason) not in self._counts and len(self._counts) >= PEERS_MAX:
            who = EVERYBODY_ELSE
        self._counts[who, reason] += 1
        if self._counts[who, reason] == 1:
            LOGGER.info("Refused %s: %s; more of it is only counted", who, reason.value)
