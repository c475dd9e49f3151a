"""Sharing keys: exact sums, nobody above its meter, the examples of the reference."""

from random import Random

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.commonwatt.engine.ledger.sharing import share
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.sharing_key import (
    CascadeKey,
    CollectiveAsset,
    CollectiveKey,
    HybridKey,
    KeyShare,
    MatrixKey,
    MatrixShare,
    ProRataKey,
    SharingKey,
    StaticKey,
)
from tests.engine.ledger.neighbours import PERIOD, A, B, C, D, E

THIRDS = (
    KeyShare(party=B, share_ppm=500_000),
    KeyShare(party=C, share_ppm=300_000),
)


def taken_by(matrix: dict[tuple[PartyId, PartyId], int]) -> dict[PartyId, int]:
    """Return what each consumer got."""
    taken: dict[PartyId, int] = {}
    for (_, consumer), energy_wh in matrix.items():
        taken[consumer] = taken.get(consumer, 0) + energy_wh
    return taken


def test_the_static_key_leaves_to_the_grid_what_a_party_cannot_use() -> None:
    matrix = share(
        StaticKey(shares=THIRDS),
        period=PERIOD,
        surplus={A: 1_000},
        demand={B: 200, C: 900, D: 900},
    )

    assert matrix == {(A, B): 200, (A, C): 300}


def test_the_pro_rata_key_follows_demand() -> None:
    matrix = share(
        ProRataKey(), period=PERIOD, surplus={A: 600}, demand={B: 300, C: 900}
    )

    assert matrix == {(A, B): 150, (A, C): 450}


def test_the_hybrid_key_never_gives_less_than_the_static_one() -> None:
    matrix = share(
        HybridKey(shares=THIRDS),
        period=PERIOD,
        surplus={A: 1_000},
        demand={B: 200, C: 700, D: 400},
    )

    assert taken_by(matrix) == {B: 200, C: 300 + 250, D: 250}


def test_the_cascade_serves_rank_by_rank_and_strangers_last() -> None:
    matrix = share(
        CascadeKey(ranks=((C,), (B, D))),
        period=PERIOD,
        surplus={A: 700},
        demand={B: 300, C: 500, D: 100, E: 1_000},
    )

    assert taken_by(matrix) == {C: 500, B: 150, D: 50}


def test_the_matrix_key_shares_every_producer_by_itself() -> None:
    key = MatrixKey(
        cells=(
            MatrixShare(producer=A, consumer=C, share_ppm=1_000_000),
            MatrixShare(producer=B, consumer=C, share_ppm=500_000),
            MatrixShare(producer=B, consumer=D, share_ppm=500_000),
        )
    )

    matrix = share(
        key, period=PERIOD, surplus={A: 400, B: 400}, demand={C: 300, D: 1_000}
    )

    assert matrix == {(A, C): 180, (B, C): 120, (B, D): 200}


def test_owners_of_a_collective_asset_come_first() -> None:
    turbine = CollectiveAsset(
        party=A,
        owners=(
            KeyShare(party=B, share_ppm=750_000),
            KeyShare(party=C, share_ppm=250_000),
        ),
    )

    matrix = share(
        CollectiveKey(assets=(turbine,), then=ProRataKey()),
        period=PERIOD,
        surplus={A: 1_000, E: 100},
        demand={B: 400, C: 1_000, D: 500},
    )

    assert matrix[A, B] == 400
    assert taken_by(matrix) == {B: 400, C: 250 + 270, D: 180}
    assert sum(matrix.values()) == 1_100


def test_left_over_units_do_not_always_go_to_the_same_party() -> None:
    winners = {
        max(
            taken_by(
                share(
                    ProRataKey(),
                    period=PERIOD.next(count),
                    surplus={A: 1},
                    demand={B: 5, C: 5},
                )
            )
        )
        for count in range(20)
    }

    assert winners == {B, C}


@pytest.mark.parametrize(
    "shares",
    [
        (KeyShare(party=B, share_ppm=1), KeyShare(party=B, share_ppm=1)),
        (KeyShare(party=B, share_ppm=-1),),
        (KeyShare(party=B, share_ppm=600_000), KeyShare(party=C, share_ppm=400_001)),
    ],
    ids=["twice", "negative", "more than everything"],
)
def test_impossible_shares_are_refused(shares: tuple[KeyShare, ...]) -> None:
    for build in (StaticKey, HybridKey):
        with pytest.raises(ValueError, match="share"):
            build(shares=shares)


