"""The books of the demo's street, and the keys of all its homes.

In a real community each home holds its own key and the committee's signatures come over
the wire; here one process recomputes a day and signs for all seats.
"""

from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Final

from ..drivers.chain import DeploymentTerms
from ..engine.ledger.chain.day_book import ClosedDay, DayBook
from ..engine.model.party import CommunityId
from ..engine.model.period import Instant
from ..engine.model.units import NANO_PER_UNIT
from ..engine.node import CharterChanged, Event, Node, PeriodCorrected, PeriodSettled
from ..engine.wire.digests import community_id
from ..engine.wire.ethereum import Address, address_of, sign_recoverable
from ..engine.wire.keys import HouseholdKey

WINDOW_S: Final = 10
"""Nobody outside could object to a batch, so it stands after seconds."""

LINE_NANO: Final = 500 * NANO_PER_UNIT
WITHDRAWN_DAY_MAX_NANO: Final = 1_000 * NANO_PER_UNIT


class StreetBooks:
    """The books of the street, and the keys of all its homes.  Everything blocks."""

    def __init__(
        self, households: tuple[HouseholdKey, ...], community: CommunityId
    ) -> None:
        """Begin; the first household is the user's own."""
        self._keys: Final = {address_of(key.public): key for key in households}
        self._community: Final = community
        self._account: Final = address_of(households[0].public)
        self._book: Final = DayBook(community)
        self._charter = bytes.fromhex(community), Instant(0)
        self._lock: Final = Lock()

    @property
    def key(self) -> HouseholdKey:
        """The key of the user's home: it pays for the gas."""
        return self._keys[self._account]

    def terms(self) -> DeploymentTerms:
        """Return how the contracts of the street are made."""
        return DeploymentTerms(
            charter=bytes.fromhex(self._community),
            founders=tuple(self._keys),
            line_nano=LINE_NANO,
            withdrawn_day_max_nano=WITHDRAWN_DAY_MAX_NANO,
            window_s=WINDOW_S,
            bond_wei=0,
        )

    def take(self, events: Iterable[Event], node: Node, now: Instant) -> None:
        """Take what the user's node has posted, and what was decided."""
        for event in events:
            match event:
                case PeriodSettled(period=period) | PeriodCorrected(period=period):
                    settled = node.batches.posted.of(period)
                    assert settled is not None, "what was just posted is still known"
                    with self._lock:
                        self._book.take(settled)
                case CharterChanged(charter=charter):
                    self._charter = bytes.fromhex(community_id(charter)), now
                case _:
                    pass

    def ready(self) -> int | None:
        """Return the latest day that is over; None: none."""
        with self._lock:
            return self._book.over

    def close(self, day: int) -> ClosedDay:
        """Close a day and all before it."""
        with self._lock:
            return self._book.close(day)

    def nets_nano(self) -> Mapping[Address, int]:
        """Return the money of every account as of now."""
        with self._lock:
            return self._book.nets_nano()

    def net_nano(self) -> int:
        """Return what the user's home has earned less what it owes."""
        return self.nets_nano().get(self._account, 0)

    def approvals(self, digest: bytes) -> Mapping[Address, bytes]:
        """Let every home sign: all recomputed the same day, and voted the same."""
        return {
            account: sign_recoverable(key, digest)
            for account, key in self._keys.items()
        }

    def charter(self) -> tuple[bytes, Instant]:
        """Return the digest of the charter that was decided on last, and when."""
        return self._charter
