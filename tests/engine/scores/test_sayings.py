"""What a home says of coming periods: before the gate, once, and as well as it can."""

import random
from typing import Final

from custom_components.commonwatt.engine.model.period import (
    MINUTE_MS,
    DeliveryPeriod,
    Instant,
    after,
)
from custom_components.commonwatt.engine.scores.honesty import losses_of
from custom_components.commonwatt.engine.scores.own.sayings import (
    DAYS_KEPT,
    Saying,
    Sayings,
    said_of,
)

A_DAY: Final = 96
FIRST: Final = DeliveryPeriod(A_DAY * 20_000)


def closing(period: DeliveryPeriod) -> Instant:
    return after(period.start, -5 * MINUTE_MS)


def say(sayings: Sayings, period: DeliveryPeriod, *guesses: int | None) -> None:
    closes_at = closing(period)
    sayings.say(period, guesses, now=after(closes_at, -1), closes_at=closes_at)


def lived(days: int, *, error_wh: int = 40, seed: int = 1) -> Sayings:
    """Return a home whose forecast is far better than its habit."""
    rng = random.Random(seed)
    sayings = Sayings()
    for day in range(days):
        level = rng.randrange(200, 2_000)
        for quarter in range(0, A_DAY, 4):
            period = FIRST.next(day * A_DAY + quarter)
            say(sayings, period, level + rng.randrange(-error_wh, error_wh), None)
            sayings.hear(period, level)
    return sayings


def test_a_home_that_knows_its_coming_day_is_better_than_its_habit() -> None:
    sayings = lived(20)
    day = FIRST.number // A_DAY + 19
    losses = losses_of(sayings.judged(day))

    assert losses.usual > 0
    assert (losses.skill_ppm or 0) > 500_000


def test_with_habit_alone_it_says_what_is_usual() -> None:
    rng = random.Random(2)
    sayings = Sayings()
    for day in range(20):
        for quarter in range(0, A_DAY, 4):
            period = FIRST.next(day * A_DAY + quarter)
            say(sayings, period, None)
            sayings.hear(period, rng.randrange(0, 1_000))
    skill_ppm = losses_of(sayings.judged(FIRST.number // A_DAY + 19)).skill_ppm

    assert skill_ppm is not None
    assert abs(skill_ppm) < 150_000


def test_once_said_stays_said_and_nothing_is_said_after_the_gate() -> None:
    sayings = lived(10)
    coming = FIRST.next(10 * A_DAY)
    say(sayings, coming, 700)
    first = said_of(sayings.all())[coming]
    say(sayings, coming, 5_000)
    late = coming.next(4)
    sayings.say(late, [700], now=closing(late), closes_at=closing(late))

    assert said_of(sayings.all())[coming] == first
    assert late not in said_of(sayings.all())


def test_silence_counts_a_tenth_worse_than_the_usual() -> None:
    sayings = lived(10)
    period = FIRST.next(10 * A_DAY)
    sayings.hear(period, 5_000)
    losses = losses_of(sayings.judged(FIRST.number // A_DAY + 10))

    assert losses.loss == losses.usual * 11 // 10


def test_in_its_first_week_nobody_is_scored() -> None:
    assert lived(7).judged(FIRST.number // A_DAY + 6) == ()


def test_what_is_said_today_cannot_change_what_it_is_compared_with() -> None:
    said, silent = lived(10), lived(10)
    period = FIRST.next(10 * A_DAY)
    say(said, period, 100_000)
    for each in (said, silent):
        each.hear(period, 900)
    day = FIRST.number // A_DAY + 10

    assert [one.reference for one in said.judged(day)] == [
        one.reference for one in silent.judged(day)
    ]


def test_a_month_is_kept_and_no_more() -> None:
    sayings = lived(40)
    sayings.forget(FIRST.number // A_DAY + 40)
    kept = sayings.all()

    assert len({one.period.number // A_DAY for one in kept}) == DAYS_KEPT
    assert Sayings(kept).all() == kept
    assert isinstance(kept[0], Saying)
