"""What only the node itself can tell: its figures, its certificates, the order book.

Asked in the executor, when something was settled or cleared.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ..engine.ledger.certificates import (
    CertificateId,
    CertificateRegister,
    CertificateState,
    GranularCertificate,
    Holding,
)
from ..engine.model.order import OrderBook
from ..engine.model.party import PartyId
from ..engine.model.period import DeliveryPeriod, Instant
from ..engine.node import Node
from ..engine.node.totals import Figures

PERIODS_ASKED: Final = 96
CERTIFIED_PERIODS: Final = 16
CERTIFICATES_MAX: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """What the node answered."""

    figures: tuple[Figures, ...]
    holdings: tuple[Holding, ...]
    """Certificates this home has a part in, the latest first."""

    book: OrderBook | None
    """The latest that was cleared."""


def look_up(node: Node, now: Instant) -> Lookup:
    """Ask for everything; a few milliseconds."""
    current = DeliveryPeriod.containing(now)
    periods = [current.next(-back) for back in range(PERIODS_ASKED)]
    figures = (node.figures(period) for period in periods)
    holdings = (
        holding
        for period in periods[:CERTIFIED_PERIODS]
        for holding in holdings_of(node, period)
    )
    return Lookup(
        figures=tuple(one for one in figures if one is not None),
        holdings=tuple(holdings)[:CERTIFICATES_MAX],
        book=_book(node, (current.next(1), current)),
    )


def holdings_of(node: Node, period: DeliveryPeriod) -> tuple[Holding, ...]:
    """Return the certificates of a period that concern this home, largest first."""
    register = node.certificates(period)
    if register is None:
        return ()
    mine = [
        holding
        for holding in register.holdings.values()
        if holding.state is not CertificateState.SPLIT
        and _concerns(holding, node.party)
    ]
    return tuple(
        sorted(
            mine,
            key=lambda one: (-one.certificate.parcel.energy_wh, one.certificate.id),
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A certificate that was checked, down to the digest that is its name."""

    holding: Holding
    lineage: tuple[GranularCertificate, ...]
    """It, what it was split from, and so on up to what was issued."""

    is_whole: bool
    """Every name is the digest of its content, and the line ends at an issue."""


def prove(
    node: Node, certificate: CertificateId, period: DeliveryPeriod
) -> Proof | None:
    """Check a certificate against the register this node made itself."""
    register = node.certificates(period)
    return None if register is None else proof_in(register, certificate)


def proof_in(register: CertificateRegister, certificate: CertificateId) -> Proof | None:
    """Check a certificate and all it descends from; None if it is not there."""
    holding = register.holdings.get(certificate)
    if holding is None:
        return None
    lineage = [holding.certificate]
    is_whole = holding.certificate.id == certificate
    while (parent := lineage[-1].parent) is not None:
        above = register.holdings.get(parent)
        if above is None or above.certificate.id != parent:
            is_whole = False
            break
        lineage.append(above.certificate)
    return Proof(holding=holding, lineage=tuple(lineage), is_whole=is_whole)


def _concerns(holding: Holding, party: PartyId) -> bool:
    return party in {holding.holder, holding.certificate.producer}


def _book(node: Node, periods: Iterable[DeliveryPeriod]) -> OrderBook | None:
    for period in periods:
        outcome = node.outcome(period)
        if outcome is not None and outcome.cleared is not None:
            return outcome.cleared.book
    return None
