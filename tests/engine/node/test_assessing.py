"""Once a week homes agree on reputations: by themselves, and only if enough do."""

import pytest

from custom_components.commonwatt.engine.ledger.journal import EntryKind
from custom_components.commonwatt.engine.model.community import Pardon, VouchFor
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    DeliveryPeriod,
    after,
)
from custom_components.commonwatt.engine.model.standing import (
    VOUCHED_GOOD_MICRO,
    Belief,
    Cause,
    Excuse,
    Standing,
)
from custom_components.commonwatt.engine.node import Hindered, MotionOpened, Obstacle
from custom_components.commonwatt.engine.node.terms import terms_of
from custom_components.commonwatt.engine.node.testimony import read, written
from tests.engine.node.judged import (
    PERIODS,
    UNTIL,
    Judged,
    party,
    saw,
    silent,
    week,
)
from tests.engine.node.street import START

ALL = ("Ann", "Ben", "Cat", "Dan")
NEXT_TURN = after(START, 31 * MINUTE_MS)
"""By then Dan and Ann have had their turns to make the motion."""

TODAY = START // DAY_MS


def trust(street: Judged, name: str) -> int:
    """Return how far a home is trusted, as agreed."""
    return street.agreed("Ann").belief(party(name)).trust_ppm


def assessed(street: Judged) -> list[int | None]:
    """Return up to when each home thinks all were assessed."""
    return [street.agreed(name).day for name in ALL]


def until_assessed(street: Judged) -> None:
    """Let time pass until the home that has the turn is heard, and enacted."""
    street.run(after(street.now, 4 * MINUTE_MS))


def test_homes_that_saw_the_same_agree_and_nobody_is_asked() -> None:
    seen = week(broken=("Dan",))
    street = Judged(dict.fromkeys(ALL, seen))
    until_assessed(street)

    assert assessed(street) == [UNTIL] * 4
    assert len({street.agreed(name) for name in ALL}) == 1
    assert trust(street, "Dan") < 150_000
    assert trust(street, "Ann") > 350_000
    assert street.agreed("Cat").belief(party("Ben")).given_wh == 300 * len(PERIODS)
    views = [
        view for name in ALL for view in street.nodes[name].community.motion_views()
    ]
    assert views
    assert not any(view.is_for_people or view.awaits_me for view in views)


def test_terms_follow_from_what_was_agreed_and_are_everybodys() -> None:
    street = Judged(dict.fromkeys(ALL, week(broken=("Dan",))))
    assert terms_of(street.charter) == {}
    until_assessed(street)

    terms = terms_of(street.nodes["Cat"].community.charter)
    assert terms == terms_of(street.nodes["Dan"].community.charter)
    assert not terms[party("Dan")].may_contract
    assert terms[party("Dan")].credit_wh == 80
    assert terms[party("Ben")].credit_wh > 2_000
    assert (
        1_000
        <= terms[party("Dan")].tie_weight_permille
        < (terms[party("Ben")].tie_weight_permille)
    )


def test_who_saw_nothing_follows_those_who_did() -> None:
    street = Judged({"Ben": week(), "Cat": week(), "Dan": week()})
    until_assessed(street)

    assert assessed(street) == [UNTIL] * 4
    assert street.agreed("Ann") == street.agreed("Dan")


def test_one_that_saw_otherwise_changes_nothing_and_is_not_left_behind() -> None:
    street = Judged({**dict.fromkeys(ALL, week()), "Cat": week(broken=("Ben",))})
    until_assessed(street)

    assert assessed(street) == [UNTIL] * 4
    assert trust(street, "Ben") == trust(street, "Ann")


def test_where_too_few_agree_everything_stays_as_it_is() -> None:
    camps = {
        "Ann": week(),
        "Ben": week(),
        "Cat": week(broken=("Ben",)),
        "Dan": week(broken=("Ben",)),
    }
    street = Judged(camps)
    street.run(NEXT_TURN)

    assert assessed(street) == [None] * 4
    assert any(street.nodes[name].community.motions for name in ALL)


def test_one_liar_cannot_have_its_opinion_followed() -> None:
    street = Judged({"Dan": week(broken=("Ann", "Ben", "Cat"))})
    until_assessed(street)

    assert [one.author for one in street.nodes["Ann"].community.motions] == [
        party("Dan")
    ]

    assert assessed(street) == [None] * 4


