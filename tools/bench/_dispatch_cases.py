"""The recorded cases of the dispatch benchmark, read from the folder with real data."""

from collections.abc import Sequence
from dataclasses import replace
import json
import os
from pathlib import Path
from typing import Final, TypedDict

import numpy as np

from custom_components.commonwatt.engine.dispatch.assets import AssetId
from custom_components.commonwatt.engine.dispatch.home import (
    Autonomy,
    Battery,
    Car,
    Converter,
    CycleAppliance,
    FlexibleAppliance,
    Goal,
    Grid,
    HomeProblem,
    Horizon,
    HydrogenStore,
    Prices,
    Scenario,
    Tank,
    Trip,
    Weights,
    Worth,
)
from custom_components.commonwatt.engine.model.period import HOUR_MS, Instant
from tools._engine import ROOT

START: Final = Instant(1_713_744_000_000)
"""2024-04-22T00:00Z: the first day of the recorded case."""

MISS: Final = 2_000_000
"""Micro-currency: goals and runs that must not be missed cost that much."""

SHOWERS: Final = ((6.0, 8.0), (19.0, 21.0))
"""Hours of the day when people want hot water."""

BATTERY: Final = AssetId("battery")
CAR: Final = AssetId("car")


class _Battery(TypedDict):
    cap: float
    pc: float
    pd: float
    eta_c: float
    eta_d: float
    soc_min: float
    soc0: float
    soc_end: float


class _Car(TypedDict):
    win: list[int]
    energy: float
    pmin: float
    pmax: float


class _Appliance(TypedDict):
    p: float
    steps: int
    win: list[int]
    contiguous: bool


class Recorded(TypedDict):
    """A case as it is on disk: kW, kWh, EUR."""

    name: str
    n: int
    dt: float
    load: list[float]
    pv: list[float]
    p_imp: list[float]
    p_exp: list[float]
    imp_max: float
    exp_max: float
    bat: _Battery
    ev: _Car
    defs: list[_Appliance]


