"""A community changes: by motion and vote, by invitation, by leaving."""

from dataclasses import replace

import pytest

from custom_components.commonwatt.engine.ledger.journal import EntryKind
from custom_components.commonwatt.engine.model.community import (
    Amend,
    CharterVote,
    Remove,
)
from custom_components.commonwatt.engine.model.party import (
    Admission,
    BillingBasis,
)
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    SECOND_MS,
    DeliveryPeriod,
    after,
)
from custom_components.commonwatt.engine.model.vote import VoteStage
from custom_components.commonwatt.engine.node import (
    CharterChanged,
    Hindered,
    MotionClosed,
    MotionOpened,
    Obstacle,
    PeriodFinal,
    PeriodSettled,
)
from custom_components.commonwatt.engine.peer import Phase
from custom_components.commonwatt.engine.wire.messages import Message
from tests.engine.node.street import ANN, BEN, CAT, FIRST, START
from tests.engine.node.village import Village

DAN = ("Dan", 300, 0)
SOON = after(START, 2 * HOUR_MS)


def village() -> Village:
    """Return four homes that have begun to trade."""
    street = Village(ANN, BEN, CAT, DAN)
    street.run(after(FIRST.start, MINUTE_MS))
    return street


def proposed(
    street: Village,
    name: str,
    *,
    billing_basis: BillingBasis | None = None,
    committee_size: int | None = None,
) -> bytes:
    """Let a home put other rules to the vote."""
    node = street.nodes[name]
    before = Amend.of(node.charter(street.now))
    rules = replace(
        before,
        billing_basis=billing_basis or before.billing_basis,
        committee_size=committee_size or before.committee_size,
    )
    motion = node.community.propose(rules, street.now, deadline=SOON)
    assert isinstance(motion, bytes)
    street.run(street.now)
    return motion


def vote(street: Village, motion: bytes, *names: str, in_favour: bool = True) -> None:
    """Let homes vote."""
    for name in names:
        refused = street.nodes[name].community.vote(
            motion, street.now, in_favour=in_favour
        )
        assert refused is None
        street.run(street.now)


def test_what_a_quorum_is_in_favour_of_becomes_the_charter_for_all() -> None:
    street = village()
    motion = proposed(street, "Ann", billing_basis=BillingBasis.SHARING)
    vote(street, motion, "Ben")
    street.run(after(street.now, 10 * MINUTE_MS))
    assert not street.reported("Cat", CharterChanged)
    vote(street, motion, "Cat")
    street.run(after(street.now, MINUTE_MS))

    for name in street.homes:
        [changed] = street.reported(name, CharterChanged)
        assert changed.charter.billing_basis is BillingBasis.SHARING
        [closed] = street.reported(name, MotionClosed)
        assert closed.adopted
        before = street.nodes[name].charter(street.now)
        assert before.billing_basis is BillingBasis.INSIGHT
    street.run(after(street.now, HOUR_MS))
    for name in street.homes:
        now = street.nodes[name].charter(street.now)
        assert now.billing_basis is BillingBasis.SHARING
        assert not street.faults(name)
        decided = [event.period for event in street.reported(name, PeriodFinal)]
        assert decided == [decided[0].next(n) for n in range(len(decided))]
        assert len(decided) >= 5


def test_a_period_that_a_charter_comes_upon_while_homes_wait_is_decided() -> None:
    street = village()
    period = FIRST.next(2)
    bidding = after(period.start, -6 * MINUTE_MS)
    street.run(after(period.next(-1).start, -MINUTE_MS))
    street.lost = lambda _, __, message: (
        isinstance(message, CharterVote) and message.stage is VoteStage.PRECOMMIT
    )
    motion = proposed(street, "Ann", billing_basis=BillingBasis.SHARING)
    vote(street, motion, "Ben", "Cat", "Dan")
    street.run(after(bidding, SECOND_MS))
    assert not street.reported("Ann", CharterChanged)
    street.lost = lambda *_: False
    street.run(after(bidding, 59 * SECOND_MS))
    assert street.reported("Ann", CharterChanged)

    street.run(after(period.end, 10 * MINUTE_MS))

    for name in street.homes:
        charter = street.nodes[name].charter(period.start)
        assert charter.billing_basis is BillingBasis.SHARING
        outcome = street.nodes[name].outcome(period)
        assert outcome is not None
        assert outcome.phase is Phase.FINAL
        settled = [event.period for event in street.reported(name, PeriodSettled)]
        assert period in settled