def test_a_party_has_one_rank() -> None:
    with pytest.raises(ValueError, match="one rank"):
        CascadeKey(ranks=((B,), (C, B)))


def test_a_pair_has_one_share() -> None:
    cell = MatrixShare(producer=A, consumer=B, share_ppm=1)

    with pytest.raises(ValueError, match="pair"):
        MatrixKey(cells=(cell, cell))


def test_a_producer_cannot_give_more_than_everything() -> None:
    with pytest.raises(ValueError, match="at most one"):
        MatrixKey(
            cells=(
                MatrixShare(producer=A, consumer=B, share_ppm=600_000),
                MatrixShare(producer=A, consumer=C, share_ppm=600_000),
            )
        )


def test_a_collective_asset_is_wholly_owned_and_named_once() -> None:
    with pytest.raises(ValueError, match="add up to one"):
        CollectiveAsset(party=A, owners=THIRDS)

    whole = CollectiveAsset(party=A, owners=(KeyShare(party=B, share_ppm=1_000_000),))
    with pytest.raises(ValueError, match="named once"):
        CollectiveKey(assets=(whole, whole), then=ProRataKey())


PARTIES = [A, B, C, D, E]
AMOUNTS = st.dictionaries(st.sampled_from(PARTIES), st.integers(0, 2_000), max_size=5)


@st.composite
def fixed_shares(draw: st.DrawFn) -> tuple[KeyShare, ...]:
    """Draw shares of at most one."""
    weights = draw(st.lists(st.integers(0, 200_000), min_size=5, max_size=5))
    return tuple(
        KeyShare(party=p, share_ppm=w) for p, w in zip(PARTIES, weights, strict=True)
    )


@st.composite
def keys(draw: st.DrawFn) -> SharingKey:
    """Draw any sharing key."""
    shares = draw(fixed_shares())
    shuffled = draw(st.permutations(PARTIES))
    matrix = tuple(
        MatrixShare(producer=p, consumer=s.party, share_ppm=s.share_ppm)
        for p in PARTIES
        for s in shares
    )
    owners = (
        KeyShare(party=B, share_ppm=1_000_000 - shares[0].share_ppm),
        KeyShare(party=C, share_ppm=shares[0].share_ppm),
    )
    choices: list[SharingKey] = [
        StaticKey(shares=shares),
        ProRataKey(),
        HybridKey(shares=shares),
        CascadeKey(ranks=(tuple(shuffled[:2]), tuple(shuffled[2:4]))),
        MatrixKey(cells=matrix),
        CollectiveKey(
            assets=(CollectiveAsset(party=A, owners=owners),),
            then=HybridKey(shares=shares),
        ),
    ]
    return draw(st.sampled_from(choices))


@given(keys(), AMOUNTS, AMOUNTS)
@settings(max_examples=300, deadline=None)
def test_no_key_gives_or_takes_more_than_there_is(
    key: SharingKey, surplus: dict[PartyId, int], demand: dict[PartyId, int]
) -> None:
    matrix = share(key, period=PERIOD, surplus=surplus, demand=demand)

    assert all(energy_wh > 0 for energy_wh in matrix.values())
    for party in PARTIES:
        given = sum(wh for (producer, _), wh in matrix.items() if producer == party)
        taken = sum(wh for (_, consumer), wh in matrix.items() if consumer == party)
        assert given <= surplus.get(party, 0)
        assert taken <= demand.get(party, 0)


@given(
    st.sampled_from([ProRataKey(), HybridKey(shares=THIRDS), CascadeKey(ranks=())]),
    AMOUNTS,
    AMOUNTS,
)
@settings(max_examples=200, deadline=None)
def test_keys_that_share_everything_leave_nothing_that_anyone_wants(
    key: SharingKey, surplus: dict[PartyId, int], demand: dict[PartyId, int]
) -> None:
    matrix = share(key, period=PERIOD, surplus=surplus, demand=demand)

    assert sum(matrix.values()) == min(sum(surplus.values()), sum(demand.values()))


@given(keys(), AMOUNTS, AMOUNTS, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_of_arrival_changes_nothing(
    key: SharingKey,
    surplus: dict[PartyId, int],
    demand: dict[PartyId, int],
    rng: Random,
) -> None:
    def shuffled(amounts: dict[PartyId, int]) -> dict[PartyId, int]:
        items = list(amounts.items())
        rng.shuffle(items)
        return dict(items)

    assert share(key, period=PERIOD, surplus=surplus, demand=demand) == share(
        key, period=PERIOD, surplus=shuffled(surplus), demand=shuffled(demand)
    )
