"""What a member's word is good for in ties, contracts and bids, and what it is not."""

from dataclasses import replace

from hypothesis import given, settings, strategies as st

from custom_components.commonwatt.engine.market import (
    Agenda,
    Terms,
    clear,
    reserve,
    secured,
    weighted,
    within_credit,
)
from custom_components.commonwatt.engine.market.rationing import Claim, TieBreak, ration
from custom_components.commonwatt.engine.model.contract import (
    Contract,
    ContractId,
    Declaration,
    FixedPrice,
    Gift,
)
from custom_components.commonwatt.engine.model.order import OrderBook, Side
from custom_components.commonwatt.engine.model.units import PPM
from custom_components.commonwatt.engine.model.zone import FeeTree
from tests.engine.market.audit import audit, optimum, welfare_nano
from tests.engine.market.books import (
    PERIOD,
    ROOT,
    SEED,
    book_of,
    buy,
    markets,
    one_zone,
    party,
    sell,
    tree_of,
)

ANNA, BORIS, CLARA = party(1), party(2), party(3)
TREE = tree_of()
TIE_BREAK = TieBreak.of(PERIOD, SEED)
PLAIN = Terms(
    credit_wh=1_000_000, deposit_ppm=0, may_contract=True, tie_weight_permille=1_000
)


def contract(name: str = "c1", *, priority: int = 0) -> Contract:
    """Return a contract by which Anna supplies Boris."""
    return Contract(
        id=ContractId(name),
        seller=ANNA,
        buyer=BORIS,
        price=FixedPrice(80),
        energy_wh_max=100,
        energy_wh_max_day=1_000,
        valid_from=PERIOD,
        valid_until=PERIOD.next(),
        priority=priority,
    )


def agenda(*contracts: Contract, energy_wh: int = 100) -> Agenda:
    """Return an agenda on which both sides declare energy for every contract."""
    return Agenda(
        contracts=contracts,
        declarations=tuple(
            Declaration(contract=one.id, party=side, energy_wh=energy_wh)
            for one in contracts
            for side in (ANNA, BORIS)
        ),
    )


def bids_wh(book: OrderBook) -> dict[str, int]:
    """Return what each party asks for."""
    return {one.order.party: one.order.energy_wh(Side.BUY) for one in book.orders}


@settings(max_examples=40, deadline=None)
@given(
    claims=st.lists(
        st.tuples(st.integers(0, 500), st.integers(1_000, 1_100)),
        min_size=1,
        max_size=8,
    ),
    share=st.integers(0, PPM),
)
def test_a_tie_gives_all_there_is_and_nobody_more_than_it_wants(
    claims: list[tuple[int, int]], share: int
) -> None:
    wanted = [
        Claim(energy, party=party(place), weight_permille=weight)
        for place, (energy, weight) in enumerate(claims)
    ]
    total_wh = sum(claim.energy_wh for claim in wanted) * share // PPM

    shares = ration(total_wh, wanted, TIE_BREAK)

    assert sum(shares) == total_wh
    for claim, part in zip(wanted, shares, strict=True):
        assert 0 <= part <= claim.energy_wh
        for other, its_part in zip(wanted, shares, strict=True):
            same = claim.energy_wh == other.energy_wh
            if same and claim.weight_permille > other.weight_permille:
                assert part >= its_part - 1, "trust never costs anything"


@settings(max_examples=40, deadline=None)
@given(claims=st.lists(st.integers(1, 500), min_size=2, max_size=6), data=st.data())
def test_an_advantage_in_a_tie_is_a_tenth_at_most(
    claims: list[int], data: st.DataObject
) -> None:
    total_wh = data.draw(st.integers(1, sum(claims) - 1))
    plain = [Claim(energy, party=party(n)) for n, energy in enumerate(claims)]
    trusted = [replace(plain[0], weight_permille=1_100), *plain[1:]]

    before = ration(total_wh, plain, TIE_BREAK)[0]
    after = ration(total_wh, trusted, TIE_BREAK)[0]

    assert before <= after + 1
    assert after <= before * 11 // 10 + 2


