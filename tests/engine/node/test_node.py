"""A node among others: what it does when they are silent, late, lying, or not there."""

from itertools import pairwise

from custom_components.commonwatt.engine.devices import ProcessImage
from custom_components.commonwatt.engine.ledger.journal import EntryKind
from custom_components.commonwatt.engine.model.party import FaultModel
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    SECOND_MS,
    Instant,
    after,
)
from custom_components.commonwatt.engine.node import (
    MemberOffline,
    MemberOnline,
    Node,
    PeriodFinal,
    TradeMatched,
    lone_config,
)
from custom_components.commonwatt.engine.node.settling import CORRECTABLE
from custom_components.commonwatt.engine.peer import Fault, Phase
from custom_components.commonwatt.engine.wire.messages import (
    Message,
    ResultVote,
)
from tests.engine.node.street import (
    ANN,
    BEN,
    CAT,
    FIRST,
    START,
    Street,
    settled_periods,
    told,
)

DAN = ("Dan", 300, 0)
LONELY = "Ann"


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
    proposer = street.first_proposer
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
    street = Street(ANN, BEN, CAT, ("Dan", 300, 0))
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


def test_memory_does_not_grow_with_time() -> None:
    street = Street(ANN, BEN)
    street.run(after(START, 12 * HOUR_MS))
    ann = street.nodes["Ann"]

    assert len(ann._rounds._cases) <= 34
    assert len(ann._settling._dockets) <= CORRECTABLE + 4
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
