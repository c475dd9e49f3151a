"""The community of a simulated neighbourhood: keys, charter, rules and tariffs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
import hashlib
from typing import Final

from ..ledger.rules import SettlementRules
from ..model.party import BillingBasis, Charter, Member, PartyId
from ..model.schemes import SCHEMES
from ..model.sharing_key import CollectiveAsset, CollectiveKey, KeyShare, ProRataKey
from ..model.standing import Standing
from ..model.tariff import Tariff
from ..model.units import PPM
from ..model.zone import FeeTree
from ..node import DerivedSessions, NodeConfig
from ..peer import RoundTiming
from ..wire.digests import community_id
from ..wire.keys import HouseholdKey
from .homes import Habit, HomeKey, HomeSpec, neighbourhood_specs
from .plants import plants_of

HOUSEHOLD_TARIFF: Final = Tariff(
    energy_micro_per_kwh=150_000,
    network_micro_per_kwh=75_000,
    levies_micro_per_kwh=40_000,
    vat_ppm=200_000,
    feed_in_micro_per_kwh=75_000,
)
BUSINESS_TARIFF: Final = Tariff(
    energy_micro_per_kwh=135_000,
    network_micro_per_kwh=60_000,
    levies_micro_per_kwh=40_000,
    vat_ppm=200_000,
    feed_in_micro_per_kwh=70_000,
)
BUSINESSES: Final = frozenset(
    {Habit.FARM, Habit.SCHOOL, Habit.CAFE, Habit.WORKSHOP, Habit.MACHINE}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What one home needs to be a member."""

    config: NodeConfig
    sessions: DerivedSessions
    household: HouseholdKey


def street_of(count: int) -> tuple[HomeSpec, ...]:
    """Return the specifications of ``count`` homes: the twelve, and them again."""
    twelve = neighbourhood_specs()
    return tuple(
        twelve[number]
        if number < len(twelve)
        else replace(twelve[number % len(twelve)], key=_later_key(number, len(twelve)))
        for number in range(count)
    )


def tariff_of(spec: HomeSpec) -> Tariff:
    """Return what the home's retailer charges."""
    return BUSINESS_TARIFF if spec.habit in BUSINESSES else HOUSEHOLD_TARIFF


def found_community(
    specs: Sequence[HomeSpec], *, seed: int, timing: RoundTiming
) -> tuple[Identity, ...]:
    """Draw the homes' keys from ``seed`` and write their charter, in their order."""
    tree = FeeTree.single()
    households = [HouseholdKey(_secret(seed, spec.key, "household")) for spec in specs]
    parties = {spec.key: key.party for spec, key in zip(specs, households, strict=True)}
    rules = replace(
        _rules(specs, parties),
        plants=tuple(
            plant
            for spec in specs
            for plant in plants_of(spec, parties[spec.key], tree.root.id).values()
        ),
    )
    charter = Charter(
        members=tuple(
            Member(party=key.party, zone=tree.root.id, household_key=key.public)
            for key in households
        ),
        fee_tree=tree,
        billing_basis=BillingBasis.SHARING,
        settlement=rules,
        standing=Standing(),
    )
    community = community_id(charter)
    return tuple(
        Identity(
            config=NodeConfig(
                party=household.party,
                community=community,
                charter=charter,
                timing=timing,
                salt_secret=_secret(seed, spec.key, "salts"),
            ),
            sessions=DerivedSessions(
                household,
                secret=_secret(seed, spec.key, "sessions"),
                community=community,
            ),
            household=household,
        )
        for spec, household in zip(specs, households, strict=True)
    )


def _rules(
    specs: Sequence[HomeSpec], parties: Mapping[HomeKey, PartyId]
) -> SettlementRules:
    """Let a co-operative's turbines serve their owners first, then everybody."""
    assets = tuple(
        asset
        for spec in specs
        if spec.wind is not None
        and (asset := _co_operative(spec, specs, parties)) is not None
    )
    key = CollectiveKey(assets=assets, then=ProRataKey()) if assets else ProRataKey()
    return SettlementRules(sharing_key=key, scheme=SCHEMES["AT"])


def _co_operative(
    turbine: HomeSpec, specs: Sequence[HomeSpec], parties: Mapping[HomeKey, PartyId]
) -> CollectiveAsset | None:
    """Split a turbine: named shares as specified, the rest evenly among the others."""
    named = {s.key: s.wind_share.share_ppm for s in specs if s.wind_share is not None}
    others = [s.key for s in specs if s.key not in named and s.key != turbine.key]
    if not others or sum(named.values()) > PPM:
        return None
    each, left_over = divmod(PPM - sum(named.values()), len(others))
    shares = {**named, **dict.fromkeys(others, each)}
    shares[others[0]] += left_over
    return CollectiveAsset(
        party=parties[turbine.key],
        owners=tuple(
            KeyShare(party=parties[key], share_ppm=ppm) for key, ppm in shares.items()
        ),
    )


def _later_key(number: int, length: int) -> HomeKey:
    again, index = divmod(number, length)
    return HomeKey(f"{neighbourhood_specs()[index].key}_{again + 1}")


def _secret(seed: int, key: HomeKey, use: str) -> bytes:
    text = f"commonwatt/simulation/1\x1f{seed}\x1f{key}\x1f{use}"
    return hashlib.sha256(text.encode()).digest()
