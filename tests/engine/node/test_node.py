"""A node among others: what it does when they are silent, late, lying, or not there."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from custom_components.commonwatt.engine.devices import ProcessImage
from custom_components.commonwatt.engine.ledger.balances import balances
from custom_components.commonwatt.engine.ledger.journal import EntryKind
from custom_components.commonwatt.engine.model.order import Order, Side, Step
from custom_components.commonwatt.engine.model.party import FaultModel
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    SECOND_MS,
    Instant,
    after,
)
from custom_components.commonwatt.engine.model.posting import Transaction
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.node import (
    Event,
    MemberOffline,
    MemberOnline,
    Node,
    PeriodCorrected,
    PeriodFinal,
    PeriodSettled,
    TradeMatched,
    lone_config,
)
from custom_components.commonwatt.engine.peer import Fault, Phase
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
    TARIFF,
    Street,
    settled_periods,
    told,
)

DAN = ("Dan", 300, 0)
LONELY = "Ann"


def lie(street: Street, author: str, message: Message, *, sequence: int) -> bytes:
    """Sign a message with a neighbour's own key, behind its node's back."""
    return seal(
        message,
        community=street.community,
        author=street.parties[author],
        sequence=sequence,
        sent_at=street.now,
        key=street.sessions(author).at(street.now).key,
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


def test_the_status_tells_what_neighbours_were_good_for() -> None:
    street = Street(ANN, BEN, CAT)
    street.run(after(FIRST.end, MINUTE_MS))
    ann, ben = street.status("Ann"), street.status("Ben")

    assert ann.clearing_price_micro_per_kwh == 80_000
    assert ann.clearing_price_final
    assert (ann.members, ann.members_online, ann.open_periods) == (3, 3, 0)
    assert ann.position_wh == -200
    assert ann.neighbour_power_w == 800
    assert ann.bought_wh_total == 200  # in the period before, nobody had bid yet
    assert ben.sold_wh_total == 325
    assert ann.saved_nano_today == ann.saved_nano_total > 0
    assert ann.import_wh_today == 400
    assert ann.local_share_ppm == 500_000
    assert ann.self_sufficiency_ppm == 500_000
    assert ann.settled_periods == 2
    assert ann.last_settled == FIRST


def test_a_silent_proposer_costs_one_attempt() -> None:
    street = Street(ANN, BEN, CAT, DAN, fault_model=FaultModel.BYZANTINE)
    street.run_until(FIRST, before_start_ms=5 * MINUTE_MS - SECOND_MS)
    proposer = list(street.homes)[FIRST.number % 4]
    street.crash(proposer)
    street.run_until(FIRST)

    others = [name for name in street.homes if name != proposer]
    decided = [event.period for event in street.reported(others[0], PeriodFinal)]
    books = {
        line[-1]
        for line in street.log
        if "book of" in line and line.startswith("08:26")
    }
    assert FIRST in decided
    assert books == {"1"}


def test_without_a_quorum_a_period_waits_and_is_decided_when_they_return() -> None:
    street = Street(ANN, BEN, CAT)
    street.run_until(FIRST, before_start_ms=5 * MINUTE_MS - SECOND_MS)
    street.crash("Cat")
    street.run(after(FIRST.end, 10 * MINUTE_MS))
    assert street.status("Ann").open_periods >= 1
    assert FIRST not in settled_periods(street, "Ann")

    street.wake("Cat")
    street.run(after(FIRST.end, HOUR_MS))

    for name in street.homes:
        assert FIRST in settled_periods(street, name)
    results = {
        name: next(
            event.result
            for event in street.reported(name, PeriodFinal)
            if event.period == FIRST
        )
        for name in street.homes
    }
    assert results["Ann"] is not None
    assert results["Ann"] == results["Ben"] == results["Cat"]


def test_a_vote_that_got_lost_is_shown_to_who_missed_it() -> None:
    street = Street(ANN, BEN, CAT)
    street.run_until(FIRST, before_start_ms=7 * MINUTE_MS)

    def lost(_sender: str, receiver: str, message: Message) -> bool:
        return receiver == "Cat" and isinstance(message, ResultVote)

    street.lost = lost
    street.run_until(FIRST, before_start_ms=4 * MINUTE_MS)
    assert street.status("Ann").phase is Phase.FINAL
    assert street.status("Cat").phase is Phase.VOTING

    street.lost = lambda *_: False
    street.run_until(FIRST, before_start_ms=2 * MINUTE_MS)
    assert street.status("Cat").phase is Phase.FINAL


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
    street.run(after(FIRST.end, 4 * HOUR_MS))
    reading = MeterReading(
        party=street.parties["Ben"], period=FIRST, import_wh=1, export_wh=0
    )
    data = lie(street, "Ben", ReadingReport(reading=reading), sequence=900)
    street.nodes["Ann"].receive(data, street.now)

    assert street.faults("Ann") == set()
    assert not street.reported("Ann", PeriodCorrected)


def test_a_second_reading_after_settlement_is_a_contradiction() -> None:
    street = Street(ANN, BEN, CAT)
    street.run(after(FIRST.end, MINUTE_MS))
    reading = MeterReading(
        party=street.parties["Ben"], period=FIRST, import_wh=1, export_wh=0
    )
    data = lie(street, "Ben", ReadingReport(reading=reading), sequence=900)
    street.nodes["Ann"].receive(data, street.now)

    assert street.faults("Ann") == {("Ben", Fault.CONTRADICTION)}


def test_without_a_tariff_a_home_does_not_bid_but_votes_and_settles() -> None:
    street = Street(ANN, BEN, CAT, tariff=None)
    street.run(after(FIRST.end, 6 * MINUTE_MS))

    assert not street.journaled("Ann", EntryKind.COMMITTED)
    assert FIRST in settled_periods(street, "Ann")
    assert street.status("Ann").saved_nano_today == 0


def test_a_home_alone_is_a_good_citizen() -> None:
    street = Street(ANN)
    street.run(after(START, 2 * HOUR_MS))
    status = street.status(LONELY)

    assert len(settled_periods(street, LONELY)) == 7
    assert (status.members, status.members_online, status.open_periods) == (1, 1, 0)
    assert status.bought_wh_total == status.sold_wh_total == 0
    assert status.local_share_ppm == 0
    assert status.faults == {}
    assert street.reported(LONELY, TradeMatched) == []


def test_a_home_alone_without_any_device_is_one_too() -> None:
    street = Street(ANN, tariff=None)
    street.homes[LONELY].has_meter = False
    street.run(after(START, 2 * HOUR_MS))
    status = street.status(LONELY)

    assert status.faults == {}
    assert status.import_wh_today == 0
    assert status.local_share_ppm is None
    assert status.self_sufficiency_ppm is None
    assert status.open_periods == 0


def test_a_community_of_one_needs_no_charter_from_elsewhere() -> None:
    street = Street(ANN)
    config = lone_config(street.keys["Ann"], salt_secret=bytes(32))

    assert config.party == street.parties["Ann"]
    assert config.community == street.community


def test_whoever_goes_silent_is_offline_until_heard_again() -> None:
    street = Street(ANN, BEN, CAT)
    street.run(after(START, MINUTE_MS))
    assert len(street.reported("Ann", MemberOnline)) == 2

    street.crash("Cat")
    street.run(after(START, 20 * MINUTE_MS))
    assert street.status("Ann").members_online == 2
    assert [e.party for e in street.reported("Ann", MemberOffline)] == [
        street.parties["Cat"]
    ]

    street.wake("Cat")
    street.run(after(START, 21 * MINUTE_MS))
    assert street.status("Ann").members_online == 3
    assert street.status("Cat").members_online == 3


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
    vote = ResultVote(period=here.next(distance), attempt=0, digest=None)
    street.nodes["Ann"].receive(lie(street, "Ben", vote, sequence=99), street.now)

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
    message = ReadingReport(reading=reading)
    street.nodes["Ann"].receive(lie(street, "Ben", message, sequence=99), street.now)

    assert street.faults("Ann") == {("Ben", Fault.OUT_OF_BOUNDS)}


def contradictions(street: Street) -> Iterator[tuple[Message, Message]]:
    """Yield pairs of messages that no honest member signs both of."""
    party, period = street.parties["Ben"], FIRST
    yield (
        OrderCommitment(period=period, digest=b"\x01" * 32),
        OrderCommitment(period=period, digest=b"\x02" * 32),
    )
    yield (
        ResultVote(period=period, attempt=0, digest=b"\x01" * 32),
        ResultVote(period=period, attempt=1, digest=None),
    )
    before = period.next(-3)
    yield (
        ReadingReport(
            reading=MeterReading(party=party, period=before, import_wh=1, export_wh=0)
        ),
        ReadingReport(
            reading=MeterReading(party=party, period=before, import_wh=2, export_wh=0)
        ),
    )


def test_contradicting_messages_are_kept_as_evidence() -> None:
    for number in range(3):
        street = Street(ANN, BEN, CAT)
        pair = list(contradictions(street))[number]
        sealed = [
            lie(street, "Ben", message, sequence=900 + place)
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
        vote = ResultVote(period=FIRST, attempt=attempt, digest=None)
        street.nodes["Ann"].receive(lie(street, "Ben", vote, sequence=77), street.now)

    assert street.faults("Ann") == {("Ben", Fault.CONTRADICTION)}


def test_a_node_remembers_only_so_many_sequence_numbers() -> None:
    street = Street(ANN, BEN)
    for sequence in range(1_000, 1_200):
        vote = ResultVote(period=FIRST, attempt=0, digest=None)
        data = lie(street, "Ben", vote, sequence=sequence)
        street.nodes["Ann"].receive(data, street.now)

    assert all(
        len(used) <= 64 for used in street.nodes["Ann"]._door._sequences.values()
    )


def test_a_lie_about_the_result_is_named_once_it_is_decided() -> None:
    street = Street(ANN, BEN, CAT, DAN)
    street.run_until(FIRST, before_start_ms=5 * MINUTE_MS)
    lying = next(name for name in street.homes if name != proposer_of(street))
    wrong = ResultVote(period=FIRST, attempt=0, digest=bytes(32))
    data = lie(street, lying, wrong, sequence=900)
    street.crash(lying)
    for node in street.nodes.values():
        node.receive(data, street.now)
    street.run_until(FIRST)

    for name in street.nodes:
        assert street.status(name).phase is Phase.FINAL
        assert (lying, Fault.WRONG_RESULT) in street.faults(name)


def proposer_of(street: Street) -> str:
    """Return who proposes the first book of the first period."""
    return list(street.homes)[FIRST.number % len(street.homes)]


def test_a_book_with_a_forged_order_is_bad() -> None:
    street = Street(ANN, BEN, CAT, DAN)
    street.run_until(FIRST, before_start_ms=5 * MINUTE_MS)
    proposer = proposer_of(street)
    street.crash(proposer)
    victim = next(iter(street.nodes))
    order = Order.of(
        street.parties[victim],
        FIRST,
        Step(side=Side.SELL, price_micro_per_kwh=0, energy_wh=10),
    )
    street.run_until(FIRST, before_start_ms=4 * MINUTE_MS)
    forged = bytearray(
        lie(street, victim, OrderReveal(order=order, salt=bytes(16)), sequence=901)
    )
    forged[-1] ^= 1
    book = BookProposal(period=FIRST, attempt=0, reveals=(bytes(forged),))
    other = next(name for name in street.nodes if name != victim)
    street.nodes[other].receive(lie(street, proposer, book, sequence=902), street.now)

    assert (proposer, Fault.BAD_BOOK) in street.faults(other)


def test_memory_does_not_grow_with_time() -> None:
    street = Street(ANN, BEN)
    street.run(after(START, 8 * HOUR_MS))
    ann = street.nodes["Ann"]

    assert len(ann._rounds._cases) <= 10
    assert len(ann._settling._dockets) <= 12
    assert len(ann._household._plans) <= 4


def test_an_undecided_round_is_given_up_after_a_day() -> None:
    street = Street(ANN, BEN)
    street.run_until(FIRST, before_start_ms=5 * MINUTE_MS)
    street.crash("Ben")
    street.now = after(START, 2 * DAY_MS)
    street.run(after(street.now, MINUTE_MS))

    assert FIRST not in street.nodes["Ann"]._rounds.phases


def test_session_keys_change_every_month_and_everybody_notices() -> None:
    street = Street(ANN, BEN)
    first_key = street.sessions("Ann").at(street.now).key.public
    street.now = after(START, 31 * DAY_MS)
    street.run(after(street.now, HOUR_MS))

    assert street.sessions("Ann").at(street.now).key.public != first_key
    assert street.status("Ben").members_online == 2
    assert {fault for _, fault in street.faults("Ben")} <= {Fault.REJECTED}
    assert settled_periods(street, "Ben")[-1] >= FIRST.next(31 * 96)


def test_a_deadline_lies_ahead_and_ticking_early_is_harmless() -> None:
    street = Street(ANN, BEN, CAT)
    ann = street.nodes["Ann"]
    for second in range(0, 3600, 7):
        now = after(START, second * SECOND_MS)
        ann.tick(now)
        deadline = ann.deadline()
        assert deadline is not None
        assert deadline > now


def test_a_node_that_never_ticked_has_no_deadline() -> None:
    street = Street(ANN)
    node = Node(
        street.config("Ann"),
        sessions=street.sessions("Ann"),
        verify=lambda **_: True,
        now=START,
    )

    assert node.deadline() is None
    assert not node.effects()


def test_a_tariff_that_comes_late_counts_for_the_period_under_way() -> None:
    street = Street(ANN, BEN, CAT, tariff=None)
    street.run(after(START, MINUTE_MS))
    for node in street.nodes.values():
        node.set_tariff(TARIFF, street.now)
    street.run(after(FIRST.end, MINUTE_MS))

    assert street.status("Ann").saved_nano_today > 0


def test_sequence_numbers_only_go_up() -> None:
    street = Street(ANN, BEN)
    street.run(after(START, HOUR_MS))
    sequences = [
        street.opened(entry.body).sequence
        for entry in street.journaled("Ann", EntryKind.SENT)
    ]

    assert all(a < b for a, b in pairwise(sequences))


def test_what_is_told_about_a_message_fits_on_a_line() -> None:
    street = Street(ANN, BEN)
    assert "\n" not in told(street.opened(street.homes["Ann"].sent[0]).message)
    assert ProcessImage(taken_at=Instant(0)).meters == {}
