"""The habits of one car, held up by the neighbours' cars while it is new.

Arrival hours lean on the community for weeks: 48 rates, each worth twelve pseudo-days.
Energy is personal after about three charges.  Both are empirical Bayes: own counts plus
so many of the neighbours'.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final, Self

HOURS: Final = 24
DAY_KINDS: Final = 2
"""Working days, free days."""

PSEUDO_DAYS: Final = 12.0
PSEUDO_CHARGES: Final = 3.0
BLOCK_HOURS: Final = 6
BLOCKS: Final = HOURS // BLOCK_HOURS
CHARGES_KEPT: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class PluggedIn:
    """One stay at the charger, in local time."""

    free_day: bool
    hour: int
    """Local hour of the arrival."""

    stay_h: float
    energy_wh: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a home contributes of its car, and what the sum over homes is.

    All entries can be added: a profile of a community is the sum of its homes'.
    """

    days: tuple[float, float]
    arrivals: tuple[float, ...]
    """By day kind, then hour: 48 counts."""

    stays: tuple[float, ...]
    """By six hours of arrival: count, then hours in all."""

    energy: tuple[float, float]
    """Charges, and Wh in all."""

    def __post_init__(self) -> None:
        """Assert the shape that sums rely on."""
        assert len(self.arrivals) == DAY_KINDS * HOURS, "48 arrival counts"
        assert len(self.stays) == 2 * BLOCKS, "a count and a sum for each block"

    def numbers(self) -> tuple[float, ...]:
        """Return everything in a row, as it is summed."""
        return (*self.days, *self.arrivals, *self.stays, *self.energy)

    @classmethod
    def from_numbers(cls, numbers: Sequence[float]) -> Self | None:
        """Read a sum; None if it cannot be one."""
        expected = 2 + DAY_KINDS * HOURS + 2 * BLOCKS + 2
        if len(numbers) != expected or any(not number >= 0 for number in numbers):
            return None
        arrivals = 2 + DAY_KINDS * HOURS
        stays = arrivals + 2 * BLOCKS
        return cls(
            days=(numbers[0], numbers[1]),
            arrivals=tuple(numbers[2:arrivals]),
            stays=tuple(numbers[arrivals:stays]),
            energy=(numbers[stays], numbers[stays + 1]),
        )


NOTHING_KNOWN: Final = Profile(
    days=(14.0, 14.0),
    arrivals=(
        *(0.2,) * 6, *(0.1,) * 9, *(0.6,) * 2, *(1.0,) * 4, *(0.4,) * 3,
        *(0.2,) * 10, *(0.4,) * 10, *(0.3,) * 4,
    ),
    stays=(1.0, 7.0, 1.0, 4.0, 1.0, 6.0, 1.0, 11.0),
    energy=(1.0, 9_000.0),
)  # fmt: skip
"""Until any neighbour has said anything: evenings, nights, nine kWh."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What to expect of one car."""

    arrival: tuple[tuple[float, ...], tuple[float, ...]]
    """Probability to be plugged in at each hour of a working day, of a free day."""

    stay_h: tuple[float, ...]
    """Hours it stays, by six hours of arrival."""

    energy_wh: tuple[float, float, float]
    """Low, usual and high need of a charge."""

    @classmethod
    def learn(
        cls,
        charges: Sequence[PluggedIn],
        *,
        days: tuple[int, int],
        community: Profile | None = None,
    ) -> Self:
        """Learn from a car's own charges on so many working and free days."""
        own = profile_of(charges, days=days)
        typical = community or NOTHING_KNOWN
        kinds = [_rates(own, typical, kind) for kind in range(DAY_KINDS)]
        return cls(
            arrival=(kinds[0], kinds[1]),
            stay_h=tuple(_stay(own, typical, block) for block in range(BLOCKS)),
            energy_wh=_energy(charges, typical),
        )


def profile_of(charges: Sequence[PluggedIn], *, days: tuple[int, int]) -> Profile:
    """Count a car's charges; what a home may contribute to a sum."""
    arrivals = [0.0] * (DAY_KINDS * HOURS)
    stays = [0.0] * (2 * BLOCKS)
    kept = charges[-CHARGES_KEPT:]
    for charge in kept:
        arrivals[charge.free_day * HOURS + charge.hour] += 1
        block = charge.hour // BLOCK_HOURS
        stays[2 * block] += 1
        stays[2 * block + 1] += charge.stay_h
    return Profile(
        days=(float(days[0]), float(days[1])),
        arrivals=tuple(arrivals),
        stays=tuple(stays),
        energy=(float(len(kept)), sum(charge.energy_wh for charge in kept)),
    )


def _rates(own: Profile, typical: Profile, kind: int) -> tuple[float, ...]:
    days = own.days[kind] + PSEUDO_DAYS
    typical_days = max(typical.days[kind], 1.0)
    rates = [
        (
            own.arrivals[kind * HOURS + hour]
            + PSEUDO_DAYS * typical.arrivals[kind * HOURS + hour] / typical_days
        )
        / days
        for hour in range(HOURS)
    ]
    # A day holds at most one arrival here: what is more would be a probability above 1.
    return tuple(rate / max(sum(rates), 1.0) for rate in rates)


def _stay(own: Profile, typical: Profile, block: int) -> float:
    count, hours = own.stays[2 * block : 2 * block + 2]
    typical_count, typical_hours = typical.stays[2 * block : 2 * block + 2]
    usual = typical_hours / typical_count if typical_count else float(BLOCK_HOURS)
    return (hours + PSEUDO_CHARGES * usual) / (count + PSEUDO_CHARGES)


def _energy(
    charges: Sequence[PluggedIn], typical: Profile
) -> tuple[float, float, float]:
    """Return a tenth, the middle and nine tenths of what a charge may want."""
    count, total = typical.energy
    usual = total / count if count else NOTHING_KNOWN.energy[1]
    kept = sorted(charge.energy_wh for charge in charges[-CHARGES_KEPT:])
    mean = (sum(kept) + PSEUDO_CHARGES * usual) / (len(kept) + PSEUDO_CHARGES)
    spread = fmean([abs(wh - mean) for wh in kept] + [usual / 2] * int(PSEUDO_CHARGES))
    return (max(mean - 1.6 * spread, 0.0), mean, mean + 1.6 * spread)
