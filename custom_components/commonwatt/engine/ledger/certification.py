"""Certificates follow the energy: issued, handed on and used within one period.

Joins what the meters say (:mod:`.provenance`) to the register of certificates.  What
leaves the community for the grid keeps its certificates: their holder may pass them on.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from ..model.party import CommunityId, PartyId
from ..model.period import DeliveryPeriod
from .certificates import (
    CertificateFault,
    CertificateId,
    CertificateRegister,
    GranularCertificate,
)
from .origin import Origin, Parcel, energy_wh
from .provenance import Arrival

CONSUMED: Final = "consumed"

type _Held = dict[tuple[PartyId, Origin], CertificateId]


def certify(
    register: CertificateRegister,
    *,
    community: CommunityId,
    period: DeliveryPeriod,
    exported: Mapping[PartyId, Sequence[Parcel]],
    arrivals: Sequence[Arrival],
) -> int:
    """Certify one period; return the Wh that were delivered with a certificate.

    Energy of unknown origin is delivered without.  A period is certified once.
    """
    held: _Held = {}
    for party, parcels in exported.items():
        certificates = [
            GranularCertificate(
                community=community, period=period, producer=party, parcel=parcel
            )
            for parcel in parcels
            if parcel.origin.device is not None
        ]
        fault = register.issue(certificates, metered_wh=energy_wh(parcels))
        assert fault is None, f"a period is certified once: {fault}"
        held |= {(party, c.parcel.origin): c.id for c in certificates}
    return sum(_hand_over(register, held, arrival) for arrival in arrivals)


def _hand_over(register: CertificateRegister, held: _Held, arrival: Arrival) -> int:
    """Split off what was delivered, hand it to the buyer and use it up."""
    certified_wh = 0
    seller, buyer = arrival.delivery.seller, arrival.delivery.buyer
    for parcel in arrival.parcels:
        certificate = held.pop((seller, parcel.origin), None)
        if certificate is None:
            continue
        whole = register.holdings[certificate].certificate.parcel
        if whole.energy_wh > parcel.energy_wh:
            parts = register.split(
                certificate, holder=seller, energy_wh=parcel.energy_wh
            )
            assert not isinstance(parts, CertificateFault), parts
            certificate, held[seller, parcel.origin] = parts
        fault = register.transfer(certificate, holder=seller, to=buyer)
        fault = fault or register.cancel(certificate, holder=buyer, used_for=CONSUMED)
        assert fault is None, fault
        certified_wh += parcel.energy_wh
    return certified_wh
