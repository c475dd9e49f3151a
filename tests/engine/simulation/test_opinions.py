"""The residents of a street as citizens: they propose, vote and live by the outcome."""

from custom_components.commonwatt.engine.model.party import Admission
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    DeliveryPeriod,
    Instant,
    after,
)
from custom_components.commonwatt.engine.node import MotionState, MotionView
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


def test_the_residents_decide_what_they_agree_on_without_the_watched_home() -> None:
    first = motions(lived(4))[0]

    assert first.state is MotionState.PASSED
    assert first.mine is None
    assert first.yes >= QUORUM


def test_every_second_question_hangs_on_the_watched_home() -> None:
    street = lived(8)
    open_one = motions(street)[0]

    assert open_one.state is MotionState.OPEN
    assert open_one.awaits_me
    assert (open_one.yes, open_one.needed) == (QUORUM - 1, QUORUM)
    assert charter_admits(street) == {Admission.VOTE}

    refused = street.ask(
        lambda node, now: node.community.vote(
            bytes.fromhex(open_one.id), now, in_favour=True
        )
    )
    street.advance(after(street.now, HOUR_MS))

    ended = next(one for one in motions(street) if one.id == open_one.id)
    assert refused is None
    assert (ended.state, ended.mine) == (MotionState.PASSED, True)
    assert charter_admits(street) == {Admission.INVITER}


def test_a_change_of_the_charter_costs_no_period_its_result() -> None:
    street = lived(6)
    node = street.node(street.party)
    last = DeliveryPeriod.containing(street.now)
    phases = [
        outcome.phase
        for back in range(1, 20)
        if (outcome := node.outcome(last.next(-back))) is not None
    ]

    assert phases
    assert set(phases) == {Phase.FINAL}


def test_the_same_seed_has_the_same_opinions() -> None:
    assert motions(lived(2)) == motions(lived(2))
    assert motions(lived(2)) != motions(lived(2, seed=8))
