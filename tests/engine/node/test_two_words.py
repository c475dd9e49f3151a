"""Members that sign two things, and members that miss one: all books stay equal."""

from dataclasses import replace

from custom_components.commonwatt.engine.ledger.balances import balances
from custom_components.commonwatt.engine.ledger.journal import EntryKind
from custom_components.commonwatt.engine.model.period import (
    MINUTE_MS,
    PERIOD_MS,
    DeliveryPeriod,
    after,
)
from custom_components.commonwatt.engine.node import PeriodCorrected, PeriodSettled
from custom_components.commonwatt.engine.node.lacking import gaps
from custom_components.commonwatt.engine.wire.messages import Message, ReadingReport
from tests.engine.node.street import ANN, BEN, CAT, FIRST, Street

TWO, FIVE, NINE = (DeliveryPeriod(number) for number in (2, 5, 9))


def books(street: Street, name: str, period: DeliveryPeriod) -> object:
    """Return what a home has booked for a period, corrections included."""
    booked = [
        event.settlement if isinstance(event, PeriodSettled) else event.difference
        for event in street.homes[name].reports
        if isinstance(event, PeriodSettled | PeriodCorrected) and event.period == period
    ]
    return balances(t for settlement in booked for t in settlement.community)


def test_whoever_signs_two_readings_has_none_in_all_books() -> None:
    street = Street(ANN, BEN, CAT)
    street.run(after(FIRST.end, MINUTE_MS))
    honest = next(
        envelope
        for data in street.homes["Cat"].sent
        if isinstance((envelope := street.opened(data)).message, ReadingReport)
        and envelope.message.reading.period == FIRST
    )
    assert isinstance(honest.message, ReadingReport)
    reading = replace(honest.message.reading, import_wh=0)
    forged = street.lie(
        "Cat", ReadingReport(reading=reading, salt=bytes(16)), sequence=999
    )
    street.nodes["Ann"].receive(forged, street.now)
    street.run(after(street.now, MINUTE_MS))

    for name in ("Ann", "Ben"):
        kept = [entry.body for entry in street.journaled(name, EntryKind.RECEIVED)]
        last = street.reported(name, PeriodCorrected)[-1]
        assert {honest.data, forged} <= set(kept)
        assert last.difference.missing == (street.parties["Cat"],)
        assert ("Cat", "contradiction") in street.faults(name)
    assert books(street, "Ann", FIRST) == books(street, "Ben", FIRST)
    assert books(street, "Ann", FIRST) == books(street, "Cat", FIRST)


def test_a_reading_that_got_lost_is_asked_for() -> None:
    street = Street(ANN, BEN, CAT)

    def lost(sender: str, receiver: str, message: Message) -> bool:
        is_reading = isinstance(message, ReadingReport)
        in_time = street.now < after(FIRST.end, 5 * MINUTE_MS)
        return is_reading and in_time and (sender, receiver) == ("Cat", "Ann")

    street.lost = lost
    street.run(after(FIRST.end, PERIOD_MS))

    corrected = [event.period for event in street.reported("Ann", PeriodCorrected)]
    assert corrected.count(FIRST) == 1
    assert FIRST not in {e.period for e in street.reported("Ben", PeriodCorrected)}
    assert books(street, "Ann", FIRST) == books(street, "Ben", FIRST)


def test_a_reading_by_a_clock_that_is_ahead_counts() -> None:
    street = Street(ANN, BEN, CAT)
    street.run(after(FIRST.end, MINUTE_MS))
    reports = [
        data
        for data in street.homes["Cat"].sent
        if isinstance((envelope := street.opened(data)).message, ReadingReport)
        and envelope.message.reading.period == FIRST
    ]
    other = Street(ANN, BEN, CAT)
    other.run(after(FIRST.end, -MINUTE_MS))

    assert other.nodes["Ann"].receive(reports[0], other.now)
    assert other.faults("Ann") == set()


def test_a_gap_before_what_is_settled_is_found_and_the_one_after_it_too() -> None:
    settled = {FIVE, FIVE.next()}

    assert gaps({TWO}, settled, NINE.next(4), is_ours=lambda _: True) == (
        TWO,
        FIVE.next(2),
    )
    assert gaps({TWO}, settled, NINE, is_ours=lambda p: p > FIVE) == ()
    assert gaps(set(), set(), NINE, is_ours=lambda _: True) == ()
