"""One settled period as the books of a chain keep it: money by account, certificates.

Follows from signed facts alone, so it is the same at every member that knows them all.
Reading raises ValueError for bytes that no version of this file has written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from ...model.party import PartyId
from ...model.period import DeliveryPeriod
from ...wire.canonical import INTEGER_MAX, Value, decode, encode
from ...wire.domain import DIGEST_BYTES
from ...wire.ethereum import ADDRESS_BYTES, Address
from ...wire.fields import (
    any_integer,
    array,
    array_of,
    byte_string,
    integer,
    period as read_period,
)
from ..balances import balances
from ..batch import settlement_digest
from ..certificates import (
    CertificateRegister,
    CertificateState,
    GranularCertificate,
    read_certificate,
)
from ..settlement import Settlement
from .day import nets_of

_UNSENT_MAX: Final = 1 << 24
"""Bound on the bytes and values of one period; they never travel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A certificate at the end of its splits."""

    certificate: GranularCertificate
    holder: Address | None
    """None: it was used up in the community."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledPeriod:
    """What the community posted for one period, late readings and all."""

    period: DeliveryPeriod
    digest: bytes
    """Of the settlement: all its postings, in their order."""

    nets_nano: Mapping[Address, int]
    """What each account earned less what it owes; they sum to zero, none is zero."""

    exported_wh: int
    """What the meters of all members counted."""

    issued: tuple[Issued, ...]

    @classmethod
    def of(
        cls,
        settlement: Settlement,
        register: CertificateRegister,
        addresses: Mapping[PartyId, Address],
    ) -> Self:
        """Return a whole settlement; ``addresses`` are those of all its members."""
        nets = nets_of(balances(settlement.community), addresses)
        return cls(
            period=settlement.period,
            digest=settlement_digest(settlement),
            nets_nano={at: nano for at, nano in sorted(nets.items()) if nano},
            exported_wh=sum(summary.export_wh or 0 for summary in settlement.parties),
            issued=_issued(register, addresses),
        )

    @property
    def body(self) -> bytes:
        """The period as bytes for a file."""
        value = (
            self.period.number,
            self.digest,
            tuple((bytes(at), nano) for at, nano in self.nets_nano.items()),
            self.exported_wh,
            tuple((one.certificate.value, one.holder) for one in self.issued),
        )
        return encode(value, size_max=_UNSENT_MAX, items_max=_UNSENT_MAX)

    @classmethod
    def read(cls, body: bytes) -> Self:
        """Return the period that ``body`` holds."""
        value = decode(body, size_max=_UNSENT_MAX, items_max=_UNSENT_MAX)
        number, digest, nets, exported_wh, issued = array_of(value, 5)
        return cls(
            period=read_period(number),
            digest=byte_string(digest, DIGEST_BYTES),
            nets_nano=read_nets(nets),
            exported_wh=integer(exported_wh, least=0, most=INTEGER_MAX),
            issued=tuple(_read_issued(one) for one in array(issued)),
        )


def read_nets(value: Value) -> dict[Address, int]:
    """Return money by account; ValueError if it does not sum to zero."""
    nets: dict[Address, int] = {}
    for one in array(value):
        account, nano = array_of(one, 2)
        nets[_address(account)] = any_integer(nano)
    if sum(nets.values()):
        raise ValueError("what one earns another owes")
    return nets


def _issued(
    register: CertificateRegister, addresses: Mapping[PartyId, Address]
) -> tuple[Issued, ...]:
    """Return the certificates of a period at the end of their splits."""
    return tuple(
        Issued(
            certificate=holding.certificate,
            holder=(
                addresses[holding.holder]
                if holding.state is CertificateState.ACTIVE
                else None
            ),
        )
        for _, holding in sorted(register.holdings.items())
        if holding.state is not CertificateState.SPLIT
    )


def _read_issued(value: Value) -> Issued:
    content, holder = array_of(value, 2)
    return Issued(
        certificate=read_certificate(content),
        holder=None if holder is None else _address(holder),
    )


def _address(value: Value) -> Address:
    return Address(byte_string(value, ADDRESS_BYTES))
