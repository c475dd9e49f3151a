"""A node whose journal was damaged: what it signed may be lost, and stays true."""

import pytest

from custom_components.commonwatt.engine.ledger.journal import EntryKind, JournalEntry
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    MINUTE_MS,
    SECOND_MS,
    Instant,
    after,
)
from custom_components.commonwatt.engine.node import PeriodSettled
from custom_components.commonwatt.engine.peer import Phase
from custom_components.commonwatt.engine.wire.certificate import CERTIFICATE_MS_MAX
from custom_components.commonwatt.engine.wire.messages import (
    OrderCommitment,
    Presence,
    ResultVote,
)
from tests.engine.node.street import ANN, BEN, CAT, FIRST, START, Street
from tests.engine.node.test_restart import contradicted

DAN = ("Dan", 300, 0)


def damage(street: Street, name: str, *, kept: int) -> None:
    """Lose all but some entries of a journal, and restart from what was salvaged."""
    home = street.homes[name]
    street.crash(name)
    salvaged = JournalEntry(kind=EntryKind.SALVAGED, at=street.now, body=b"")
    home.journal[kept:] = [salvaged]
    street.wake(name)


@pytest.mark.parametrize(
    "before_ms",
    [
        7 * MINUTE_MS,
        6 * MINUTE_MS - SECOND_MS,
        5 * MINUTE_MS - SECOND_MS,
        4 * MINUTE_MS - SECOND_MS,
        MINUTE_MS,
        -16 * MINUTE_MS,
    ],
)
@pytest.mark.parametrize("kept", [0, 3, 20])
def test_nothing_that_was_signed_is_contradicted(before_ms: int, kept: int) -> None:
    street = Street(ANN, BEN, CAT, DAN)
    street.run_until(FIRST, before_start_ms=before_ms)
    used = {street.opened(data).sequence for data in said(street, "Ben")}
    damage(street, "Ben", kept=kept)
    already = len(said(street, "Ben"))
    street.run(after(FIRST.next(3).end, MINUTE_MS))

    assert contradicted(street, "Ben") == set()
    assert all(not fault.startswith("contra") for _, fault in street.faults("Ann"))
    old, later = said(street, "Ben")[:already], said(street, "Ben")[already:]
    new = [street.opened(data).sequence for data in later if data not in old]
    assert min(new) > max(used)
    settled = [event.period for event in street.reported("Ben", PeriodSettled)]
    assert FIRST.next(3) in settled


def said(street: Street, name: str) -> list[bytes]:
    """Return what a home has signed itself."""
    party = street.parties[name]
    sent = street.homes[name].sent
    return [data for data in sent if street.opened(data).author == party]


def test_rounds_under_way_are_left_to_the_others() -> None:
    street = Street(ANN, BEN, CAT, DAN)
    street.run_until(FIRST, before_start_ms=6 * MINUTE_MS - SECOND_MS)
    damage(street, "Ben", kept=0)
    already = len(street.homes["Ben"].sent)
    street.run_until(FIRST)

    messages = [street.opened(data).message for data in said(street, "Ben")]
    later = [
        message
        for message in messages[already:]
        if isinstance(message, OrderCommitment | ResultVote)
    ]
    assert later == []
    outcome = street.nodes["Ann"].outcome(FIRST)
    assert outcome is not None
    assert outcome.phase is Phase.FINAL


def test_a_fresh_key_is_certified_and_kept_after_the_next_restart() -> None:
    street = Street(ANN, BEN, CAT)
    street.run(after(START, 20 * MINUTE_MS + SECOND_MS))
    old = street.sessions("Ben").at(street.now)
    damage(street, "Ben", kept=10)
    street.run(after(street.now, MINUTE_MS))
    fresh = street.sessions("Ben").at(street.now)

    assert fresh.key.public != old.key.public
    assert fresh.certificate.valid_from > old.certificate.valid_from
    presences = [
        message
        for data in said(street, "Ben")
        if isinstance(message := street.opened(data).message, Presence)
    ]
    assert presences[-1].certificate == fresh.certificate
    assert ("Ben", "rejected") not in street.faults("Ann")

    del street._sessions["Ben"]
    journal = street.homes["Ben"].journal
    journal[:] = [e for e in journal if e.kind is not EntryKind.SALVAGED]
    street.crash("Ben")
    street.wake("Ben")
    assert street.sessions("Ben").at(street.now).key.public == fresh.key.public


def test_a_session_that_was_renewed_ends_with_its_month() -> None:
    street = Street(ANN)
    sessions = street.sessions("Ann")
    month = Instant(START // CERTIFICATE_MS_MAX * CERTIFICATE_MS_MAX)
    first = sessions.at(month)
    sessions.renew(after(month, DAY_MS))
    sessions.renew(after(month, MINUTE_MS))
    renewed = sessions.at(after(month, 2 * DAY_MS))

    assert sessions.at(month).key.public == first.key.public
    assert renewed.certificate.valid_from == after(month, DAY_MS)
    assert renewed.certificate.valid_until == after(month, CERTIFICATE_MS_MAX)
    following = sessions.at(after(month, CERTIFICATE_MS_MAX))
    assert following.certificate.valid_from == after(month, CERTIFICATE_MS_MAX)


@pytest.mark.parametrize("kept", [0, 3, 20])
def test_its_own_book_that_it_lost_and_heard_again_is_not_lost_twice(kept: int) -> None:
    street = Street(ANN, BEN, CAT, DAN)
    name = street.first_proposer
    street.run_until(FIRST)
    damage(street, name, kept=kept)
    street.run(after(FIRST.next().end, MINUTE_MS))
    known = street.nodes[name].outcome(FIRST)
    assert known is not None
    assert known.cleared is not None
    assert known.cleared.source is not None
    assert known.cleared.source.proposer == street.parties[name]

    street.crash(name)
    street.wake(name)

    assert street.nodes[name].outcome(FIRST) == known
    facts = {fact.period for fact in street.nodes[name].facts()}
    assert FIRST in facts
