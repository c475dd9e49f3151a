"""What the neighbours' panels feed in, seen in the certificates of a period."""

from typing import Final

from custom_components.commonwatt.engine.ledger.certificates import (
    CertificateRegister,
    GranularCertificate,
)
from custom_components.commonwatt.engine.ledger.origin import Origin, Parcel
from custom_components.commonwatt.engine.ledger.settlement import (
    PartySummary,
    ReadingState,
    Settlement,
)
from custom_components.commonwatt.engine.model.origin import EnergySource
from custom_components.commonwatt.engine.model.party import (
    BillingBasis,
    CommunityId,
    PartyId,
)
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.node.origins import nameless
from custom_components.commonwatt.engine.node.sunshine import neighbours_sun_wh

PERIOD: Final = DeliveryPeriod(2_000_000)
PARTIES: Final = tuple(PartyId(f"{number:02x}" * 20) for number in range(6))
ME: Final = PARTIES[0]
EXPORTS: Final = (
    (PARTIES[0], EnergySource.SOLAR, False, 500),
    (PARTIES[1], EnergySource.SOLAR, False, 300),
    (PARTIES[2], EnergySource.SOLAR, False, 200),
    (PARTIES[2], EnergySource.SOLAR, True, 70),
    (PARTIES[3], EnergySource.WIND, False, 900),
)


def settled(
    *, homes: int = 6, reading: ReadingState = ReadingState.METERED
) -> Settlement:
    """Return a period of so many homes; the last one's reading is as said."""
    parties = tuple(
        PartySummary(
            party=party,
            reading=reading if party == PARTIES[homes - 1] else ReadingState.METERED,
            basis=BillingBasis.INSIGHT,
            position_wh=0,
            failed_wh=0,
            bought_wh=0,
            sold_wh=0,
            import_wh=0,
            export_wh=0,
            retailer_import_wh=0,
            retailer_export_wh=0,
            earned_nano=0,
            retailer_nano=None,
            cost_nano=None,
            saved_nano=None,
        )
        for party in PARTIES[:homes]
    )
    return Settlement(
        period=PERIOD, community=(), bills=(), parties=parties, deliveries=()
    )


def registered() -> CertificateRegister:
    """Return the certificates of what was exported, a part of it handed on."""
    register = CertificateRegister()
    for party, source, stored, energy_wh in EXPORTS:
        origin = Origin(source=source, device=nameless(party, source), stored=stored)
        certificate = GranularCertificate(
            community=CommunityId("street"),
            period=PERIOD,
            producer=party,
            parcel=Parcel(origin=origin, energy_wh=energy_wh, carbon_mg=0),
        )
        assert register.issue([certificate], metered_wh=2_000) is None
        register.split(certificate.id, holder=party, energy_wh=energy_wh // 3)
    return register


def test_only_what_comes_straight_from_the_others_panels_counts_and_once() -> None:
    assert neighbours_sun_wh(settled(), registered(), me=ME) == 500


def test_a_night_is_zero_and_no_gap() -> None:
    assert neighbours_sun_wh(settled(), CertificateRegister(), me=ME) == 0


def test_what_is_not_known_whole_is_not_known() -> None:
    gap = settled(reading=ReadingState.OVERDUE)

    assert neighbours_sun_wh(gap, registered(), me=ME) is None
    assert neighbours_sun_wh(settled(), None, me=ME) is None
    assert neighbours_sun_wh(settled(homes=5), registered(), me=ME) is None
