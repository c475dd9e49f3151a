"""How a community settles comes back from its bytes, whatever it chose."""

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.commonwatt.engine.model.capability import Capability
from custom_components.commonwatt.engine.model.origin import (
    EnergySource,
    ProductionDevice,
)
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.schemes import SCHEMES
from custom_components.commonwatt.engine.model.settlement_rules import SettlementRules
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
from custom_components.commonwatt.engine.model.zone import ZoneId
from custom_components.commonwatt.engine.wire.canonical import decode, encode
from custom_components.commonwatt.engine.wire.settlement_rules import (
    read_settlement,
    settlement_value,
)

A, B, C = (PartyId(f"{number:040x}") for number in (1, 2, 3))
SHARES = (
    KeyShare(party=A, share_ppm=400_000),
    KeyShare(party=B, share_ppm=600_000),
)
KEYS: list[SharingKey] = [
    StaticKey(shares=SHARES),
    ProRataKey(),
    HybridKey(shares=SHARES[:1]),
    CascadeKey(ranks=((A,), (B, C))),
    MatrixKey(cells=(MatrixShare(producer=A, consumer=B, share_ppm=250_000),)),
    CollectiveKey(
        assets=(CollectiveAsset(party=C, owners=SHARES),),
        then=HybridKey(shares=SHARES),
    ),
]
PLANT = ProductionDevice(
    id="roof",
    owner=A,
    source=EnergySource.SOLAR,
    technology="photovoltaic",
    capacity_w=5_000,
    commissioned_on="2024-05-01",
    zone=ZoneId("lane"),
    carbon_g_per_kwh=43,
)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: type(key).__name__)
def test_every_sharing_key_comes_back(key: SharingKey) -> None:
    rules = SettlementRules(sharing_key=key)

    assert read_settlement(decode(encode(settlement_value(rules)))) == rules


@settings(max_examples=50)
@given(
    price=st.none() | st.integers(min_value=-1_000_000, max_value=1_000_000),
    spread=st.integers(min_value=0, max_value=1_000_000),
    scheme=st.sampled_from(sorted(SCHEMES)),
    limit_wh=st.integers(min_value=0, max_value=1_000_000),
    carbon_g=st.integers(min_value=0, max_value=1_000),
)
def test_all_other_rules_come_back(
    price: int | None, spread: int, scheme: str, limit_wh: int, carbon_g: int
) -> None:
    rules = SettlementRules(
        sharing_price_micro_per_kwh=price,
        spread_micro_per_kwh=spread,
        scheme=SCHEMES[scheme],
        capabilities=(Capability(party=B, export_wh_max=limit_wh, import_wh_max=0),),
        plants=(PLANT,),
        grid_g_per_kwh=carbon_g,
        examined_max=limit_wh % 100,
    )

    assert read_settlement(decode(encode(settlement_value(rules)))) == rules


@pytest.mark.parametrize(
    "key",
    [
        (6, ()),
        (-1, ()),
        (1, (1,)),
        (0, ((bytes(20), 600_000), (bytes(20), 1))),
        (5, ((), (5, ((), (1, ()))))),
    ],
)
def test_what_is_no_sharing_key_is_refused(key: tuple[object, ...]) -> None:
    whole = settlement_value(SettlementRules())
    assert isinstance(whole, tuple)

    with pytest.raises(ValueError, match=r".*"):
        read_settlement((key, *whole[1:]))  # type: ignore[arg-type]  # on purpose


def test_texts_are_bounded() -> None:
    whole = settlement_value(SettlementRules())
    assert isinstance(whole, tuple)
    scheme = ("x" * 257, 0, 0, "")

    with pytest.raises(ValueError, match="letters"):
        read_settlement((*whole[:3], scheme, *whole[4:]))
