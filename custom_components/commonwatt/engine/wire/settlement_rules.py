"""How a community settles, as canonical bytes: the part of a charter for the ledger.

Clauses: ``docs/reference/community.md``, section 1.
"""

from collections.abc import Iterable
from typing import Final, assert_never

from ..model.capability import Capability
from ..model.origin import PLANT_LENGTH_MAX, EnergySource, ProductionDevice
from ..model.schemes import SharingScheme
from ..model.settlement_rules import SettlementRules
from ..model.sharing_key import (
    CascadeKey,
    CollectiveAsset,
    CollectiveKey,
    HybridKey,
    KeyShare,
    MatrixKey,
    MatrixShare,
    ProRataKey,
    SharingKey,
    SimpleKey,
    StaticKey,
)
from ..model.units import ENERGY_WH_MAX, PPM, PRICE_MICRO_PER_KWH_MAX
from ..model.zone import ZoneId
from .canonical import Value
from .fields import (
    array,
    array_of,
    integer,
    party_bytes,
    read_party,
    text,
)

TEXT_LENGTH_MAX: Final = 256
POWER_W_MAX: Final = 1 << 40
CARBON_G_MAX: Final = 1 << 20
EXAMINED_MAX: Final = 1 << 16

_STATIC, _PRO_RATA, _HYBRID, _CASCADE, _MATRIX, _COLLECTIVE = range(6)


def settlement_value(rules: SettlementRules) -> Value:
    """Return all that settlement rules say."""
    return (
        _key_value(rules.sharing_key),
        rules.sharing_price_micro_per_kwh,
        rules.spread_micro_per_kwh,
        _scheme_value(rules.scheme),
        tuple(
            (party_bytes(one.party), one.export_wh_max, one.import_wh_max)
            for one in rules.capabilities
        ),
        tuple(_plant_value(plant) for plant in rules.plants),
        rules.grid_g_per_kwh,
        rules.examined_max,
    )


def read_settlement(value: Value) -> SettlementRules:
    """Return the rules; ValueError if they are none."""
    key, price, spread, scheme, capabilities, plants, grid, examined = array_of(
        value, 8
    )
    bound = PRICE_MICRO_PER_KWH_MAX
    return SettlementRules(
        sharing_key=_key(key),
        sharing_price_micro_per_kwh=(
            None if price is None else integer(price, least=-bound, most=bound)
        ),
        spread_micro_per_kwh=integer(spread, least=0, most=bound),
        scheme=_scheme(scheme),
        capabilities=tuple(_capability(one) for one in array(capabilities)),
        plants=tuple(_plant(one) for one in array(plants)),
        grid_g_per_kwh=integer(grid, least=0, most=CARBON_G_MAX),
        examined_max=integer(examined, least=0, most=EXAMINED_MAX),
    )


def _key_value(key: SharingKey) -> Value:
    match key:
        case StaticKey(shares=shares):
            return (_STATIC, _shares_value(shares))
        case ProRataKey():
            return (_PRO_RATA, ())
        case HybridKey(shares=shares):
            return (_HYBRID, _shares_value(shares))
        case CascadeKey(ranks=ranks):
            return (_CASCADE, tuple(tuple(map(party_bytes, rank)) for rank in ranks))
        case MatrixKey(cells=cells):
            return (
                _MATRIX,
                tuple(
                    (party_bytes(c.producer), party_bytes(c.consumer), c.share_ppm)
                    for c in cells
                ),
            )
        case CollectiveKey(assets=assets, then=then):
            owned = tuple(
                (party_bytes(a.party), _shares_value(a.owners)) for a in assets
            )
            return (_COLLECTIVE, (owned, _key_value(then)))
        case _:
            assert_never(key)


def _key(value: Value) -> SharingKey:
    number, rest = array_of(value, 2)
    if integer(number, least=0, most=_COLLECTIVE) != _COLLECTIVE:
        return _simple_key(value)
    assets, then = array_of(rest, 2)
    return CollectiveKey(
        assets=tuple(_asset(asset) for asset in array(assets)), then=_simple_key(then)
    )


def _simple_key(value: Value) -> SimpleKey:
    number, rest = array_of(value, 2)
    match number:
        case 0:
            return StaticKey(shares=_shares(rest))
        case 1:
            array_of(rest, 0)
            return ProRataKey()
        case 2:
            return HybridKey(shares=_shares(rest))
        case 3:
            ranks = (tuple(map(read_party, array(rank))) for rank in array(rest))
            return CascadeKey(ranks=tuple(ranks))
        case 4:
            return MatrixKey(cells=tuple(_cell(cell) for cell in array(rest)))
        case _:
            raise ValueError("no sharing key has this number")


def _shares_value(shares: Iterable[KeyShare]) -> Value:
    return tuple((party_bytes(one.party), one.share_ppm) for one in shares)


def _shares(value: Value) -> tuple[KeyShare, ...]:
    pairs = (array_of(one, 2) for one in array(value))
    return tuple(
        KeyShare(party=read_party(party), share_ppm=_ppm(share))
        for party, share in pairs
    )


def _cell(value: Value) -> MatrixShare:
    producer, consumer, share = array_of(value, 3)
    return MatrixShare(
        producer=read_party(producer),
        consumer=read_party(consumer),
        share_ppm=_ppm(share),
    )


def _asset(value: Value) -> CollectiveAsset:
    party, owners = array_of(value, 2)
    return CollectiveAsset(party=read_party(party), owners=_shares(owners))


def _scheme_value(scheme: SharingScheme) -> Value:
    return (
        scheme.name,
        scheme.network_remains_ppm,
        scheme.levies_remain_ppm,
        scheme.source,
    )


def _scheme(value: Value) -> SharingScheme:
    name, network, levies, source = array_of(value, 4)
    return SharingScheme(
        name=_text(name),
        network_remains_ppm=_ppm(network),
        levies_remain_ppm=_ppm(levies),
        source=_text(source),
    )


def _capability(value: Value) -> Capability:
    party, export_wh, import_wh = array_of(value, 3)
    return Capability(
        party=read_party(party),
        export_wh_max=integer(export_wh, least=0, most=ENERGY_WH_MAX),
        import_wh_max=integer(import_wh, least=0, most=ENERGY_WH_MAX),
    )


def _plant_value(plant: ProductionDevice) -> Value:
    return (
        plant.id,
        party_bytes(plant.owner),
        plant.source.value,
        plant.technology,
        plant.capacity_w,
        plant.commissioned_on,
        plant.zone,
        plant.carbon_g_per_kwh,
    )


def _plant(value: Value) -> ProductionDevice:
    name, owner, source, technology, capacity, since, zone, carbon = array_of(value, 8)
    return ProductionDevice(
        id=_text(name, PLANT_LENGTH_MAX),
        owner=read_party(owner),
        source=EnergySource(text(source)),
        technology=_text(technology),
        capacity_w=integer(capacity, least=0, most=POWER_W_MAX),
        commissioned_on=_text(since),
        zone=ZoneId(_text(zone)),
        carbon_g_per_kwh=integer(carbon, least=0, most=CARBON_G_MAX),
    )


def _ppm(value: Value) -> int:
    return integer(value, least=0, most=PPM)


def _text(value: Value, length_max: int = TEXT_LENGTH_MAX) -> str:
    words = text(value)
    if len(words) > length_max:
        raise ValueError(f"{len(words)} letters are too many")
    return words