def data_folder(given: Path | None = None) -> Path:
    """Return the folder with real data; SystemExit if there is none."""
    named = os.environ.get("COMMONWATT_DATA")
    folder = given or (Path(named) if named else ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        raise SystemExit(f"no data in {folder}: name its folder with --data")
    return folder


def recorded(folder: Path, name: str) -> Recorded:
    """Return the case of that name."""
    case: Recorded = json.loads((folder / "dispatch" / f"{name}.json").read_text())
    return case


def problem_of(case: Recorded, *, start: Instant = START) -> HomeProblem:
    """Return the home of a recorded case."""
    step_ms = round(case["dt"] * HOUR_MS)
    horizon = Horizon.uniform(start, step_ms=step_ms, count=case["n"])
    boundaries = horizon.boundaries
    battery, car = case["bat"], case["ev"]
    first, last = car["win"]
    energy_wh = _kilo(car["energy"])
    leaving = Trip(
        leaves_at=boundaries[last], returns_at=None, stored_wh_goal=energy_wh
    )
    ending = Goal(
        at=horizon.end,
        stored_wh=_kilo(battery["soc_end"] * battery["cap"]),
        miss_micro_per_kwh=MISS,
    )
    return HomeProblem(
        horizon=horizon,
        scenarios=(
            Scenario(load_w=_series(case["load"]), production_w=_series(case["pv"])),
        ),
        grid=Grid(
            import_w_max=_kilo(case["imp_max"]),
            export_w_max=_kilo(case["exp_max"]),
            prices=Prices(
                import_micro_per_kwh=_micro(case["p_imp"]),
                export_micro_per_kwh=_micro(case["p_exp"]),
            ),
        ),
        storages=(
            Battery(
                id=BATTERY,
                stored_wh=_kilo(battery["soc0"] * battery["cap"]),
                capacity_wh=_kilo(battery["cap"]),
                reserve_wh=_kilo(battery["soc_min"] * battery["cap"]),
                charge_w_max=_kilo(battery["pc"]),
                discharge_w_max=_kilo(battery["pd"]),
                charge_ppm=round(battery["eta_c"] * 1e6),
                discharge_ppm=round(battery["eta_d"] * 1e6),
                goals=(ending,),
                worth=(),
            ),
            Car(
                id=CAR,
                stored_wh=0,
                capacity_wh=energy_wh,
                charge_w_min=_kilo(car["pmin"]),
                charge_w_max=_kilo(car["pmax"]),
                charge_ppm=1_000_000,
                arrives_at=boundaries[first],
                trips=(leaving,),
                public_micro_per_kwh=MISS,
                worth=(),
            ),
        ),
        appliances=tuple(
            _appliance(number, appliance, horizon)
            for number, appliance in enumerate(case["defs"])
        ),
    )


def _appliance(
    number: int, appliance: _Appliance, horizon: Horizon
) -> CycleAppliance | FlexibleAppliance:
    step_ms = horizon.step_ms[0]
    earliest, done_by = (horizon.boundaries[step] for step in appliance["win"])
    name, power_w = AssetId(f"appliance {number}"), _kilo(appliance["p"])
    if appliance["contiguous"]:
        return CycleAppliance(
            id=name,
            profile_w=(power_w,) * appliance["steps"],
            profile_step_ms=step_ms,
            earliest=earliest,
            done_by=done_by,
            skip_micro=MISS,
        )
    return FlexibleAppliance(
        id=name,
        power_w=power_w,
        runtime_ms=appliance["steps"] * step_ms,
        earliest=earliest,
        done_by=done_by,
        skip_micro=MISS,
    )


def slightly_more_load(case: Recorded, share: float = 0.01) -> Recorded:
    """Return the same case with a little more load."""
    more = case.copy()
    more["load"] = [load * (1 + share) for load in case["load"]]
    return more


def moved(case: Recorded, steps: int) -> HomeProblem:
    """Return the home so many steps later; beyond its end the case begins again."""

    def roll(values: Sequence[float]) -> list[float]:
        return [*values[steps:], *values[:steps]]

    later = case.copy()
    later["load"], later["pv"] = roll(case["load"]), roll(case["pv"])
    later["p_imp"], later["p_exp"] = roll(case["p_imp"]), roll(case["p_exp"])
    later["ev"] = case["ev"].copy()
    later["ev"]["win"] = [max(0, edge - steps) for edge in case["ev"]["win"]]
    later["defs"] = []
    for appliance in case["defs"]:
        shifted = appliance.copy()
        shifted["win"] = [max(0, edge - steps) for edge in appliance["win"]]
        later["defs"].append(shifted)
    step_ms = round(case["dt"] * HOUR_MS)
    return problem_of(later, start=Instant(START + steps * step_ms))


def everything(case: Recorded, *, scenarios: int = 3, seed: int = 4) -> HomeProblem:
    """Return the case with V2G, hot water, hydrogen, autonomy and scenarios.

    Sizes of tank and hydrogen store are illustrative.
    """
    problem = problem_of(case)
    count, random = case["n"], np.random.default_rng(seed)
    battery, car = problem.storages
    assert isinstance(battery, Battery)
    assert isinstance(car, Car)
    hours = np.arange(count) * case["dt"] % 24
    morning = np.clip(hours, *SHOWERS[0]) == hours
    evening = np.clip(hours, *SHOWERS[1]) == hours
    shower = np.where(morning | evening, 900, 80)
    tank = Tank(
        id=AssetId("tank"),
        stored_wh=4_000,
        capacity_wh=9_000,
        reserve_wh=1_500,
        power_w_max=1_800,
        power_w_min=500,
        cop_ppm=(3_200_000,) * count,
        draw_w=tuple(shower.astype(int).tolist()),
    )
    gas = HydrogenStore(
        id=AssetId("hydrogen"),
        stored_wh=20_000,
        capacity_wh=80_000,
        electrolyser=Converter(
            power_w_max=3_000, power_w_min=600, efficiency_ppm=620_000, heat_ppm=200_000
        ),
        fuel_cell=Converter(
            power_w_max=2_000, efficiency_ppm=500_000, heat_ppm=300_000
        ),
        worth=(Worth(energy_wh=80_000, price_micro_per_kwh=90_000),),
        warms=tank.id,
    )
    expected = problem.scenarios[0]
    return replace(
        problem,
        scenarios=(
            expected,
            *(_otherwise(expected, random) for _ in range(scenarios - 1)),
        ),
        storages=(
            replace(battery, wear_micro_per_kwh=10_000),
            replace(
                car, discharge_w_max=7_400, discharge_ppm=920_000, forms_island=True
            ),
            tank,
            gas,
        ),
        autonomy=Autonomy(hours_ms=8 * HOUR_MS, critical_w=(400,) * count),
        weights=Weights(carbon_ppm=200_000),
        grid=replace(
            problem.grid,
            prices=replace(problem.grid.prices, carbon_g_per_kwh=(380,) * count),
        ),
    )


def _otherwise(expected: Scenario, random: np.random.Generator) -> Scenario:
    """Return another way the days may go: errors that last for hours."""

    def wander(values: Sequence[int | None], spread: float) -> tuple[int, ...]:
        steps = random.normal(0.0, spread, len(values))
        error = np.zeros(len(values))
        for step in range(1, len(values)):
            error[step] = 0.95 * error[step - 1] + steps[step]
        known = np.array([value or 0 for value in values], dtype=np.float64)
        return tuple(np.maximum(known * (1 + error), 0.0).astype(int).tolist())

    return Scenario(
        load_w=wander(expected.load_w, 0.05),
        production_w=wander(expected.production_w, 0.1),
    )


def _kilo(value: float) -> int:
    return round(value * 1000)


def _series(values: Sequence[float]) -> tuple[int, ...]:
    return tuple(round(value * 1000) for value in values)


def _micro(values: Sequence[float]) -> tuple[int, ...]:
    return tuple(round(value * 1e6) for value in values)
