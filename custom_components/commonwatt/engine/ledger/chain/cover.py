"""No account may owe more than it covers: who bears what a debtor cannot.

The contracts undo a batch in which an account falls below its floor.  Deliveries do not
ask: a home may use more than it can pay.  What it cannot cover is not promised to the
others: they bear it in proportion to what they stand above their own floors, and get it
back as the debt is paid.
"""

from collections.abc import Mapping

from ...model.units import apportion
from ...wire.ethereum import Address


def covered(
    nets_nano: Mapping[Address, int], floors_nano: Mapping[Address, int]
) -> dict[Address, int] | None:
    """Return nets that sum to zero like ``nets_nano``, none of them below its floor.

    A floor is what was released to an account less its line and what it paid in.  None
    if the floors ask for more than there is: then too much was released already.
    """
    assert sum(nets_nano.values()) == 0, "what one earns another owes"
    assert nets_nano.keys() <= floors_nano.keys(), "every account has a floor"
    missing = sum(max(floors_nano[a] - net, 0) for a, net in nets_nano.items())
    above = {a: max(net - floors_nano[a], 0) for a, net in sorted(nets_nano.items())}
    if missing > sum(above.values()):
        return None
    borne = dict(
        zip(above, apportion(missing, [*above.values()], [*above]), strict=True)
    )
    return {
        account: max(net, floors_nano[account]) - borne[account]
        for account, net in nets_nano.items()
    }
