"""What this node saw of each settled period, kept until the week has been assessed.

Evidence and energy dealt in, as canonical bytes: in the journal period by period, and
whole days once nothing of them can change any more.  Judges nobody.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from ..ledger.allocation import DeliveryKind
from ..ledger.settlement import Settlement
from ..model.clearing import ClearingResult
from ..model.party import PartyId
from ..model.period import DeliveryPeriod
from ..model.units import ENERGY_WH_MAX
from ..scores.evidence import Lapse, PairEvidence, PeriodEvidence, evidence_of
from ..wire.canonical import Value, decode, encode
from ..wire.fields import (
    array,
    array_of,
    byte_string,
    integer,
    party_bytes,
    period,
    read_party,
    text,
)

BYTES_MAX: Final = 1024 * 1024
ITEMS_MAX: Final = 1024 * 1024
DEALS: Final = frozenset({DeliveryKind.CONTRACT, DeliveryKind.POSITION})
"""Energy that was promised and paid for; what is given or shared proves no credit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Testimony:
    """What one settled period says of everybody."""

    evidence: PeriodEvidence
    given_wh: tuple[tuple[PartyId, int], ...]
    """Sold to neighbours less bought from them, ascending by party; no gifts."""

    @property
    def period(self) -> DeliveryPeriod:
        """The period."""
        return self.evidence.period


def testimony_of(settlement: Settlement, result: ClearingResult | None) -> Testimony:
    """Return what a settled period says; the settlement is everybody's, corrected."""
    given_wh: Counter[PartyId] = Counter()
    for one in settlement.deliveries:
        if one.kind in DEALS:
            given_wh[one.seller] += one.energy_wh
            given_wh[one.buyer] -= one.energy_wh
    return Testimony(
        evidence=evidence_of(settlement, result),
        given_wh=tuple((party, wh) for party, wh in sorted(given_wh.items()) if wh),
    )


def written(testimony: Testimony) -> bytes:
    """Write a testimony; parties are named once, then numbered."""
    evidence = testimony.evidence
    parties = _parties(testimony)
    number = {party: place for place, party in enumerate(parties)}
    return _encode(
        (
            evidence.period.number,
            tuple(party_bytes(party) for party in parties),
            tuple(
                (
                    number[one.party],
                    number[one.partner],
                    one.contracted_wh,
                    one.failed_wh,
                )
                for one in evidence.pairs
            ),
            tuple(
                (number[party], lapse.value, count)
                for (party, lapse), count in sorted(evidence.lapses.items())
            ),
            tuple((number[party], wh) for party, wh in testimony.given_wh),
        )
    )


def read(body: bytes) -> Testimony:
    """Read a testimony; ValueError if no version of this node has written it."""
    of, names, pairs, lapses, given = array_of(_decode(body), 5)
    parties = [read_party(n) for n in array(names)]
    return Testimony(
        evidence=PeriodEvidence(
            period=period(of),
            pairs=tuple(_pair(one, parties) for one in array(pairs)),
            lapses=dict(_lapse(one, parties) for one in array(lapses)),
        ),
        given_wh=tuple(_given(one, parties) for one in array(given)),
    )


def period_of(body: bytes) -> DeliveryPeriod:
    """Return the period a testimony is of."""
    of, *_ = array_of(_decode(body), 5)
    return period(of)


def met(testimonies: Iterable[Testimony]) -> PeriodEvidence | None:
    """Return who dealt with whom, and nothing else; None of no testimony."""
    known = tuple(testimonies)
    if not known:
        return None
    pairs = {(one.party, one.partner): one for t in known for one in t.evidence.pairs}
    return PeriodEvidence(
        period=known[0].period,
        pairs=tuple(replace(pairs[pair], failed_wh=0) for pair in sorted(pairs)),
        lapses={},
    )


def day_written(bodies: Iterable[bytes]) -> bytes:
    """Write the testimonies of a day in one."""
    return _encode(tuple(bodies))


def read_day(body: bytes) -> Iterator[bytes]:
    """Yield the testimonies of a day, as they were written."""
    for one in array(_decode(body)):
        yield byte_string(one)


def _parties(testimony: Testimony) -> list[PartyId]:
    evidence = testimony.evidence
    return sorted(
        {
            *(party for pair in evidence.pairs for party in (pair.party, pair.partner)),
            *(party for party, _ in evidence.lapses),
            *(party for party, _ in testimony.given_wh),
        }
    )


def _pair(value: Value, parties: list[PartyId]) -> PairEvidence:
    party, partner, contracted, failed = array_of(value, 4)
    return PairEvidence(
        party=_named(party, parties),
        partner=_named(partner, parties),
        contracted_wh=integer(contracted, least=0, most=ENERGY_WH_MAX),
        failed_wh=integer(failed, least=0, most=ENERGY_WH_MAX),
    )


def _lapse(value: Value, parties: list[PartyId]) -> tuple[tuple[PartyId, Lapse], int]:
    party, lapse, count = array_of(value, 3)
    kind = Lapse(text(lapse))
    return (_named(party, parties), kind), integer(count, least=1, most=ENERGY_WH_MAX)


def _given(value: Value, parties: list[PartyId]) -> tuple[PartyId, int]:
    party, wh = array_of(value, 2)
    return _named(party, parties), integer(wh, least=-ENERGY_WH_MAX, most=ENERGY_WH_MAX)


def _named(value: Value, parties: list[PartyId]) -> PartyId:
    return parties[integer(value, least=0, most=len(parties) - 1)]


def _encode(value: Value) -> bytes:
    return encode(value, size_max=BYTES_MAX, items_max=ITEMS_MAX)


def _decode(body: bytes) -> Value:
    return decode(body, size_max=BYTES_MAX, items_max=ITEMS_MAX)
