"""The books proposed in one round, and what clearing each of them comes to."""

from collections.abc import Iterator
from typing import Final

from .book import Book

BOOKS_MAX: Final = 16
"""Books kept for one period; honest proposers need one."""


class Proposals:
    """At most one book for each attempt, and results by the content of the book."""

    __slots__ = ("_books", "_fair", "_results")

    def __init__(self) -> None:
        self._books: dict[int, Book] = {}
        self._fair: set[int] = set()
        self._results: dict[bytes, bytes] = {}

    def __contains__(self, attempt: int) -> bool:
        return attempt in self._books

    def of(self, attempt: int) -> Book | None:
        """Return the book proposed in ``attempt``."""
        return self._books.get(attempt)

    def add(self, book: Book, *, fair: bool, keep: bytes | None) -> None:
        """Keep a book; at the bound, drop the newest that does not result in ``keep``.

        A book is ``fair`` if nothing this member knows of is missing in it.
        """
        if len(self._books) >= BOOKS_MAX:
            self._drop_one(keep)
        self._books[book.attempt] = book
        if fair:
            self._fair.add(book.attempt)

    def clear(self, book: Book, result_digest: bytes) -> None:
        """Note what the clearing of ``book`` comes to."""
        self._results[book.seed] = result_digest

    def result_of(self, book: Book) -> bytes | None:
        """Return the digest of a book's result, None while it is not cleared."""
        return self._results.get(book.seed)

    def for_result(self, result_digest: bytes) -> Book | None:
        """Return the first book whose clearing has that digest."""
        return next((b for b in self if self.result_of(b) == result_digest), None)

    @property
    def uncleared(self) -> Book | None:
        """The first book nobody has cleared yet."""
        return next((book for book in self if self.result_of(book) is None), None)

    @property
    def fair(self) -> Iterator[Book]:
        """The fair books, in the order of their attempts."""
        return (book for book in self if book.attempt in self._fair)

    def __iter__(self) -> Iterator[Book]:
        return (self._books[attempt] for attempt in sorted(self._books))

    def _drop_one(self, keep: bytes | None) -> None:
        newest_first = sorted(self._books, reverse=True)
        useless = (a for a in newest_first if self.result_of(self._books[a]) != keep)
        attempt = next(useless, newest_first[0])
        del self._books[attempt]
        self._fair.discard(attempt)