def test_what_too_few_want_lapses_at_its_deadline() -> None:
    street = village()
    motion = proposed(street, "Ann", committee_size=7)
    vote(street, motion, "Ben")
    vote(street, motion, "Cat", "Dan", in_favour=False)
    street.run(after(SOON, MINUTE_MS))

    for name in street.homes:
        [closed] = street.reported(name, MotionClosed)
        assert not closed.adopted
        assert not street.reported(name, CharterChanged)


def test_a_home_has_one_vote() -> None:
    street = village()
    motion = proposed(street, "Ann", committee_size=7)
    ben = street.nodes["Ben"].community
    vote(street, motion, "Ben", in_favour=False)

    assert ben.vote(motion, street.now, in_favour=True) == Hindered(
        Obstacle.VOTED_ALREADY
    )
    assert ben.vote(bytes(32), street.now, in_favour=True) == Hindered(
        Obstacle.NO_SUCH_MOTION
    )
    [opened] = street.reported("Dan", MotionOpened)
    assert opened.motion == motion
    [known] = street.nodes["Dan"].community.motions
    assert known.digest == motion
    assert known.in_favour(street.charter) == 1
    assert set(known.ballots) == {street.parties["Ann"], street.parties["Ben"]}


def test_a_charter_that_would_be_none_is_not_proposed() -> None:
    street = village()
    ann = street.nodes["Ann"].community
    stranger = Remove(party=type(street.parties["Ann"])("f" * 40))

    assert ann.propose(stranger, street.now, deadline=SOON) == Hindered(
        Obstacle.DOES_NOT_FIT
    )
    past = Amend.of(street.charter)
    assert ann.propose(past, street.now, deadline=street.now) == Hindered(
        Obstacle.OUT_OF_BOUNDS
    )


def test_an_invited_home_joins_and_trades() -> None:
    street = village()
    guest = street.knock("Eve", street.invite("Ann"))
    street.run(after(street.now, 4 * MINUTE_MS))
    assert guest.is_member
    eve = street.move_in("Eve", -900, 1_200)
    street.run(after(street.now, HOUR_MS))

    assert street.members("Ben") == ["Ann", "Ben", "Cat", "Dan", "Eve"]
    assert eve.status(street.now, day_started_at=START).sold_wh_total > 0
    for name in street.homes:
        unknown_yet = (None, "rejected")  # of members that had not said hello
        assert street.faults(name) <= {unknown_yet}, name
        settled = {event.period for event in street.reported(name, PeriodSettled)}
        assert DeliveryPeriod.containing(street.now).next(-2) in settled


def test_an_invitation_is_good_for_one_home() -> None:
    street = village()
    invite = street.invite("Ann")
    first = street.knock("Eve", invite)
    street.run(after(street.now, 4 * MINUTE_MS))
    assert first.is_member
    del street.guests["Eve"]
    second = street.knock("Mallory", invite)
    street.run(after(street.now, 40 * MINUTE_MS))

    assert not second.is_member
    assert second.is_spent
    assert not first.is_spent
    assert (None, "spent_invitation") in street.faults("Ben")
    assert len(street.members("Ben")) == 5


def test_members_vote_on_whom_to_let_in_where_the_charter_says_so() -> None:
    street = Village(ANN, BEN, CAT, DAN, admission=Admission.VOTE)
    street.run(after(FIRST.start, MINUTE_MS))
    guest = street.knock("Eve", street.invite("Ann"))
    street.run(after(street.now, 10 * MINUTE_MS))
    assert not guest.is_member
    assert guest.charter is not None
    [opened] = street.reported("Dan", MotionOpened)
    vote(street, opened.motion, "Ben", "Dan")
    street.run(after(street.now, 4 * MINUTE_MS))

    assert guest.is_member


def test_who_leaves_is_gone_and_the_others_go_on() -> None:
    street = village()
    left = street.nodes["Cat"].community.leave(street.now)
    assert isinstance(left, bytes)
    street.run(after(street.now, HOUR_MS))

    assert street.members("Ann") == ["Ann", "Ben", "Dan"]
    assert not street.status("Cat").is_member
    last = max(event.period for event in street.reported("Ann", PeriodFinal))
    assert last >= DeliveryPeriod.containing(street.now)
    assert all("unlawful" not in fault for _, fault in street.faults("Ann"))


