"""A committee whose members all slept when a period ended."""

import pytest

from custom_components.commonwatt.engine.ledger.journal import EntryKind
from custom_components.commonwatt.engine.model.community import Recollection
from custom_components.commonwatt.engine.model.extract import (
    Attestation,
    SettlementExtract,
)
from custom_components.commonwatt.engine.model.period import MINUTE_MS, after
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.wire.messages import Message, ReadingReport
from tests.engine.node.committee_street import PrivateStreet
from tests.engine.node.street import FIRST, nothing_lost, settled_periods


def slept(*, since_ms: int, unmetered: int = 0) -> PrivateStreet:
    """Return a street whose committee is without power when readings are due.

    ``since_ms`` counts from the end of the period; some homes lose their meters before.
    """
    street = PrivateStreet()
    street.run(after(FIRST.start, 5 * MINUTE_MS))
    for name in street.outsiders[:unmetered]:
        street.homes[name].has_meter = False
    street.run(after(FIRST.end, since_ms))
    for member in street.committee:
        street.crash(member)
    street.run(after(FIRST.end, 8 * MINUTE_MS))
    for member in street.committee:
        street.wake(member)
    # They settle before they may speak: nobody tells what they have said themselves.
    street.lost = lambda _from, _to, message: isinstance(message, Recollection)
    street.run(after(FIRST.end, 12 * MINUTE_MS))
    street.lost = nothing_lost
    street.run(after(FIRST.end, 40 * MINUTE_MS))
    return street


@pytest.fixture(scope="module")
def late() -> PrivateStreet:
    return slept(since_ms=-MINUTE_MS)


class DeafTo:
    """A street that loses some of what concerns one home outside the committee."""

    def __init__(self, name: str) -> None:
        self.name = name

    def to_readings(self, sender: str, _receiver: str, message: Message) -> bool:
        """Lose what it says of its meter."""
        return sender == self.name and isinstance(message, ReadingReport)

    def to_parts(self, _sender: str, receiver: str, message: Message) -> bool:
        """Lose what the committee tells it."""
        told = Attestation | SettlementExtract
        return receiver == self.name and isinstance(message, told)


def attested(street: PrivateStreet, member: str) -> list[Attestation]:
    """Return what a member has attested of the first period."""
    signed = street.journaled(member, EntryKind.SENT)
    said = (street.opened(entry.body).message for entry in signed)
    return [m for m in said if isinstance(m, Attestation) and m.period == FIRST]


def test_it_attests_as_soon_as_it_may_speak() -> None:
    street = slept(since_ms=2 * MINUTE_MS, unmetered=1)

    for outsider in street.outsiders:
        assert FIRST in settled_periods(street, outsider)


def test_readings_it_was_deaf_for_are_told_again(late: PrivateStreet) -> None:
    for member in late.committee:
        assert attested(late, member)[-1].known >= len(late.outsiders)
    for outsider in late.outsiders:
        figures = late.nodes[outsider].figures(FIRST)
        assert figures is not None
        assert figures.import_wh is not None
        assert figures.export_wh is not None
        assert figures.import_wh + figures.export_wh > 0


def test_nothing_is_attested_twice(late: PrivateStreet) -> None:
    for member in late.committee:
        said = attested(late, member)
        assert len({(one.known, one.root) for one in said}) == len(said)
        late.crash(member)
        late.wake(member)
    late.run(after(late.now, 10 * MINUTE_MS))
    for member in late.committee:
        said = attested(late, member)
        assert len({(one.known, one.root) for one in said}) == len(said)


def test_who_misses_that_its_reading_was_heeded_finds_out() -> None:
    street = PrivateStreet()
    name = street.outsiders[0]
    deaf = DeafTo(name)
    street.lost = deaf.to_readings
    street.run(after(FIRST.end, 6 * MINUTE_MS))
    street.lost = deaf.to_parts
    street.run(after(FIRST.end, 9 * MINUTE_MS))
    figures = street.nodes[name].figures(FIRST)
    assert figures is not None
    assert figures.import_wh is None
    assert attested(street, street.committee[0])[-1].known == len(street.homes)

    street.lost = nothing_lost
    street.run(after(FIRST.end, 40 * MINUTE_MS))

    figures = street.nodes[name].figures(FIRST)
    assert figures is not None
    assert figures.import_wh is not None


def test_a_corrected_reading_that_was_lost_is_told_again() -> None:
    street = PrivateStreet()
    name = street.outsiders[0]
    street.run(after(FIRST.end, 6 * MINUTE_MS))
    street.lost = DeafTo(name).to_readings
    right = MeterReading(
        party=street.parties[name], period=FIRST, import_wh=123, export_wh=0
    )
    assert street.nodes[name].correct_reading(right, street.now) is None
    street.run(after(street.now, MINUTE_MS // 2))
    figures = street.nodes[name].figures(FIRST)
    assert figures is not None
    assert figures.import_wh != 123

    street.lost = nothing_lost
    street.run(after(FIRST.end, 40 * MINUTE_MS))

    figures = street.nodes[name].figures(FIRST)
    assert figures is not None
    assert figures.import_wh == 123
