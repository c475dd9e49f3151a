"""A node that wakes asks before it signs: its journal may come from a backup."""

import pytest

from custom_components.commonwatt.engine.ledger.journal import EntryKind
from custom_components.commonwatt.engine.model.community import (
    Recollection,
    SyncRequest,
)
from custom_components.commonwatt.engine.model.federation import Enrolment
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    SECOND_MS,
    after,
)
from custom_components.commonwatt.engine.node import PeriodFinal
from custom_components.commonwatt.engine.wire.messages import (
    Message,
    OrderCommitment,
    ReadingReport,
    ResultVote,
)
from tests.engine.node.street import ANN, BEN, CAT, FIRST, START, Street
from tests.engine.node.test_restart import contradicted

DAN = ("Dan", 300, 0)
SIGNED_IN_ROUNDS = (OrderCommitment, ResultVote, ReadingReport)


def restored(street: Street, name: str, *, kept: int) -> None:
    """Bring a home back with an old journal."""
    street.crash(name)
    del street.homes[name].journal[kept:]
    del street._sessions[name]
    street.wake(name)


@pytest.mark.parametrize("kept", [0, 4, 30])
@pytest.mark.parametrize(
    "before_ms",
    [
        6 * MINUTE_MS - SECOND_MS,
        5 * MINUTE_MS - SECOND_MS,
        4 * MINUTE_MS - SECOND_MS,
        -16 * MINUTE_MS,
    ],
)
def test_a_restored_backup_contradicts_nothing(before_ms: int, kept: int) -> None:
    street = Street(ANN, BEN, CAT, DAN)
    street.run_until(FIRST, before_start_ms=before_ms)
    restored(street, "Ben", kept=kept)
    street.run(after(street.now, 50 * MINUTE_MS))

    assert contradicted(street, "Ben") == set()
    assert not any(fault == "contradiction" for _, fault in street.faults("Ann"))
    last = max(event.period for event in street.reported("Ben", PeriodFinal))
    assert last.end > street.now


def test_nothing_is_signed_until_a_quorum_has_answered() -> None:
    street = Street(ANN, BEN, CAT, DAN)
    street.run_until(FIRST, before_start_ms=7 * MINUTE_MS)
    street.crash("Ben")

    def cut_off(sender: str, receiver: str, _message: Message) -> bool:
        return "Ben" in {sender, receiver} and "Ann" not in {sender, receiver}

    street.lost = cut_off
    sent = street.homes["Ben"].sent
    already = len(sent)
    street.wake("Ben")
    street.run(after(street.now, HOUR_MS))
    before, since = sent[:already], sent[already:]
    said = [street.opened(data) for data in since if data not in before]
    own = [one.message for one in said if one.author == street.parties["Ben"]]
    assert own
    assert not any(isinstance(message, SIGNED_IN_ROUNDS) for message in own)
    assert street.status("Ben").is_waking

    street.lost = lambda *_: False
    street.run(after(street.now, HOUR_MS))
    assert not street.status("Ben").is_waking
    last = max(event.period for event in street.reported("Ben", PeriodFinal))
    assert last.end > street.now


def test_who_learns_with_others_says_so_only_when_awake() -> None:
    street = Street(ANN, BEN, CAT, DAN)
    street.run_until(FIRST, before_start_ms=7 * MINUTE_MS)
    street.crash("Ben")
    street.lost = lambda sender, receiver, _: (
        "Ben" in {sender, receiver} and "Ann" not in {sender, receiver}
    )
    already = len(street.homes["Ben"].sent)
    street.wake("Ben")
    for name in ("Ann", "Ben"):
        street.nodes[name].learning.take_part(None, street.now)

    def enrolled() -> bool:
        said = [street.opened(data) for data in street.homes["Ben"].sent[already:]]
        return any(isinstance(one.message, Enrolment) for one in said)

    street.run(after(street.now, 2 * HOUR_MS))
    assert street.status("Ben").is_waking
    assert not enrolled()

    street.lost = lambda *_: False
    street.run(after(street.now, HOUR_MS))
    assert enrolled()


def test_however_much_more_others_have_heard_one_fresh_key_will_do() -> None:
    street = Street(ANN, BEN, CAT, DAN)
    street.run_until(FIRST)
    restored(street, "Ben", kept=20)
    ben = street.nodes["Ben"]
    ben.tick(street.now)
    own = street.journaled("Ben", EntryKind.SENT)
    known = max(street.opened(entry.body).sequence for entry in own)

    keys = []
    for number, name in enumerate(["Ann", "Cat", "Dan"], start=1):
        street.now = after(street.now, SECOND_MS)
        told = Recollection(sequence=known + number)
        ben.receive(street.lie(name, told, sequence=900), street.now)
        keys.append(street.sessions("Ben").at(street.now).key.public)

    assert not street.status("Ben").is_waking
    assert keys[0] != street.sessions("Ben").at(START).key.public
    assert len(set(keys)) == 1


def test_who_wakes_is_given_the_keys_back_that_it_has_forgotten() -> None:
    street = Street(ANN, BEN, CAT, DAN)
    street.run_until(FIRST)
    said = [
        data
        for data in street.homes["Ben"].sent
        if isinstance(street.opened(data).message, ResultVote)
        and street.opened(data).author == street.parties["Ben"]
    ]
    assert said
    street.lost = lambda _, __, message: isinstance(message, SyncRequest)
    restored(street, "Ben", kept=0)
    street.run(after(street.now, MINUTE_MS))

    assert not street.status("Ben").is_waking
    assert all(street.nodes["Ben"].receive(data, street.now) for data in said)


def test_a_home_alone_has_nobody_to_ask() -> None:
    street = Street(ANN)

    assert not street.status("Ann").is_waking


def test_who_comes_back_from_a_backup_is_told_and_stays_silent_in_that_round() -> None:
    street = Street(ANN, BEN, CAT, DAN)
    street.run_until(FIRST, before_start_ms=7 * MINUTE_MS)
    kept = len(street.homes["Ben"].journal)
    street.run_until(FIRST, before_start_ms=5 * MINUTE_MS + SECOND_MS)
    restored(street, "Ben", kept=kept)
    already = len(street.homes["Ben"].sent)
    street.run(after(FIRST.end, -SECOND_MS))

    outcome = street.nodes["Ben"].outcome(FIRST)
    assert outcome is not None
    assert outcome.is_bound
    said = [street.opened(data) for data in street.homes["Ben"].sent[already:]]
    assert not any(
        isinstance(one.message, OrderCommitment | ResultVote)
        and one.author == street.parties["Ben"]
        and one.message.period == FIRST
        for one in said
    )
    assert street.reported("Ben", PeriodFinal)[-1].period == FIRST.next()


def test_an_answer_is_remembered_however_long_somebody_wakes() -> None:
    street = Street(ANN, BEN, CAT, DAN)
    street.run_until(FIRST, before_start_ms=7 * MINUTE_MS)
    kept = len(street.homes["Ben"].journal)
    street.run_until(FIRST, before_start_ms=5 * MINUTE_MS + SECOND_MS)
    restored(street, "Ben", kept=kept)
    street.lost = lambda _, receiver, message: (
        receiver == "Ben" and isinstance(message, Recollection)
    )
    street.run(after(street.now, HOUR_MS))
    assert street.status("Ben").is_waking
    street.lost = lambda *_: False
    street.run(after(street.now, MINUTE_MS))

    outcome = street.nodes["Ben"].outcome(FIRST)
    assert not street.status("Ben").is_waking
    assert outcome is not None
    assert outcome.is_bound