def test_who_leaves_is_counted_on_until_the_others_trade_without_it() -> None:
    street = village()
    street.lost = lambda sender, _receiver, _message: sender == "Dan"
    street.run(after(street.now, HOUR_MS))
    assert street.status("Ann").members_online == 3

    assert isinstance(street.nodes["Cat"].community.leave(street.now), bytes)
    street.run(after(street.now, 5 * MINUTE_MS))

    assert street.reported("Ann", CharterChanged)
    assert street.members("Ann") == ["Ann", "Ben", "Cat", "Dan"]
    assert street.status("Ann").members_online == 3  # with Cat, who still votes
    street.run(after(street.now, HOUR_MS))
    assert street.members("Ann") == ["Ann", "Ben", "Dan"]
    assert street.status("Ann").members_online == 2


def test_the_last_member_cannot_leave() -> None:
    street = Village(ANN)
    left = street.nodes["Ann"].community.leave(street.now)

    assert left == Hindered(Obstacle.LAST_MEMBER)


def test_a_member_is_removed_by_the_others() -> None:
    street = village()
    remove = Remove(party=street.parties["Dan"])
    motion = street.nodes["Ann"].community.propose(remove, street.now, deadline=SOON)
    assert isinstance(motion, bytes)
    street.run(street.now)
    vote(street, motion, "Ben", "Cat")
    street.run(after(street.now, HOUR_MS))

    assert street.members("Cat") == ["Ann", "Ben", "Cat"]
    assert not street.status("Dan").is_member


def test_a_member_away_for_hours_learns_what_was_decided() -> None:
    street = village()
    street.crash("Dan")
    motion = proposed(street, "Ann", billing_basis=BillingBasis.SHARING)
    vote(street, motion, "Ben", "Cat")
    street.run(after(street.now, 3 * HOUR_MS))
    street.wake("Dan")
    street.run(after(street.now, 10 * MINUTE_MS))

    assert street.nodes["Dan"].charter(street.now).billing_basis is (
        BillingBasis.SHARING
    )
    settled = {event.period for event in street.reported("Dan", PeriodSettled)}
    expected = {event.period for event in street.reported("Ann", PeriodSettled)}
    assert expected - settled == set()
    assert not street.faults("Dan")


def test_charter_motions_and_votes_survive_a_restart() -> None:
    street = village()
    first = proposed(street, "Ann", billing_basis=BillingBasis.SHARING)
    vote(street, first, "Ben", "Cat")
    second = proposed(street, "Ben", committee_size=7)
    street.run(after(street.now, HOUR_MS))
    for name in list(street.homes):
        street.crash(name)
        street.wake(name)
    street.run(after(street.now, MINUTE_MS))

    assert street.nodes["Cat"].charter(street.now).billing_basis is (
        BillingBasis.SHARING
    )
    assert len(street.journaled("Cat", EntryKind.CHARTER)) == 1
    ben = street.nodes["Ben"].community
    again = ben.vote(second, street.now, in_favour=True)
    assert again == Hindered(Obstacle.VOTED_ALREADY)
    vote(street, second, "Cat", "Dan")
    street.run(after(street.now, MINUTE_MS))
    assert len(street.reported("Ann", CharterChanged)) == 2


@pytest.mark.parametrize("lost", range(3))
def test_charters_never_part_whatever_messages_are_lost(lost: int) -> None:
    street = village()
    counter = [lost]

    def every_third(_sender: str, receiver: str, _message: Message) -> bool:
        counter[0] += 1
        return receiver != "Ann" and counter[0] % 3 == 0

    street.lost = every_third
    motion = proposed(street, "Ann", billing_basis=BillingBasis.SHARING)
    other = proposed(street, "Ben", committee_size=7)
    for one in (motion, other):
        for name in street.homes:
            street.nodes[name].community.vote(one, street.now, in_favour=True)
            street.run(street.now)
    street.run(after(street.now, HOUR_MS))
    street.lost = lambda *_: False
    street.run(after(street.now, HOUR_MS))

    chains = {
        tuple(
            (record.since, record.motion)
            for record in street.nodes[name]._config.statutes.records
        )
        for name in street.homes
    }
    assert len(chains) == 1
    results: dict[DeliveryPeriod, object] = {}
    for name in street.homes:
        for event in street.reported(name, PeriodFinal):
            assert results.setdefault(event.period, event.result) == event.result


def test_a_ballot_may_arrive_before_its_motion() -> None:
    street = village()
    ann, ben = street.nodes["Ann"], street.nodes["Ben"]
    rules = replace(Amend.of(ann.charter(street.now)), committee_size=7)
    motion = ann.community.propose(rules, street.now, deadline=SOON)
    assert isinstance(motion, bytes)
    for outgoing in reversed(ann.effects().send):
        ben.receive(outgoing.data, street.now)

    known = next(one for one in ben.community.motions if one.digest == motion)
    assert known.ballots[ann.party][0] is True
