"""Addresses at which a member can be dialled."""

from yarl import URL

SCHEMES = ("http", "https")


def clean_address(address: str) -> str | None:
    """Return ``http://host:port`` or the like as it is compared; None if it is none.

    Whatever comes after the port is the business of whoever answers there.
    """
    try:
        url = URL(address.strip())
    except ValueError:
        return None
    if url.scheme not in SCHEMES or not url.host or url.user or url.password:
        return None
    return str(url.origin())
