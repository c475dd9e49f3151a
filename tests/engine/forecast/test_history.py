"""The plain forecast: like the days before, adjusted to today."""

from hypothesis import given, strategies as st

from custom_components.commonwatt.engine.forecast import History, PeriodEnergy
from custom_components.commonwatt.engine.model.period import DeliveryPeriod

DAY = 96
NOON = DeliveryPeriod(2_000_000)


def energy(load_wh: int, production_wh: int = 0) -> PeriodEnergy:
    return PeriodEnergy(load_wh=load_wh, production_wh=production_wh)


def test_who_knows_nothing_expects_nothing() -> None:
    assert History().forecast(NOON) is None


def test_on_the_first_day_things_stay_as_they_are() -> None:
    history = History()
    history.learn(NOON.next(-3), energy(300, 1_000))
    history.learn(NOON.next(-2), energy(100, 2_000))

    assert history.forecast(NOON) == energy(100, 2_000)


def test_the_same_time_of_the_last_three_days_counts() -> None:
    history = History()
    for days, load_wh in ((5, 9_000), (4, 9_000), (3, 90), (2, 60), (1, 33)):
        history.learn(NOON.next(-days * DAY), energy(load_wh))

    assert history.forecast(NOON) == energy(61)


def test_a_brighter_day_is_expected_to_stay_brighter() -> None:
    history = History()
    history.learn(NOON.next(-DAY), energy(100, 1_000))
    for ago in (1, 2, 3, 4):
        history.learn(NOON.next(-DAY - ago), energy(100, 800))
        history.learn(NOON.next(-ago), energy(100, 1_000))

    assert history.forecast(NOON) == energy(100, 1_250)


def test_one_odd_hour_does_not_more_than_double_or_halve_the_forecast() -> None:
    for lately_wh, expected_wh in ((50_000, 2_000), (0, 500)):
        history = History()
        history.learn(NOON.next(-DAY), energy(0, 1_000))
        history.learn(NOON.next(-DAY - 1), energy(0, 1_000))
        history.learn(NOON.next(-1), energy(0, lately_wh))

        assert history.forecast(NOON) == energy(0, expected_wh)


def test_a_day_without_anything_to_compare_with_is_taken_as_it_was() -> None:
    history = History()
    history.learn(NOON.next(-DAY), energy(0, 0))
    history.learn(NOON.next(-DAY - 1), energy(0, 0))
    history.learn(NOON.next(-1), energy(0, 700))

    assert history.forecast(NOON) == energy(0, 0)


def test_what_lies_more_than_eight_days_back_is_forgotten() -> None:
    history = History()
    for period in range(20 * DAY):
        history.learn(NOON.next(period), energy(1))

    assert len(history._known) == 8 * DAY + 1


@given(
    past=st.dictionaries(
        st.integers(-8 * DAY, -1),
        st.tuples(st.integers(0, 20_000), st.integers(0, 20_000)),
        min_size=1,
        max_size=60,
    )
)
def test_a_forecast_is_never_negative(past: dict[int, tuple[int, int]]) -> None:
    history = History()
    for ago in sorted(past):
        load_wh, production_wh = past[ago]
        history.learn(NOON.next(ago), energy(load_wh, production_wh))
    expected = history.forecast(NOON)

    assert expected is not None
    assert min(expected.load_wh, expected.production_wh) >= 0
