"""Whether a member answers at an address: asked before it is told to others."""

from http import HTTPStatus
from typing import Final

import aiohttp

from .transport import PATH

SECONDS_MAX: Final = 10.0


async def answers(
    client: aiohttp.ClientSession, address: str, *, meeting_place: str
) -> bool:
    """Tell whether a member of the community answers at ``address``.

    A request that is no WebSocket is refused by whoever is a member, and unknown to
    everybody else.  Asked from inside, a yes says that the router leads back in; only
    somebody outside can tell for certain.
    """
    url = address + PATH.format(meeting_place=meeting_place)
    timeout = aiohttp.ClientTimeout(total=SECONDS_MAX)
    try:
        async with client.get(
            url, timeout=timeout, allow_redirects=False, ssl=False
        ) as answer:
            return answer.status == HTTPStatus.BAD_REQUEST
    except TimeoutError, OSError, aiohttp.ClientError, ValueError:
        return False
