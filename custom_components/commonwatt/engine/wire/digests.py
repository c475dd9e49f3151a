"""Digests that members compare: of an order, of what was committed to, of a result.

Each covers the canonical bytes of a value in a domain of its own; equal digests mean
equal values.  Clauses: ``docs/reference/wire-format.md``, section 6.
"""

from collections.abc import Mapping
from typing import Final

from ..model.clearing import ClearingResult
from ..model.order import Order
from ..model.party import Charter, CommunityId, PartyId
from ..model.period import DeliveryPeriod
from .bodies import order_value
from .canonical import Value, encode
from .domain import Domain, tagged_digest
from .fields import party_bytes
from .messages import SALT_BYTES

_UNSENT_MAX: Final = 1 << 30
"""Bound on bytes and items that are hashed where they are and never travel."""


def order_digest(order: Order, salt: bytes) -> bytes:
    """Return what a party commits to: it binds the party, hides the order."""
    assert len(salt) == SALT_BYTES, "a shorter salt could be guessed"
    return _digest(Domain.ORDER, (party_bytes(order.party), order_value(order), salt))


def book_seed(period: DeliveryPeriod, commitments: Mapping[PartyId, bytes]) -> bytes:
    """Return the seed that ranks ties: nobody knew it before all had committed."""
    committed = tuple(
        (party_bytes(party), digest) for party, digest in sorted(commitments.items())
    )
    return _digest(Domain.BOOK, (period.number, committed))


def clearing_digest(result: ClearingResult) -> bytes:
    """Return what members vote for when they vote for ``result``."""
    return _digest(
        Domain.CLEARING,
        (
            result.period.number,
            tuple((p.zone, p.price_micro_per_kwh, p.traded_wh) for p in result.prices),
            tuple((f.zone, f.export_wh, f.fee_nano, f.rent_nano) for f in result.flows),
            tuple(
                (party_bytes(f.party), f.side, f.limit_micro_per_kwh, f.energy_wh)
                for f in result.fills
            ),
            tuple(
                (
                    party_bytes(t.seller),
                    party_bytes(t.buyer),
                    t.energy_wh,
                    t.seller_price_micro_per_kwh,
                    t.buyer_price_micro_per_kwh,
                )
                for t in result.trades
            ),
        ),
    )


def community_id(charter: Charter) -> CommunityId:
    """Return the name of the community that begins with ``charter``."""
    value = (
        tuple((party_bytes(m.party), m.zone, m.household_key) for m in charter.members),
        tuple(
            (
                zone.id,
                zone.parent,
                zone.export_fee_micro_per_kwh,
                zone.import_fee_micro_per_kwh,
                zone.export_wh_max,
                zone.import_wh_max,
            )
            for zone in charter.fee_tree.zones
        ),
        charter.fault_model,
        charter.billing_basis,
    )
    return CommunityId(_digest(Domain.CHARTER, value).hex())


def _digest(domain: Domain, value: Value) -> bytes:
    return tagged_digest(
        domain, encode(value, size_max=_UNSENT_MAX, items_max=_UNSENT_MAX)
    )
