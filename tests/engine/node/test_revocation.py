"""A stolen session key is worth nothing once its home has said so."""

from custom_components.commonwatt.engine.ledger.journal import EntryKind
from custom_components.commonwatt.engine.model.community import SessionRevocation
from custom_components.commonwatt.engine.model.period import (
    MINUTE_MS,
    SECOND_MS,
    Instant,
    after,
)
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.node import (
    Hindered,
    Obstacle,
    SessionsRevoked,
)
from custom_components.commonwatt.engine.wire.envelope import seal
from custom_components.commonwatt.engine.wire.keys import Signer
from custom_components.commonwatt.engine.wire.messages import (
    Message,
    Presence,
    ReadingReport,
)
from tests.engine.node.street import ANN, BEN, CAT, FIRST, Street, settled_periods


def stolen(street: Street, name: str, key: Signer, message: Message) -> bytes:
    """Sign something with a key that was a home's own."""
    return seal(
        message,
        community=street.community,
        author=street.parties[name],
        sequence=1_000_000,
        sent_at=street.now,
        key=key,
    )


def revoke(street: Street, name: str) -> None:
    """Revoke a second later: what was signed this instant was signed in good faith."""
    street.run(after(street.now, SECOND_MS))
    assert street.nodes[name].community.revoke_sessions(street.now) is None


def test_nobody_believes_a_key_that_was_revoked() -> None:
    street = Street(ANN, BEN, CAT)
    street.run_until(FIRST.next())
    old = street.sessions("Ben").at(street.now)

    revoke(street, "Ben")
    street.run(after(street.now, MINUTE_MS))

    reading = MeterReading(
        party=street.parties["Ben"], period=FIRST, import_wh=9_999, export_wh=0
    )
    lie = stolen(street, "Ben", old.key, ReadingReport(reading=reading, salt=bytes(16)))
    old_hello = stolen(street, "Ben", old.key, Presence(certificate=old.certificate))
    assert not street.nodes["Ann"].receive(old_hello, street.now)
    assert not street.nodes["Ann"].receive(lie, street.now)
    (told,) = street.reported("Ann", SessionsRevoked)
    assert told.party == street.parties["Ben"]


def test_the_home_itself_goes_on_and_remembers_after_a_restart() -> None:
    street = Street(ANN, BEN, CAT)
    street.run_until(FIRST.next())
    old = street.sessions("Ben").at(street.now)
    revoke(street, "Ben")
    street.run(after(street.now, MINUTE_MS))

    for name in ("Ann", "Ben"):
        street.crash(name)
        street.wake(name)
    street.run_until(FIRST.next(4))

    hello = stolen(street, "Ben", old.key, Presence(certificate=old.certificate))
    assert not street.nodes["Ann"].receive(hello, street.now)
    for name in street.homes:
        assert settled_periods(street, name)[-1] >= FIRST.next(2)
        assert not street.status(name).is_waking


def test_who_was_away_hears_of_it_later() -> None:
    street = Street(ANN, BEN, CAT)
    street.run_until(FIRST)
    street.lost = lambda sender, receiver, _: "Cat" in {sender, receiver}
    revoke(street, "Ben")
    street.run_until(FIRST.next(3))
    assert not street.reported("Cat", SessionsRevoked)

    street.lost = lambda *_: False
    street.run_until(FIRST.next(5))

    assert street.reported("Cat", SessionsRevoked)


def test_a_revocation_the_household_did_not_sign_revokes_nothing() -> None:
    street = Street(ANN, BEN, CAT)
    street.run_until(FIRST)
    forged = SessionRevocation(before=street.now, signature=bytes(64))

    data = street.lie("Ben", forged, sequence=1_000_000)
    street.nodes["Ann"].receive(data, street.now)
    street.run_until(FIRST.next(2))

    assert not street.reported("Ann", SessionsRevoked)
    assert FIRST in settled_periods(street, "Ann")


def test_a_node_that_wakes_revokes_nothing_yet() -> None:
    street = Street(ANN, BEN, CAT)
    street.run_until(FIRST)
    street.lost = lambda *_: True
    street.crash("Ben")
    street.wake("Ben")
    street.nodes["Ben"].tick(street.now)

    hindered = street.nodes["Ben"].community.revoke_sessions(Instant(street.now))

    assert hindered == Hindered(Obstacle.WAKING)


def test_a_revocation_outlives_the_rest_of_the_journal() -> None:
    street = Street(ANN, BEN, CAT)
    street.run_until(FIRST.next())
    old = street.sessions("Ben").at(street.now)
    revoke(street, "Ben")
    street.run(after(street.now, MINUTE_MS))
    hello = stolen(street, "Ben", old.key, Presence(certificate=old.certificate))

    for name in ("Ann", "Ben"):
        (record,) = street.journaled(name, EntryKind.REVOKED)
        street.crash(name)
        street.homes[name].journal[:] = [record]
        street.wake(name)

        assert set(street.nodes[name].community.revoked) == {street.parties["Ben"]}
        assert not street.nodes[name].receive(hello, street.now)


def test_a_home_tells_its_own_transports_of_its_revocation() -> None:
    street = Street(ANN, BEN, CAT)
    street.run_until(FIRST)

    revoke(street, "Ben")
    street.run(after(street.now, MINUTE_MS))

    (told,) = street.reported("Ben", SessionsRevoked)
    assert street.nodes["Ben"].community.revoked == {told.party: told.before}
