"""A battery as a mixing tank: what goes in mixes, what comes out is the mixture.

Losses take energy and leave carbon: what a battery gives back has to answer for what
was put in.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .origin import (
    UNKNOWN,
    Parcel,
    anonymous,
    carbon_mg,
    draw,
    energy_wh,
    pooled,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MixingTank:
    """What is stored, by origin.  Values: every change gives a new tank."""

    content: tuple[Parcel, ...] = ()

    @property
    def energy_wh(self) -> int:
        """Energy in the tank."""
        return energy_wh(self.content)

    @property
    def carbon_mg(self) -> int:
        """Carbon in the tank."""
        return carbon_mg(self.content)

    def charged(self, parcels: Iterable[Parcel]) -> MixingTank:
        """Return the tank after ``parcels`` went in."""
        stored = (
            replace(parcel, origin=replace(parcel.origin, stored=True))
            for parcel in parcels
        )
        return MixingTank(content=pooled((*self.content, *stored)))

    def discharged(
        self, wanted_wh: int, unknown_g_per_kwh: int
    ) -> tuple[tuple[Parcel, ...], MixingTank]:
        """Return what comes out, and the tank afterwards.

        What was in the battery before anyone kept books is of unknown origin.
        """
        known = min(wanted_wh, self.energy_wh)
        taken, left = draw(self.content, known)
        extra = anonymous(
            replace(UNKNOWN, stored=True), wanted_wh - known, unknown_g_per_kwh
        )
        return pooled((*taken, extra)), MixingTank(content=left)

    def settled(self, stored_wh: int) -> MixingTank:
        """Return the tank with the losses taken off: no more than is really stored.

        The carbon of what is lost stays with what remains; an empty tank has none left
        to give it to, and starts anew.
        """
        content = self.energy_wh
        if stored_wh >= content:
            return self
        kept, lost = draw(self.content, stored_wh)
        return MixingTank(content=_burdened(kept, carbon_mg(lost)))


def _burdened(parcels: tuple[Parcel, ...], burden_mg: int) -> tuple[Parcel, ...]:
    """Spread carbon over parcels by their energy; the last one takes the remainder."""
    total, left = energy_wh(parcels), burden_mg
    burdened: list[Parcel] = []
    for parcel in parcels:
        part = left * parcel.energy_wh // total
        burdened.append(replace(parcel, carbon_mg=parcel.carbon_mg + part))
        left, total = left - part, total - parcel.energy_wh
    return tuple(burdened)
