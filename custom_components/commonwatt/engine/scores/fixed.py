"""Shares in ppm: small arithmetic, the same to the last digit at every member."""

from math import isqrt

from ..model.units import PPM, div_floor


def ratio_ppm(part: int, whole: int) -> int:
    """Return ``part / whole`` in ppm, rounded down; the whole must be positive."""
    return div_floor(part * PPM, whole)


def times_ppm(amount: int, share_ppm: int) -> int:
    """Return a share of an amount, rounded down."""
    return div_floor(amount * share_ppm, PPM)


def clip_ppm(share_ppm: int, *, least: int = 0, most: int = PPM) -> int:
    """Return the nearest share between two bounds."""
    return max(least, min(most, share_ppm))


def inverse_root_ppm(number: int) -> int:
    """Return ``1 / sqrt(number)`` in ppm, rounded down; the number must be positive."""
    assert number > 0, "only positive numbers have an inverse root"
    return isqrt(PPM * PPM // number)


def power_ppm(share_ppm: int, exponent: int) -> int:
    """Return a share to a whole power in ppm, with twelve digits on the way.

    Squares and multiplies, rounding down each time: everyone gets the same digits.
    """
    assert exponent >= 0, "a share to a negative power is no share"
    scale = PPM * PPM
    result, base = scale, share_ppm * PPM
    while exponent:
        if exponent & 1:
            result = result * base // scale
        base = base * base // scale
        exponent >>= 1
    return result // PPM
