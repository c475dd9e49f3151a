"""Granular certificates: proof of origin for every shared Wh, used once.

EnergyTag-like: the fields follow its granular certificate scheme, without claiming its
accreditation.  A certificate is issued for metered energy, split and transferred as the
energy is, and cancelled once, when it is consumed or stored.  The register says who
holds what; every fault is a value.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NewType

from ..model.origin import CARBON_MG_MAX, EnergySource, ProductionDevice
from ..model.party import CommunityId, PartyId
from ..model.period import DeliveryPeriod
from ..model.units import ENERGY_WH_MAX
from ..model.zone import ZoneId
from ..wire.canonical import INTEGER_MAX, Value, encode
from ..wire.domain import Domain, tagged_digest
from ..wire.fields import array_of, boolean, integer, period as read_period, text
from .origin import Origin, Parcel, draw

CertificateId = NewType("CertificateId", str)
"""Sixty-four lower-case hexadecimal digits: the digest of the certificate's content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GranularCertificate:
    """Some Wh of one origin in one delivery period."""

    community: CommunityId
    """Who issues: members attest each other's meters."""

    period: DeliveryPeriod
    """Production interval, a quarter of an hour."""

    producer: PartyId
    parcel: Parcel
    """Face value in whole Wh, rounded down; source, device, storage flag, carbon."""

    serial: int = 0
    """Distinguishes equal certificates of one parent."""

    parent: CertificateId | None = None
    """The certificate this one was split from."""

    carrier: str = "electricity"

    @property
    def id(self) -> CertificateId:
        """The identity that follows from the content."""
        return CertificateId(tagged_digest(Domain.ORIGIN, encode(self.value)).hex())

    @property
    def value(self) -> Value:
        """The content as canonical value, for digests and Merkle leaves."""
        parcel = self.parcel
        return (
            self.community,
            self.period.number,
            self.producer,
            _origin_value(parcel.origin),
            parcel.energy_wh,
            parcel.carbon_mg,
            self.serial,
            self.parent,
            self.carrier,
        )


def _origin_value(origin: Origin) -> Value:
    return (origin.source.value, _device_value(origin.device), origin.stored)


def _device_value(device: ProductionDevice | None) -> Value:
    if device is None:
        return None
    return (
        device.id,
        device.owner,
        device.source.value,
        device.technology,
        device.capacity_w,
        device.commissioned_on,
        device.zone,
        device.carbon_g_per_kwh,
    )


def read_certificate(value: Value) -> GranularCertificate:
    """Return the certificate with this content; ValueError if it is none."""
    community, number, producer, origin, energy, carbon, serial, parent, carrier = (
        array_of(value, 9)
    )
    return GranularCertificate(
        community=CommunityId(text(community)),
        period=read_period(number),
        producer=PartyId(text(producer)),
        parcel=Parcel(
            origin=_origin(origin),
            energy_wh=integer(energy, least=0, most=ENERGY_WH_MAX),
            carbon_mg=integer(carbon, least=0, most=CARBON_MG_MAX),
        ),
        serial=integer(serial, least=0, most=INTEGER_MAX),
        parent=None if parent is None else CertificateId(text(parent)),
        carrier=text(carrier),
    )


def _origin(value: Value) -> Origin:
    source, device, is_stored = array_of(value, 3)
    return Origin(
        source=EnergySource(text(source)),
        device=None if device is None else _device(device),
        stored=boolean(is_stored),
    )


def _device(value: Value) -> ProductionDevice:
    name, owner, source, technology, capacity, commissioned, zone, carbon = array_of(
        value, 8
    )
    return ProductionDevice(
        id=text(name),
        owner=PartyId(text(owner)),
        source=EnergySource(text(source)),
        technology=text(technology),
        capacity_w=integer(capacity, least=0, most=INTEGER_MAX),
        commissioned_on=text(commissioned),
        zone=ZoneId(text(zone)),
        carbon_g_per_kwh=integer(carbon, least=0, most=INTEGER_MAX),
    )


class CertificateFault(StrEnum):
    """Why the register refuses."""

    ALREADY_ISSUED = "already_issued"
    MORE_THAN_METERED = "more_than_metered"
    UNKNOWN = "unknown"
    NOT_THE_HOLDER = "not_the_holder"
    CANCELLED = "cancelled"
    SPLIT = "split"
    BAD_AMOUNT = "bad_amount"


