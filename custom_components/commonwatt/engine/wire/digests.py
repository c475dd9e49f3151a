"""Digests that members compare: of an order, of what was committed to, of a result.

Each covers the canonical bytes of a value in a domain of its own; equal digests mean
equal values.  Clauses: ``docs/reference/wire-format.md``, section 6.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from ..model.clearing import ClearingResult
from ..model.community import Enactment
from ..model.contract import ContractId, Pledge
from ..model.order import Order
from ..model.party import Charter, CommunityId, PartyId
from ..model.period import DeliveryPeriod
from ..model.preference import Preference
from .bodies import bid_value
from .canonical import Value, encode
from .charters import charter_value
from .domain import Domain, tagged_digest
from .fields import party_bytes
from .messages import SALT_BYTES
from .terms import contract_bytes

type Promised = tuple[ContractId, int, bool]
"""A contract or gift, the energy it may move, and whether that was declared."""

_UNSENT_MAX: Final = 1 << 30
"""Bound on bytes and items that are hashed where they are and never travel."""


def order_digest(
    order: Order,
    salt: bytes,
    *,
    pledges: Sequence[Pledge] = (),
    preference: Preference | None = None,
) -> bytes:
    """Return what a party commits to: it binds the party, hides the order."""
    assert len(salt) == SALT_BYTES, "a shorter salt could be guessed"
    bid = bid_value(order, pledges, preference)
    return _digest(Domain.ORDER, (party_bytes(order.party), *bid, salt))


def book_seed(period: DeliveryPeriod, commitments: Mapping[PartyId, bytes]) -> bytes:
    """Return the seed that ranks ties: nobody knew it before all had committed."""
    committed = tuple(
        (party_bytes(party), digest) for party, digest in sorted(commitments.items())
    )
    return _digest(Domain.BOOK, (period.number, committed))


def clearing_digest(
    result: ClearingResult, *, seed: bytes, promised: Sequence[Promised] = ()
) -> bytes:
    """Return what members vote for when they vote for ``result``.

    The seed binds the book it follows from, and so all that settlement rests on;
    ``promised`` is what contracts and gifts set aside, in the order of service.
    """
    return _digest(
        Domain.CLEARING,
        (
            result.period.number,
            seed,
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
            tuple(
                (contract_bytes(contract), energy_wh, declared)
                for contract, energy_wh, declared in promised
            ),
        ),
    )


def community_id(charter: Charter) -> CommunityId:
    """Return the name of the community that begins with ``charter``."""
    return CommunityId(_digest(Domain.CHARTER, charter_value(charter)).hex())


def enactment_digest(enactment: Enactment) -> bytes:
    """Return what members vote for when they vote for an enactment."""
    value = (enactment.number, enactment.since.number, enactment.motion)
    return _digest(Domain.ENACTMENT, value)


def _digest(domain: Domain, value: Value) -> bytes:
    return tagged_digest(
        domain, encode(value, size_max=_UNSENT_MAX, items_max=_UNSENT_MAX)
    )
