"""A score book as canonical bytes, to outlive a restart.

Reading raises ValueError for bytes that no version of this book has written; the book
is then begun anew: everything in it came from the journal or can be earned again.  What
an earlier version did not know is zero periods, never a zero reading.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Final

from ..model.party import PartyId
from ..model.period import DeliveryPeriod
from ..wire.canonical import Value, decode, encode
from ..wire.fields import (
    any_integer,
    array,
    array_of,
    text,
)
from .badges import Badge, Career
from .book import Saved
from .days import DayRecord
from .evidence import DayEvidence, Lapse, PairEvidence, PeriodEvidence
from .progress import Progress
from .records import CommunityEnergy, OwnEnergy, Partners, PeriodRecord

VERSION: Final = 2
BYTES_MAX: Final = 32 * 1024 * 1024
ITEMS_MAX: Final = 4 * 1024 * 1024

type Lapses = Mapping[tuple[PartyId, Lapse], int]


def saved_bytes(saved: Saved) -> bytes:
    """Write a score book."""
    progress = saved.progress
    value: Value = (
        VERSION,
        tuple(
            (
                one.day,
                *_evidence(one.evidence.pairs, one.evidence.lapses),
                *_sums(one),
                one.peaks,
            )
            for one in saved.days
        ),
        tuple(
            (
                one.period.number,
                *_evidence(one.evidence.pairs, one.evidence.lapses),
                *_sums(one),
            )
            for one in saved.periods
        ),
        (
            progress.experience_milli,
            progress.streak_days,
            progress.freezes,
            progress.season,
        ),
        tuple(getattr(saved.career, each.name) for each in fields(Career)),
        tuple(sorted(badge.value for badge in saved.badges)),
        saved.scored_until,
        saved.finals_ppm,
    )
    return encode(value, size_max=BYTES_MAX, items_max=ITEMS_MAX)


def read_saved(data: bytes) -> Saved:
    """Read a score book."""
    version, days, periods, progress, career, badges, scored_until, *finals = array(
        decode(data, size_max=BYTES_MAX, items_max=ITEMS_MAX)
    )
    if version not in range(1, VERSION + 1):
        raise ValueError("written by another version")
    return Saved(
        days=tuple(_day(one) for one in array(days)),
        periods=tuple(_period(one) for one in array(periods)),
        progress=_progress(progress),
        career=_career(career),
        badges=frozenset(Badge(text(one)) for one in array(badges)),
        scored_until=None if scored_until is None else any_integer(scored_until),
        finals_ppm=tuple(
            (any_integer(season), any_integer(points))
            for found in finals
            for season, points in (array_of(one, 2) for one in array(found))
        ),
    )


def _evidence(pairs: Iterable[PairEvidence], lapses: Lapses) -> tuple[Value, Value]:
    return (
        tuple((p.party, p.partner, p.contracted_wh, p.failed_wh) for p in pairs),
        tuple((party, lapse.value, n) for (party, lapse), n in lapses.items()),
    )


def _sums(record: DayRecord | PeriodRecord) -> tuple[Value, Value, Value]:
    own, community = record.own, record.community
    return (
        (
            own.import_wh,
            own.export_wh,
            own.local_wh,
            own.attainable_wh,
            own.trades,
            own.sold,
            own.bought,
            own.given,
            own.taken,
            own.periods,
            own.retailer_wh,
            own.evening_wh,
            own.evening_periods,
        ),
        (
            community.traded_wh,
            community.given_wh,
            community.evening_import_wh,
            community.island_periods,
            community.import_wh,
            community.evening_all_wh,
        ),
        record.exports,
    )


def _day(value: Value) -> DayRecord:
    day, pairs, lapses, own, community, exports, *peaks = array(value)
    return DayRecord(
        evidence=DayEvidence(
            day=any_integer(day), pairs=_read_pairs(pairs), lapses=_read_lapses(lapses)
        ),
        own=_own(own),
        community=_community(community),
        exports=_partners(exports),
        peaks=tuple(one for found in peaks for one in _partners(found)),
    )


def _period(value: Value) -> PeriodRecord:
    number, pairs, lapses, own, community, exports = array_of(value, 6)
    return PeriodRecord(
        evidence=PeriodEvidence(
            period=DeliveryPeriod(any_integer(number)),
            pairs=_read_pairs(pairs),
            lapses=_read_lapses(lapses),
        ),
        own=_own(own),
        community=_community(community),
        exports=_partners(exports),
    )


def _read_pairs(value: Value) -> tuple[PairEvidence, ...]:
    return tuple(
        PairEvidence(
            party=PartyId(text(party)),
            partner=PartyId(text(partner)),
            contracted_wh=any_integer(contracted),
            failed_wh=any_integer(failed),
        )
        for party, partner, contracted, failed in (
            array_of(one, 4) for one in array(value)
        )
    )


def _read_lapses(value: Value) -> Lapses:
    return {
        (PartyId(text(party)), Lapse(text(lapse))): any_integer(count)
        for party, lapse, count in (array_of(one, 3) for one in array(value))
    }


def _own(value: Value) -> OwnEnergy:
    import_, export, local, attainable, trades, *rest = array(value)
    sold, bought, given, taken, *later = rest
    periods, retailer, evening, evening_periods = _padded(later, 4)
    return OwnEnergy(
        import_wh=any_integer(import_),
        export_wh=any_integer(export),
        local_wh=any_integer(local),
        attainable_wh=any_integer(attainable),
        trades=any_integer(trades),
        sold=_partners(sold),
        bought=_partners(bought),
        given=_partners(given),
        taken=_partners(taken),
        periods=periods,
        retailer_wh=retailer,
        evening_wh=evening,
        evening_periods=evening_periods,
    )


def _padded(values: Iterable[Value], count: int) -> list[int]:
    """Return what later versions added; none of it in the books of earlier ones."""
    found = [any_integer(one) for one in values]
    return [*found, *(0 for _ in range(count - len(found)))]


def _partners(value: Value) -> Partners:
    return tuple(
        (PartyId(text(party)), any_integer(energy_wh))
        for party, energy_wh in (array_of(one, 2) for one in array(value))
    )


def _community(value: Value) -> CommunityEnergy:
    traded, given, evening, island, *later = array(value)
    imported, evening_all = _padded(later, 2)
    return CommunityEnergy(
        traded_wh=any_integer(traded),
        given_wh=any_integer(given),
        evening_import_wh=any_integer(evening),
        island_periods=any_integer(island),
        import_wh=imported,
        evening_all_wh=evening_all,
    )


def _progress(value: Value) -> Progress:
    experience, streak, freezes, season = array_of(value, 4)
    return Progress(
        experience_milli=any_integer(experience),
        streak_days=any_integer(streak),
        freezes=any_integer(freezes),
        season=None if season is None else any_integer(season),
    )


def _career(value: Value) -> Career:
    names = [each.name for each in fields(Career)]
    numbers = [any_integer(one) for one in array_of(value, len(names))]
    return Career(**dict(zip(names, numbers, strict=True)))
