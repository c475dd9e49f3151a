"""Trainings: a week's sums among neighbours, whoever leaves, whatever is lost."""

from dataclasses import replace

import numpy as np
import pytest

from custom_components.commonwatt.engine.forecast.federation import (
    AbortReason,
    Timetable,
)
from custom_components.commonwatt.engine.model.federation import (
    Announcement,
    Enrolment,
    MaskedVector,
    PublishedSum,
    SumName,
    TrainingMessage,
    Unmasking,
)
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    Instant,
    after,
)
from tests.engine.forecast.village import (
    BEGINS,
    EVENING,
    LENGTH,
    MORNING,
    STEPS,
    TIMETABLE,
    WEEK,
    Lesson,
    Village,
    expected,
    party,
)

TWELVE = range(12)


def check_all_know(village: Village, members: list[int], knowing: int) -> None:
    known = village.sums()
    assert len(known) == knowing
    for homes, total in known.values():
        assert homes == len(members)
        np.testing.assert_allclose(total, expected(members), atol=1e-5)


def test_twelve_homes_learn_in_one_day_and_all_the_same() -> None:
    village = Village.of(12)

    village.run(EVENING)

    check_all_know(village, list(TWELVE), 12)


def test_who_does_not_take_part_is_in_no_sum_and_hears_none() -> None:
    village = Village.of(12, enrolled=7)

    village.run(EVENING)

    check_all_know(village, list(range(7)), 7)
    speakers = {author for author, _ in village.said}
    assert speakers == {party(n) for n in range(7)}


def test_who_is_too_young_to_teach_is_told_the_sum() -> None:
    village = Village.of(12, enrolled=8)
    village.trainings[party(9)].enrol(None)

    village.run(EVENING)

    check_all_know(village, list(range(8)), 9)
    assert not any(
        author == party(9) and not isinstance(message, Enrolment)
        for author, message in village.said
    )


