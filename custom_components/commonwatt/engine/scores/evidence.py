"""What signed facts say about who kept a word: evidence of periods, added up by day.

Reads results and settlements, which every member has; knows no opinion.  A gift is no
evidence: solidarity neither earns a reputation nor costs one.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from ..ledger.rules import AgreementKind
from ..ledger.settlement import PartySummary, ReadingState, Settlement
from ..model.clearing import ClearingResult, Trade
from ..model.order import Side
from ..model.party import PartyId
from ..model.period import DAY_MS, PERIOD_MS, DeliveryPeriod
from ..model.standing import Excuse
from ..model.units import div_floor

__all__ = [
    "APPEAL_MS",
    "DayEvidence",
    "Excuse",
    "Lapse",
    "PairEvidence",
    "PeriodEvidence",
    "day_of",
    "evidence_by_day",
    "evidence_of",
]

PERIODS_A_DAY: Final = DAY_MS // PERIOD_MS


class Lapse(StrEnum):
    """What a member failed to do, apart from delivering what it promised."""

    NO_READING = "no_reading"
    """Its meter's reading did not come in time."""

    NOT_REVEALED = "not_revealed"
    """It committed to an order and did not show it."""

    BAD_MESSAGE = "bad_message"
    """It signed something that is against the rules."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class PairEvidence:
    """What one party promised another, and what of it its meter does not confirm."""

    party: PartyId
    partner: PartyId
    contracted_wh: int
    failed_wh: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodEvidence:
    """Everything one settled delivery period says."""

    period: DeliveryPeriod
    pairs: tuple[PairEvidence, ...]
    lapses: Mapping[tuple[PartyId, Lapse], int]


APPEAL_MS: Final = 3 * DAY_MS
"""How long after a period a member can ask to be excused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEvidence:
    """Everything one day of UTC says, ascending by party and partner."""

    day: int
    """Counted from 1970-01-01."""

    pairs: tuple[PairEvidence, ...]
    lapses: Mapping[tuple[PartyId, Lapse], int]
    """In how many periods."""


def day_of(period: DeliveryPeriod) -> int:
    """Return the day of UTC a period lies in, counted from 1970-01-01."""
    return div_floor(period.number, PERIODS_A_DAY)


def evidence_of(
    settlement: Settlement,
    result: ClearingResult | None,
    *,
    not_revealed: Iterable[PartyId] = (),
    bad_messages: Iterable[PartyId] = (),
) -> PeriodEvidence:
    """Return what a settled period says about its members.

    A party without a reading has a lapse, not a failed delivery: nobody knows.
    """
    metered = {
        summary.party: summary
        for summary in settlement.parties
        if summary.reading is ReadingState.METERED
    }
    lapses: Counter[tuple[PartyId, Lapse]] = Counter()
    for summary in settlement.parties:
        lapses[summary.party, Lapse.NO_READING] += summary.party not in metered
    lapses.update((party, Lapse.NOT_REVEALED) for party in not_revealed)
    lapses.update((party, Lapse.BAD_MESSAGE) for party in bad_messages)
    pairs = [*_traded(result, metered), *_contracted(settlement, metered)]
    return PeriodEvidence(
        period=settlement.period,
        pairs=_added(pairs),
        lapses={key: count for key, count in sorted(lapses.items()) if count},
    )


def evidence_by_day(
    periods: Iterable[PeriodEvidence],
    excuses: Iterable[Excuse] = (),
    *,
    doubted: Collection[tuple[PartyId, int]] = (),
) -> tuple[DayEvidence, ...]:
    """Add up periods to days, ascending; what is excused does not count at all.

    ``doubted`` are the days on which a party's meter could not be believed: what it
    says in its owner's favour does not count.
    """
    granted = tuple(excuses)
    days: dict[int, list[PeriodEvidence]] = {}
    for one in periods:
        days.setdefault(day_of(one.period), []).append(_excused(one, granted))
    return tuple(_day(day, days[day], doubted) for day in sorted(days))


