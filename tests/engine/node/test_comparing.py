"""Members compare their ledgers: what one of them missed does not stay missed."""

from collections import Counter
from dataclasses import replace

import pytest

from custom_components.commonwatt.engine.ledger.balances import Balances, balances
from custom_components.commonwatt.engine.ledger.journal import EntryKind
from custom_components.commonwatt.engine.model.community import SyncRequest
from custom_components.commonwatt.engine.model.comparison import (
    CLOSED,
    MARK_BYTES,
    NOTHING,
    Comparison,
    ReadingMarks,
)
from custom_components.commonwatt.engine.model.extract import SettlementExtract
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    PERIOD_MS,
    DeliveryPeriod,
    Instant,
    after,
)
from custom_components.commonwatt.engine.model.posting import Unit
from custom_components.commonwatt.engine.node import PeriodCorrected, PeriodSettled
from custom_components.commonwatt.engine.node.comparing import ANSWERS_MAX
from custom_components.commonwatt.engine.node.retelling.gather import booked
from custom_components.commonwatt.engine.wire.messages import (
    Message,
    Presence,
    ReadingReport,
)
from tests.engine.node.committee_street import PrivateStreet
from tests.engine.node.street import ANN, BEN, CAT, FIRST, Street

DAN = ("Dan", 300, 0)
SECOND = FIRST.next()
COMPARED = 8 * MINUTE_MS
"""So long after a period everybody has compared it."""


def books(street: Street, name: str, period: DeliveryPeriod) -> Balances:
    """Return what a home has booked for a period, corrections included."""
    booked = [
        event.settlement if isinstance(event, PeriodSettled) else event.difference
        for event in street.homes[name].reports
        if isinstance(event, PeriodSettled | PeriodCorrected) and event.period == period
    ]
    return balances(t for settlement in booked for t in settlement.community)


def energies(street: Street, name: str, period: DeliveryPeriod) -> Balances:
    """Return what the journal of a home says of a period, without anybody's bill."""
    known = booked(street.homes[name].journal)[period]
    return {key: amount for key, amount in known.items() if key[1] is Unit.WH}


def said(street: Street, name: str, kind: type[Message]) -> list[bytes]:
    """Return the envelopes of one kind that a home has sent, each of them once."""
    sent = dict.fromkeys(street.homes[name].sent)
    return [data for data in sent if isinstance(street.opened(data).message, kind)]


def test_who_holds_the_same_says_so_in_a_few_bytes_and_is_not_answered() -> None:
    street = Street(ANN, BEN, CAT, DAN)
    street.run(after(FIRST.end, 8 * PERIOD_MS))

    for name in street.homes:
        told = said(street, name, Comparison)
        assert 8 <= len(told) <= 11
        assert all(len(data) <= 160 for data in told)
        assert said(street, name, ReadingMarks) == []


def test_halves_that_were_shown_two_readings_find_it_out() -> None:
    street = Street(ANN, BEN, CAT, DAN)
    street.lost = lambda sender, _, message: (
        isinstance(message, SyncRequest)
        or (isinstance(message, ReadingReport) and sender == "Dan")
    )
    street.run(after(FIRST.end, MINUTE_MS))
    honest = street.opened(said(street, "Dan", ReadingReport)[-1])
    assert isinstance(honest.message, ReadingReport)
    reading = replace(honest.message.reading, import_wh=0)
    forged = street.lie("Dan", replace(honest.message, reading=reading), sequence=999)
    street.nodes["Ann"].receive(honest.data, street.now)
    for name in ("Ben", "Cat"):
        street.nodes[name].receive(forged, street.now)
    street.run(after(FIRST.end, 5 * MINUTE_MS))

    assert books(street, "Ann", FIRST) != books(street, "Ben", FIRST)
    street.run(after(FIRST.end, COMPARED))

    for name in ("Ann", "Ben", "Cat"):
        assert books(street, name, FIRST) == books(street, "Ann", FIRST)
        assert ("Dan", "contradiction") in street.faults(name)
        last = street.reported(name, PeriodCorrected)[-1]
        assert last.difference.missing == (street.parties["Dan"],)


