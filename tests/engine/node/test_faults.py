"""What a node makes of garbage, strangers and lying neighbours."""

from collections.abc import Iterator

import pytest

from custom_components.commonwatt.engine.ledger.journal import EntryKind
from custom_components.commonwatt.engine.model.order import Order, Side, Step
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    DeliveryPeriod,
    after,
)
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.model.vote import VoteStage
from custom_components.commonwatt.engine.node import PeerFault
from custom_components.commonwatt.engine.peer import VOID, Fault, Phase
from custom_components.commonwatt.engine.wire.envelope import seal
from custom_components.commonwatt.engine.wire.messages import (
    BookProposal,
    Message,
    OrderCommitment,
    OrderReveal,
    Presence,
    ReadingReport,
    ResultVote,
)
from tests.engine.node.street import (
    ANN,
    BEN,
    CAT,
    FIRST,
    START,
    Street,
)

DAN = ("Dan", 300, 0)


def test_garbage_strangers_and_the_future_are_counted_and_change_nothing() -> None:
    street = Street(ANN, BEN)
    ann = street.nodes["Ann"]
    stranger = Street(("Eve", 0, 0))
    early = Presence(certificate=street.sessions("Ben").at(street.now).certificate)
    future = seal(
        early,
        community=street.community,
        author=street.parties["Ben"],
        sequence=99,
        sent_at=after(street.now, 3 * MINUTE_MS),
        key=street.sessions("Ben").at(street.now).key,
    )
    for data in (b"", b"garbage", stranger.homes["Eve"].sent[0], future):
        ann.receive(data, street.now)

    assert street.faults("Ann") == {
        (None, Fault.REJECTED),
        ("Ben", Fault.OUT_OF_BOUNDS),
    }
    assert street.status("Ann").faults[None, Fault.REJECTED] == 3


@pytest.mark.parametrize("distance", [-97, 3])
def test_a_period_far_away_is_out_of_bounds(distance: int) -> None:
    street = Street(ANN, BEN)
    here = FIRST.next(-2)
    vote = prevote(here.next(distance), VOID)
    street.nodes["Ann"].receive(street.lie("Ben", vote, sequence=99), street.now)

    assert street.faults("Ann") == {("Ben", Fault.OUT_OF_BOUNDS)}


@pytest.mark.parametrize("distance", [-97, 0, 1])
def test_a_reading_of_what_is_not_over_or_long_gone_is_refused(distance: int) -> None:
    street = Street(ANN, BEN)
    reading = MeterReading(
        party=street.parties["Ben"],
        period=FIRST.next(-2 + distance),
        import_wh=1,
        export_wh=0,
    )
    message = ReadingReport(reading=reading, salt=bytes(16))
    street.nodes["Ann"].receive(street.lie("Ben", message, sequence=99), street.now)

    assert street.faults("Ann") == {("Ben", Fault.OUT_OF_BOUNDS)}


def prevote(period: DeliveryPeriod, digest: bytes, *, attempt: int = 0) -> ResultVote:
    """Return a vote of the first stage."""
    return ResultVote(
        period=period, attempt=attempt, stage=VoteStage.PREVOTE, digest=digest
    )


def contradictions(street: Street) -> Iterator[tuple[Message, Message]]:
    """Yield pairs of messages that no honest member signs both of."""
    party, period = street.parties["Ben"], FIRST
    yield (
        OrderCommitment(period=period, digest=b"\x01" * 32),
        OrderCommitment(period=period, digest=b"\x02" * 32),
    )
    yield (
        prevote(period, b"\x01" * 32),
        prevote(period, VOID),
    )
    before = period.next(-3)
    yield (
        ReadingReport(
            reading=MeterReading(party=party, period=before, import_wh=1, export_wh=0),
            salt=bytes(16),
        ),
        ReadingReport(
            reading=MeterReading(party=party, period=before, import_wh=2, export_wh=0),
            salt=bytes(16),
        ),
    )


def test_contradicting_messages_are_kept_as_evidence() -> None:
    for number in range(3):
        street = Street(ANN, BEN, CAT)
        pair = list(contradictions(street))[number]
        sealed = [
            street.lie("Ben", message, sequence=900 + place)
            for place, message in enumerate(pair)
        ]
        for data in sealed:
            street.nodes["Ann"].receive(data, street.now)
        street.run(street.now)

        kept = [entry.body for entry in street.journaled("Ann", EntryKind.RECEIVED)]
        assert street.faults("Ann") == {("Ben", Fault.CONTRADICTION)}
        assert all(data in kept for data in sealed)


