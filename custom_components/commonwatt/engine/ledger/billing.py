"""The retailer's bill: what a shared kWh leaves on it, and what it would have been."""

from ..model.party import BillingBasis, PartyId
from ..model.posting import Account, AccountKind
from ..model.schemes import SharingScheme
from ..model.tariff import Tariff
from ..model.units import PPM, cost_nano, div_round
from .allocation import Allocation
from .booking import Booking
from .case import Case, energy_of


def remaining_micro_per_kwh(
    tariff: Tariff, basis: BillingBasis, scheme: SharingScheme
) -> int:
    """Return what the buyer of a shared kWh still pays outside the community.

    ``private``: nothing.  ``insight``: nothing either, for no bill changes and its
    amounts are valued as if local energy replaced the retailer's.
    """
    if basis is not BillingBasis.SHARING:
        return 0
    remaining_ppm_micro = (
        tariff.network_micro_per_kwh * scheme.network_remains_ppm
        + tariff.levies_micro_per_kwh * scheme.levies_remain_ppm
    )
    return div_round(remaining_ppm_micro * (PPM + tariff.vat_ppm), PPM * PPM)


def avoided_micro_per_kwh(
    tariff: Tariff, basis: BillingBasis, scheme: SharingScheme
) -> int:
    """Return what a shared kWh is worth to its buyer: the most it should ever bid."""
    return tariff.import_micro_per_kwh - remaining_micro_per_kwh(tariff, basis, scheme)


def book_bills(case: Case, allocation: Allocation) -> dict[PartyId, Booking]:
    """Book what metered parties with a known tariff settle with their retailer."""
    bills: dict[PartyId, Booking] = {}
    for party, energy in energy_of(case, allocation).items():
        if party not in case.readings or party not in case.tariffs:
            continue
        bills[party] = billed(
            party,
            case.tariffs[party],
            basis=case.charter.billing_basis,
            scheme=case.rules.scheme,
            bought_wh=energy.bought_wh,
            import_wh=energy.retailer_import_wh or 0,
            export_wh=energy.retailer_export_wh or 0,
        )
    return bills


def billed(
    party: PartyId,
    tariff: Tariff,
    *,
    basis: BillingBasis,
    scheme: SharingScheme,
    bought_wh: int,
    import_wh: int,
    export_wh: int,
) -> Booking:
    """Book what a party owes its retailer.

    ``bought_wh`` came from neighbours, ``import_wh`` and ``export_wh`` are the rest of
    what its meter counted.
    """
    remaining = remaining_micro_per_kwh(tariff, basis, scheme)
    owed = _traded_nano(tariff, import_wh=import_wh, export_wh=export_wh) + cost_nano(
        energy_wh=bought_wh, price_micro_per_kwh=remaining
    )
    booking = Booking("retailer", frozenset())
    booking.pay(
        owed,
        source=Account(kind=AccountKind.PARTY, party=party),
        target=Account(kind=AccountKind.RETAILER, party=party),
    )
    return booking


def alone_nano(case: Case, party: PartyId) -> int:
    """Return what the meter's energy would have cost without a community."""
    reading = case.readings[party]
    return _traded_nano(
        case.tariffs[party], import_wh=reading.import_wh, export_wh=reading.export_wh
    )


def _traded_nano(tariff: Tariff, *, import_wh: int, export_wh: int) -> int:
    """Return what a home owes the retailer for energy both ways."""
    return cost_nano(
        energy_wh=import_wh, price_micro_per_kwh=tariff.import_micro_per_kwh
    ) - cost_nano(energy_wh=export_wh, price_micro_per_kwh=tariff.feed_in_micro_per_kwh)
