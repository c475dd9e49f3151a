"""The books proposed in one round, and what clearing each of them comes to.

A proposal is what one proposer would have decided in one attempt; a book may be
proposed again and again.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Final

from .agreement import Proposal
from .book import Book

BOOKS_MAX: Final = 16
"""Books kept for one period; honest proposers need one."""

PROPOSALS_MAX: Final = 16
"""Latest attempts whose proposal is remembered."""

VOID: Final = bytes(32)
"""What members vote for when they vote that there is no result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The first proposal of an attempt, as it was sealed."""

    data: bytes
    seed: bytes | None
    """Names the book; None: no book, the period is to be void."""

    valid_attempt: int | None


class Proposals:
    """The first proposal of each attempt, books by content, results by book."""

    __slots__ = ("_books", "_offers", "_results")

    def __init__(self) -> None:
        self._offers: Final[dict[int, Offer]] = {}
        self._books: Final[dict[bytes, Book]] = {}
        self._results: Final[dict[bytes, bytes]] = {}

    def of(self, attempt: int) -> Offer | None:
        """Return what was proposed first in ``attempt``."""
        return self._offers.get(attempt)

    def enter(self, attempt: int, offer: Offer) -> None:
        """Note the first proposal of an attempt."""
        self._offers.setdefault(attempt, offer)
        if len(self._offers) > PROPOSALS_MAX:
            del self._offers[min(self._offers)]

    def add(self, book: Book, *, keep: Container[bytes]) -> None:
        """Keep a book; at the bound, drop the newest that comes to none of ``keep``."""
        if book.seed in self._books:
            return
        if len(self._books) >= BOOKS_MAX:
            self._drop_one(keep)
        self._books[book.seed] = book

    def clear(self, book: Book, result_digest: bytes) -> None:
        """Note what the clearing of ``book`` comes to."""
        self._results[book.seed] = result_digest

    def proposal(self, attempt: int) -> Proposal | None:
        """Return what an attempt is about, as soon as we know what it comes to."""
        offer = self._offers.get(attempt)
        if offer is None:
            return None
        digest = VOID if offer.seed is None else self._results.get(offer.seed)
        if digest is None:
            return None
        return Proposal(
            attempt=attempt, digest=digest, valid_attempt=offer.valid_attempt
        )

    def result_of(self, book: Book) -> bytes | None:
        """Return the digest of a book's result, None while it is not cleared."""
        return self._results.get(book.seed)

    def for_result(self, result_digest: bytes) -> Book | None:
        """Return a book whose clearing has that digest."""
        books = self._books.items()
        found = (b for s, b in books if self._results.get(s) == result_digest)
        return next(found, None)

    @property
    def uncleared(self) -> Book | None:
        """The first book nobody has cleared yet."""
        books = self._books.items()
        return next((book for seed, book in books if seed not in self._results), None)

    def __iter__(self) -> Iterator[Book]:
        return iter(self._books.values())

    def _drop_one(self, keep: Container[bytes]) -> None:
        newest_first = list(reversed(self._books))
        useless = (s for s in newest_first if self._results.get(s, VOID) not in keep)
        seed = next(useless, newest_first[0])
        del self._books[seed]
        self._results.pop(seed, None)