def test_who_comes_days_later_is_told_by_two_and_believes_them() -> None:
    village = Village.of(8)
    village.run(EVENING)
    late = after(EVENING, 30 * HOUR_MS)
    village.run(late)
    newcomer = Village.of(1).trainings[party(0)]
    village.trainings[party(20)] = newcomer
    newcomer._me = party(20)  # type: ignore[misc]  # a ninth home of the same make

    newcomer.enrol(None)
    village.run(after(late, HOUR_MS // 2))

    known = village.sums()
    assert party(20) in known
    np.testing.assert_allclose(known[party(20)][1], expected(range(8)), atol=1e-5)


def test_four_are_too_few_and_say_why() -> None:
    village = Village.of(4)

    village.run(EVENING)

    assert village.sums() == {}
    assert {t.outcome for t in village.trainings.values()} == {AbortReason.TOO_FEW}
    assert not any(isinstance(message, Announcement) for _, message in village.said)


@pytest.mark.parametrize("seed", range(4))
def test_a_network_that_loses_and_repeats_does_not_keep_homes_from_learning(
    seed: int,
) -> None:
    village = Village.of(12)
    village.loss = 0.05
    village.chance.seed(seed)

    village.run(after(EVENING, 6 * HOUR_MS))

    known = village.sums()
    assert len(known) >= 10
    homes, total = known[next(iter(known))]
    assert homes >= 8
    for other_homes, other in known.values():
        assert other_homes == homes
        np.testing.assert_array_equal(other, total)


@pytest.mark.parametrize("kind", [Announcement, MaskedVector, Unmasking])
def test_a_third_that_vanishes_in_the_middle_does_not_stop_the_rest(
    kind: type[TrainingMessage],
) -> None:
    village = Village.of(12)
    leaving = {party(n) for n in (2, 5, 8, 11)}

    def wire(
        sender: PartyId, _to: PartyId, message: TrainingMessage, now: Instant
    ) -> bool:
        if sender in leaving and now >= BEGINS and isinstance(message, kind):
            village.gone.add(sender)
        return sender not in village.gone

    village.wire = wire
    village.run(EVENING)

    known = village.sums()
    assert set(known) == {party(n) for n in TWELVE} - leaving
    totals = [total for _, total in known.values()]
    assert all(np.array_equal(total, totals[0]) for total in totals)


def test_one_home_that_leaves_is_not_the_difference_of_two_sums() -> None:
    """Between two steps one member leaves: another stays away with it."""
    village = Village.of(12)
    village.run(after(BEGINS, TIMETABLE.sitting_ms))
    village.gone.add(party(4))

    village.run(EVENING)

    lasts = [
        record.past[-1]
        for records in village.records.values()
        for record in records
        if record.past
    ]
    assert len(village.sums()) == 11
    for one in lasts:
        for other in lasts:
            assert len(one ^ other) != 1
    assert min(map(len, lasts)) == 10


def test_clocks_a_minute_apart_do_not_keep_homes_from_learning() -> None:
    village = Village.of(9)
    village.skew_ms = {party(n): (n - 4) * 15_000 for n in range(9)}

    village.run(EVENING)

    check_all_know(village, list(range(9)), 9)


def test_a_restart_in_the_middle_keeps_out_of_that_sum_and_learns_all_the_same() -> (
    None
):
    village = Village.of(9)
    middle = after(BEGINS, 20 * MINUTE_MS)
    village.run(middle)
    said = len(village.said)

    village.restart(party(3), Lesson(3))
    village.run(after(BEGINS, TIMETABLE.sitting_ms - MINUTE_MS))

    assert not any(
        author == party(3) and not isinstance(message, Enrolment)
        for author, message in village.said[said:]
    )
    village.run(EVENING)
    assert party(3) in village.sums()


def test_a_restart_afterwards_still_knows_what_was_learned() -> None:
    village = Village.of(9)
    village.run(EVENING)

    village.restart(party(3), Lesson(3))

    assert party(3) in village.sums()


def test_leaving_in_the_middle_ends_the_own_part_at_once() -> None:
    village = Village.of(9)
    village.run(after(BEGINS, 5 * MINUTE_MS))
    leaver = village.trainings[party(3)]

    leaver.withdraw(village.now)
    village.run(EVENING)

    assert not leaver.is_summing
    assert leaver.deadline(village.now) is None
    assert party(3) not in village.sums()
    assert all(
        homes <= 8
        for member, (homes, _) in village.sums().items()
        if member != party(3)
    )


def claim(number: float, *, week: int = WEEK, step: int = STEPS - 1) -> PublishedSum:
    words = np.full(LENGTH, int(number * (1 << 24)), dtype=np.uint64)
    return PublishedSum(
        sum_name=SumName(week=week, part=0, step=step, attempt=0),
        homes=6,
        data=words.astype("<u8").tobytes(),
    )


def test_one_liar_is_not_believed_however_often_it_speaks() -> None:
    village = Village.of(6)
    victim = village.trainings[party(0)]
    victim.tick(after(BEGINS, -1))

    for number in range(100):
        victim.receive(party(5), claim(number), after(BEGINS, -1))

    assert not victim.finals
    victim.receive(party(4), claim(0), after(BEGINS, -1))
    assert victim.finals  # two members said the same


@pytest.mark.parametrize(
    "spoilt",
    [
        replace(claim(1), data=b""),
        replace(claim(1), data=bytes(8 * (LENGTH + 1))),
        claim(1, week=WEEK - 7),
        claim(1, week=WEEK + 1),
        claim(1, step=STEPS),
        replace(claim(1), data=(b"\xff" * 7 + b"\x7f") * LENGTH),
    ],
)
def test_claims_that_fit_no_sum_are_not_kept(spoilt: PublishedSum) -> None:
    village = Village.of(6)
    victim = village.trainings[party(0)]

    for number in (4, 5):
        victim.receive(party(number), spoilt, MORNING)

    assert not victim.finals


def test_who_wants_to_know_again_and_again_is_told_by_three_and_once() -> None:
    village = Village.of(8)
    village.run(EVENING)
    before = len(village.said)
    asking = Enrolment(takes_part=False, missing=(WEEK, STEPS - 1))

    for _ in range(50):
        village.inject(party(30), asking)
    village.run(after(EVENING, MINUTE_MS))

    answers = [m for _, m in village.said[before:] if isinstance(m, PublishedSum)]
    assert len(answers) == 3


def test_flooding_in_the_middle_of_a_sum_changes_nothing() -> None:
    village = Village.of(9)
    village.run(after(BEGINS, 12 * MINUTE_MS))
    name = SumName(week=WEEK, part=0, step=0, attempt=0)

    for number in range(200):
        junk = Announcement(sum_name=name, public_key=bytes([number]) * 32)
        village.inject(party(40), junk)
        village.inject(party(1), junk)
    village.run(EVENING)

    assert len(village.sums()) == 9
    assert {homes for homes, _ in village.sums().values()} == {8}  # not the flooder
    assert all(
        training.refused for n, training in village.trainings.items() if n != party(1)
    )


def test_a_training_fits_into_its_week_or_is_refused() -> None:
    with pytest.raises(ValueError, match="week"):
        Timetable(steps=40, attempts=4)
    with pytest.raises(ValueError, match="bounded"):
        Timetable(steps=0)


def test_the_timetable_has_a_sitting_for_every_attempt_and_no_gaps() -> None:
    at, sittings = after(BEGINS, -1), []
    for _ in range(STEPS * TIMETABLE.attempts):
        at = TIMETABLE.next_sitting(at)
        sitting = TIMETABLE.sitting(at)
        assert sitting is not None
        week, step, attempt = sitting
        name = SumName(week=week, part=0, step=step, attempt=attempt)
        assert TIMETABLE.starts(name) == at
        sittings.append((step, attempt))

    assert sittings == sorted(set(sittings))
    assert TIMETABLE.sitting(after(BEGINS, -1)) is None
    assert TIMETABLE.next_sitting(at) == TIMETABLE.begins(WEEK + 1)


def test_eighteen_homes_train_in_three_cohorts_and_know_all_three_sums() -> None:
    village = Village.of(18)

    village.run(EVENING)

    known = [training.finals[WEEK] for training in village.trainings.values()]
    assert len(known) == 18
    for sums in known:
        assert sorted(sums) == [0, 1, 2]
        assert sum(found.homes for found in sums.values()) == 18
        assert sums == known[0]
