# ruff: noqa: ANN401  # EMHASS and what it eats have no types
"""Run by EMHASS's own Python: solves a recorded case and prints one line of JSON.

Needs nothing but EMHASS and what it brings along.  The battery's limits are set so that
both are those of the case at the AC side; the car is a load with a least power, the
first appliance runs without a break, the second whenever it likes.
"""

from importlib import import_module
import json
import logging
from pathlib import Path
import sys
from time import perf_counter
from typing import Any

BUY, SELL = "unit_load_cost", "unit_prod_price"
RESOLVES = 3


def main() -> None:
    """Solve the case named on the command line."""
    case = json.loads(Path(sys.argv[1]).read_text())
    optimizer = optimizer_of(case)
    start = perf_counter()
    objective = solve(optimizer, case, load_factor=1.0)
    first_s = perf_counter() - start
    resolves = []
    for number in range(RESOLVES):
        start = perf_counter()
        solve(optimizer, case, load_factor=1.01 if number % 2 == 0 else 1.0)
        resolves.append(perf_counter() - start)
    figures = {
        "objective": round(objective, 6),
        "first_s": round(first_s, 4),
        "resolve_s": round(sorted(resolves)[RESOLVES // 2], 4),
    }
    print(json.dumps(figures))


def optimizer_of(case: Any) -> Any:
    """Return EMHASS's optimizer, set up for a case."""
    emhass = Path(import_module("emhass").__file__ or "").parent
    defaults = json.loads((emhass / "data" / "config_defaults.json").read_text())
    settings = {**defaults, **home_settings(case), **appliance_settings(case)}
    logger = logging.getLogger("emhass")
    logger.setLevel(logging.ERROR)
    optimization = import_module("emhass.optimization").Optimization
    paths = {"data_path": Path(), "root_path": emhass}
    return optimization(
        settings, settings, settings, BUY, SELL, "profit", paths, logger, case["n"]
    )


def home_settings(case: Any) -> dict[str, Any]:
    """Return what EMHASS calls the settings of the system and of the battery."""
    pandas = import_module("pandas")
    battery = case["bat"]
    return {
        "optimization_time_step": pandas.to_timedelta(case["dt"], "hours"),
        "time_zone": "UTC",
        "sensor_power_photovoltaics": "pv",
        "sensor_power_load_no_var_loads": "load",
        "delta_forecast_daily": pandas.to_timedelta(case["n"] * case["dt"], "hours"),
        "costfun": "profit",
        "lp_solver_mip_rel_gap": 1e-4,
        "lp_solver_timeout": 300,
        "num_threads": 1,
        "set_use_battery": True,
        "set_use_pv": True,
        "set_total_pv_sell": False,
        "inverter_is_hybrid": False,
        "compute_curtailment": False,
        "weight_battery_charge": 0.0,
        "weight_battery_discharge": 0.0,
        "set_nocharge_from_grid": False,
        "set_nodischarge_to_grid": False,
        "set_battery_dynamic": False,
        "maximum_power_from_grid": case["imp_max"] * 1000,
        "maximum_power_to_grid": case["exp_max"] * 1000,
        "battery_nominal_energy_capacity": battery["cap"] * 1000,
        "battery_discharge_power_max": battery["pd"] * 1000 / battery["eta_d"],
        "battery_charge_power_max": battery["pc"] * 1000,
        "battery_discharge_efficiency": battery["eta_d"],
        "battery_charge_efficiency": battery["eta_c"],
        "battery_minimum_state_of_charge": battery["soc_min"],
        "battery_maximum_state_of_charge": battery["soc_max"],
        "battery_target_state_of_charge": battery["soc_end"],
    }


def appliance_settings(case: Any) -> dict[str, Any]:
    """Return the car and the two appliances as EMHASS's deferrable loads."""
    car = case["ev"]
    first, second = case["defs"]
    return {
        "number_of_deferrable_loads": 3,
        "nominal_power_of_deferrable_loads": [
            car["pmax"] * 1000,
            first["p"] * 1000,
            second["p"] * 1000,
        ],
        "minimum_power_of_deferrable_loads": [car["pmin"] * 1000, 0, 0],
        "operating_hours_of_each_deferrable_load": [
            car["energy"] / car["pmax"],
            first["steps"] * case["dt"],
            second["steps"] * case["dt"],
        ],
        "treat_deferrable_load_as_semi_cont": [False, True, True],
        "set_deferrable_load_single_constant": [False, True, False],
        "set_deferrable_startup_penalty": [0.0, 0.0, 0.0],
        "set_deferrable_max_startups": [0, 0, 0],
        "start_timesteps_of_each_deferrable_load": [
            car["win"][0],
            first["win"][0],
            second["win"][0],
        ],
        "end_timesteps_of_each_deferrable_load": [
            car["win"][1],
            first["win"][1],
            second["win"][1],
        ],
        "def_current_state": [False, False, False],
        "def_load_config": [{}, {}, {}],
        "deferrable_load_max_cost": [0.0, 0.0, 0.0],
        "is_electric_load": [True, True, True],
        "def_minimum_on_time": [0, 0, 0],
        "def_minimum_off_time": [0, 0, 0],
    }


def solve(optimizer: Any, case: Any, *, load_factor: float) -> float:
    """Return what the plan of a case costs, recomputed from its grid power."""
    pandas = import_module("pandas")
    count, hours = case["n"], case["dt"]
    index = pandas.date_range(
        "2024-04-22", periods=count, freq=pandas.to_timedelta(hours, "hours"), tz="UTC"
    )
    data = pandas.DataFrame({BUY: case["p_imp"], SELL: case["p_exp"]}, index=index)
    pv = pandas.Series([power * 1000 for power in case["pv"]], index=index)
    load = pandas.Series(
        [power * 1000 * load_factor for power in case["load"]], index=index
    )
    soc = case["bat"]["soc0"], case["bat"]["soc_end"]
    result = optimizer.perform_dayahead_forecast_optim(data, pv, load, *soc)
    grid = [power / 1000 for power in result["P_grid"]]
    check(case, result)
    prices = zip(grid, case["p_imp"], case["p_exp"], strict=True)
    cost: float = sum(
        power * (bought if power > 0 else sold) * hours
        for power, bought, sold in prices
    )
    return cost


def check(case: Any, result: Any) -> None:
    """Refuse a plan that does not do what the case asks for."""
    wanted = [case["ev"]["energy"]]
    wanted += [load["p"] * load["steps"] * case["dt"] for load in case["defs"]]
    windows = [case["ev"]["win"], *(load["win"] for load in case["defs"])]
    for number, (energy, (first, last)) in enumerate(zip(wanted, windows, strict=True)):
        power = [watts / 1000 for watts in result[f"P_deferrable{number}"]]
        inside = sum(power[first:last]) * case["dt"]
        if abs(inside - energy) > energy * 1e-3:
            raise SystemExit(f"load {number}: {inside} kWh instead of {energy}")


if __name__ == "__main__":
    main()
