"""What the retailer charges and pays for a kWh, component by component."""

from dataclasses import dataclass

from .units import PPM, PRICE_MICRO_PER_KWH_MAX, div_round


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """Prices at the metering point in one delivery period, micro-currency per kWh.

    ``energy``, ``network`` and ``levies`` are before value added tax; ``feed_in`` is
    what the home receives, all in.
    """

    energy_micro_per_kwh: int
    network_micro_per_kwh: int = 0
    levies_micro_per_kwh: int = 0
    vat_ppm: int = 0
    feed_in_micro_per_kwh: int = 0

    def __post_init__(self) -> None:
        """Refuse prices nobody could clear."""
        if not 0 <= self.vat_ppm <= PPM:
            msg = f"a value added tax of {self.vat_ppm} ppm is out of bounds"
            raise ValueError(msg)
        for price in (self.import_micro_per_kwh, self.feed_in_micro_per_kwh):
            if abs(price) > PRICE_MICRO_PER_KWH_MAX:
                msg = f"a price of {price} is out of bounds"
                raise ValueError(msg)

    @property
    def import_micro_per_kwh(self) -> int:
        """What a kWh from the retailer costs, all in, to the nearest micro-unit."""
        net = (
            self.energy_micro_per_kwh
            + self.network_micro_per_kwh
            + self.levies_micro_per_kwh
        )
        return div_round(net * (PPM + self.vat_ppm), PPM)
