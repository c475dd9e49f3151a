"""What whoever settles on a chain has to know of a community; all of it blocks."""

from collections.abc import Mapping
from typing import Protocol

from ..engine.ledger.chain.day_book import ClosedDay
from ..engine.model.period import Instant
from ..engine.wire.ethereum import Address


class Books(Protocol):
    """The books of a community, and the hands that sign for it."""

    def ready(self) -> int | None:
        """Return the latest UTC day that is over in the books; None: none."""
        ...

    def close(self, day: int) -> ClosedDay:
        """Close a day and all before it: from now on it is not changed."""
        ...

    def net_nano(self) -> int:
        """Return what this home has earned less what it owes so far."""
        ...

    def approvals(self, digest: bytes) -> Mapping[Address, bytes]:
        """Return the members' signatures of a digest, as far as they are there."""
        ...

    def charter(self) -> tuple[bytes, Instant]:
        """Return the digest of the charter that was decided on last, and when."""
        ...
