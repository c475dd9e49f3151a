"""Secure sums: exact, whoever leaves, whatever is sent."""

from dataclasses import replace

import numpy as np
import pytest

from custom_components.commonwatt.engine.forecast.federation import (
    Aborted,
    AbortReason,
    Refusal,
    Summed,
    aggregator,
)
from custom_components.commonwatt.engine.model.federation import (
    Agreement,
    Announcement,
    FederationMessage,
    MaskedVector,
    Roster,
    RosterStep,
    SealedShares,
    Unmasking,
)
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import Instant
from tests.engine.forecast.circle import NAME, TIMING, Circle, party

NINE = 9
THIRD = [party(number) for number in (1, 4, 7)]


def turn(count: int = NINE) -> PartyId:
    return aggregator([party(number) for number in range(count)], NAME)


def leavers(count: int = NINE) -> list[PartyId]:
    """A third of the members, without whom lists are still kept."""
    others = [p for n in range(count) if (p := party(n)) != turn(count)]
    return others[: count // 3]


@pytest.mark.parametrize("count", [5, 6, 9, 20])
def test_the_sum_is_exact_for_every_member(count: int) -> None:
    circle = Circle.of(count)

    circle.run()

    assert len(circle.sums()) == count
    for found in circle.sums():
        assert found.senders == tuple(circle.members)
        np.testing.assert_array_equal(found.words, circle.total(found.senders))


def test_fewer_than_five_are_never_summed() -> None:
    circle = Circle.of(4)

    circle.run()

    assert circle.reasons() == {AbortReason.TOO_FEW}
    assert not any(isinstance(m, SealedShares | MaskedVector) for _, m in circle.said)


def run_without(kind: type[FederationMessage]) -> Circle:
    """Let a third of the members vanish just before they would say that."""
    circle = Circle.of(NINE)

    def wire(author: PartyId, message: FederationMessage) -> FederationMessage | None:
        if author in leavers() and isinstance(message, kind):
            circle.gone.add(author)
            return None
        return message

    circle.run(wire)
    return circle


@pytest.mark.parametrize(
    "kind", [Announcement, SealedShares, MaskedVector, Agreement, Unmasking]
)
def test_a_third_may_vanish_at_any_step(kind: type[FederationMessage]) -> None:
    circle = run_without(kind)
    sent = kind in {Agreement, Unmasking}
    expected = [p for p in circle.members if sent or p not in leavers()]

    assert len(circle.gone) == 3
    assert len(circle.sums()) == 6
    for found in circle.sums():
        assert list(found.senders) == expected
        np.testing.assert_array_equal(found.words, circle.total(expected))


@pytest.mark.parametrize("kind", [SealedShares, MaskedVector, Agreement, Unmasking])
def test_more_than_a_third_end_the_sum_and_nothing_is_revealed(
    kind: type[FederationMessage],
) -> None:
    circle = Circle.of(NINE)
    leaving = [p for p in circle.members if p != turn()][:5]

    def wire(author: PartyId, message: FederationMessage) -> FederationMessage | None:
        if author in leaving and isinstance(message, kind):
            circle.gone.add(author)
            return None
        return message

    circle.run(wire)

    assert circle.outcomes() == {"Aborted"}
    if kind is not Unmasking:
        assert not any(isinstance(m, Unmasking) for _, m in circle.said)


def test_vanishing_while_masks_come_off_for_others_ends_the_sum() -> None:
    circle = Circle.of(NINE)
    first, second = leavers()[:2]

    def wire(author: PartyId, message: FederationMessage) -> FederationMessage | None:
        lost = (author == first and isinstance(message, MaskedVector)) or (
            author == second and isinstance(message, Unmasking)
        )
        if lost:
            circle.gone.add(author)
        return None if lost else message

    circle.run(wire)

    assert circle.reasons() == {AbortReason.TIMED_OUT}


def test_without_the_aggregator_the_next_attempt_has_another() -> None:
    circle = Circle.of(NINE)
    circle.gone.add(turn())

    circle.run()

    assert circle.reasons() == {AbortReason.TIMED_OUT}
    members = list(circle.members)
    turns = {aggregator(members, replace(NAME, attempt=n)) for n in range(20)}
    assert len(turns) > 3


def test_a_list_that_calls_a_sender_missing_is_refused() -> None:
    circle = Circle.of(NINE)

    def wire(author: PartyId, message: FederationMessage) -> FederationMessage | None:
        if isinstance(message, Roster) and message.step is RosterStep.SENDERS:
            victim = next(p for p in message.parties if p != author)
            kept = tuple(p for p in message.parties if p != victim)
            return replace(message, parties=kept)
        return message

    circle.run(wire)

    honest = {p: m for p, m in circle.members.items() if p != turn()}
    assert all(isinstance(m.outcome, Aborted) for m in honest.values())
    revealed = [a for a, m in circle.said if isinstance(m, Unmasking)]
    assert set(revealed) <= {turn()}


def test_members_shown_different_lists_take_no_masks_off() -> None:
    circle = Circle.of(NINE)
    deceived = [p for p in circle.members if p != turn()][:4]

    def wire(author: PartyId, message: FederationMessage) -> FederationMessage | None:
        if author in deceived and isinstance(message, Agreement):
            return replace(message, senders_digest=bytes(32))
        return message

    circle.run(wire)

    assert circle.sums() == []
    assert AbortReason.LIST_DIFFERS in circle.reasons()
    revealed = {author for author, m in circle.said if isinstance(m, Unmasking)}
    assert revealed <= set(deceived)


@pytest.mark.parametrize("changed", [1, 2])
def test_a_cohort_changes_by_nobody_or_by_two(changed: int) -> None:
    before = frozenset(party(number) for number in range(NINE - changed))
    circle = Circle.of(NINE, remembered=[before])

    circle.run()

    assert circle.sums()
    senders = frozenset(circle.sums()[0].senders)
    assert len(senders ^ before) != 1
    assert len(senders) == (NINE - 1 if changed == 1 else NINE)
    assert circle.reasons() == ({AbortReason.LEFT_OUT} if changed == 1 else set())


def test_a_list_that_singles_a_home_out_is_not_gone_on_with() -> None:
    """Whoever keeps the list may lie about it; the others remember, too."""
    before = frozenset(party(number) for number in range(NINE - 1))
    everybody = tuple(party(number) for number in range(NINE))
    circle = Circle.of(NINE, remembered=[before])

    def wire(_author: PartyId, message: FederationMessage) -> FederationMessage | None:
        if isinstance(message, Roster) and message.step is RosterStep.COHORT:
            return replace(message, parties=everybody)
        return message

    circle.run(wire)

    assert circle.sums() == []
    assert not any(isinstance(m, Unmasking) for _, m in circle.said)


def test_nobody_can_pick_whom_to_be_alone_with() -> None:
    """A list of one home and four that may be in league is refused by the home."""
    circle = Circle.of(NINE)
    league = [turn(), *[p for p in circle.members if p != turn()][:4]]

    def wire(_author: PartyId, message: FederationMessage) -> FederationMessage | None:
        if isinstance(message, Roster) and message.step is RosterStep.COHORT:
            return replace(message, parties=tuple(sorted(league)))
        return message

    circle.run(wire)

    victims = set(circle.members) - {turn()}
    shared = {author for author, m in circle.said if isinstance(m, SealedShares)}
    assert not shared & victims
    assert circle.sums() == []


def test_spoilt_shares_and_seeds_are_left_out_of_the_sum() -> None:
    circle = Circle.of(NINE)
    liars = leavers()[:2]

    def wire(author: PartyId, message: FederationMessage) -> FederationMessage | None:
        if isinstance(message, Unmasking) and author in liars:
            spoilt = tuple((p, bytes(len(s))) for p, s in message.shares)
            return replace(message, shares=spoilt)
        return message

    circle.run(wire)

    honest = [p for p in circle.members if p not in liars]
    assert all(isinstance(circle.members[p].outcome, Summed) for p in honest)
    for p in honest:
        found = circle.members[p].outcome
        assert isinstance(found, Summed)
        np.testing.assert_array_equal(found.words, circle.total(found.senders))


def test_a_key_that_everybody_would_know_ends_the_sum() -> None:
    circle = Circle.of(NINE)

    def wire(author: PartyId, message: FederationMessage) -> FederationMessage | None:
        if author == leavers()[0] and isinstance(message, Announcement):
            return replace(message, public_key=bytes(32))
        return message

    circle.run(wire)

    assert AbortReason.BAD_KEY in circle.reasons()
    assert not circle.sums()


def refusal_of(circle: Circle, author: PartyId, message: FederationMessage) -> object:
    listener = next(p for p in circle.members if p not in {author, turn()})
    return circle.members[listener].receive(author, message, Instant(0))


def test_what_is_no_part_of_the_sum_is_refused() -> None:
    circle = Circle.of(NINE)
    author = leavers()[0]
    announcement = Announcement(sum_name=NAME, public_key=bytes(range(32)))
    roster = Roster(sum_name=NAME, step=RosterStep.COHORT, parties=(party(0), party(1)))

    assert refusal_of(circle, party(99), announcement) is Refusal.STRANGER
    another = replace(announcement, sum_name=replace(NAME, step=3))
    assert refusal_of(circle, author, another) is Refusal.ANOTHER_SUM
    short = replace(announcement, public_key=b"short")
    assert refusal_of(circle, author, short) is Refusal.MALFORMED
    assert refusal_of(circle, author, announcement) is None
    assert refusal_of(circle, author, announcement) is Refusal.DUPLICATE
    second = replace(announcement, public_key=bytes(32))
    assert refusal_of(circle, author, second) is Refusal.CONTRADICTION
    assert refusal_of(circle, author, roster) is Refusal.NOT_THE_AGGREGATOR


@pytest.mark.parametrize(
    "message",
    [
        Roster(sum_name=NAME, step=RosterStep.COHORT, parties=(party(1), party(0))),
        Roster(sum_name=NAME, step=RosterStep.COHORT, parties=()),
        MaskedVector(sum_name=NAME, sharers_digest=bytes(32), data=bytes(8)),
        Agreement(sum_name=NAME, senders_digest=b""),
        Unmasking(
            sum_name=NAME,
            senders_digest=bytes(32),
            shares=((party(0), bytes(32)),),
            seeds=((party(0), bytes(32)),),
        ),
        Unmasking(
            sum_name=NAME,
            senders_digest=bytes(32),
            shares=((party(0), bytes(31)),),
            seeds=(),
        ),
    ],
)
def test_messages_without_form_are_refused(message: FederationMessage) -> None:
    circle = Circle.of(NINE)
    listener = next(p for p in circle.members if p != turn())

    refusal = circle.members[listener].receive(turn(), message, Instant(0))

    assert refusal is Refusal.MALFORMED


def test_what_comes_too_late_is_refused() -> None:
    circle = run_without(MaskedVector)
    listener = next(p for p in circle.members if p not in leavers())
    late = MaskedVector(sum_name=NAME, sharers_digest=bytes(32), data=bytes(64))

    refusal = circle.members[listener].receive(leavers()[0], late, TIMING.starts)

    assert refusal is Refusal.LATE


def test_who_floods_is_no_longer_listened_to_and_the_others_go_on() -> None:
    circle = Circle.of(NINE)
    flooder = leavers()[0]
    rubbish = Announcement(sum_name=replace(NAME, week=1), public_key=bytes(32))
    listeners = [p for p in circle.members if p != flooder]

    refusals = [
        circle.members[p].receive(flooder, rubbish, Instant(0))
        for p in listeners
        for _ in range(40)
    ]
    circle.run()

    assert refusals[0] is Refusal.ANOTHER_SUM
    assert refusals[-1] is Refusal.FLOODING
    for p in listeners:
        found = circle.members[p].outcome
        assert isinstance(found, Summed)
        assert found.senders == tuple(listeners)
        np.testing.assert_array_equal(found.words, circle.total(listeners))