def _day(
    day: int,
    periods: Iterable[PeriodEvidence],
    doubted: Collection[tuple[PartyId, int]],
) -> DayEvidence:
    pairs: list[PairEvidence] = []
    lapses: Counter[tuple[PartyId, Lapse]] = Counter()
    for one in periods:
        pairs += (
            replace(pair, contracted_wh=pair.failed_wh)
            if (pair.party, day) in doubted
            else pair
            for pair in one.pairs
        )
        lapses.update(one.lapses)
    return DayEvidence(
        day=day, pairs=_added(pairs), lapses=dict(sorted(lapses.items()))
    )


def _excused(one: PeriodEvidence, excuses: tuple[Excuse, ...]) -> PeriodEvidence:
    def counts(party: PartyId) -> bool:
        return not any(excuse.covers(party, one.period) for excuse in excuses)

    return PeriodEvidence(
        period=one.period,
        pairs=tuple(pair for pair in one.pairs if counts(pair.party)),
        lapses={key: n for key, n in one.lapses.items() if counts(key[0])},
    )


def _traded(
    result: ClearingResult | None, metered: Mapping[PartyId, PartySummary]
) -> Iterable[PairEvidence]:
    trades = () if result is None else result.trades
    for party, partner, _, energy_wh in (leg for t in trades for leg in _legs(t)):
        if party not in metered or party == partner:
            continue
        summary = metered[party]
        yield PairEvidence(
            party=party,
            partner=partner,
            contracted_wh=energy_wh,
            failed_wh=_part(energy_wh, summary.failed_wh, abs(summary.position_wh)),
        )


def _contracted(
    settlement: Settlement, metered: Mapping[PartyId, PartySummary]
) -> Iterable[PairEvidence]:
    legs = [
        leg
        for one in settlement.fulfilled
        if one.agreement.kind is AgreementKind.CONTRACT and one.agreement.declared
        for leg in _legs(one.agreement.trade)
    ]
    promised_wh: Counter[tuple[PartyId, Side]] = Counter()
    for party, _, side, energy_wh in legs:
        promised_wh[party, side] += energy_wh
    for party, partner, side, energy_wh in legs:
        if party not in metered:
            continue
        short_wh = promised_wh[party, side] - _counted_wh(metered[party], side)
        yield PairEvidence(
            party=party,
            partner=partner,
            contracted_wh=energy_wh,
            failed_wh=_part(energy_wh, max(0, short_wh), promised_wh[party, side]),
        )


def _legs(trade: Trade) -> tuple[tuple[PartyId, PartyId, Side, int], ...]:
    return (
        (trade.seller, trade.buyer, Side.SELL, trade.energy_wh),
        (trade.buyer, trade.seller, Side.BUY, trade.energy_wh),
    )


def _counted_wh(summary: PartySummary, side: Side) -> int:
    return (summary.export_wh if side is Side.SELL else summary.import_wh) or 0


def _part(energy_wh: int, failed_wh: int, whole_wh: int) -> int:
    if whole_wh == 0:
        return 0
    return min(energy_wh, div_floor(energy_wh * failed_wh, whole_wh))


def _added(pairs: Iterable[PairEvidence]) -> tuple[PairEvidence, ...]:
    contracted: Counter[tuple[PartyId, PartyId]] = Counter()
    failed: Counter[tuple[PartyId, PartyId]] = Counter()
    for pair in pairs:
        contracted[pair.party, pair.partner] += pair.contracted_wh
        failed[pair.party, pair.partner] += pair.failed_wh
    return tuple(
        PairEvidence(
            party=party,
            partner=partner,
            contracted_wh=contracted[party, partner],
            failed_wh=failed[party, partner],
        )
        for party, partner in sorted(contracted)
        if contracted[party, partner]
    )
