"""Trees that add up: every proof leads to the root, no other does."""

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.commonwatt.engine.ledger.chain.sum_tree import (
    Node,
    Place,
    SumTree,
    fold,
)

nodes = st.lists(
    st.builds(
        Node,
        st.binary(min_size=32, max_size=32),
        st.integers(-(10**15), 10**15),
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=40, deadline=None)
@given(nodes, st.data())
def test_every_range_of_leaves_is_proved(
    leaves: list[Node], data: st.DataObject
) -> None:
    tree = SumTree(leaves)
    first = data.draw(st.integers(0, len(leaves) - 1))
    length = data.draw(st.integers(1, len(leaves) - first))

    found = fold(leaves[first : first + length], tree.place(first, length))

    assert found == (tree.root, sum(leaf.sum for leaf in leaves))


@settings(max_examples=40, deadline=None)
@given(nodes, st.data())
def test_an_altered_leaf_leads_elsewhere(
    leaves: list[Node], data: st.DataObject
) -> None:
    tree = SumTree(leaves)
    index = data.draw(st.integers(0, len(leaves) - 1))
    more = Node(leaves[index].digest, leaves[index].sum + 1)
    place = tree.place(index)

    found = fold([more], place)

    assert found is not None
    assert found[0] != tree.root


def test_the_whole_tree_needs_no_siblings() -> None:
    tree = SumTree([Node(bytes([n]) * 32, n) for n in range(7)])

    assert tree.place(0, 7).siblings == ()


def test_a_proof_with_too_few_or_too_many_siblings_leads_nowhere() -> None:
    leaves = [Node(bytes([n]) * 32, n) for n in range(5)]
    place = SumTree(leaves).place(1)
    fewer = Place(first=1, count=5, siblings=place.siblings[:-1])
    more = Place(first=1, count=5, siblings=(*place.siblings, leaves[0]))

    assert fold([leaves[1]], fewer) is None
    assert fold([leaves[1]], more) is None
    assert fold([], place) is None
    assert fold(leaves, Place(first=1, count=5, siblings=())) is None


def test_the_number_of_leaves_is_part_of_the_root() -> None:
    """An odd leaf is carried up, so that other counts have the same tops."""
    leaves = [Node(bytes([n]) * 32, n) for n in range(3)]
    place = SumTree(leaves).place(2)

    found = fold([leaves[2]], Place(first=2, count=3, siblings=place.siblings))
    other = fold([leaves[2]], Place(first=1, count=2, siblings=place.siblings))

    assert found is not None
    assert other is not None
    assert found[0] != other[0]


def test_sums_beyond_64_bits_are_refused() -> None:
    huge = [Node(bytes(32), 2**62), Node(bytes(32), 2**62)]

    with pytest.raises(ValueError, match="64 bits"):
        SumTree(huge)
    assert fold([huge[0]], Place(first=0, count=2, siblings=(huge[1],))) is None
