"""The account of the user's home in the demo: it follows from the seed."""

from ..engine.peer import RoundTiming
from ..engine.simulation.community import found_community
from ..engine.simulation.homes import neighbourhood_specs
from ..engine.wire.ethereum import Address, address_of


def demo_account(seed: int) -> Address:
    """Return who pays for gas in a demo of this seed."""
    identities = found_community(neighbourhood_specs(), seed=seed, timing=RoundTiming())
    return address_of(identities[0].household.public)
