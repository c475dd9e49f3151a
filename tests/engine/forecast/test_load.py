"""The load forecast: honest about the future, steady under gaps, harmed by nobody."""

from dataclasses import replace

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from custom_components.commonwatt.engine.forecast.load import (
    LEVELS,
    VECTOR_LENGTH,
    Days,
    Experience,
    LoadForecast,
    Prior,
    accuracy,
    agree_on,
    first_coefficients,
    forecast,
    forecast_days,
    train,
)
from tests.engine.forecast.homes import home, street, together, with_gaps

PRIOR = together(street())


def ask(history: Days, prior: Prior | None = PRIOR, kind: int = 2) -> LoadForecast:
    found = forecast(train(history, prior), history, kind)
    assert found is not None
    return found


@pytest.mark.parametrize("steps", [24, 48, 96])
@pytest.mark.parametrize("days", [1, 3, 7, 40])
def test_deciles_ascend_and_are_never_negative(days: int, steps: int) -> None:
    found = ask(home(1, days=days, steps=steps), prior=None)

    assert found.quantiles_wh.shape == (steps, len(LEVELS))
    assert (np.diff(found.quantiles_wh, axis=1) >= 0).all()
    assert (found.quantiles_wh >= 0).all()
    assert (found.mean_wh >= 0).all()
    np.testing.assert_array_equal(found.median_wh, found.quantiles_wh[:, 4])


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), days=st.integers(2, 40))
def test_the_future_never_changes_a_forecast(seed: int, days: int) -> None:
    past = home(seed, days=days)
    whole = home(seed, days=days + 10)
    other = np.random.default_rng(seed).uniform(0, 1e6, (10, 24))
    futures = [
        Days(
            energy_wh=np.vstack([past.energy_wh, future]),
            kinds=np.arange(days + 10) % 7,
        )
        for future in (whole.energy_wh[days:] * 0, other)
    ]

    known = [
        replace(f, energy_wh=f.energy_wh[:days], kinds=f.kinds[:days]) for f in futures
    ]
    a, b = (ask(history) for history in known)
    np.testing.assert_array_equal(a.quantiles_wh, b.quantiles_wh)
    np.testing.assert_array_equal(a.mean_wh, b.mean_wh)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000), day=st.integers(5, 30))
def test_no_row_of_a_day_knows_the_day(seed: int, day: int) -> None:
    from custom_components.commonwatt.engine.forecast.load import view  # noqa: PLC0415

    history = home(seed, days=31)
    changed = history.energy_wh.copy()
    changed[day:] = np.random.default_rng(seed).uniform(0, 1e6, changed[day:].shape)
    days = np.arange(1, day + 1)

    a = view(history, days)
    b = view(replace(history, energy_wh=changed), days)

    np.testing.assert_array_equal(a.columns, b.columns)
    np.testing.assert_array_equal(a.usual, b.usual)


@pytest.mark.parametrize("factor", [1 / 1024, 4.0, 1024.0])
@pytest.mark.parametrize("days", [3, 7, 30])
def test_a_home_of_another_size_has_the_same_forecast_in_its_size(
    factor: float, days: int
) -> None:
    small = home(5, days=days)
    large = replace(small, energy_wh=small.energy_wh * factor)

    a, b = ask(small), ask(large)

    np.testing.assert_allclose(a.quantiles_wh * factor, b.quantiles_wh, rtol=1e-6)
    np.testing.assert_allclose(a.mean_wh * factor, b.mean_wh, rtol=1e-6)


@pytest.mark.parametrize("days", [4, 8, 40])
def test_gaps_stay_gaps_and_move_the_forecast_little(days: int) -> None:
    whole = home(7, days=days)

    a, b = ask(whole), ask(with_gaps(whole, 0.2))

    assert np.isfinite(b.quantiles_wh).all()
    assert np.abs(a.median_wh - b.median_wh).mean() < 0.25 * a.median_wh.mean()


def test_of_a_home_that_nobody_knows_nothing_is_said() -> None:
    unknown = Days(energy_wh=np.full((5, 24), np.nan), kinds=np.arange(5))
    model = train(unknown, PRIOR)

    assert forecast(model, unknown, 5) is None
    assert forecast_days(model, unknown, (5, 6)) == ()
    assert model.quantile_share == 0.0


def test_a_home_that_stood_empty_is_forecast_all_the_same() -> None:
    history = home(3, days=40)
    energy = history.energy_wh.copy()
    energy[5:33] = np.nan

    found = ask(replace(history, energy_wh=energy))

    assert np.isfinite(found.mean_wh).all()


def test_two_days_ahead_the_first_is_taken_as_come_true() -> None:
    history = home(2, days=30)
    model = train(history, PRIOR)

    first, second = forecast_days(model, history, (2, 3))
    known = history.then(first.mean_wh, 2)

    again = forecast(model, known, 3)
    assert again is not None
    np.testing.assert_array_equal(again.mean_wh, second.mean_wh)


