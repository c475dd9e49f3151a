"""The books of a real community as one member keeps them; everything here blocks.

On disk, so that a restart loses no open day.  A day is closed once nothing can be
booked for it any more; it begins where the batch that stands ended, whoever computed
that one.
"""

from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import Final

from ..drivers.chain.book_file import BookFile
from ..engine.ledger.batch import PERIODS_A_DAY, day_of
from ..engine.ledger.chain.day import GENESIS, ChainDay, with_origins
from ..engine.ledger.chain.day_book import (
    ClosedDay,
    Opening,
    closed_day,
    opening_after,
    summed,
)
from ..engine.ledger.chain.settled_period import SettledPeriod
from ..engine.model.party import CommunityId
from ..engine.wire.ethereum import Address
from .posting import DAYS_KEPT
from .wallet import PostedDay


class CommunityBooks:
    """Settled periods come in, closed days go out."""

    def __init__(self, file: BookFile, community: CommunityId) -> None:
        """Go on with what the file holds."""
        self._file: Final = file
        self._community: Final = community
        self._lock: Final = Lock()
        self._closed_until = -1
        self._closed: ClosedDay | None = None
        self._opening: Opening | None = None
        """What ``_closed`` was made from, with what was kept then."""

    @classmethod
    def open(cls, folder: Path, community: CommunityId) -> CommunityBooks:
        """Open the books of a community.  Raises ChainError DISK."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"books-{community[:16]}.sqlite"
        return cls(BookFile.open(path), community)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._file.close()

    def take(self, periods: Iterable[SettledPeriod], *, closed_until: int) -> None:
        """Keep periods as they are settled now; no day until ``closed_until`` changes.

        Raises ChainError DISK.
        """
        kept = sorted(periods, key=lambda one: one.period)
        with self._lock:
            if kept:
                first = kept[0].period.number
                self._file.write(kept, whole_from=-(-first // PERIODS_A_DAY))
                self._closed = None
            self._closed_until = closed_until

    def closed(self, standing: ChainDay | None) -> ClosedDay | None:
        """Return the latest day that is closed, and all since the batch that stands.

        None: it is posted, or these books do not have all of it.  Where no batch stands
        yet, the first one has that day alone: whoever keeps books by then can sign it.
        Raises ChainError DISK.
        """
        with self._lock:
            day = self._closed_until
            opening = _opening(standing, day)
            if day <= opening.day or not self._is_begun(opening):
                return None
            if self._closed is None or (self._closed.day, self._opening) != (
                day,
                opening,
            ):
                self._closed = self._close(opening, day)
                self._opening = opening
            return self._closed

    def lacks(self, standing: ChainDay | None) -> bool:
        """Tell whether a day is over of which these books do not have all.

        It may be that nobody settled what is not there.  Raises ChainError DISK.
        """
        with self._lock:
            day = self._closed_until
            opening = _opening(standing, day)
            if not 0 <= opening.day < day:
                return False
            days = range(opening.day + 1, day + 1)
            return not self._is_begun(opening) or any(
                self._file.count(one) < PERIODS_A_DAY for one in days
            )

    def net_nano(self, standing: ChainDay | None, account: Address) -> int:
        """Return what an account has earned less what it owes, open days and all.

        Where no batch stands yet, that is as far as the books go back.
        Raises ChainError DISK.
        """
        opening = _opening(standing, 0)
        with self._lock:
            periods = self._file.periods(opening.day + 1)
        return summed(opening.nets_nano, periods).get(account, 0)

    def posted(self, batch: ChainDay, before: ChainDay | None) -> PostedDay | None:
        """Return a batch with all that can be proved of it; None: made by other books.

        Raises ChainError DISK.
        """
        day = batch.batch.day
        with self._lock:
            closed = self._close(_opening(before, day), day)
        whole = with_origins(
            batch, records=closed.records, certificates=closed.certificates
        )
        return None if whole is None else PostedDay(closed=closed, posted=whole)

    def forget(self, standing: ChainDay) -> None:
        """Forget what neither a batch nor a proof will need.

        Raises ChainError DISK.
        """
        with self._lock:
            self._file.forget(standing.batch.day - DAYS_KEPT)

    def _is_begun(self, opening: Opening) -> bool:
        """Tell whether these books were begun before a day did."""
        whole_from = self._file.whole_from
        return whole_from is not None and whole_from <= opening.day + 1

    def _close(self, opening: Opening, day: int) -> ClosedDay:
        periods = self._file.periods(opening.day + 1)
        found = (one for one in periods if day_of(one.period) <= day)
        return closed_day(self._community, opening, found, day=day)


def follows(batch: ChainDay) -> bytes | None:
    """Return the struct hash of the batch before; None for the first."""
    return None if batch.batch.prev == GENESIS else batch.batch.prev


def _opening(standing: ChainDay | None, day: int) -> Opening:
    if standing is None:
        return Opening(day=day - 1, nets_nano={})
    return opening_after(standing.accounts, day=standing.batch.day)
