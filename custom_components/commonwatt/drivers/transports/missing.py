"""What others have and we have not: whom to ask for it, and when to ask again."""

from collections import OrderedDict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from ...engine.model.party import PartyId

MISSING_MAX: Final = 16_384
ANSWER_SECONDS_MAX: Final = 3.0
"""Whoever has not answered by then is not waited for any longer; whoever is asked next
has twice as long, since asking again makes nobody faster."""

PATIENCE_SECONDS_MAX: Final = 60.0

SEARCH_SECONDS_MAX: Final = 600.0


@dataclass(slots=True, kw_only=True)
class _Search:
    since: float
    holders: list[PartyId] = field(default_factory=list)
    asked: PartyId | None = None
    asked_at: float = 0.0
    patience: float = ANSWER_SECONDS_MAX


class Missing:
    """The parcels we know by name only."""

    def __init__(self) -> None:
        """Miss nothing yet."""
        self._searches: Final[OrderedDict[bytes, _Search]] = OrderedDict()

    def __contains__(self, name: bytes) -> bool:
        """Tell whether somebody was asked for a parcel."""
        return name in self._searches

    def note(self, name: bytes, holder: PartyId, now: float) -> bool:
        """Note that ``holder`` has a parcel; True if it is to be asked for it."""
        search = self._searches.setdefault(name, _Search(since=now))
        if holder not in search.holders:
            search.holders.append(holder)
        if len(self._searches) > MISSING_MAX:
            self._searches.popitem(last=False)
        if search.asked is not None:
            return False
        search.asked, search.asked_at = holder, now
        return True

    @property
    def is_urgent(self) -> bool:
        """Tell whether somebody was asked for something for the first time."""
        return any(
            search.patience <= ANSWER_SECONDS_MAX for search in self._searches.values()
        )

    def found(self, name: bytes) -> None:
        """Stop the search."""
        self._searches.pop(name, None)

    def ask_again(
        self, linked: Collection[PartyId], now: float
    ) -> Iterator[tuple[bytes, PartyId]]:
        """Yield what to ask whom, where the first did not answer or is gone."""
        for name, search in tuple(self._searches.items()):
            if now - search.since > SEARCH_SECONDS_MAX:
                del self._searches[name]
                continue
            is_waiting = now - search.asked_at <= search.patience
            if is_waiting and search.asked in linked:
                continue
            holder = self._next_holder(search, linked)
            if holder is not None:
                search.asked, search.asked_at = holder, now
                search.patience = min(2 * search.patience, PATIENCE_SECONDS_MAX)
                yield name, holder

    def _next_holder(
        self, search: _Search, linked: Collection[PartyId]
    ) -> PartyId | None:
        there = [party for party in search.holders if party in linked]
        others = [party for party in there if party != search.asked]
        return next(iter(others or there), None)
