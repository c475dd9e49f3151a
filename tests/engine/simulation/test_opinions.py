"""The residents of a street as citizens: they propose, vote and live by the outcome."""

from functools import partial

from custom_components.commonwatt.engine.model.party import Admission
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    DeliveryPeriod,
    Instant,
    after,
)
from custom_components.commonwatt.engine.node import Citizen, MotionState, MotionView
from custom_components.commonwatt.engine.peer import Phase
from custom_components.commonwatt.engine.simulation.homes import neighbourhood_specs
from custom_components.commonwatt.engine.simulation.neighbourhood import (
    Neighbourhood,
    NeighbourhoodSpec,
)

STARTED_AT = Instant(20_000 * DAY_MS + 8 * HOUR_MS)
STREET = NeighbourhoodSpec(
    homes=neighbourhood_specs()[:5], outside=None, residents_vote=True
)
QUORUM = 4


def lived(hours: int, *, seed: int = 7) -> Neighbourhood:
    """Return a street of five after some hours."""
    street = Neighbourhood(STREET, seed=seed, started_at=STARTED_AT)
    street.advance(after(STARTED_AT, hours * HOUR_MS))
    return street


def motions(street: Neighbourhood) -> tuple[MotionView, ...]:
    return street.ask(lambda node, _: node.community.motion_views())


def charter_admits(street: Neighbourhood) -> set[Admission]:
    """Return who lets homes in, by the charter each member goes by now."""
    return {
        street.node(home.party).charter(street.now).admission for home in street.homes()
    }


def ended(street: Neighbourhood, motion: str) -> MotionView:
    return next(one for one in motions(street) if one.id == motion)


def test_the_first_question_hangs_on_the_watched_home_and_the_next_does_not() -> None:
    street = lived(4)
    first = motions(street)[0]

    assert first.awaits_me
    assert (first.yes, first.needed) == (QUORUM - 1, QUORUM)
    assert charter_admits(street) == {Admission.VOTE}

    vote = partial(Citizen.vote, motion=bytes.fromhex(first.id), in_favour=True)
    refused = street.ask(lambda node, now: vote(node.community, now=now))
    street.advance(after(street.now, 4 * HOUR_MS))

    assert refused is None
    assert ended(street, first.id).state is MotionState.PASSED
    assert charter_admits(street) == {Admission.INVITER}
    second = motions(street)[0]
    assert second.mine is None
    assert (second.state, second.yes >= QUORUM) == (MotionState.PASSED, True)

    node, last = street.node(street.party), DeliveryPeriod.containing(street.now)
    outcomes = [node.outcome(last.next(-back)) for back in range(1, 28)]
    assert {one.phase for one in outcomes if one is not None} == {Phase.FINAL}


def test_a_no_of_the_watched_home_lets_the_residents_go_on() -> None:
    street = lived(4)
    first = motions(street)[0]
    vote = partial(Citizen.vote, motion=bytes.fromhex(first.id), in_favour=False)
    street.ask(lambda node, now: vote(node.community, now=now))
    street.advance(after(street.now, HOUR_MS))

    assert ended(street, first.id).mine is False
    assert len(motions(street)) == 2
    assert charter_admits(street) == {Admission.VOTE}


def test_the_same_seed_has_the_same_opinions() -> None:
    assert motions(lived(2)) == motions(lived(2))
    assert motions(lived(2)) != motions(lived(2, seed=8))
