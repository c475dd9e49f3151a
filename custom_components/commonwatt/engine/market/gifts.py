"""Gifts: contracts at a price of nothing, until what was promised has been given."""

from ..model.contract import Contract, FixedPrice, Gift

GIFT_PRIORITY = -1
"""Gifts come before contracts, unless the partners chose another priority."""


def contract_of(gift: Gift, *, given_wh: int) -> Contract | None:
    """Return ``gift`` as a contract over what is left of it; None if nothing is."""
    left_wh = gift.energy_wh_max - given_wh
    if left_wh <= 0:
        return None
    return Contract(
        id=gift.id,
        seller=gift.giver,
        buyer=gift.receiver,
        price=FixedPrice(0),
        energy_wh_max=left_wh,
        energy_wh_max_day=gift.energy_wh_max_day,
        valid_from=gift.valid_from,
        valid_until=gift.valid_until,
        fee_payer=gift.fee_payer,
        priority=GIFT_PRIORITY,
    )
