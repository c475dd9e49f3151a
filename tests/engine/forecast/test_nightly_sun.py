"""The panels of a home in delivery periods: bands, updates, providers and gaps."""

from datetime import UTC, datetime

import numpy as np
import pytest

from custom_components.commonwatt.engine.forecast.series import (
    PERIODS_PER_DAY,
    Floats,
    Series,
)
from custom_components.commonwatt.engine.forecast.solar import (
    Site,
    clear_sky_day,
    forecast_sun,
    learn_sun,
)
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    DeliveryPeriod,
    after,
    instant_from_datetime,
)

VIENNA = Site(latitude_deg=48.2, longitude_deg=16.4)
MIDNIGHT = instant_from_datetime(datetime(2026, 6, 20, tzinfo=UTC))
TODAY = DeliveryPeriod.containing(MIDNIGHT)
NOON = after(MIDNIGHT, 11 * HOUR_MS)
DAYS = 45


def sky(seed: int, days: int = DAYS + 3) -> tuple[Floats, Floats]:
    """Return what panels gave and what a provider had said; 3 days are to come."""
    random = np.random.default_rng(seed)
    clear = np.array(
        [
            clear_sky_day(
                VIENNA,
                midnight=after(MIDNIGHT, (day - days + 3) * DAY_MS),
                steps=PERIODS_PER_DAY,
            )
            for day in range(days)
        ]
    )
    weather = random.beta(3, 1.5, (days, 1))
    cloud = np.clip(random.normal(1, 0.1, clear.shape), 0.5, 1.3)
    guess = np.clip(weather * random.normal(1, 0.25, (days, 1)), 0.1, 1.4)
    shade = np.where(np.arange(PERIODS_PER_DAY) < 36, 0.5, 1.0)
    return clear * weather * cloud * shade, 0.8 * clear * guess


def series(values: Floats, *, days: int) -> Series:
    return Series(TODAY.next(-DAYS * PERIODS_PER_DAY), values[:days].ravel())


def test_a_provider_is_put_right_and_its_bands_hold_what_comes() -> None:
    inside, light, error, raw, width, came = 0, 0, 0.0, 0.0, 0.0, 0.0
    for seed in range(12):
        measured, said = sky(seed)
        provider = series(said, days=DAYS + 3)
        taught = learn_sun(
            series(measured, days=DAYS), site=None, providers=[provider], now=MIDNIGHT
        )
        assert taught is not None
        found = forecast_sun(
            taught, series(measured, days=DAYS), providers=[provider], now=MIDNIGHT
        )
        assert found is not None
        truth = measured[DAYS : DAYS + 2].ravel()
        day = truth > 20
        inside += int(((truth >= found.p10_wh) & (truth <= found.p90_wh))[day].sum())
        light += int(day.sum())
        error += float(np.abs(truth - found.mean_wh).sum())
        width += float((found.p90_wh - found.p10_wh).sum())
        came += float(truth.sum())
        raw += float(np.abs(truth - said[DAYS : DAYS + 2].ravel()).sum())

    assert error < 0.85 * raw
    assert inside / light > 0.7
    assert width < came


def test_without_a_provider_the_clear_sky_and_the_last_days_speak() -> None:
    measured, _ = sky(3)
    taught = learn_sun(series(measured, days=DAYS), site=VIENNA, now=MIDNIGHT)
    assert taught is not None

    found = forecast_sun(taught, series(measured, days=DAYS), now=MIDNIGHT)

    assert found is not None
    assert len(found.mean_wh) == 2 * PERIODS_PER_DAY
    assert found.mean_wh[0] == 0  # midnight
    assert found.mean_wh.max() > 100
    assert (found.p10_wh <= found.p90_wh).all()
    assert taught.accuracy is not None
    assert taught.accuracy.provider_nmae is None
    assert taught.accuracy.ours_nmae < 1


def test_the_second_day_is_less_certain_than_the_first() -> None:
    measured, said = sky(5)
    flat = np.tile(said[-3], (DAYS + 3, 1))
    provider = series(flat, days=DAYS + 3)
    past = series(measured, days=DAYS)
    taught = learn_sun(past, site=None, providers=[provider], now=MIDNIGHT)
    assert taught is not None

    found = forecast_sun(taught, past, providers=[provider], now=MIDNIGHT)

    assert found is not None
    width = found.p90_wh - found.p10_wh
    assert width[PERIODS_PER_DAY + 48] > width[48]


