"""Preferences decide who supplies whom, and nothing else."""

from collections import Counter

from hypothesis import given, settings, strategies as st

from custom_components.commonwatt.engine.market import (
    Preference,
    Round,
    Supply,
    assign,
    clear,
)
from custom_components.commonwatt.engine.model.order import OrderBook
from custom_components.commonwatt.engine.model.origin import EnergySource
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.zone import FeeTree, ZoneId
from tests.engine.market.books import (
    ROOT,
    book_of,
    buy,
    markets,
    party,
    sell,
    tree_of,
    zone,
)

ROOF, MILL, HOME, SCHOOL = party(1), party(2), party(3), party(4)
STREET = book_of(
    {
        1: (ROOT, [sell(10, 50)]),
        2: (ROOT, [sell(10, 50)]),
        3: (ROOT, [buy(10, 90)]),
        4: (ROOT, [buy(10, 90)]),
    }
)


def street(**wishes: object) -> set[tuple[str, PartyId, PartyId, int]]:
    """Return round, seller, buyer and energy of everything in the street."""
    tree = tree_of()
    supplies = assign(STREET, tree, clear(STREET, tree), **wishes)  # type: ignore[arg-type]  # passed on as it came
    return {
        (s.round, s.trade.seller, s.trade.buyer, s.trade.energy_wh) for s in supplies
    }


def test_whom_an_agreement_joins_comes_first() -> None:
    for seller, buyer in [(ROOF, HOME), (ROOF, SCHOOL), (MILL, HOME), (MILL, SCHOOL)]:
        rival = Preference(party=seller, neighbours=(HOME, SCHOOL))
        found = street(agreed=[(seller, buyer)], preferences=[rival])
        assert (Round.AGREED, seller, buyer, 10) in found
        assert sum(energy_wh for *_, energy_wh in found) == 20


def test_a_buyer_and_a_seller_may_both_choose_a_neighbour() -> None:
    for who, neighbour in [(HOME, MILL), (MILL, HOME)]:
        found = street(preferences=[Preference(party=who, neighbours=(neighbour,))])
        assert (Round.NEIGHBOUR, MILL, HOME, 10) in found


def test_first_wishes_count_more_than_second_ones() -> None:
    found = street(
        preferences=[
            Preference(party=HOME, neighbours=(MILL, ROOF)),
            Preference(party=SCHOOL, neighbours=(ROOF, MILL)),
        ]
    )
    assert found == {
        (Round.NEIGHBOUR, MILL, HOME, 10),
        (Round.NEIGHBOUR, ROOF, SCHOOL, 10),
    }


def test_equal_wishes_share_what_there_is() -> None:
    wishes = [Preference(party=p, neighbours=(ROOF,)) for p in (HOME, SCHOOL)]
    found = street(preferences=wishes)
    assert {s for s in found if s[0] is Round.NEIGHBOUR} == {
        (Round.NEIGHBOUR, ROOF, HOME, 5),
        (Round.NEIGHBOUR, ROOF, SCHOOL, 5),
    }


def test_a_buyer_may_choose_a_source() -> None:
    sources = {ROOF: EnergySource.SOLAR, MILL: EnergySource.WIND}
    for source, seller in [(EnergySource.SOLAR, ROOF), (EnergySource.WIND, MILL)]:
        found = street(
            preferences=[Preference(party=SCHOOL, sources=(source,))], sources=sources
        )
        assert (Round.SOURCE, seller, SCHOOL, 10) in found


def test_a_second_source_is_taken_when_the_first_is_gone() -> None:
    wish = (EnergySource.SOLAR, EnergySource.WIND)
    found = street(
        preferences=[Preference(party=p, sources=wish) for p in (HOME, SCHOOL)],
        sources={ROOF: EnergySource.SOLAR, MILL: EnergySource.WIND},
    )
    assert {r for r, *_ in found} == {Round.SOURCE}
    assert sum(energy_wh for *_, energy_wh in found) == 20


