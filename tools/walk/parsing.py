"""Reading JSON without trusting it: the shape that is expected, or ``HassError``."""

from tools.hass import JSON, HassError


def an_object(value: JSON) -> dict[str, JSON]:
    """Return a JSON object."""
    if not isinstance(value, dict):
        raise HassError(f"no object: {value}")
    return value


def objects(value: JSON) -> list[dict[str, JSON]]:
    """Return a list of JSON objects."""
    if not isinstance(value, list):
        raise HassError(f"no list: {value}")
    return [an_object(item) for item in value]


def optional_object(value: JSON) -> dict[str, JSON]:
    """Return a JSON object, an empty one for nothing."""
    return {} if value is None else an_object(value)


def texts_of(value: JSON) -> dict[str, str]:
    """Return a JSON object whose values are texts."""
    return {key: str(text) for key, text in optional_object(value).items()}
