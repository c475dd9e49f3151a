"""Who gives what to whom from the community's pool, as everybody can work it out.

Knows gifts to the pool and requests for help; knows no time, signs and moves nothing.
Rule: section 12 of ``docs/reference/market-rules.md``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..model.party import PartyId
from ..model.period import Instant
from ..model.social import SHARES_MAX, HelpRequest, PoolGift, PoolShare
from ..model.units import apportion
from ..wire.fields import party_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """A request for help that can still be answered."""

    party: PartyId
    request: HelpRequest
    since: Instant
    """When it was first said like that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPoolGift:
    """Energy a member has put at the community's disposal."""

    party: PartyId
    gift: PoolGift


def served(
    gifts: Iterable[OpenPoolGift], requests: Iterable[OpenRequest]
) -> tuple[OpenPoolGift, ...]:
    """Return the gifts as they are once the requests are served, in their order.

    Each request gets what it still lacks, as far as it goes, from all who have not
    answered it yet, in proportion to what they have left; nobody serves itself.
    """
    found = list(gifts)
    for one in requests:
        able = [place for place, gift in enumerate(found) if _can_serve(gift, one)]
        weights = [found[place].gift.energy_wh for place in able]
        keys = [_key(found[place]) for place in able]
        parts_wh = apportion(min(lacking_wh(found, one), sum(weights)), weights, keys)
        for place, part_wh in zip(able, parts_wh, strict=True):
            if part_wh:
                found[place] = _less(found[place], one, part_wh)
    return tuple(found)


def lacking_wh(gifts: Sequence[OpenPoolGift], one: OpenRequest) -> int:
    """Return what the pool has not given to a request yet."""
    given = (share_for(given.gift, one.party, one.request.number) for given in gifts)
    answered_wh = sum(share.energy_wh for share in given if share is not None)
    return max(0, one.request.energy_wh - answered_wh)


def with_share(gift: PoolGift, share: PoolShare) -> PoolGift:
    """Return a gift with one share given away."""
    shares = sorted((*gift.shares, share), key=lambda one: (one.party, one.request))
    left_wh = gift.energy_wh - share.energy_wh
    assert left_wh >= 0, "nobody gives more than it put in"
    return replace(gift, energy_wh=left_wh, shares=tuple(shares))


def share_for(gift: PoolGift, party: PartyId, request: int) -> PoolShare | None:
    """Return what a gift gives towards a request of a party; None: nothing."""
    for share in gift.shares:
        if (share.party, share.request) == (party, request):
            return share
    return None


def _can_serve(one: OpenPoolGift, request: OpenRequest) -> bool:
    return (
        one.party != request.party
        and one.gift.energy_wh > 0
        and len(one.gift.shares) < SHARES_MAX
        and share_for(one.gift, request.party, request.request.number) is None
    )


def _less(given: OpenPoolGift, one: OpenRequest, energy_wh: int) -> OpenPoolGift:
    share = PoolShare(
        party=one.party,
        request=one.request.number,
        energy_wh=energy_wh,
        until=one.request.until,
    )
    return replace(given, gift=with_share(given.gift, share))


def _key(one: OpenPoolGift) -> bytes:
    return party_bytes(one.party) + one.gift.number.to_bytes(4)