def test_without_wishes_the_nearest_supply_each_other() -> None:
    tree = tree_of(zone("a"), zone("b"), zone("a1", "a"), zone("a2", "a"))
    book = book_of(
        {
            1: ("a1", [sell(30, 50)]),
            2: ("a1", [buy(5, 90)]),
            3: ("a2", [buy(6, 90)]),
            4: ("b", [buy(7, 90)]),
            5: (ROOT, [buy(8, 90)]),
            6: (ROOT, [sell(1, 50)]),
        }
    )
    supplies = assign(book, tree, clear(book, tree))
    rounds = {(s.trade.seller, s.trade.buyer): s.round for s in supplies}
    assert rounds[party(1), party(2)] is Round.NEAREST
    assert rounds[party(1), party(3)] is Round.NEAREST
    assert rounds[party(1), party(4)] is Round.REST
    assert rounds[party(6), party(5)] is Round.NEAREST


def test_no_wish_makes_energy_go_against_the_flow() -> None:
    # Both zones are on their own: the edge is dearer than any gain.
    tree = tree_of(zone("a", fees=(100, 100)))
    book = book_of(
        {
            1: ("a", [sell(5, 50)]),
            2: ("a", [buy(5, 60)]),
            3: (ROOT, [sell(5, 50)]),
            4: (ROOT, [buy(5, 60)]),
        }
    )
    wish = Preference(party=party(4), neighbours=(party(1),))
    supplies = assign(book, tree, clear(book, tree), preferences=[wish])
    assert {(s.trade.seller, s.trade.buyer) for s in supplies} == {
        (party(1), party(2)),
        (party(3), party(4)),
    }


def test_wishes_share_a_way_no_wider_than_the_flow() -> None:
    tree = tree_of(zone("a", limits=(4, None)))
    book = book_of(
        {
            1: ("a", [sell(14, 50)]),
            2: (ROOT, [buy(9, 90)]),
            3: (ROOT, [buy(9, 90)]),
            4: (ROOT, [sell(14, 60)]),
            5: ("a", [buy(10, 90)]),
        }
    )
    wishes = [Preference(party=party(n), neighbours=(party(1),)) for n in (2, 3)]
    supplies = assign(book, tree, clear(book, tree), preferences=wishes)
    sold = {
        s.trade.buyer: s.trade.energy_wh for s in supplies if s.trade.seller == party(1)
    }
    assert sold.pop(party(5)) == 10
    assert sum(sold.values()) == 4


type Traffic = Counter[tuple[str, object]]


def traffic(
    tree: FeeTree, zone_of: dict[PartyId, ZoneId], supplies: tuple[Supply, ...]
) -> Traffic:
    found: Traffic = Counter()
    for supply in supplies:
        trade = supply.trade
        found["sold", trade.seller] += trade.energy_wh
        found["bought", trade.buyer] += trade.energy_wh
        up = {z.id for z in tree.path_to_root(zone_of[trade.seller])}
        down = {z.id for z in tree.path_to_root(zone_of[trade.buyer])}
        for name in up ^ down:
            found["edge", name] += trade.energy_wh
        found["paid", None] += trade.paid_nano
        found["received", None] += trade.received_nano
    return found


@settings(max_examples=300, deadline=None)
@given(market=markets(), data=st.data())
def test_wishes_change_partners_and_nothing_else(
    market: tuple[OrderBook, FeeTree], data: st.DataObject
) -> None:
    book, tree = market
    result = clear(book, tree)
    zone_of = {placed.order.party: placed.zone for placed in book.orders}
    plain = assign(book, tree, result)
    assert tuple(s.trade for s in plain) == result.trades
    if not zone_of:
        return
    someone = st.sampled_from(sorted(zone_of))
    wishes = [
        Preference(
            party=name,
            neighbours=tuple(data.draw(st.lists(someone, max_size=3, unique=True))),
            sources=tuple(
                data.draw(st.lists(st.sampled_from(EnergySource), max_size=2))
            ),
        )
        for name in data.draw(st.lists(someone, max_size=4, unique=True))
    ]
    wished = assign(
        book,
        tree,
        result,
        agreed=data.draw(
            st.lists(st.tuples(someone, someone), max_size=3, unique=True)
        ),
        preferences=wishes,
        sources=data.draw(st.dictionaries(someone, st.sampled_from(EnergySource))),
    )
    assert traffic(tree, zone_of, wished) == traffic(tree, zone_of, plain)
    assert all(s.trade.energy_wh > 0 for s in wished)
