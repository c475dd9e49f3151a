"""The community of a seed: keys, charter, and who of its members lies."""

import hashlib
from typing import Final

from ...model.party import (
    Admission,
    Charter,
    FaultModel,
    Member as CharterMember,
    PrivacyMode,
)
from ...model.period import DeliveryPeriod
from ...model.zone import FeeTree
from ...node import DerivedSessions, NodeConfig
from ...peer import Electorate, electorate_of
from ...wire.digests import community_id
from ...wire.keys import HouseholdKey
from ..homes.dice import Dice
from .liar import Trick
from .member import Identity
from .post import happens
from .weather import Weather

ZONE: Final = FeeTree.single().root.id
TRICKS_MAX: Final = 3
NAMES: Final = (
    *("Ann", "Ben", "Cat", "Dan", "Eve", "Fay", "Gus", "Hal", "Ida", "Joe"),
    *("Kim", "Leo", "Mia", "Nia", "Ola", "Pam", "Quy", "Ray", "Sue", "Tom"),
)


def secret(seed: int, name: str, use: str) -> bytes:
    """Return 32 bytes that follow from the seed."""
    text = f"commonwatt/faults/1\x1f{seed}\x1f{name}\x1f{use}"
    return hashlib.sha256(text.encode()).digest()


def name_of(number: int) -> str:
    """Return what the tale calls a member."""
    again, index = divmod(number, len(NAMES))
    return NAMES[index] + (str(again + 1) if again else "")


def household_of(seed: int, name: str) -> HouseholdKey:
    """Return the key of a household."""
    return HouseholdKey(secret(seed, name, "household"))


def found(
    seed: int,
    homes: int,
    *,
    privacy: PrivacyMode = PrivacyMode.OPEN,
    fault_model: FaultModel = FaultModel.BYZANTINE,
) -> tuple[Identity, ...]:
    """Draw keys and write a charter."""
    keys = {name_of(n): household_of(seed, name_of(n)) for n in range(homes)}
    charter = Charter(
        members=tuple(
            CharterMember(party=key.party, zone=ZONE, household_key=key.public)
            for key in keys.values()
        ),
        fee_tree=FeeTree.single(),
        fault_model=fault_model,
        privacy=privacy,
        admission=Admission.INVITER,
    )
    return tuple(identity_of(seed, name, charter) for name in keys)


def identity_of(seed: int, name: str, charter: Charter) -> Identity:
    """Return what a member of a community never loses."""
    household, community = household_of(seed, name), community_id(charter)
    config = NodeConfig(
        party=household.party,
        community=community,
        charter=charter,
        salt_secret=secret(seed, name, "salts"),
    )
    sessions = DerivedSessions(
        household, secret=secret(seed, name, "sessions"), community=community
    )
    return Identity(name=name, config=config, sessions=sessions)


def voters_of(identities: tuple[Identity, ...], at: DeliveryPeriod) -> Electorate:
    """Return who votes for a period under the charter of the founding."""
    config = identities[0].config
    return electorate_of(config.charter, config.community, at)


def liars_of(
    identities: tuple[Identity, ...],
    weather: Weather,
    dice: Dice,
    *,
    at: DeliveryPeriod,
) -> dict[str, frozenset[Trick]]:
    """Draw who lies, and how: as many as the charter bears, or in a plot one more.

    Where a committee votes it bears so many, seated or not; plotters have seats.
    """
    electorate = voters_of(identities, at)
    bearable = electorate.liars_max
    if happens(dice, weather.plot_ppm):
        voters = [one for one in identities if one.config.party in electorate.voters]
        tricks = frozenset({Trick.TWO_BOOKS, Trick.DOUBLE_VOTE})
        return {identity.name: tricks for identity in voters[-bearable - 1 :]}
    if not happens(dice, weather.liar_ppm):
        return {}
    names = [identity.name for identity in identities]
    return {
        _drawn(names, dice): frozenset(_tricks(dice))
        for _ in range(dice.between(min(1, bearable), bearable))
    }


def skew_ms(weather: Weather, dice: Dice) -> int:
    """Draw how far a clock is off."""
    return dice.between(-weather.skew_ms_max, weather.skew_ms_max)


def _tricks(dice: Dice) -> list[Trick]:
    return [
        list(Trick)[dice.between(0, len(Trick) - 1)]
        for _ in range(dice.between(1, TRICKS_MAX))
    ]


def _drawn(names: list[str], dice: Dice) -> str:
    return names.pop(dice.between(0, len(names) - 1))