class CertificateState(StrEnum):
    """The life of a certificate."""

    ACTIVE = "active"
    SPLIT = "split"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A certificate and who holds it."""

    certificate: GranularCertificate
    holder: PartyId
    state: CertificateState = CertificateState.ACTIVE
    used_for: str = ""
    """What it was cancelled for, in the words of the one who cancelled it."""


@dataclass(slots=True)
class CertificateRegister:
    """Who holds which certificate.  Its methods do all they are asked, or nothing."""

    holdings: dict[CertificateId, Holding] = field(default_factory=dict)
    issued_wh: dict[tuple[PartyId, DeliveryPeriod], int] = field(default_factory=dict)

    def issue(
        self, certificates: Iterable[GranularCertificate], *, metered_wh: int
    ) -> CertificateFault | None:
        """Issue certificates of one producer and period, within what was metered."""
        new = {certificate.id: certificate for certificate in certificates}
        total: dict[tuple[PartyId, DeliveryPeriod], int] = {}
        for certificate in new.values():
            key = certificate.producer, certificate.period
            total.setdefault(key, self.issued_wh.get(key, 0))
            total[key] += certificate.parcel.energy_wh
        if new.keys() & self.holdings.keys():
            return CertificateFault.ALREADY_ISSUED
        if any(energy_wh > metered_wh for energy_wh in total.values()):
            return CertificateFault.MORE_THAN_METERED
        if not all(certificate.parcel.energy_wh for certificate in new.values()):
            return CertificateFault.BAD_AMOUNT
        self.issued_wh |= total
        for key_id, certificate in new.items():
            self.holdings[key_id] = Holding(
                certificate=certificate, holder=certificate.producer
            )
        return None

    def transfer(
        self, certificate: CertificateId, *, holder: PartyId, to: PartyId
    ) -> CertificateFault | None:
        """Hand an active certificate to another party."""
        holding = self._active(certificate, holder)
        if isinstance(holding, CertificateFault):
            return holding
        self.holdings[certificate] = replace(holding, holder=to)
        return None

    def split(
        self, certificate: CertificateId, *, holder: PartyId, energy_wh: int
    ) -> tuple[CertificateId, CertificateId] | CertificateFault:
        """Split off ``energy_wh``; the parts replace the whole, carbon and all."""
        holding = self._active(certificate, holder)
        if isinstance(holding, CertificateFault):
            return holding
        whole = holding.certificate
        if not 0 < energy_wh < whole.parcel.energy_wh:
            return CertificateFault.BAD_AMOUNT
        (taken,), (left,) = draw([whole.parcel], energy_wh)
        parts = [
            replace(whole, parcel=parcel, parent=certificate, serial=serial)
            for serial, parcel in enumerate((taken, left))
        ]
        self.holdings[certificate] = replace(holding, state=CertificateState.SPLIT)
        for part in parts:
            self.holdings[part.id] = Holding(certificate=part, holder=holder)
        return parts[0].id, parts[1].id

    def cancel(
        self, certificate: CertificateId, *, holder: PartyId, used_for: str
    ) -> CertificateFault | None:
        """Use a certificate up, once and for all."""
        holding = self._active(certificate, holder)
        if isinstance(holding, CertificateFault):
            return holding
        self.holdings[certificate] = replace(
            holding, state=CertificateState.CANCELLED, used_for=used_for
        )
        return None

    def held_by(self, party: PartyId) -> Mapping[CertificateId, GranularCertificate]:
        """Return the active certificates of a party."""
        return {
            key: holding.certificate
            for key, holding in self.holdings.items()
            if holding.holder == party and holding.state is CertificateState.ACTIVE
        }

    def _active(
        self, certificate: CertificateId, holder: PartyId
    ) -> Holding | CertificateFault:
        holding = self.holdings.get(certificate)
        if holding is None:
            return CertificateFault.UNKNOWN
        if holding.state is CertificateState.CANCELLED:
            return CertificateFault.CANCELLED
        if holding.state is CertificateState.SPLIT:
            return CertificateFault.SPLIT
        if holding.holder != holder:
            return CertificateFault.NOT_THE_HOLDER
        return holding