@settings(max_examples=40, deadline=None)
@given(market=markets(), weights=st.lists(st.integers(1_000, 1_100), min_size=8))
def test_weights_lose_no_welfare_and_move_no_price_at_the_root(
    market: tuple[OrderBook, FeeTree], weights: list[int]
) -> None:
    book, tree = market
    terms = {
        one.order.party: replace(PLAIN, tie_weight_permille=weights[n % len(weights)])
        for n, one in enumerate(book.orders)
    }
    plain, result = clear(book, tree), clear(weighted(book, terms), tree)

    audit(book, tree, result)
    assert result.prices[0] == plain.prices[0]
    assert (welfare_nano(result), result.energy_wh) == optimum(book, tree)


def test_the_more_trusted_of_two_equal_sellers_sells_more() -> None:
    book = one_zone(sell(1_000, 50), sell(1_000, 50), buy(1_000, 90))
    terms = {party(0): replace(PLAIN, tie_weight_permille=1_100)}

    result = clear(weighted(book, terms), TREE)

    sold = {one.party: one.energy_wh for one in result.fills if one.side is Side.SELL}
    assert sold == {party(0): 524, party(1): 476}


def test_a_contract_takes_its_deposit_from_the_word_of_both_sides() -> None:
    terms = {
        ANNA: replace(PLAIN, credit_wh=200, deposit_ppm=250_000),
        BORIS: replace(PLAIN, credit_wh=200, deposit_ppm=600_000),
    }
    first, second = contract("c1"), contract("c2", priority=1)

    one, both = secured(agenda(first), terms), secured(agenda(first, second), terms)

    assert one.left_wh == {ANNA: 175, BORIS: 140}
    assert both.agenda.contracts == (first, second)
    assert both.left_wh == {ANNA: 150, BORIS: 80}
    third = secured(agenda(first, second, contract("c3"), contract("c4")), terms)
    assert third.agenda.contracts == (first, contract("c3"), contract("c4"))


def test_who_is_not_trusted_has_no_contract_whoever_is_on_the_other_side() -> None:
    terms = {ANNA: PLAIN, BORIS: replace(PLAIN, may_contract=False)}

    assert secured(agenda(contract()), terms).agenda.contracts == ()


def test_bids_beyond_a_members_word_are_cut_the_dearest_last_and_offers_never() -> None:
    book = book_of({1: (ROOT, [buy(100, 90), buy(100, 60), sell(500, 95)])})

    (placed,) = within_credit(book, {ANNA: 120}).orders

    assert placed.order.steps == (buy(20, 60), buy(100, 90), sell(500, 95))


def test_a_gift_reaches_whoever_has_no_credit_at_all() -> None:
    book = book_of({1: (ROOT, [sell(100, 50)]), 2: (ROOT, [buy(100, 90)])})
    present = Gift(
        id=ContractId("g1"),
        giver=ANNA,
        receiver=BORIS,
        energy_wh_max=100,
        energy_wh_max_day=100,
        valid_from=PERIOD,
        valid_until=PERIOD.next(),
    )
    given_to = Agenda(
        gifts=(present,),
        declarations=(Declaration(contract=present.id, party=ANNA, energy_wh=60),),
    )
    nobody = replace(PLAIN, credit_wh=0, deposit_ppm=PPM, may_contract=False)
    word = secured(given_to, {ANNA: nobody, BORIS: nobody})

    reserved = reserve(
        book, TREE, gifts=word.agenda.gifts, declarations=word.agenda.declarations
    )

    assert word.agenda == given_to
    assert [one.energy_wh for one in reserved.promises if one.declared] == [60]
    assert bids_wh(within_credit(reserved.book, word.left_wh)) == {ANNA: 0, BORIS: 0}
