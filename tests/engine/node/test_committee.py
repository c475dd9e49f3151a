"""Where a committee settles, the others see their own part, proved, and no more."""

from dataclasses import replace

import pytest

from custom_components.commonwatt.engine.ledger.merkle import merkle_root, prove
from custom_components.commonwatt.engine.model.extract import (
    Attestation,
    ProvedRecord,
    ResultExtract,
    SettlementExtract,
)
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    DeliveryPeriod,
    after,
)
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.node import PeriodCorrected, PeriodSettled
from custom_components.commonwatt.engine.peer import Phase
from custom_components.commonwatt.engine.wire.canonical import encode
from custom_components.commonwatt.engine.wire.domain import Domain, tagged_digest
from custom_components.commonwatt.engine.wire.messages import (
    Message,
    ReadingReport,
)
from tests.engine.node.committee_street import HOMES, PrivateStreet
from tests.engine.node.street import FIRST, Street, settled_periods

TOLD_TO_THE_COMMITTEE_ONLY = {
    "OrderCommitment",
    "OrderReveal",
    "BookProposal",
    "Receipt",
    "ReadingReport",
}


@pytest.fixture(scope="module")
def evening() -> PrivateStreet:
    street = PrivateStreet()
    street.run(after(FIRST.start, HOUR_MS + 10 * MINUTE_MS))
    return street


def test_there_is_a_committee_and_somebody_outside_it(evening: PrivateStreet) -> None:
    assert len(evening.committee) == 4
    assert len(evening.outsiders) == 3


def test_orders_and_readings_reach_the_committee_only(evening: PrivateStreet) -> None:
    heard = evening.kinds_heard_by(evening.committee)
    overheard = evening.kinds_heard_by(evening.outsiders)

    assert heard > TOLD_TO_THE_COMMITTEE_ONLY - {"Receipt"}
    assert not overheard & TOLD_TO_THE_COMMITTEE_ONLY
    assert {"ResultExtract", "SettlementExtract", "Attestation"} <= overheard


def test_no_byte_of_a_reading_reaches_anybody_outside(evening: PrivateStreet) -> None:
    readings = {
        (name, encode((reading.import_wh, reading.export_wh))[1:])
        for name in evening.homes
        for data in evening.homes[name].sent
        if isinstance(report := evening.opened(data).message, ReadingReport)
        for reading in [report.reading]
    }
    assert len(readings) >= len(HOMES)

    for outsider in evening.outsiders:
        others = {pair for name, pair in readings if name != outsider}
        own = {pair for name, pair in readings if name == outsider}
        for data in evening.heard_by(outsider):
            assert not [pair for pair in others - own if pair in data]


def test_everybody_comes_to_the_same_as_in_an_open_community(
    evening: PrivateStreet,
) -> None:
    street = Street(*HOMES)
    street.run(evening.now)

    for name in street.homes:
        periods = settled_periods(evening, name)
        assert periods == settled_periods(street, name)
        assert FIRST in periods
        for period in periods:
            alone, together = (
                one.nodes[name].figures(period) for one in (evening, street)
            )
            assert alone is not None
            assert together is not None
            assert replace(alone, mix=()) == replace(together, mix=())


def test_what_a_member_books_is_what_the_committee_booked_for_it(
    evening: PrivateStreet,
) -> None:
    committee = evening.committee[0]
    for outsider in evening.outsiders:
        me = evening.parties[outsider]
        whole, part = (
            [
                (transaction.reason, posting.account, posting.unit, posting.amount)
                for event in evening.reported(name, PeriodSettled)
                for transaction in event.settlement.community
                for posting in transaction.postings
                if posting.account.party == me
            ]
            for name in (committee, outsider)
        )
        assert part
        assert part == whole


def test_a_result_is_final_for_those_outside_as_well(evening: PrivateStreet) -> None:
    traded = 0
    for outsider in evening.outsiders:
        outcome = evening.nodes[outsider].outcome(FIRST)
        known = evening.nodes[evening.committee[0]].outcome(FIRST)
        assert outcome is not None
        assert known is not None
        assert outcome.phase is Phase.FINAL
        assert outcome.result is not None
        assert known.result is not None
        me = evening.parties[outsider]
        assert outcome.result.position_wh(me) == known.result.position_wh(me)
        traded += abs(known.result.position_wh(me))
        strangers = {fill.party for fill in outcome.result.fills} - {me}
        assert not strangers
    assert traded


