"""A node that loses everything but its journal contradicts nothing it has signed."""

from collections.abc import Iterator

import pytest

from custom_components.commonwatt.engine.ledger.journal import EntryKind, JournalEntry
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    SECOND_MS,
    Instant,
    after,
)
from custom_components.commonwatt.engine.node import Node, PeriodFinal, PeriodSettled
from custom_components.commonwatt.engine.node.replay import ENTRIES_MAX
from custom_components.commonwatt.engine.peer import Phase
from custom_components.commonwatt.engine.wire.messages import (
    BookProposal,
    Message,
    OrderCommitment,
    OrderReveal,
    ReadingReport,
    ResultVote,
)
from tests.engine.node.street import (
    ANN,
    BEN,
    CAT,
    FIRST,
    START,
    VERIFY,
    Street,
)

DAN = ("Dan", 300, 0)

INSTANTS = [
    after(FIRST.start, -offset_ms)
    for offset_ms in (
        7 * MINUTE_MS,
        6 * MINUTE_MS - SECOND_MS,  # just after the commitments
        5 * MINUTE_MS - SECOND_MS,  # just after the reveals
        4 * MINUTE_MS - SECOND_MS,  # just after the votes
        MINUTE_MS,
        -MINUTE_MS,
        -15 * MINUTE_MS - SECOND_MS,  # just after the readings
        -21 * MINUTE_MS,
    )
]


def signed(street: Street, name: str) -> Iterator[tuple[object, object]]:
    """Yield what each envelope of a home is about, and what it says about that."""
    for data in street.homes[name].sent:
        envelope = street.opened(data)
        if street.names[envelope.author] == name:
            yield statement(envelope.message)


def statement(message: Message) -> tuple[object, object]:
    """Return what a message is about and what it says: one word is allowed on each."""
    match message:
        case OrderCommitment(period=period, digest=digest):
            return ("commitment", period), digest
        case OrderReveal(order=order, salt=salt):
            return ("reveal", order.period), (order, salt)
        case BookProposal(period=period, attempt=attempt, reveals=reveals):
            return ("book", period, attempt), reveals
        case ResultVote(period=period, attempt=attempt, stage=stage, digest=digest):
            return ("vote", period, attempt, stage), digest
        case ReadingReport(reading=reading):
            return ("reading", reading.period), reading
        case _:
            return "presence", None


def contradicted(street: Street, name: str) -> set[object]:
    """Return the subjects on which a home has signed two different things."""
    said: dict[object, set[object]] = {}
    for about, word in signed(street, name):
        said.setdefault(about, set()).add(word)
    return {about for about, words in said.items() if len(words) > 1}


@pytest.mark.parametrize("at", INSTANTS)
@pytest.mark.parametrize("name", ["Ann", "Ben"])
def test_a_restart_at_any_moment_contradicts_nothing(at: Instant, name: str) -> None:
    street = Street(ANN, BEN, CAT, DAN)
    street.run(at)
    street.crash(name)
    street.run(after(at, 20 * SECOND_MS))
    street.wake(name)
    street.run(after(FIRST.end, 2 * HOUR_MS))

    assert contradicted(street, name) == set()
    for other in street.homes:
        assert not street.faults(other)
        results = [
            (event.period, event.result)
            for event in street.reported(other, PeriodFinal)
            if event.result is not None
        ]
        assert len({period for period, _ in results}) == len(results)
        assert FIRST in {period for period, _ in results}


def test_the_sequence_goes_on_where_it_ended() -> None:
    street = Street(ANN, BEN)
    street.run(after(START, HOUR_MS))
    before = [
        street.opened(entry.body).sequence
        for entry in street.journaled("Ann", EntryKind.SENT)
    ]
    street.crash("Ann")
    street.wake("Ann")
    street.run(after(START, 2 * HOUR_MS))
    signed = street.journaled("Ann", EntryKind.SENT)[len(before) :]
    after_it = [street.opened(entry.body).sequence for entry in signed]

    assert min(after_it) > max(before)


def test_an_order_committed_to_is_the_order_revealed_after_a_restart() -> None:
    street = Street(ANN, BEN, CAT)
    street.run_until(FIRST, before_start_ms=6 * MINUTE_MS - SECOND_MS)
    street.crash("Ann")
    street.homes["Ann"].net_w = 2_400
    street.wake("Ann")
    street.run_until(FIRST)

    [final] = [e for e in street.reported("Ann", PeriodFinal) if e.period == FIRST]
    assert final.result is not None
    assert final.result.position_wh(street.parties["Ann"]) == -200