def test_a_reading_whose_author_is_gone_comes_from_whoever_has_it() -> None:
    street = Street(ANN, BEN, CAT, DAN)
    street.lost = lambda sender, receiver, message: (
        isinstance(message, SyncRequest)
        or (isinstance(message, ReadingReport) and (sender, receiver) == ("Dan", "Ann"))
    )
    street.run(after(FIRST.end, MINUTE_MS))
    street.crash("Dan")
    street.run(after(FIRST.end, COMPARED))

    assert street.reported("Ann", PeriodCorrected)[-1].period == FIRST
    assert books(street, "Ann", FIRST) == books(street, "Ben", FIRST)


def test_a_period_is_asked_for_as_long_as_somebody_has_settled_it() -> None:
    street = Street(ANN, BEN, CAT, DAN)
    mute_until = after(FIRST.end, 3 * HOUR_MS)

    street.lost = lambda sender, receiver, message: (
        "Ann" in {sender, receiver}
        and not isinstance(message, Presence)
        and street.now < mute_until
    )
    street.run(mute_until)
    assert not books(street, "Ann", FIRST)
    street.run(after(mute_until, 2 * PERIOD_MS))

    assert books(street, "Ann", FIRST) == books(street, "Ben", FIRST) != {}
    assert books(street, "Ann", SECOND) == books(street, "Ben", SECOND) != {}


def test_whoever_compares_without_end_is_answered_for_a_while() -> None:
    street = Street(ANN, BEN, CAT, DAN)
    street.run(after(SECOND.end, 2 * MINUTE_MS))
    answers = Counter[int]()
    for number in range(3 * ANSWERS_MAX):
        invented = bytes([number]) * MARK_BYTES
        message = Comparison(first=FIRST, count=2, marks=invented)
        street.nodes["Ann"].receive(
            street.lie("Dan", message, sequence=10_000 + number), street.now
        )
        answers[number] = len(street.nodes["Ann"].effects().send)

    assert sum(answers.values()) == ANSWERS_MAX
    assert list(answers.values())[ANSWERS_MAX:] == [0] * 2 * ANSWERS_MAX


@pytest.mark.parametrize("period", [FIRST.next(50), FIRST.next(-50)])
def test_what_nobody_can_have_settled_is_not_talked_about(
    period: DeliveryPeriod,
) -> None:
    street = Street(ANN, BEN, CAT, DAN)
    street.run(after(FIRST.end, 2 * MINUTE_MS))
    readings = ReadingMarks(period=period, marks=bytes(4 * MARK_BYTES))
    exact = Comparison(first=period, count=1, marks=CLOSED)
    messages: tuple[Message, ...] = (readings, exact)
    for number, message in enumerate(messages):
        data = street.lie("Dan", message, sequence=10_000 + number)
        street.nodes["Ann"].receive(data, street.now)

    assert street.nodes["Ann"].effects().send == ()


def test_who_is_outside_the_committee_is_shown_what_it_missed() -> None:
    street = PrivateStreet()
    outsider = street.outsiders[0]
    street.lost = lambda _, receiver, message: (
        isinstance(message, SettlementExtract | SyncRequest)
        and receiver == outsider
        and street.now < after(FIRST.end, 4 * MINUTE_MS)
    )
    street.run(after(FIRST.end, COMPARED))

    settled = [event.period for event in street.reported(outsider, PeriodSettled)]
    assert FIRST in settled
    assert "ReadingReport" not in street.kinds_heard_by(street.outsiders)
    assert "ReadingMarks" not in street.kinds_heard_by(street.outsiders)