def test_who_is_outside_remembers_its_part_after_a_restart() -> None:
    street = PrivateStreet()
    street.run(after(FIRST.start, HOUR_MS))
    name = street.outsiders[0]
    before = street.nodes[name].figures(FIRST)
    position = street.nodes[name].position_wh(FIRST)
    assert before is not None

    street.crash(name)
    street.wake(name)
    street.run(after(street.now, HOUR_MS))

    assert street.nodes[name].figures(FIRST) == before
    assert street.nodes[name].position_wh(FIRST) == position
    assert settled_periods(street, name)[-1] > FIRST.next(4)
    assert not street.faults(street.committee[0])


def test_a_corrected_reading_corrects_the_part_of_whoever_is_outside() -> None:
    street = PrivateStreet()
    street.run(after(FIRST.start, HOUR_MS))
    name = street.outsiders[0]
    reading = MeterReading(
        party=street.parties[name], period=FIRST, import_wh=7, export_wh=0
    )

    street.nodes[name].correct_reading(reading, street.now)
    street.run(after(street.now, MINUTE_MS))

    figures = street.nodes[name].figures(FIRST)
    assert figures is not None
    assert figures.import_wh == 7
    (correction,) = street.reported(name, PeriodCorrected)
    assert correction.period == FIRST


def test_who_was_away_is_shown_its_parts_later() -> None:
    street = PrivateStreet()
    name = street.outsiders[0]
    street.lost = lambda sender, receiver, _: name in {sender, receiver}
    street.run(after(FIRST.start, HOUR_MS))
    assert street.nodes[name].figures(FIRST) is None

    street.lost = lambda *_: False
    street.run(after(street.now, HOUR_MS))

    assert street.nodes[name].figures(FIRST) is not None
    assert (
        not {
            type(message).__name__
            for message in (street.opened(d).message for d in street.heard_by(name))
        }
        & TOLD_TO_THE_COMMITTEE_ONLY
    )


def test_one_liar_on_the_committee_convinces_nobody() -> None:
    street = PrivateStreet()
    street.run(after(FIRST.start, 16 * MINUTE_MS))
    name, liar = street.outsiders[0], street.committee[0]
    figures = street.nodes[name].figures(FIRST)
    records = (b"nonsense", b"more of it")
    proof = prove(records, 0)
    proved = ProvedRecord(record=records[0], index=0, count=2, siblings=proof.siblings)
    lies: list[Message] = [
        Attestation(period=FIRST, known=99, root=merkle_root(records)),
        SettlementExtract(period=FIRST, proved=proved),
        ResultExtract(period=FIRST, proved=proved),
    ]

    for number, lie in enumerate(lies):
        data = street.lie(liar, lie, sequence=10_000 + number)
        street.nodes[name].receive(data, street.now)

    assert street.nodes[name].figures(FIRST) == figures


def test_a_reading_that_is_shown_to_us_by_mistake_is_not_kept() -> None:
    street = PrivateStreet()
    street.run_until(FIRST.next())
    name, careless = street.outsiders[:2]
    reading = MeterReading(
        party=street.parties[careless], period=FIRST, import_wh=1, export_wh=0
    )

    data = street.lie(
        careless, ReadingReport(reading=reading, salt=bytes(16)), sequence=10_000
    )
    street.nodes[name].receive(data, street.now)
    street.nodes[name].effects()

    assert data not in [entry.body for entry in street.homes[name].journal]


def test_what_salts_the_parts_is_known_to_the_committee_only(
    evening: PrivateStreet,
) -> None:
    seeds = [
        outcome.cleared.book.seed
        for name in evening.committee
        if (outcome := evening.nodes[name].outcome(FIRST)) and outcome.cleared
    ]
    assert len(seeds) == 4
    assert len(set(seeds)) == 1
    secret = [
        salt
        for name in evening.homes
        for salt in (
            seeds[0],
            tagged_digest(
                Domain.EXTRACT, seeds[0] + bytes.fromhex(evening.parties[name])
            ),
        )
    ]

    for outsider in evening.outsiders:
        heard = b"".join(evening.heard_by(outsider))
        assert sum(salt in heard for salt in secret) == 1  # that of its own part


def test_a_committee_sits_for_four_weeks() -> None:
    street = PrivateStreet()
    day = 96
    start = DeliveryPeriod(FIRST.number // (28 * day) * 28 * day)
    committee = street.nodes["Ann"]._config.committee
    seats = [committee.at(start.next(n * day)) for n in range(8 * 28)]
    voters = [one.voters for one in seats if one is not None]

    assert len(voters) == len(seats)
    assert all(len(set(voters[n : n + 28])) == 1 for n in range(0, len(voters), 28))
    assert len(set(voters)) > 2


def test_a_private_committee_is_small_however_large_the_charter_has_it() -> None:
    street = PrivateStreet(size=15)

    assert len(street.committee) == 4
    assert len(street.outsiders) == 3
