"""Integer units and the named divisions that turn one into another.

Energy is in Wh, power in W, prices in micro-currency per kWh, shares in ppm.  Money is
in nano-currency because ``Wh x micro-currency/kWh`` is exactly that: clearing and
settling multiply, they never divide: nothing is rounded before a statement.
"""

from collections.abc import Sequence
from typing import Final

PPM: Final = 1_000_000
"""Parts per million in one."""

NANO_PER_UNIT: Final = 1_000_000_000
"""Nano-currency in one unit of currency."""

MICRO_PER_UNIT: Final = 1_000_000
"""Micro-currency in one unit of currency."""

PRICE_MICRO_PER_KWH_MAX: Final = 1 << 27
"""Bound on the magnitude of every price: about 134 currency units per kWh.

With at most ``ENERGY_WH_MAX`` in a book, sums of money stay below 2**61.
"""

ENERGY_WH_MAX: Final = 1 << 31
"""Bound on the energy of one order book in Wh."""


def div_floor(dividend: int, divisor: int) -> int:
    """Divide towards minus infinity; the divisor must be positive."""
    assert divisor > 0, "a divisor is positive"
    return dividend // divisor


def div_exact(dividend: int, divisor: int) -> int:
    """Divide where a remainder would be a bug."""
    quotient, remainder = divmod(dividend, divisor)
    assert remainder == 0, f"{dividend} is not a multiple of {divisor}"
    return quotient


def div_round(dividend: int, divisor: int) -> int:
    """Divide to the nearest integer, halves up."""
    return div_floor(2 * dividend + divisor, 2 * divisor)


def cost_nano(*, energy_wh: int, price_micro_per_kwh: int) -> int:
    """Return what ``energy_wh`` costs, exactly, in nano-currency."""
    return energy_wh * price_micro_per_kwh


def apportion(total: int, weights: Sequence[int], keys: Sequence[bytes]) -> list[int]:
    """Split ``total`` in proportion to ``weights`` by the largest-remainder method.

    Each share is the floor of its exact quota; the units left over go one by one to the
    largest remainders, equal ones in ascending order of ``keys``.  The result adds
    up to ``total`` and does not depend on the order of the input.

    Source: Hamilton's method; Balinski & Young, "Fair Representation", 1982, chapter 3.

    >>> apportion(10, [1, 1, 1], [b"c", b"a", b"b"])
    [3, 4, 3]
    """
    weight_sum = sum(weights)
    assert total >= 0, "only a quantity can be apportioned"
    assert len(weights) == len(keys), "one key for each weight"
    if total == 0:
        return [0] * len(weights)
    assert weight_sum > 0, "somebody has to take it"
    quotas = [divmod(weight * total, weight_sum) for weight in weights]
    shares = [floor for floor, _ in quotas]
    left_over = total - sum(shares)
    ranked = sorted(range(len(quotas)), key=lambda i: (-quotas[i][1], keys[i]))
    for index in ranked[:left_over]:
        shares[index] += 1
    return shares
