"""The shelf: what was said lately, in order, for those who were away.

A log with numbers that only grow.  Each reader keeps its own place, so that coming back
after an hour means reading on, not reading anew.  The oldest parcels give way.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .parcel import Parcel

PARCELS_MAX: Final = 16_384
BYTES_MAX: Final = 16 * 1024 * 1024
SECONDS_MAX: Final = 24 * 3600.0
LOG_ID_BYTES: Final = 8
FRESH_SECONDS: Final = 30.0
"""What we said within so long goes out whole; older things are announced."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """A parcel on the shelf."""

    number: int
    parcel: Parcel
    is_own: bool
    """We said it ourselves; all else is passed on."""

    at: float
    ripe_at: float
    """When it may be announced to those who are not told at once."""

    def is_fresh(self, now: float) -> bool:
        """Tell whether we said it ourselves, and lately."""
        return self.is_own and now - self.at < FRESH_SECONDS


class Shelf:
    """Keeps the latest parcels."""

    def __init__(self, log_id: bytes) -> None:
        """``log_id`` tells this log from those of earlier lives."""
        assert len(log_id) == LOG_ID_BYTES, "a log has a name of fixed length"
        self.log_id: Final = log_id
        self.next = 0
        """The number the next parcel will have."""

        self._rows: Final[OrderedDict[int, Shelved]] = OrderedDict()
        self._numbers: Final[dict[bytes, int]] = {}
        self._size = 0

    def __len__(self) -> int:
        """Return how many parcels there are."""
        return len(self._rows)

    @property
    def first(self) -> int:
        """The number of the oldest parcel that is still there."""
        return next(iter(self._rows), self.next)

    def put(
        self, parcel: Parcel, *, is_own: bool, now: float, ripe_at: float | None = None
    ) -> bool:
        """Add a parcel at the end; False if it is there already."""
        if parcel.name in self._numbers:
            return False
        row = Shelved(
            number=self.next,
            parcel=parcel,
            is_own=is_own,
            at=now,
            ripe_at=now if ripe_at is None else ripe_at,
        )
        self._rows[row.number] = row
        self._numbers[parcel.name] = row.number
        self._size += len(parcel.data)
        self.next += 1
        self._make_room(now)
        return True

    def get(self, name: bytes) -> Parcel | None:
        """Return the parcel of that name, if it is still there."""
        number = self._numbers.get(name)
        return None if number is None else self._rows[number].parcel

    def drop(self, name: bytes) -> None:
        """Take a parcel away: there is a newer one of its kind."""
        number = self._numbers.get(name)
        if number is not None:
            self._remove(number)

    def read(self, start: int) -> Iterator[Shelved]:
        """Yield what is there from number ``start`` on.

        Gaps are rare, and short: a parcel that was dropped.
        """
        for number in range(max(start, self.first), self.next):
            row = self._rows.get(number)
            if row is not None:
                yield row

    def _make_room(self, now: float) -> None:
        while len(self._rows) > 1:
            oldest = self._rows[self.first]
            is_crowded = len(self._rows) > PARCELS_MAX or self._size > BYTES_MAX
            if not is_crowded and now - oldest.at <= SECONDS_MAX:
                return
            self._remove(oldest.number)

    def _remove(self, number: int) -> None:
        row = self._rows.pop(number)
        del self._numbers[row.parcel.name]
        self._size -= len(row.parcel.data)
