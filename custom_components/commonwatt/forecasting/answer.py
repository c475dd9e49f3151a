"""The forecasts as automations, cards and other integrations read them."""

from homeassistant.util.json import JsonValueType

from ..engine.forecast.energy_forecast import EnergyForecast
from ..engine.forecast.series import Floats
from ..engine.model.period import datetime_from_instant
from .foresight import Expected, Foresight


def forecast_as_json(expected: Expected) -> dict[str, JsonValueType]:
    """Return a forecast in Wh per quarter of an hour; null where nothing is known."""
    known = expected.load or expected.sun
    starts: list[JsonValueType] = []
    if known is not None:
        starts = [
            datetime_from_instant(known.first.next(index).start).isoformat()
            for index in range(len(known.mean_wh))
        ]
    return {
        "made_at": datetime_from_instant(expected.made_at).isoformat(),
        "starts": starts,
        "load": _part(expected.load, len(starts)),
        "solar": _part(expected.sun, len(starts)),
        "scenarios": [
            {
                "weight_percent": path.weight_ppm / 10_000,
                "load_wh": _whole(path.load_wh, len(starts)),
                "solar_wh": _whole(path.production_wh, len(starts)),
            }
            for path in expected.paths
        ],
    }


def forecast_diagnostics(foresight: Foresight) -> dict[str, JsonValueType]:
    """Return what was learned and how well, for a file that is sent to strangers."""
    load, sun, expected = (
        foresight.learned_load,
        foresight.learned_sun,
        foresight.expected,
    )
    return {
        "days_learned": None if load is None else load.days_known,
        "from_neighbours": None if load is None else load.from_neighbours,
        "load_error": None if load is None else repr(load.accuracy),
        "panels": foresight.has_panels,
        "providers": len(foresight.providers),
        "solar_error": None if sun is None else repr(sun.accuracy),
        "nowcast_by_neighbours": None
        if sun is None or sun.nowcast is None
        else {"slope": sun.nowcast.slope, "weight": sun.nowcast.weight},
        "cars": len(foresight.cars.cars),
        "expected": None if expected is None else forecast_as_json(expected),
    }


def _part(forecast: EnergyForecast | None, count: int) -> JsonValueType:
    if forecast is None:
        return None
    return {
        "mean_wh": _whole(forecast.mean_wh, count),
        "p10_wh": _whole(forecast.p10_wh, count),
        "p50_wh": _whole(forecast.p50_wh, count),
        "p90_wh": _whole(forecast.p90_wh, count),
    }


def _whole(energy_wh: Floats, count: int) -> list[JsonValueType]:
    known: list[JsonValueType] = [round(float(wh)) for wh in energy_wh[:count]]
    return known + [None] * (count - len(known))
