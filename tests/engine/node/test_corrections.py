"""Readings that turn out to be wrong, and are put right for all to see."""

import pytest

from custom_components.commonwatt.engine.ledger.balances import Balances, balances
from custom_components.commonwatt.engine.ledger.journal import EntryKind
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    after,
)
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.node import (
    PeriodCorrected,
    PeriodSettled,
    Refusal,
    Refused,
    read_transactions,
)
from custom_components.commonwatt.engine.wire.messages import (
    REVISION_MAX,
    Message,
    ReadingReport,
)
from tests.engine.node.street import ANN, BEN, CAT, FIRST, START, Street


def reading(
    street: Street, name: str, *, import_wh: int = 0, export_wh: int = 0
) -> MeterReading:
    """Return a reading of the first period."""
    return MeterReading(
        party=street.parties[name],
        period=FIRST,
        import_wh=import_wh,
        export_wh=export_wh,
    )


def accounts(street: Street, name: str) -> Balances:
    """Return the accounts of the first period, from what a node has reported."""
    settled = [
        event.settlement
        for event in street.reported(name, PeriodSettled)
        if event.period == FIRST
    ]
    corrected = [event.difference for event in street.reported(name, PeriodCorrected)]
    return balances(t for one in (*settled, *corrected) for t in one.community)


@pytest.mark.parametrize("restarted", [False, True])
def test_a_corrected_reading_is_booked_as_a_difference(*, restarted: bool) -> None:
    street, right = Street(ANN, BEN, CAT), Street(ANN, BEN, CAT)
    right.homes["Ben"].net_w = -1_400
    street.run(after(FIRST.end, HOUR_MS))
    before = street.status("Ann")
    if restarted:
        for name in street.homes:
            street.crash(name)
            street.wake(name)
        street.run(after(street.now, MINUTE_MS))
    corrected = reading(street, "Ben", export_wh=350)

    assert street.nodes["Ben"].correct_reading(corrected, street.now) is None
    street.run(street.now)

    assert accounts(street, "Ann") == accounts(street, "Ben") == accounts(street, "Cat")
    assert len(street.journaled("Ann", EntryKind.CORRECTED)) == 1
    assert all(not street.status(name).faults for name in street.homes)
    summary = street.reported("Ann", PeriodCorrected)[-1].difference.summary(
        street.parties["Ben"]
    )
    assert summary is not None
    assert summary.export_wh == 350
    now = street.status("Ann")
    assert now.settled_periods == before.settled_periods
    assert now.saved_nano_total is not None


def test_a_second_word_without_a_revision_is_a_contradiction() -> None:
    street = Street(ANN, BEN, CAT)
    street.run(after(FIRST.end, HOUR_MS))
    message = ReadingReport(
        reading=reading(street, "Ben", export_wh=350), salt=bytes(16)
    )
    street.nodes["Ann"].receive(street.lie("Ben", message, sequence=900), street.now)

    assert ("Ben", "contradiction") in street.faults("Ann")
    assert not street.reported("Ann", PeriodCorrected)


def test_an_earlier_revision_that_comes_later_changes_nothing() -> None:
    street = Street(ANN, BEN, CAT)
    street.run(after(FIRST.end, HOUR_MS))
    for sequence, (revision, export_wh) in enumerate([(2, 340), (1, 350)], start=900):
        message = ReadingReport(
            reading=reading(street, "Ben", export_wh=export_wh),
            revision=revision,
            salt=bytes(16),
        )
        data = street.lie("Ben", message, sequence=sequence)
        street.nodes["Ann"].receive(data, street.now)

    assert len(street.reported("Ann", PeriodCorrected)) in {0, 1}
    street.run(street.now)
    assert len(street.reported("Ann", PeriodCorrected)) == 1
    assert street.faults("Ann") == set()


def test_a_reading_the_meter_missed_can_be_given_by_hand() -> None:
    street = Street(ANN, BEN, CAT)
    street.homes["Cat"].has_meter = False
    street.run(after(FIRST.end, HOUR_MS))
    taken = reading(street, "Cat", import_wh=125)

    assert street.nodes["Cat"].correct_reading(taken, street.now) is None
    street.run(street.now)

    assert len(street.reported("Ann", PeriodCorrected)) == 1
    (entry,) = street.journaled("Ann", EntryKind.CORRECTED)
    assert read_transactions(entry.body)


def test_corrections_that_cannot_be_booked_are_refused() -> None:
    street = Street(ANN, BEN, CAT)
    street.run(after(FIRST.end, MINUTE_MS))
    ben = street.nodes["Ben"]
    ours = reading(street, "Ben", export_wh=350)

    assert ben.correct_reading(
        reading(street, "Ann", import_wh=1), street.now
    ) == Refused(Refusal.NOT_OURS)
    for _ in range(REVISION_MAX):
        assert ben.correct_reading(ours, street.now) is None
    assert ben.correct_reading(ours, street.now) == Refused(Refusal.TOO_MANY)
    street.run(after(START, 10 * HOUR_MS))
    assert ben.correct_reading(ours, street.now) == Refused(Refusal.OVER)


def test_a_late_reading_is_booked_after_a_restart_as_well() -> None:
    street = Street(ANN, BEN, CAT)
    street.run(after(FIRST.end, -MINUTE_MS))

    def lost(sender: str, _receiver: str, message: Message) -> bool:
        return sender == "Cat" and isinstance(message, ReadingReport)

    street.lost = lost
    street.run(after(FIRST.end, 6 * MINUTE_MS))
    street.lost = lambda *_: False
    street.crash("Ben")
    street.wake("Ben")
    street.run(after(street.now, MINUTE_MS))
    report = next(
        data
        for data in reversed(street.homes["Cat"].sent)
        if isinstance(street.opened(data).message, ReadingReport)
    )
    for name in ("Ann", "Ben"):
        street.nodes[name].receive(report, street.now)
    street.run(street.now)

    assert accounts(street, "Ann") == accounts(street, "Ben") == accounts(street, "Cat")
    assert street.journaled("Ben", EntryKind.CORRECTED)[0].body != b""
    booked = [
        balances(read_transactions(street.journaled(name, EntryKind.CORRECTED)[0].body))
        for name in ("Ann", "Ben")
    ]
    assert all(booked)