def test_a_morning_brighter_than_said_brightens_the_afternoon() -> None:
    measured, said = sky(5)
    provider = series(said, days=DAYS + 3)
    past = series(measured, days=DAYS)
    taught = learn_sun(past, site=None, providers=[provider], now=MIDNIGHT)
    assert taught is not None

    def at_noon(factor: float) -> float:
        today = past
        for index in range(44):
            period = TODAY.next(index)
            usual = provider.at(period)
            assert usual is not None
            today = today.put(period, factor * usual)
        found = forecast_sun(taught, today, providers=[provider], now=NOON)
        assert found is not None
        return float(found.mean_wh[:8].sum())

    assert at_noon(1.6) > at_noon(1.0) > at_noon(0.3)


def test_a_provider_that_falls_silent_is_replaced_by_the_sky() -> None:
    measured, said = sky(5)
    past = series(measured, days=DAYS)
    silent = series(said, days=DAYS)
    taught = learn_sun(past, site=VIENNA, providers=[silent], now=MIDNIGHT)
    placeless = learn_sun(past, site=None, providers=[silent], now=MIDNIGHT)
    assert taught is not None
    assert placeless is not None

    found = forecast_sun(taught, past, providers=[silent], now=MIDNIGHT)

    assert found is not None
    assert found.mean_wh.max() > 50
    assert forecast_sun(placeless, past, providers=[silent], now=MIDNIGHT) is None


def test_a_new_roof_believes_its_provider_within_wide_bands() -> None:
    _, said = sky(5)
    provider = series(said, days=DAYS + 3)
    nothing = Series.of({})

    taught = learn_sun(nothing, site=None, providers=[provider], now=MIDNIGHT)
    assert taught is not None
    found = forecast_sun(taught, nothing, providers=[provider], now=MIDNIGHT)

    assert found is not None
    np.testing.assert_allclose(found.mean_wh, said[DAYS : DAYS + 2].ravel())
    assert taught.accuracy is None
    noon = 44
    assert found.p10_wh[noon] < found.p50_wh[noon] < found.p90_wh[noon]


def test_without_place_and_provider_nobody_can_tell() -> None:
    assert learn_sun(Series.of({}), site=None, now=MIDNIGHT) is None


def test_nothing_comes_at_night_and_never_more_than_the_roof_can_give() -> None:
    measured, said = sky(2)
    provider = series(3 * said, days=DAYS + 3)
    past = series(measured, days=DAYS)
    taught = learn_sun(past, site=None, providers=[provider], now=MIDNIGHT)
    assert taught is not None

    found = forecast_sun(taught, past, providers=[provider], now=MIDNIGHT)

    assert found is not None
    assert found.p90_wh[:8] == pytest.approx(np.zeros(8), abs=1e-9)
    assert found.p90_wh.max() <= 1.3 * measured[:DAYS].max()


def test_a_forecast_from_nights_ago_is_none() -> None:
    measured, _ = sky(3)
    past = series(measured, days=DAYS)
    taught = learn_sun(past, site=VIENNA, now=MIDNIGHT)
    assert taught is not None

    assert forecast_sun(taught, past, now=after(MIDNIGHT, 3 * DAY_MS)) is None


@pytest.mark.parametrize("days", [8, 10, 20])
def test_a_new_providers_first_week_is_not_held_against_it(days: int) -> None:
    day = np.concatenate([np.zeros(24), np.linspace(100, 700, 48), np.zeros(24)])
    start = TODAY.next(-days * PERIODS_PER_DAY)
    measured = Series(start, np.tile(day, days))
    promised = Series(start, 2 * np.tile(day, days + 3))

    learned = learn_sun(measured, site=VIENNA, providers=(promised,), now=MIDNIGHT)
    assert learned is not None
    forecast = forecast_sun(learned, measured, providers=(promised,), now=MIDNIGHT)

    assert forecast is not None
    tomorrow_wh = float(forecast.mean_wh[PERIODS_PER_DAY:].sum())
    assert tomorrow_wh == pytest.approx(float(day.sum()), rel=0.05)
