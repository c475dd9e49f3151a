"""Settling with neighbours: readings that come, come late or do not come."""

from custom_components.commonwatt.engine.ledger.balances import balances
from custom_components.commonwatt.engine.ledger.journal import EntryKind
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    after,
)
from custom_components.commonwatt.engine.model.posting import Transaction
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.node import (
    Event,
    PeriodCorrected,
    PeriodSettled,
)
from custom_components.commonwatt.engine.peer import Fault
from custom_components.commonwatt.engine.wire.messages import (
    Message,
    ReadingReport,
)
from tests.engine.node.street import (
    ANN,
    BEN,
    CAT,
    FIRST,
    START,
    TARIFF,
    Street,
    settled_periods,
)


def test_everybody_settles_every_period_alike() -> None:
    street = Street(ANN, BEN, CAT)
    street.run(after(START, 3 * HOUR_MS))

    ledgers = {
        name: [
            event.settlement.community for event in street.reported(name, PeriodSettled)
        ]
        for name in street.homes
    }
    assert settled_periods(street, "Ann") == [FIRST.next(n) for n in range(-1, 10)]
    assert ledgers["Ann"] == ledgers["Ben"] == ledgers["Cat"]
    assert all(not street.status(name).faults for name in street.homes)


def test_a_member_without_a_meter_is_flagged_and_never_guessed() -> None:
    street = Street(ANN, BEN, CAT)
    street.homes["Cat"].has_meter = False
    street.run(after(FIRST.end, 10 * MINUTE_MS))

    [*_, settled] = [
        event.settlement for event in street.reported("Ann", PeriodSettled)
    ]
    assert settled.period == FIRST
    assert settled.missing == (street.parties["Cat"],)
    summary = settled.summary(street.parties["Cat"])
    assert summary is not None
    assert summary.import_wh is None


def test_a_late_reading_corrects_what_was_booked() -> None:
    street = Street(ANN, BEN, CAT)
    street.run(after(FIRST.end, -MINUTE_MS))

    def lost(sender: str, _receiver: str, message: Message) -> bool:
        return sender == "Cat" and isinstance(message, ReadingReport)

    street.lost = lost
    street.run(after(FIRST.end, 6 * MINUTE_MS))
    report = next(
        data
        for data in reversed(street.homes["Cat"].sent)
        if isinstance(street.opened(data).message, ReadingReport)
        and street.opened(data).author == street.parties["Cat"]
    )
    for name in ("Ann", "Ben"):
        street.nodes[name].receive(report, street.now)
    street.run(street.now)

    accounts = {
        name: balances(
            transaction
            for event in street.homes[name].reports
            for transaction in booked(event)
        )
        for name in street.homes
    }
    assert len(street.reported("Ann", PeriodCorrected)) == 1
    assert len(street.journaled("Ann", EntryKind.CORRECTED)) == 1
    assert not street.reported("Cat", PeriodCorrected)
    assert accounts["Ann"] == accounts["Ben"] == accounts["Cat"]
    before = street.status("Ben")
    street.crash("Ben")
    street.wake("Ben")
    assert street.status("Ben").sold_wh_total == before.sold_wh_total == 325
    assert street.status("Ben").settled_periods == before.settled_periods


def booked(event: Event) -> tuple[Transaction, ...]:
    """Return what an event has added to the accounts of the first period."""
    match event:
        case PeriodSettled(settlement=settlement):
            pass
        case PeriodCorrected(difference=settlement):
            pass
        case _:
            return ()
    return settlement.community if settlement.period == FIRST else ()


def test_a_reading_for_a_period_long_settled_is_too_late() -> None:
    street = Street(ANN, BEN, CAT)
    street.run(after(FIRST.end, 9 * HOUR_MS))
    reading = MeterReading(
        party=street.parties["Ben"], period=FIRST, import_wh=1, export_wh=0
    )
    data = street.lie(
        "Ben", ReadingReport(reading=reading, salt=bytes(16)), sequence=900
    )
    street.nodes["Ann"].receive(data, street.now)

    assert street.faults("Ann") == set()
    assert not street.reported("Ann", PeriodCorrected)


def test_a_second_reading_after_settlement_is_a_contradiction() -> None:
    street = Street(ANN, BEN, CAT)
    street.run(after(FIRST.end, MINUTE_MS))
    reading = MeterReading(
        party=street.parties["Ben"], period=FIRST, import_wh=1, export_wh=0
    )
    data = street.lie(
        "Ben", ReadingReport(reading=reading, salt=bytes(16)), sequence=900
    )
    street.nodes["Ann"].receive(data, street.now)

    assert street.faults("Ann") == {("Ben", Fault.CONTRADICTION)}


def test_without_a_tariff_a_home_does_not_bid_but_votes_and_settles() -> None:
    street = Street(ANN, BEN, CAT, tariff=None)
    street.run(after(FIRST.end, 6 * MINUTE_MS))

    assert not street.journaled("Ann", EntryKind.COMMITTED)
    assert FIRST in settled_periods(street, "Ann")
    assert street.status("Ann").saved_nano_today is None


def test_a_tariff_that_comes_late_counts_for_the_period_under_way() -> None:
    street = Street(ANN, BEN, CAT, tariff=None)
    street.run(after(START, MINUTE_MS))
    for node in street.nodes.values():
        node.set_tariff(TARIFF, street.now)
    street.run(after(FIRST.end, MINUTE_MS))

    saved_nano = street.status("Ann").saved_nano_today
    assert saved_nano is not None
    assert saved_nano > 0
