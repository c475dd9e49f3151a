"""Sharing schemes of the law: which parts of the price remain for a shared kWh.

The energy component never remains: it is what the neighbour supplies.  Value added tax
follows what remains.  Presets are a starting point, not legal advice: the community's
charter holds the scheme it has checked, and may name one of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .units import PPM


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingScheme:
    """The shares of network price and levies a buyer still owes for a shared kWh."""

    name: str
    network_remains_ppm: int
    levies_remain_ppm: int
    source: str

    def __post_init__(self) -> None:
        """Refuse shares that are none."""
        for ppm in (self.network_remains_ppm, self.levies_remain_ppm):
            if not 0 <= ppm <= PPM:
                msg = f"a remaining share of {ppm} ppm is out of bounds"
                raise ValueError(msg)


SCHEMES: Final[Mapping[str, SharingScheme]] = {
    "FR": SharingScheme(
        name="autoconsommation collective",
        network_remains_ppm=PPM,
        levies_remain_ppm=PPM,
        source="Code de l'énergie, art. L315-2 and L315-3: network tariff and taxes "
        "apply to the shared energy; the supplier bills the rest",
    ),
    "AT": SharingScheme(
        name="Erneuerbare-Energie-Gemeinschaft, lokal",
        network_remains_ppm=430_000,
        levies_remain_ppm=0,
        source="Systemnutzungsentgelte-Verordnung on § 111 ElWOG: -57 % on network "
        "levels 6 and 7; Erneuerbaren-Förderbeitrag and Elektrizitätsabgabe waived",
    ),
    "AT-regional": SharingScheme(
        name="Erneuerbare-Energie-Gemeinschaft, regional",
        network_remains_ppm=720_000,
        levies_remain_ppm=0,
        source="as AT, -28 % on network levels 6 and 7 "
        "(-64 % on levels 4 and 5: a custom scheme)",
    ),
    "DE": SharingScheme(
        name="gemeinsame Nutzung, § 42c EnWG",
        network_remains_ppm=PPM,
        levies_remain_ppm=PPM,
        source="§ 42c EnWG, in force since 1 June 2026: network charges, levies and "
        "electricity tax as for any supply",
    ),
    "ES": SharingScheme(
        name="autoconsumo colectivo",
        network_remains_ppm=0,
        levies_remain_ppm=0,
        source="Real Decreto 244/2019 and Ley 24/2013, art. 9.5: renewable "
        "self-consumed energy is free of tolls and charges",
    ),
    "CH": SharingScheme(
        name="lokale Elektrizitätsgemeinschaft, one transformer",
        network_remains_ppm=600_000,
        levies_remain_ppm=PPM,
        source="StromVG art. 17e, StromVV art. 19h: -40 % on the network tariff",
    ),
    "CH-across": SharingScheme(
        name="lokale Elektrizitätsgemeinschaft, across transformers",
        network_remains_ppm=800_000,
        levies_remain_ppm=PPM,
        source="StromVG art. 17e, StromVV art. 19h: -20 % on the network tariff",
    ),
}
"""Presets by country; a custom scheme is any other :class:`SharingScheme`."""
