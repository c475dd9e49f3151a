"""A fee tree is a tree, and its fees grow with the distance."""

import pytest

from custom_components.commonwatt.engine.model.zone import FeeTree, Zone, ZoneId

CITY, NORTH, SOUTH, LANE = map(ZoneId, ("city", "north", "south", "lane"))


def zone(
    name: ZoneId, parent: ZoneId | None, *, export_fee: int = 0, import_fee: int = 0
) -> Zone:
    return Zone(
        id=name,
        parent=parent,
        export_fee_micro_per_kwh=export_fee,
        import_fee_micro_per_kwh=import_fee,
    )


TREE = FeeTree(
    (
        zone(CITY, None),
        zone(NORTH, CITY, export_fee=10, import_fee=20),
        zone(SOUTH, CITY, export_fee=1, import_fee=2),
        zone(LANE, NORTH, export_fee=100, import_fee=200),
    )
)


@pytest.mark.parametrize(
    ("seller", "buyer", "fee"),
    [
        (LANE, LANE, 0),
        (LANE, NORTH, 100),
        (NORTH, LANE, 200),
        (LANE, SOUTH, 100 + 10 + 2),
        (SOUTH, LANE, 1 + 20 + 200),
        (CITY, LANE, 20 + 200),
    ],
)
def test_the_fee_adds_up_along_the_way(seller: ZoneId, buyer: ZoneId, fee: int) -> None:
    assert TREE.network_fee_micro_per_kwh(seller=seller, buyer=buyer) == fee


def test_the_way_to_the_root_ends_at_the_root() -> None:
    assert [step.id for step in TREE.path_to_root(LANE)] == [LANE, NORTH, CITY]
    assert TREE.root.id == CITY


def test_a_community_without_a_network_is_one_zone() -> None:
    assert [only.id for only in FeeTree.single().zones] == ["community"]


@pytest.mark.parametrize(
    ("zones", "complaint"),
    [
        ((), "has 1 to"),
        ((zone(CITY, None), zone(CITY, CITY)), "named twice"),
        ((zone(CITY, None), zone(NORTH, None)), "is the root"),
        ((zone(NORTH, CITY),), "is the root"),
        ((zone(CITY, None), zone(LANE, NORTH)), "comes before its parent"),
    ],
)
def test_what_is_not_a_tree_is_refused(zones: tuple[Zone, ...], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        FeeTree(zones)


def test_an_unknown_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="no zone elsewhere"):
        TREE.zone(ZoneId("elsewhere"))


def test_going_to_and_fro_is_never_rewarded() -> None:
    zone(NORTH, CITY, export_fee=-5, import_fee=5)
    with pytest.raises(ValueError, match="going to and fro"):
        zone(NORTH, CITY, export_fee=-6, import_fee=5)


def test_fees_and_limits_are_bounded() -> None:
    with pytest.raises(ValueError, match="fee of zone north is out of bounds"):
        zone(NORTH, CITY, export_fee=1 << 28)
    with pytest.raises(ValueError, match="limit of zone north is negative"):
        Zone(id=NORTH, parent=CITY, export_wh_max=-1)
