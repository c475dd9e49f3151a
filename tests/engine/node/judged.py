"""A street that has seen a week, and is about to agree on what to make of it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Final, override

from custom_components.commonwatt.engine.ledger.journal import EntryKind, JournalEntry
from custom_components.commonwatt.engine.model.party import Charter, PartyId
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.standing import Standing
from custom_components.commonwatt.engine.node.testimony import Testimony, written
from custom_components.commonwatt.engine.scores.evidence import (
    Lapse,
    PairEvidence,
    PeriodEvidence,
)
from custom_components.commonwatt.engine.wire.keys import HouseholdKey
from tests.engine.node.street import ANN, BEN, CAT, START, Street
from tests.engine.wire.community import secret

DAN = ("Dan", 300, 0)
WEEK: Final = 20_818
"""First day of the week that is due when the street wakes; the turn is Dan's."""

UNTIL: Final = WEEK + 7
PERIODS: Final = tuple(
    DeliveryPeriod(number) for number in range(WEEK * 96, UNTIL * 96)
)

type Seen = Mapping[str, tuple[Testimony, ...]]


@cache
def party(name: str) -> PartyId:
    """Return the party of a home."""
    return HouseholdKey(secret(name)).party


def saw(period: DeliveryPeriod, *, broken: tuple[str, ...] = ()) -> Testimony:
    """Return a period in which everybody dealt with everybody, and some failed to."""
    names = ("Ann", "Ben", "Cat", "Dan")
    pairs = sorted(
        (
            PairEvidence(
                party=party(one),
                partner=party(other),
                contracted_wh=100,
                failed_wh=100 if one in broken else 0,
            )
            for one in names
            for other in names
            if one != other
        ),
    )
    return Testimony(
        evidence=PeriodEvidence(period=period, pairs=tuple(pairs), lapses={}),
        given_wh=tuple(sorted([(party("Ann"), -300), (party("Ben"), 300)])),
    )


def silent(period: DeliveryPeriod, name: str) -> Testimony:
    """Return a period of which one home's reading never came."""
    lapses = {(party(name), Lapse.NO_READING): 1}
    evidence = replace(saw(period).evidence, lapses=lapses)
    return replace(saw(period), evidence=evidence)


@cache
def week(*, broken: tuple[str, ...] = ()) -> tuple[Testimony, ...]:
    """Return what the whole week says."""
    return tuple(saw(period, broken=broken) for period in PERIODS)


def with_past(journal: list[JournalEntry], seen: Iterable[Testimony]) -> None:
    """Write into an empty journal what its home has seen."""
    if not journal:
        journal += (
            JournalEntry(kind=EntryKind.EVIDENCE, at=START, body=written(one))
            for one in seen
        )


class Judged(Street):
    """Four homes, each with its own memory of the week."""

    def __init__(self, seen: Seen, *, standing: Standing | None = None) -> None:
        """Wake with what each has seen; of a home that is not named, nothing."""
        self.seen = seen
        self.standing = Standing() if standing is None else standing
        super().__init__(ANN, BEN, CAT, DAN, tariff=None)

    @override
    def found(self, charter: Charter) -> Charter:
        return replace(charter, standing=self.standing)

    @override
    def wake(self, name: str) -> None:
        with_past(self.homes[name].journal, self.seen.get(name, ()))
        super().wake(name)

    def agreed(self, name: str) -> Standing:
        """Return the standing as a home knows it."""
        standing = self.nodes[name].community.charter.standing
        assert standing is not None
        return standing
