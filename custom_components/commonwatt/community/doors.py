"""The door in Home Assistant's web server at which members of communities knock.

There is one address for every community this Home Assistant has to do with; it never
goes away, so every request is shown to whoever is home, or turned down.  No login is
asked for: links prove themselves (``docs/reference/transports.md``, section 3).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

from aiohttp import web
from homeassistant.components.http import HomeAssistantView
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..drivers.transports.http import PATH, HTTPTransport

LENGTH_MAX: Final = 32
"""Of the name of a meeting place; they are half as long."""


class Doors:
    """Who is home at which meeting place."""

    def __init__(self) -> None:
        """Begin with nobody home."""
        self._home: Final[dict[str, list[HTTPTransport]]] = {}
        self._tried: Final[list[str]] = []

    @callback
    def open(self, transport: HTTPTransport) -> None:
        """Let a transport answer."""
        place = transport.gossip.roster.meeting_place
        self._home.setdefault(place, []).append(transport)

    @callback
    def close(self, transport: HTTPTransport) -> None:
        """Let a transport answer no longer; a second call does nothing."""
        place = transport.gossip.roster.meeting_place
        remaining = [one for one in self._home.get(place, ()) if one is not transport]
        self._home[place] = remaining
        if not remaining:
            del self._home[place]

    @contextmanager
    def tried_out(self, place: str) -> Iterator[None]:
        """Answer for ``place`` as a member would, while an address is tried out."""
        self._tried.append(place)
        try:
            yield
        finally:
            self._tried.remove(place)

    async def answer(self, request: web.Request, place: str) -> web.StreamResponse:
        """Hand a request to whom it is for, or else to whoever is home."""
        if len(place) > LENGTH_MAX:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        for transport in self._home.get(place, ()):
            if transport.is_asked_for(request):
                return await transport.handle(request)
        known = place in self._tried
        return web.Response(
            status=HTTPStatus.BAD_REQUEST if known else HTTPStatus.NOT_FOUND
        )


class PeersView(HomeAssistantView):
    """Where the members of a community dial."""

    url = PATH
    name = f"api:{DOMAIN}:peers"
    requires_auth = False

    def __init__(self, doors: Doors) -> None:
        self._doors: Final = doors

    async def get(self, request: web.Request, meeting_place: str) -> web.StreamResponse:
        """Answer a member, or whoever says to be one."""
        return await self._doors.answer(request, meeting_place)


_DOORS: Final[HassKey[Doors]] = HassKey(f"{DOMAIN}_doors")


@callback
def async_doors(hass: HomeAssistant) -> Doors:
    """Return the doors of this Home Assistant; they are in its web server, if any."""
    if _DOORS not in hass.data:
        doors = hass.data[_DOORS] = Doors()
        if "http" in hass.config.components:
            hass.http.register_view(PeersView(doors))
    return hass.data[_DOORS]
