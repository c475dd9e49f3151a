"""Asks an endpoint which chain it serves, before anything is installed or signed."""

from dataclasses import dataclass
import json
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout

from ...engine.wire.ethereum import Address
from .errors import ChainError, ChainFault

TIMEOUT: Final = ClientTimeout(total=15)
ANSWER_BYTES_MAX: Final = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """What an endpoint says of itself and of an account."""

    chain_id: int
    coins_wei: int
    """What the account can pay gas with."""


async def probe(session: ClientSession, url: str, account: Address) -> Probed:
    """Ask one endpoint.

    Raises:
        ChainError: it does not answer, or not as an Ethereum endpoint does.
    """
    chain_id = await _ask(session, url, "eth_chainId", [])
    coins = ["0x" + account.hex(), "latest"]
    return Probed(
        chain_id=chain_id, coins_wei=await _ask(session, url, "eth_getBalance", coins)
    )


async def _ask(
    session: ClientSession, url: str, method: str, parameters: list[str]
) -> int:
    """Return the number an endpoint answers."""
    question = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
    try:
        async with session.post(url, json=question, timeout=TIMEOUT) as response:
            body = await response.content.read(ANSWER_BYTES_MAX)
    except (ClientError, TimeoutError, ValueError) as err:
        raise ChainError(ChainFault.UNREACHABLE, str(err)) from err
    try:
        return int(json.loads(body)["result"], 16)
    except (ValueError, LookupError, TypeError) as err:
        raise ChainError(ChainFault.BAD_ANSWER, method) from err