def test_a_committee_agrees_about_a_reading_that_one_of_it_missed() -> None:
    street = PrivateStreet()
    author, lacking = street.committee[0], street.committee[1]
    street.lost = lambda sender, receiver, message: (
        isinstance(message, ReadingReport) and (sender, receiver) == (author, lacking)
    )
    street.run(after(FIRST.end, MINUTE_MS))
    street.crash(author)
    street.run(after(FIRST.end, COMPARED))

    other = street.nodes[street.committee[-1]]
    certificates = street.nodes[lacking].certificates(FIRST)
    assert street.reported(lacking, PeriodCorrected)[-1].period == FIRST
    assert certificates is not None
    assert certificates == other.certificates(FIRST)


def test_a_home_that_left_and_came_back_from_a_backup_uses_no_number_twice() -> None:
    street = Street(ANN, BEN, CAT, DAN)
    street.run(after(FIRST.end, MINUTE_MS))
    ann = street.nodes["Ann"]
    assert isinstance(ann.community.leave(street.now), bytes)
    street.run(after(SECOND.end, 2 * PERIOD_MS))
    assert ann.charter(street.now).member(ann.party) is None
    backup = len(street.homes["Ann"].journal)
    street.run(after(street.now, 2 * PERIOD_MS))
    street.crash("Ann")
    del street.homes["Ann"].journal[backup:]
    before = {street.opened(data).sequence for data in street.homes["Ann"].sent}
    already = len(street.homes["Ann"].sent)
    street.wake("Ann")
    street.run(Instant(street.now + MINUTE_MS))

    later = street.homes["Ann"].sent[already:]
    authored = [street.opened(data) for data in later]
    fresh = {e.sequence for e in authored if e.author == street.parties["Ann"]}
    assert fresh
    assert not fresh & before


@pytest.mark.parametrize(
    ("count", "marks"),
    [(0, b""), (33, NOTHING), (3, NOTHING * 2), (2, b"short")],
)
def test_a_comparison_has_one_mark_for_all_or_one_for_each(
    count: int, marks: bytes
) -> None:
    with pytest.raises(ValueError, match=r"periods|mark"):
        Comparison(first=FIRST, count=count, marks=marks)


@pytest.mark.parametrize("marks", [b"", b"short", NOTHING * 801])
def test_marks_of_readings_are_whole_and_bounded(marks: bytes) -> None:
    with pytest.raises(ValueError, match="mark"):
        ReadingMarks(period=FIRST, marks=marks)


def test_a_correction_whose_entry_was_lost_is_booked_again() -> None:
    street = Street(ANN, BEN, CAT, DAN)
    street.lost = lambda sender, receiver, message: (
        isinstance(message, SyncRequest)
        or (isinstance(message, ReadingReport) and (sender, receiver) == ("Dan", "Ann"))
    )
    street.run(after(FIRST.end, MINUTE_MS))
    street.crash("Dan")
    street.run(after(FIRST.end, COMPARED))
    journal = street.homes["Ann"].journal
    kinds = [entry.kind for entry in journal]
    last = len(kinds) - 1 - kinds[::-1].index(EntryKind.CORRECTED)
    assert energies(street, "Ann", FIRST) == energies(street, "Ben", FIRST)

    street.crash("Ann")
    del journal[last:]
    assert energies(street, "Ann", FIRST) != energies(street, "Ben", FIRST)
    street.wake("Ann")
    street.run(after(street.now, 2 * MINUTE_MS))

    assert energies(street, "Ann", FIRST) == energies(street, "Ben", FIRST)


def test_a_reading_of_our_own_that_others_remember_is_booked_once() -> None:
    street = Street(ANN, BEN, CAT, DAN)
    street.run_until(FIRST, before_start_ms=8 * MINUTE_MS)
    kept = len(street.homes["Ben"].journal)
    street.run(after(FIRST.end, 2 * MINUTE_MS))
    street.crash("Ben")
    del street.homes["Ben"].journal[kept:]
    street.wake("Ben")
    street.run(after(FIRST.end, COMPARED))
    street.crash("Ben")
    street.wake("Ben")
    street.run(after(SECOND.end, COMPARED))

    for period in (FIRST, SECOND):
        assert energies(street, "Ben", period) == energies(street, "Ann", period) != {}