def test_totals_and_readings_survive_a_restart() -> None:
    street = Street(ANN, BEN, CAT)
    street.run(after(FIRST.end, 5 * MINUTE_MS))
    before = street.status("Ann")
    street.crash("Ann")
    street.wake("Ann")
    after_it = street.status("Ann")
    street.run(after(FIRST.end, HOUR_MS))

    assert before.bought_wh_total > 0
    for figure in (
        "bought_wh_total",
        "saved_nano_total",
        "saved_nano_today",
        "settled_periods",
        "last_settled",
        "local_share_ppm",
        "clearing_price_micro_per_kwh",
        "position_wh",
    ):
        assert getattr(after_it, figure) == getattr(before, figure), figure
    assert street.status("Ann").settled_periods == before.settled_periods + 4
    settled = [event.settlement for event in street.reported("Cat", PeriodSettled)]
    assert all(settlement.missing == () for settlement in settled)


def test_a_home_alone_goes_on_after_a_restart_in_mid_round() -> None:
    street = Street(ANN)
    street.run_until(FIRST, before_start_ms=5 * MINUTE_MS - SECOND_MS)
    street.crash("Ann")
    street.wake("Ann")
    street.run_until(FIRST)

    assert street.status("Ann").phase is Phase.FINAL


def test_a_node_away_over_a_boundary_leaves_the_reading_out() -> None:
    street = Street(ANN, BEN, CAT)
    street.run_until(FIRST.next(2), before_start_ms=7 * MINUTE_MS)
    street.crash("Ann")
    street.run_until(FIRST.next(2), before_start_ms=-10 * MINUTE_MS)
    street.wake("Ann")
    street.run(after(FIRST.next(3).end, 10 * MINUTE_MS))

    readings = {
        envelope.message.reading.period
        for data in street.homes["Ann"].sent
        if isinstance((envelope := street.opened(data)).message, ReadingReport)
        and envelope.author == street.parties["Ann"]
    }
    assert FIRST in readings
    assert FIRST.next(1) not in readings
    assert FIRST.next(2) not in readings
    assert FIRST.next(3) in readings


def test_own_envelopes_from_a_lost_past_are_not_contradicted_once_heard() -> None:
    street = Street(ANN, BEN, CAT)
    street.run_until(FIRST, before_start_ms=4 * MINUTE_MS)
    old_backup = street.homes["Ann"].journal[:3]
    street.crash("Ann")
    street.homes["Ann"].journal = list(old_backup)
    street.wake("Ann")
    for data in reversed(street.homes["Ann"].sent):
        street.nodes["Ann"].receive(data, street.now)
    street.run_until(FIRST)

    assert contradicted(street, "Ann") == set()
    assert not street.faults("Ben")


def test_a_long_journal_is_read_from_its_end() -> None:
    street = Street(ANN, BEN)
    street.run(after(START, HOUR_MS))
    ballast = JournalEntry(kind=EntryKind.SALVAGED, at=START, body=b"")
    journal = street.homes["Ann"].journal
    long = [*journal, *[ballast] * (2 * ENTRIES_MAX), *journal[-50:]]
    node = Node.restore(
        street.config("Ann"),
        iter(long),
        sessions=street.sessions("Ann"),
        verify=VERIFY,
        now=street.now,
    )

    assert node.status(street.now, day_started_at=START).settled_periods > 0


def test_what_is_no_journal_of_a_node_is_refused() -> None:
    street = Street(ANN)
    bad = JournalEntry(kind=EntryKind.SETTLED, at=START, body=b"\xff")
    with pytest.raises(ValueError, match="canonical"):
        Node.restore(
            street.config("Ann"),
            [bad],
            sessions=street.sessions("Ann"),
            verify=VERIFY,
            now=START,
        )


def test_a_decision_that_was_heard_of_late_is_known_after_a_restart() -> None:
    dan = ("Dan", 300, 0)
    street = Street(ANN, BEN, CAT, dan)

    def lost(_sender: str, receiver: str, message: Message) -> bool:
        is_vote = isinstance(message, ResultVote) and message.period == FIRST
        in_time = street.now < after(FIRST.start, -2 * MINUTE_MS)
        return receiver == "Ann" and is_vote and in_time

    street.lost = lost
    street.run(after(FIRST.end, 2 * MINUTE_MS))
    outcome = street.nodes["Ann"].outcome(FIRST)
    street.crash("Ann")
    street.wake("Ann")

    assert outcome is not None
    assert outcome.phase is Phase.FINAL
    assert street.nodes["Ann"].outcome(FIRST) == outcome
    assert street.nodes["Ann"].certificates(FIRST) is not None