def test_neighbours_help_a_newcomer() -> None:
    errors = {True: 0.0, False: 0.0}
    for seed in range(500, 506):
        whole = home(seed, days=60)
        for day in range(40, 60, 3):
            history = replace(
                whole, energy_wh=whole.energy_wh[:day], kinds=whole.kinds[:day]
            ).last(7)
            for helped in errors:
                found = ask(history, PRIOR if helped else None, int(whole.kinds[day]))
                errors[helped] += np.abs(whole.energy_wh[day] - found.median_wh).sum()

    assert errors[True] < errors[False]


def poisoned(prior: Prior, how: str) -> Prior:
    match how:
        case "shifted":
            coefficients = prior.coefficients + np.eye(1, prior.coefficients.shape[1])
        case "upside down":
            coefficients = -prior.coefficients
        case _:
            coefficients = prior.coefficients * 3
    return Prior(
        grams=prior.grams * 1e6,
        crosses=np.einsum("mij,mj->mi", prior.grams * 1e6, coefficients),
        coefficients=coefficients,
    )


@pytest.mark.parametrize("how", ["shifted", "upside down", "tripled"])
@pytest.mark.parametrize("days", [8, 30])
def test_the_gate_refuses_a_poisoned_prior(how: str, days: int) -> None:
    history = home(11, days=days)

    model = train(history, poisoned(PRIOR, how))

    assert not model.from_neighbours
    alone = train(history, None)
    np.testing.assert_array_equal(model.coefficients, alone.coefficients)


def test_an_honest_prior_is_let_in() -> None:
    taken = [train(home(seed, days=8), PRIOR).from_neighbours for seed in range(20, 30)]

    assert sum(taken) >= 8


def test_one_poisoned_cohort_of_three_changes_little() -> None:
    cohorts = [together(street(6, first_seed=s)) for s in (100, 200, 300)]
    honest = agree_on(cohorts)
    attacked = agree_on([poisoned(cohorts[0], "upside down"), *cohorts[1:]])
    assert honest is not None
    assert attacked is not None

    history = home(1, days=14)
    a, b = ask(history, honest), ask(history, attacked)

    assert np.abs(a.median_wh - b.median_wh).mean() < 0.1 * a.median_wh.mean()


def test_cohorts_agree_on_what_there_is() -> None:
    assert agree_on([]) is None
    assert agree_on([None, PRIOR, None]) is PRIOR


def test_what_is_no_sum_makes_no_prior() -> None:
    experience = Experience.of(home(1, days=60))
    assert experience is not None
    good = experience.contribution(first_coefficients())
    nan, indefinite = good.copy(), good.copy()
    nan[5] = np.nan
    indefinite[1] = -50.0

    assert good.shape == (VECTOR_LENGTH,)
    assert Prior.from_sum(good) is not None
    assert Prior.from_sum(good[:-1]) is None
    assert Prior.from_sum(nan) is None
    assert Prior.from_sum(indefinite) is None
    assert Prior.from_sum(good * 0) is None


def test_who_is_too_young_or_unknown_teaches_nobody() -> None:
    silent = Days(energy_wh=np.full((60, 24), np.nan), kinds=np.arange(60) % 7)
    half = home(1, days=60).energy_wh.copy()
    half[20:] = np.nan

    assert Experience.of(home(1, days=13)) is None
    assert Experience.of(silent) is None
    # Twenty known days of which none has a known past to learn from.
    assert Experience.of(Days(energy_wh=half, kinds=np.arange(60) % 7)) is None


def test_a_contribution_does_not_tell_the_size_of_a_home() -> None:
    small = home(9, days=60)
    large = replace(small, energy_wh=small.energy_wh * 64)
    told = [Experience.of(days) for days in (small, large)]

    a, b = (e.contribution(first_coefficients()) for e in told if e is not None)

    np.testing.assert_allclose(a, b, rtol=1e-9)


def test_bands_hold_four_days_in_five() -> None:
    covered = []
    for seed in range(600, 612):
        whole = home(seed, days=60)
        for day in (45, 50, 55):
            history = Days(energy_wh=whole.energy_wh[:day], kinds=whole.kinds[:day])
            found = ask(history, PRIOR, int(whole.kinds[day]))
            truth = whole.energy_wh[day]
            low, high = found.quantiles_wh[:, 0], found.quantiles_wh[:, -1]
            covered.append(((truth >= low) & (truth <= high)).mean())

    assert 0.76 <= np.mean(covered) <= 0.84


def test_accuracy_counts_what_is_known() -> None:
    truth = np.array([100.0, np.nan, 300.0, 0.0])
    point = np.array([110.0, 5.0, 270.0, 0.0])
    bands = np.repeat(point[:, None], 9, axis=1)
    bands[0, 0], bands[0, -1] = 90.0, 120.0

    found = accuracy(truth, point=point, mean=point, quantiles=bands)
    alone = accuracy(truth, point=point, mean=point, quantiles=None)

    assert found is not None
    assert alone is not None
    assert found.nmae == pytest.approx(40 / 400)
    assert found.nrmse == pytest.approx((1000 / 3) ** 0.5 / (400 / 3))
    assert found.coverage == pytest.approx(2 / 3)
    assert alone.coverage is None
    assert alone.pinball == pytest.approx(alone.nmae / 2)
    assert accuracy(truth * 0, point=point, mean=point, quantiles=None) is None
