"""The account of the user's home in the demo, as the chain's tools name it."""

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.demo.account import demo_account
from custom_components.commonwatt.engine.wire.ethereum import checksummed


def account_of(seed: int) -> str:
    """Return the address that pays for gas in a demo of this seed."""
    return checksummed(demo_account(seed))
