"""Recorded requests to another optimiser, with the answers it gave.

They speak of fractions of a Wh, a plan of ours of whole watts.  Nothing in such a home
has a size of its own, so the same home a thousand times as large has the same optimum a
thousand times over: planned like that, we are as exact as the answers are.
"""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
import json
from pathlib import Path
from typing import Final, NotRequired, TypedDict

import numpy as np

from custom_components.commonwatt.engine.dispatch.home import (
    Battery,
    Grid,
    HomePlan,
    HomeProblem,
    Horizon,
    Prices,
    Scenario,
    Worth,
)
from tools.bench._dispatch_cases import BATTERY, START, _micro

FINE: Final = 1_000
"""How much larger a home is planned to have milliwatts for watts."""

GRID_W_MAX: Final = 100_000
"""The requests know no limit of the connection."""


class _RequestBattery(TypedDict):
    c_max: float
    d_max: float
    p_a: float
    s_initial: float
    s_max: float
    s_min: float
    charge_from_grid: NotRequired[bool]
    discharge_to_grid: NotRequired[bool]


class _TimeSeries(TypedDict):
    dt: list[int]
    ft: list[float]
    gt: list[float]
    p_E: list[float]
    p_N: list[float]


class _Request(TypedDict):
    batteries: list[_RequestBattery]
    eta_c: float
    eta_d: float
    time_series: _TimeSeries


class _ResponseBattery(TypedDict):
    state_of_charge: list[float]


class _Response(TypedDict):
    objective_value: float
    grid_import: list[float]
    grid_export: list[float]
    batteries: list[_ResponseBattery]


class RecordedRequest(TypedDict):
    """A real optimiser request and what it was answered: Wh, s, EUR per Wh."""

    request: _Request
    expected_response: _Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a recorded request's plan is worth by the rules of whoever answered it."""

    objective: float
    """As recorded: money, and the value of energy stored after the first step."""

    value: float
    """Money and the value of all energy stored at the end."""


def read_request(folder: Path, name: str) -> RecordedRequest:
    """Return a recorded request with its answer."""
    text = (folder / "dispatch" / f"{name}.json").read_text()
    request: RecordedRequest = json.loads(text)
    return request


def enlarged(recorded_request: RecordedRequest, factor: int) -> RecordedRequest:
    """Return the same home, every power and energy of it so many times as large."""
    larger = deepcopy(recorded_request)
    series = larger["request"]["time_series"]
    series["ft"] = [energy * factor for energy in series["ft"]]
    series["gt"] = [energy * factor for energy in series["gt"]]
    for battery in larger["request"]["batteries"]:
        battery["c_max"] *= factor
        battery["d_max"] *= factor
        battery["s_initial"] *= factor
        battery["s_max"] *= factor
        battery["s_min"] *= factor
    return larger


def request_problem(
    recorded_request: RecordedRequest, *, factor: int = 1
) -> HomeProblem:
    """Return the home of a recorded request.

    Its battery serves the house only, as the request's default says; below its least
    content it is charged at once.
    """
    request = recorded_request["request"]
    series, (battery,) = request["time_series"], request["batteries"]
    hours = [seconds / 3600 for seconds in series["dt"]]
    horizon = Horizon(start=START, step_ms=tuple(s * 1000 for s in series["dt"]))

    def watts(values: Sequence[float]) -> tuple[int, ...]:
        return tuple(round(wh / h) for wh, h in zip(values, hours, strict=True))

    capacity_wh = round(battery["s_max"])
    return HomeProblem(
        horizon=horizon,
        scenarios=(
            Scenario(load_w=watts(series["gt"]), production_w=watts(series["ft"])),
        ),
        grid=Grid(
            import_w_max=GRID_W_MAX * factor,
            export_w_max=GRID_W_MAX * factor,
            prices=Prices(
                import_micro_per_kwh=_micro([p * 1000 for p in series["p_N"]]),
                export_micro_per_kwh=_micro([p * 1000 for p in series["p_E"]]),
            ),
        ),
        storages=(
            Battery(
                id=BATTERY,
                stored_wh=round(battery["s_initial"]),
                capacity_wh=capacity_wh,
                reserve_wh=round(battery["s_min"]),
                charge_w_max=round(battery["c_max"]),
                discharge_w_max=round(battery["d_max"]),
                charge_ppm=round(request["eta_c"] * 1e6),
                discharge_ppm=round(request["eta_d"] * 1e6),
                worth=(
                    Worth(
                        energy_wh=capacity_wh,
                        price_micro_per_kwh=round(battery["p_a"] * 1e9),
                    ),
                ),
                charges_from_grid=battery.get("charge_from_grid", False),
                discharges_to_grid=battery.get("discharge_to_grid", False),
            ),
        ),
    )


def recorded_answer(recorded_request: RecordedRequest) -> Answered:
    """Return what the recorded answer is worth."""
    response = recorded_request["expected_response"]
    return _worth(
        recorded_request,
        np.array(response["grid_import"]),
        np.array(response["grid_export"]),
        response["batteries"][0]["state_of_charge"],
    )


def our_answer(recorded_request: RecordedRequest, plan: HomePlan) -> Answered:
    """Return what our plan is worth by the same rules, on the recorded energies."""
    series = recorded_request["request"]["time_series"]
    battery = plan.asset(BATTERY)
    assert battery is not None, "the battery is part of the plan"
    hours = np.array(series["dt"]) / 3600
    net_wh = np.array(series["ft"]) - np.array(series["gt"])
    net_wh += np.array(battery.power_w) * hours
    return _worth(
        recorded_request,
        np.maximum(-net_wh, 0.0),
        np.maximum(net_wh, 0.0),
        battery.stored_wh,
    )


def _worth(
    recorded_request: RecordedRequest,
    imported: np.ndarray,
    exported: np.ndarray,
    stored: Sequence[float],
) -> Answered:
    request = recorded_request["request"]
    series, (battery,) = request["time_series"], request["batteries"]
    money = float(
        exported @ np.array(series["p_E"]) - imported @ np.array(series["p_N"])
    )
    end = stored[-1] * battery["p_a"]
    first = stored[0] * battery["p_a"]
    return Answered(objective=money + end - first, value=money + end)


REQUESTS: Final = ("015-low-soc-initial", "019-unexpected-charge-spikes")
