"""Taking typed values out of a parsed file, so that nothing untyped gets further."""

from collections.abc import Mapping
from typing import Final


class ProfileError(Exception):
    """A profile does not say what it has to, or says what nobody understands."""


class Table:
    """A table of a profile.  What is never asked for is refused by :meth:`finish`."""

    def __init__(self, values: Mapping[str, object], path: str) -> None:
        self._values: Final = values
        self._path: Final = path
        self._asked: set[str] = set()

    @property
    def keys(self) -> tuple[str, ...]:
        """What the table has, in its own order."""
        return tuple(self._values)

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def finish(self) -> None:
        """Refuse what was never asked for.

        Raises:
            ProfileError: a key is misspelt, or not known here.
        """
        unknown = sorted(set(self._values) - self._asked)
        if unknown:
            raise self._error(unknown[0], "is not known here")

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text."""
        value = self._take(key, default)
        if isinstance(value, str):
            return value
        raise self._error(key, "must be a text")

    def integer(self, key: str, default: int | None = None) -> int:
        """Return an integer."""
        value = self._take(key, default)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise self._error(key, "must be an integer")

    def number(self, key: str, default: float | None = None) -> float:
        """Return a number."""
        value = self._take(key, default)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value
        raise self._error(key, "must be a number")

    def choice[E: str](self, key: str, choices: type[E], default: E | None = None) -> E:
        """Return the member of a closed enum."""
        text = self.text(key, default)
        try:
            return choices(text)
        except ValueError:
            raise self._error(key, f"must not be {text!r}") from None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self._take(key, None)
        if not isinstance(value, list):
            raise self._error(key, "must be a list")
        return tuple(str(item) for item in value)

    def table(self, key: str) -> Table:
        """Return a table in this one."""
        return self._as_table(self._take(key, None), key)

    def tables(self, key: str) -> tuple[Table, ...]:
        """Return a list of tables; empty where there is none."""
        value = self._take(key, [])
        if not isinstance(value, list):
            raise self._error(key, "must be a list of tables")
        return tuple(
            self._as_table(item, f"{key}[{index}]") for index, item in enumerate(value)
        )

    def _as_table(self, value: object, key: str) -> Table:
        if not isinstance(value, dict):
            raise self._error(key, "must be a table")
        return Table(value, f"{self._path}.{key}")

    def _take(self, key: str, default: object) -> object:
        self._asked.add(key)
        value = self._values.get(key, default)
        if value is None:
            raise self._error(key, "is missing")
        return value

    def _error(self, key: str, what: str) -> ProfileError:
        return ProfileError(f"{self._path}.{key} {what}")
