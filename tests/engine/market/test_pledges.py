"""Pledges become contracts, gifts and declarations, by the word of those they bind."""

from dataclasses import replace

from hypothesis import given, strategies as st

from custom_components.commonwatt.engine.market import (
    Agenda,
    agenda_of,
    agreements,
    clear,
    reserve,
)
from custom_components.commonwatt.engine.model.contract import (
    Contract,
    ContractId,
    Declaration,
    Gift,
    Pledge,
    ShareOfSpread,
    Terms,
)
from custom_components.commonwatt.engine.model.party import PartyId
from tests.engine.market.audit import audit
from tests.engine.market.books import PERIOD, party
from tests.engine.market.test_contracts import (
    ANNA,
    BOOK,
    BORIS,
    NEXT_DAY,
    TREE,
    ZONE_OF,
    contract,
    gift,
)

STRANGER = party(99)


def pledge(
    terms: Terms | ContractId,
    energy_wh: int = 0,
    *,
    left_wh: int = 100,
    retailer: int | None = None,
) -> Pledge:
    return Pledge(
        terms=terms,
        energy_wh=energy_wh,
        left_wh=left_wh,
        retailer_micro_per_kwh=retailer,
    )


def test_a_contract_needs_the_word_of_both() -> None:
    terms = contract()
    alone = agenda_of(PERIOD, {ANNA: [pledge(terms, 40)]})
    both = agenda_of(
        PERIOD,
        {ANNA: [pledge(terms, 40)], BORIS: [pledge(terms.id, 30, left_wh=30)]},
    )
    others = agenda_of(
        PERIOD, {ANNA: [pledge(terms, 40)], STRANGER: [pledge(terms.id, 30)]}
    )

    assert alone == others == Agenda()
    assert both.contracts == (terms,)
    assert both.declarations == (
        Declaration(contract=terms.id, party=ANNA, energy_wh=40),
        Declaration(contract=terms.id, party=BORIS, energy_wh=30),
    )
    assert both.usage.today_wh == {terms.id: terms.energy_wh_max_day - 30}


def test_a_gift_needs_the_word_of_its_giver_alone() -> None:
    assert agenda_of(PERIOD, {ANNA: [pledge(gift())]}).gifts == (gift(),)
    assert agenda_of(PERIOD, {BORIS: [pledge(gift().id)]}) == Agenda()
    assert agenda_of(PERIOD, {BORIS: [pledge(gift())]}) == Agenda()


def test_what_is_not_in_force_does_not_count() -> None:
    over = replace(contract(), valid_from=PERIOD.next(-5), valid_until=PERIOD)
    soon = replace(gift(), valid_from=PERIOD.next())
    pledges = {ANNA: [pledge(over, 9), pledge(soon, 9)], BORIS: [pledge(over.id, 9)]}

    assert agenda_of(PERIOD, pledges) == Agenda()


def test_each_side_names_the_price_of_its_own_retailer() -> None:
    terms = contract(price=ShareOfSpread(500_000))
    agenda = agenda_of(
        PERIOD,
        {
            ANNA: [pledge(terms, retailer=60)],
            BORIS: [pledge(terms.id, retailer=260), pledge(gift().id, retailer=999)],
        },
    )
    reserved = reserve(
        BOOK, TREE, contracts=agenda.contracts, declarations=agenda.declarations
    )
    (priced,) = agreements(
        reserved.promises,
        TREE,
        zone_of=ZONE_OF,
        result=clear(reserved.book, reserved.tree),
        tariffs=agenda.tariffs,
    )

    assert priced.trade.seller_price_micro_per_kwh == 160
    assert priced.contract == terms.id


def test_without_a_named_price_a_share_of_the_spread_is_not_served() -> None:
    terms = contract(price=ShareOfSpread(500_000))
    agenda = agenda_of(PERIOD, {ANNA: [pledge(terms)], BORIS: [pledge(terms.id)]})

    assert agenda.contracts == (terms,)
    assert agenda.tariffs == {}


def test_a_gift_reaches_whoever_has_no_order_out_of_what_is_left() -> None:
    to_nobody = replace(gift(), receiver=STRANGER)
    agenda = agenda_of(PERIOD, {ANNA: [pledge(to_nobody, 50)]})
    reserved = reserve(BOOK, TREE, gifts=agenda.gifts, declarations=agenda.declarations)
    (promise,) = reserved.promises

    assert reserved.book == BOOK
    assert not promise.declared
    for zones, count in ((ZONE_OF, 0), ({**ZONE_OF, STRANGER: ZONE_OF[BORIS]}, 1)):
        priced = agreements(
            reserved.promises, TREE, zone_of=zones, result=None, tariffs={}
        )
        assert len(priced) == count


@st.composite
def pledged(draw: st.DrawFn) -> dict[PartyId, list[Pledge]]:
    """Draw what three parties say about two contracts and a gift, honest or not."""
    terms: list[Contract | Gift] = [contract("c1"), contract("c2", priority=-1), gift()]
    said: dict[PartyId, list[Pledge]] = {}
    for who in (ANNA, BORIS, party(3)):
        for one in terms:
            if draw(st.booleans()):
                left_wh = draw(st.integers(1, 200))
                by_name = draw(st.booleans())
                said.setdefault(who, []).append(
                    pledge(
                        one.id if by_name else one,
                        draw(st.integers(0, left_wh)),
                        left_wh=left_wh,
                    )
                )
    return said


@given(pledged())
def test_whatever_is_said_nobody_is_bound_by_others_and_the_auction_holds(
    said: dict[PartyId, list[Pledge]],
) -> None:
    agenda = agenda_of(PERIOD, said)
    reserved = reserve(
        BOOK,
        TREE,
        contracts=agenda.contracts,
        gifts=agenda.gifts,
        declarations=agenda.declarations,
        usage=agenda.usage,
    )
    for promise in reserved.promises:
        words = [
            one.left_wh
            for who in (promise.contract.seller, promise.contract.buyer)
            for one in said.get(who, ())
            if one.contract == promise.contract.id
        ]
        assert words
        assert promise.energy_wh <= min(words)
    assert all(terms.valid_from < NEXT_DAY for terms in agenda.contracts)
    audit(reserved.book, reserved.tree, clear(reserved.book, reserved.tree))