def test_what_was_seen_outlasts_a_restart_as_whole_days() -> None:
    first = Judged(dict.fromkeys(ALL, week()))
    until_assessed(first)
    days = first.journaled("Ann", EntryKind.WITNESSED)
    assert len(days) == 7

    street = Judged({}, standing=Standing())
    for name in ALL:
        street.homes[name].journal += days
        street.crash(name)
        street.wake(name)
    until_assessed(street)

    assert assessed(street) == [UNTIL] * 4
    assert street.agreed("Ben").beliefs == first.agreed("Ben").beliefs


TRUSTED = Standing(
    beliefs=tuple(
        sorted(
            (Belief(party=party(name), good_micro=5_000_000) for name in ALL[:3]),
            key=lambda belief: belief.party,
        )
    )
)
"""A community in which Dan is new."""


def test_two_who_vouch_lend_a_newcomer_its_first_evidence_once() -> None:
    street = Judged({}, standing=TRUSTED)
    change = VouchFor(newcomer=party("Dan"), day=TODAY)
    for name in ("Ann", "Ben"):
        motion = street.nodes[name].community.propose(
            change, street.now, deadline=after(street.now, DAY_MS)
        )
        assert isinstance(motion, bytes)
        street.run(after(street.now, 2 * MINUTE_MS))

    belief = Belief(party=party("Dan"), good_micro=VOUCHED_GOOD_MICRO, vouched=True)
    assert {street.agreed(name).belief(party("Dan")) for name in ALL} == {belief}
    again = street.nodes["Cat"].community.propose(
        change, street.now, deadline=after(street.now, DAY_MS)
    )
    assert again == Hindered(Obstacle.DOES_NOT_FIT)


@pytest.mark.parametrize(
    ("by", "newcomer", "day"),
    [
        ("Ann", "Ann", TODAY),
        ("Ann", "Eve", TODAY),
        ("Ann", "Dan", TODAY - 1),
        ("Dan", "Ann", TODAY),
    ],
)
def test_nobody_vouches_for_itself_a_stranger_late_or_as_a_newcomer(
    by: str, newcomer: str, day: int
) -> None:
    street = Judged({}, standing=TRUSTED)
    change = VouchFor(newcomer=party(newcomer), day=day)
    deadline = after(street.now, DAY_MS)

    refused = street.nodes[by].community.propose(change, street.now, deadline=deadline)

    assert isinstance(refused, Hindered)


def test_an_appeal_is_voted_on_and_excuses_what_happened() -> None:
    now = DeliveryPeriod.containing(START)
    street = Judged({})
    excuse = Excuse(
        party=party("Dan"), first=now.next(-96), until=now.next(-92), cause=Cause.LINK
    )
    motion = street.nodes["Dan"].community.propose(
        Pardon(excuse=excuse), street.now, deadline=after(street.now, DAY_MS)
    )
    assert isinstance(motion, bytes)
    street.run(street.now)
    opened = street.reported("Ann", MotionOpened)
    assert [event.change.change for event in opened] == [Pardon(excuse=excuse)]
    for name in ("Ann", "Ben"):
        street.nodes[name].community.vote(motion, street.now, in_favour=True)
        street.run(street.now)
    street.run(after(street.now, 2 * MINUTE_MS))

    assert {street.agreed(name).excuses for name in ALL} == {(excuse,)}


@pytest.mark.parametrize("author", ["Dan", "Ann"])
def test_an_appeal_comes_in_time_and_for_oneself(author: str) -> None:
    first = DeliveryPeriod.containing(START).next(-96 * 4 if author == "Dan" else -4)
    street = Judged({})
    excuse = Excuse(party=party("Dan"), first=first, until=first.next(4))
    deadline = after(street.now, HOUR_MS)

    refused = street.nodes[author].community.propose(
        Pardon(excuse=excuse), street.now, deadline=deadline
    )

    assert isinstance(refused, Hindered)


def test_what_was_excused_before_counts_for_nothing_in_the_week() -> None:
    dark = PERIODS[:96]
    seen = tuple(silent(p, "Dan") if p in dark else saw(p) for p in PERIODS)
    excuse = Excuse(party=party("Dan"), first=dark[0], until=dark[-1].next())
    excused = Judged(dict.fromkeys(ALL, seen))
    until_assessed(excused)
    pardoned = Judged(dict.fromkeys(ALL, seen), standing=Standing(excuses=(excuse,)))
    until_assessed(pardoned)

    assert pardoned.agreed("Ann").belief(party("Dan")).bad_micro == 0
    assert excused.agreed("Ann").belief(party("Dan")).bad_micro > 0
    assert pardoned.agreed("Ann").excuses == ()


def test_a_testimony_is_read_as_it_was_written() -> None:
    told = silent(PERIODS[3], "Cat")

    assert read(written(told)) == told
