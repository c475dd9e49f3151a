"""Reads fields of JSON that people may have written; ValueError names what is wrong."""

type JSON = bool | int | float | str | list[JSON] | dict[str, JSON] | None


def an_object(value: JSON) -> dict[str, JSON]:
    """Return an object."""
    if not isinstance(value, dict):
        raise ValueError(f"{value!r} is no object")  # noqa: TRY004  # a file's fault
    return value


def a_list(value: JSON) -> list[JSON]:
    """Return a list."""
    if not isinstance(value, list):
        raise ValueError(f"{value!r} is no list")  # noqa: TRY004  # the same
    return value


def a_text(value: JSON) -> str:
    """Return a text."""
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text")  # noqa: TRY004  # the same
    return value


def a_number(value: JSON) -> int | None:
    """Return a whole number, or None where there is none."""
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise ValueError(f"{value!r} is no whole number")
    return value
