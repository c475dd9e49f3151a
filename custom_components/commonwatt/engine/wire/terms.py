"""Contracts, gifts and pledges as canonical values, and the names they have.

A contract is named by the digest of its terms: whoever says the name has said all of
it.  Clauses: ``docs/reference/wire-format.md``, section 4.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, assert_never

from ..model.contract import (
    PLEDGES_MAX,
    PRIORITY_MAX,
    Contract,
    ContractId,
    FeePayer,
    FixedPrice,
    Gift,
    Pledge,
    PriceRule,
    ShareOfSpread,
    Terms,
    ZonePricePlus,
    receiver_of,
    supplier_of,
)
from ..model.party import PartyId
from ..model.units import ENERGY_WH_MAX, PPM, PRICE_MICRO_PER_KWH_MAX
from .canonical import Value, encode
from .domain import DIGEST_BYTES, Domain, tagged_digest
from .fields import (
    array,
    array_of,
    byte_string,
    integer,
    party_bytes,
    period,
    read_party,
)

_CONTRACT: Final = 0
_GIFT: Final = 1
_FIXED, _ZONE_PLUS, _SHARE = range(3)
_FEE_PAYERS: Final = (FeePayer.SELLER, FeePayer.BUYER)

_UNNAMED: Final = ContractId("")


def contract_id(terms: Terms) -> ContractId:
    """Return the name of a contract or gift: what it is called follows from it."""
    return ContractId(tagged_digest(Domain.CONTRACT, encode(terms_value(terms))).hex())


def named[T: (Contract, Gift)](terms: T) -> T:
    """Return ``terms`` under their own name."""
    return replace(terms, id=contract_id(terms))


def terms_value(terms: Terms) -> Value:
    """Return what the parties agree on, all of it but the name."""
    limits = (
        terms.energy_wh_max,
        terms.energy_wh_max_day,
        terms.valid_from.number,
        terms.valid_until.number,
        _FEE_PAYERS.index(terms.fee_payer),
    )
    if isinstance(terms, Gift):
        giver, receiver = party_bytes(terms.giver), party_bytes(terms.receiver)
        return (_GIFT, giver, receiver, *limits)
    seller, buyer = party_bytes(terms.seller), party_bytes(terms.buyer)
    price = _price_value(terms.price)
    return (_CONTRACT, seller, buyer, *limits, price, terms.priority)


def read_terms(value: Value) -> Terms:
    """Read a contract or gift; ValueError if it is none."""
    fields = array(value)
    kind = integer(fields[0] if fields else None, least=_CONTRACT, most=_GIFT)
    if kind == _GIFT:
        return _gift(fields)
    return _contract(fields)


def pledge_value(pledge: Pledge) -> Value:
    """Return a pledge; one over terms contains them whole."""
    terms = pledge.terms
    named_or_whole = (
        contract_bytes(terms) if isinstance(terms, str) else terms_value(terms)
    )
    return (
        named_or_whole,
        pledge.energy_wh,
        pledge.left_wh,
        pledge.retailer_micro_per_kwh,
    )


def read_pledges(value: Value, author: PartyId) -> tuple[Pledge, ...]:
    """Read the pledges of one party, ascending by name, each once; else ValueError."""
    values = array(value)
    if len(values) > PLEDGES_MAX:
        raise ValueError(f"{len(values)} pledges are out of bounds")
    pledges = tuple(_pledge(one) for one in values)
    check_pledges(pledges, author)
    return pledges


def check_pledges(pledges: Sequence[Pledge], author: PartyId) -> None:
    """Raise ValueError for pledges out of order, or of another's energy."""
    names = [pledge.contract for pledge in pledges]
    if len(names) > PLEDGES_MAX or names != sorted(set(names)):
        raise ValueError("pledges ascend by name, each once, within bounds")
    for pledge in pledges:
        if not isinstance(pledge.terms, str) and supplier_of(pledge.terms) != author:
            raise ValueError("who supplies names the terms")


def check_party(terms: Terms, author: PartyId) -> None:
    """Raise ValueError for terms their author has no part in, or for others' gifts."""
    parties = {supplier_of(terms)}
    if isinstance(terms, Contract):
        parties.add(receiver_of(terms))
    if author not in parties:
        raise ValueError("terms are agreed on by those they bind")


def contract_bytes(contract: ContractId) -> bytes:
    """Return the 32 bytes a contract or gift has on the wire."""
    return bytes.fromhex(contract)


def read_contract_id(value: Value) -> ContractId:
    """Read the name of a contract or gift; ValueError if it is none."""
    return ContractId(byte_string(value, DIGEST_BYTES).hex())


def _pledge(value: Value) -> Pledge:
    terms, energy, left, retailer = array_of(value, 4)
    bound = PRICE_MICRO_PER_KWH_MAX
    return Pledge(
        terms=read_contract_id(terms)
        if isinstance(terms, bytes)
        else read_terms(terms),
        energy_wh=integer(energy, least=0, most=ENERGY_WH_MAX),
        left_wh=integer(left, least=1, most=ENERGY_WH_MAX),
        retailer_micro_per_kwh=(
            None if retailer is None else integer(retailer, least=-bound, most=bound)
        ),
    )


def _contract(fields: tuple[Value, ...]) -> Contract:
    _, seller, buyer, most, day, first, end, payer, price, priority = array_of(
        fields, 10
    )
    return named(
        Contract(
            id=_UNNAMED,
            seller=read_party(seller),
            buyer=read_party(buyer),
            price=_price(price),
            energy_wh_max=integer(most, least=1, most=ENERGY_WH_MAX),
            energy_wh_max_day=integer(day, least=1, most=ENERGY_WH_MAX),
            valid_from=period(first),
            valid_until=period(end),
            fee_payer=_FEE_PAYERS[integer(payer, least=0, most=1)],
            priority=integer(priority, least=-PRIORITY_MAX, most=PRIORITY_MAX),
        )
    )


def _gift(fields: tuple[Value, ...]) -> Gift:
    _, giver, receiver, most, day, first, end, payer = array_of(fields, 8)
    return named(
        Gift(
            id=_UNNAMED,
            giver=read_party(giver),
            receiver=read_party(receiver),
            energy_wh_max=integer(most, least=1, most=ENERGY_WH_MAX),
            energy_wh_max_day=integer(day, least=1, most=ENERGY_WH_MAX),
            valid_from=period(first),
            valid_until=period(end),
            fee_payer=_FEE_PAYERS[integer(payer, least=0, most=1)],
        )
    )


def _price_value(price: PriceRule) -> Value:
    match price:
        case FixedPrice(price_micro_per_kwh=micro):
            return (_FIXED, micro)
        case ZonePricePlus(premium_micro_per_kwh=micro):
            return (_ZONE_PLUS, micro)
        case ShareOfSpread(seller_share_ppm=ppm):
            return (_SHARE, ppm)
        case _:
            assert_never(price)


def _price(value: Value) -> PriceRule:
    rule, amount = array_of(value, 2)
    number = integer(rule, least=_FIXED, most=_SHARE)
    if number == _SHARE:
        return ShareOfSpread(integer(amount, least=0, most=PPM))
    micro = integer(
        amount, least=-PRICE_MICRO_PER_KWH_MAX, most=PRICE_MICRO_PER_KWH_MAX
    )
    return FixedPrice(micro) if number == _FIXED else ZonePricePlus(micro)
