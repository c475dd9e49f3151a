"""What one liar can do to those outside a committee: nothing."""

from collections.abc import Iterator

from custom_components.commonwatt.engine.ledger.merkle import prove
from custom_components.commonwatt.engine.model.extract import (
    Attestation,
    ProvedRecord,
    ResultExtract,
    SettlementExtract,
)
from custom_components.commonwatt.engine.model.period import MINUTE_MS, after
from custom_components.commonwatt.engine.model.vote import VoteStage
from custom_components.commonwatt.engine.peer import Fault, Phase
from custom_components.commonwatt.engine.wire.canonical import encode
from custom_components.commonwatt.engine.wire.messages import (
    Message,
    ReadingReport,
    ResultVote,
)
from tests.engine.node.committee_street import PrivateStreet
from tests.engine.node.street import FIRST, nothing_lost, settled_periods

LIES = 20


def own_reading(street: PrivateStreet, name: str) -> ReadingReport:
    """Return what a home has said its meter counted in the first period."""
    for data in street.homes[name].sent:
        message = street.opened(data).message
        if isinstance(message, ReadingReport) and message.reading.period == FIRST:
            return message
    raise AssertionError("it has said nothing")


def parts_made_up(party: bytes) -> Iterator[Message]:
    """Yield parts in results and settlements that there never were."""
    for number in range(LIES):
        salt = bytes([number]) * 32
        result = encode(("result", FIRST.number, party, salt, None, (), (), ()))
        records = (result, b"whatever")
        proved = ProvedRecord(
            record=result, index=0, count=2, siblings=prove(records, 0).siblings
        )
        yield ResultExtract(period=FIRST, proved=proved)
        yield SettlementExtract(period=FIRST, proved=proved)


def test_who_seals_a_reading_twice_keeps_no_part_from_anybody() -> None:
    street = PrivateStreet()
    liar = street.outsiders[0]

    def lost(sender: str, _receiver: str, message: Message) -> bool:
        return sender == liar and isinstance(message, ReadingReport)

    street.lost = lost
    street.run(after(FIRST.end, MINUTE_MS))
    report = own_reading(street, liar)
    for number, member in enumerate(street.committee):
        data = street.lie(liar, report, sequence=10_000 + number)
        street.nodes[member].receive(data, street.now)
    street.run(after(FIRST.end, 10 * MINUTE_MS))

    roots = {
        message.root
        for member in street.committee
        for data in street.homes[member].sent
        if isinstance(message := street.opened(data).message, Attestation)
        and message.period == FIRST
        and message.known == len(street.homes)
    }
    assert len(roots) == 1
    for outsider in street.outsiders:
        assert FIRST in settled_periods(street, outsider)


def test_who_shows_many_parts_crowds_nobody_out() -> None:
    street = PrivateStreet()
    name, liar = street.outsiders[0], street.committee[0]

    def lost(_sender: str, receiver: str, message: Message) -> bool:
        is_part = isinstance(message, ResultExtract | SettlementExtract)
        return receiver == name and is_part

    street.lost = lost
    street.run(after(FIRST.end, MINUTE_MS))
    assert FIRST not in settled_periods(street, name)
    lies = parts_made_up(bytes.fromhex(street.parties[name]))
    for number, lie in enumerate(lies):
        data = street.lie(liar, lie, sequence=10_000 + number)
        street.nodes[name].receive(data, street.now)
    street.lost = nothing_lost
    street.run(after(FIRST.end, 30 * MINUTE_MS))

    outcome, known = (
        street.nodes[one].outcome(FIRST) for one in (name, street.committee[1])
    )
    assert outcome is not None
    assert outcome.phase is Phase.FINAL
    assert outcome.result is not None
    assert known is not None
    assert known.result is not None
    me = street.parties[name]
    assert outcome.result.position_wh(me) == known.result.position_wh(me)
    assert FIRST in settled_periods(street, name)


def test_who_passes_on_the_parts_of_others_crowds_nobody_out() -> None:
    street = PrivateStreet()
    name, *others = street.outsiders

    def lost(_sender: str, receiver: str, message: Message) -> bool:
        is_part = isinstance(message, ResultExtract | SettlementExtract)
        return receiver == name and is_part

    street.lost = lost
    street.run(after(FIRST.end, MINUTE_MS))
    overheard = [
        outgoing.data
        for member, outgoing in street.said
        if member in street.committee
        and outgoing.to in {street.parties[other] for other in others}
    ]
    street.nodes[name].effects()
    for data in overheard * 3:
        street.nodes[name].receive(data, street.now)
    street.lost = nothing_lost
    street.run(after(FIRST.end, 30 * MINUTE_MS))

    assert street.faults(name) == set()
    assert FIRST in settled_periods(street, name)


def test_who_is_outside_judges_no_votes() -> None:
    street = PrivateStreet()
    liar, member, *_ = street.committee
    name = street.outsiders[0]
    street.run_until(FIRST, before_start_ms=5 * MINUTE_MS)
    vote = ResultVote(
        period=FIRST, attempt=0, stage=VoteStage.PRECOMMIT, digest=b"\x01" * 32
    )
    data = street.lie(liar, vote, sequence=10_000)
    for hearer in (member, name):
        street.nodes[hearer].receive(data, street.now)
    street.run_until(FIRST)

    assert (liar, Fault.WRONG_RESULT) in street.faults(member)
    assert (liar, Fault.WRONG_RESULT) not in street.faults(name)
    outcome = street.nodes[name].outcome(FIRST)
    assert outcome is not None
    assert outcome.phase is Phase.FINAL
