"""Whatever a member signs in the middle of a sum, the others neither raise nor stop."""

from dataclasses import replace

from hypothesis import Phase, given, settings, strategies as st

from custom_components.commonwatt.engine.model.federation import (
    Enrolment,
    Roster,
    SealedShares,
    SumName,
    TrainingMessage,
    Unmasking,
)
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import MINUTE_MS, after
from tests.engine.forecast.village import (
    BEGINS,
    TIMETABLE,
    WEEK,
    Village,
    party,
)
from tests.engine.wire.test_federation_bodies import MESSAGES

NAME = SumName(week=WEEK, part=0, step=0, attempt=0)
MOMENTS = (1, 11, 16, 27, 41, 46)
"""Minutes into a sum: in every phase, and on both sides of its lists."""


def of_this_sum(message: TrainingMessage) -> TrainingMessage:
    """Let a message be about the sum under way."""
    if isinstance(message, Enrolment):
        return message
    return replace(message, sum_name=NAME)


def among_members(message: TrainingMessage) -> TrainingMessage:
    """Let lists and secrets be of members."""
    members = tuple(party(n) for n in range(7))
    match message:
        case Roster():
            return replace(message, parties=members[: len(message.parties)])
        case Unmasking():
            named = tuple(
                (m, s) for m, (_, s) in zip(members, message.shares, strict=False)
            )
            return replace(message, shares=named)
        case _:
            return message


@settings(max_examples=12, deadline=None, phases=[Phase.generate])
@given(
    junk=st.lists(
        st.tuples(
            st.integers(0, 8),
            MESSAGES.map(of_this_sum).map(among_members) | MESSAGES,
        ),
        min_size=1,
        max_size=12,
    ),
    minute=st.sampled_from(MOMENTS),
)
def test_junk_of_members_and_strangers_is_survived(
    junk: list[tuple[int, TrainingMessage]], minute: int
) -> None:
    village = Village.of(7)
    village.run(after(BEGINS, minute * MINUTE_MS))

    for author, message in junk:
        village.inject(PartyId(party(author)), message)
    # The next attempt is as good as new: lies cost a sitting and nothing else.
    village.run(after(BEGINS, 2 * TIMETABLE.sitting_ms - 1))

    for member in village.trainings:
        assert 0 in {record.name.step for record in village.records[member]}


@settings(max_examples=6, deadline=None, phases=[Phase.generate])
@given(message=MESSAGES.filter(lambda m: not isinstance(m, Enrolment | SealedShares)))
def test_junk_of_strangers_changes_no_sum(message: TrainingMessage) -> None:
    village = Village.of(6)
    village.run(after(BEGINS, 12 * MINUTE_MS))

    for stranger in (30, 31):
        village.inject(party(stranger), of_this_sum(message))
    village.run(after(BEGINS, TIMETABLE.sitting_ms - 1))

    assert all(training.outcome is None for training in village.trainings.values())
