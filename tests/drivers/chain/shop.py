"""A shop on the chain: paying it twice would show.

What tests of the outbox have done, and how they look at what came of it.
"""

from typing import Final

from custom_components.commonwatt.drivers.chain import ChainHome, JobState
from custom_components.commonwatt.drivers.chain.values import Call
from custom_components.commonwatt.engine.model.period import Instant
from custom_components.commonwatt.engine.wire.ethereum import Address
from tests.drivers.chain.street import Street

SHOP: Final = Address(bytes(19) + b"\x77")
PRICE_WEI: Final = 10**15
DEAR_WEI: Final = 50 * 10**9


def buy(home: ChainHome, name: str) -> None:
    """Queue something that would show if it were done twice: pay a price."""
    call = Call(recipient=SHOP, data=b"", value_wei=PRICE_WEI)
    home.outbox.add(name, call)


def sales(street: Street) -> int:
    """Return how often the price was paid."""
    address = street.chain.web3.to_checksum_address(SHOP)
    return street.chain.web3.eth.get_balance(address) // PRICE_WEI


def state(home: ChainHome, name: str) -> JobState:
    """Return how far a job has come."""
    job = home.outbox.job(name)
    assert job is not None
    return job.state


def base_fee(street: Street, wei: int) -> None:
    """Let the next block ask so much for a unit of gas."""
    street.chain.rpc("anvil_setNextBlockBaseFeePerGas", [hex(wei)])


def now(street: Street) -> Instant:
    """Return the instant of the newest block."""
    return Instant(street.chain.now * 1_000)