def test_one_sequence_number_for_two_messages_is_a_contradiction() -> None:
    street = Street(ANN, BEN, CAT)
    for attempt in (0, 1):
        vote = prevote(FIRST, VOID, attempt=attempt)
        street.nodes["Ann"].receive(street.lie("Ben", vote, sequence=77), street.now)

    assert street.faults("Ann") == {("Ben", Fault.CONTRADICTION)}


def test_evidence_against_one_member_does_not_fill_the_journal() -> None:
    street = Street(ANN, BEN, CAT)
    for sequence in range(900, 940):
        digest = sequence.to_bytes(32)
        commitment = OrderCommitment(period=FIRST, digest=digest)
        data = street.lie("Ben", commitment, sequence=sequence)
        street.nodes["Ann"].receive(data, street.now)
    street.run(street.now)
    ben = street.parties["Ben"]

    assert street.status("Ann").faults[ben, Fault.CONTRADICTION] == 39
    assert len(street.reported("Ann", PeerFault)) == 1
    assert len(street.journaled("Ann", EntryKind.RECEIVED)) <= 2 + 2 * 8


def test_nobody_can_make_a_node_vote_again_on_what_is_settled_and_forgotten() -> None:
    street = Street(ANN, BEN)
    street.run(after(START, 9 * HOUR_MS))
    assert FIRST not in street.nodes["Ann"]._rounds.phases
    wrong = prevote(FIRST, VOID, attempt=30)
    data = street.lie("Ben", wrong, sequence=9_000)
    street.nodes["Ann"].receive(data, street.now)
    before = len(street.homes["Ann"].sent)
    street.run(after(street.now, HOUR_MS))

    about_first = [
        message
        for sent in street.homes["Ann"].sent[before:]
        if isinstance((message := street.opened(sent).message), ResultVote)
        and message.period == FIRST
    ]
    assert about_first == []
    assert FIRST not in street.nodes["Ann"]._rounds.phases


def test_a_node_remembers_only_so_many_sequence_numbers() -> None:
    street = Street(ANN, BEN)
    for sequence in range(1_000, 1_200):
        vote = prevote(FIRST, VOID)
        data = street.lie("Ben", vote, sequence=sequence)
        street.nodes["Ann"].receive(data, street.now)

    assert all(
        len(used) <= 64 for used in street.nodes["Ann"]._door._sequences.values()
    )


def test_a_lie_about_the_result_is_named_once_it_is_decided() -> None:
    street = Street(ANN, BEN, CAT, DAN)
    street.run_until(FIRST, before_start_ms=5 * MINUTE_MS)
    lying = next(name for name in street.homes if name != street.first_proposer)
    wrong = prevote(FIRST, b"\x01" * 32)
    data = street.lie(lying, wrong, sequence=900)
    street.crash(lying)
    for node in street.nodes.values():
        node.receive(data, street.now)
    street.run_until(FIRST)

    for name in street.nodes:
        assert street.status(name).phase is Phase.FINAL
        assert (lying, Fault.WRONG_RESULT) in street.faults(name)


def test_a_book_with_a_forged_order_is_not_taken() -> None:
    street = Street(ANN, BEN, CAT, DAN)
    street.run_until(FIRST, before_start_ms=5 * MINUTE_MS)
    proposer = street.first_proposer
    street.crash(proposer)
    victim = next(iter(street.nodes))
    order = Order.of(
        street.parties[victim],
        FIRST,
        Step(side=Side.SELL, price_micro_per_kwh=0, energy_wh=10),
    )
    street.run_until(FIRST, before_start_ms=4 * MINUTE_MS)
    forged = bytearray(
        street.lie(victim, OrderReveal(order=order, salt=bytes(16)), sequence=901)
    )
    forged[-1] ^= 1
    book = BookProposal(period=FIRST, attempt=0, reveals=(bytes(forged),))
    other = next(name for name in street.nodes if name != victim)
    street.nodes[other].receive(street.lie(proposer, book, sequence=902), street.now)

    assert (proposer, Fault.UNKNOWN_ORDER) in street.faults(other)
