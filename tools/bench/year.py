"""What planning earns in a real year, beside plain self-consumption and foresight.

Usage: script/bench year [--json] [--data FOLDER] [--days N]
Replays a recorded home (every half hour) with a battery of 10 kWh under a dynamic
tariff: the real day-ahead prices of Germany, on the same date or, beyond their end, 52
weeks earlier (the same weekday), plus 0.16 EUR/kWh of fees; export at the day-ahead
price.  Ours knows prices as they are published (the next day's from 12:00 UTC on, about
an hour before the exchange does it in winter) and forecasts load, sun and later prices
from the past only.  It plans every half hour; between two plans the product's
controller follows, every five minutes, what is measured.

All of it takes a quarter of an hour of two cores.

``before`` is the same with the plain forecast: means of the days before, one scenario.

captured_share = (rule - ours) / (rule - perfect foresight)
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
import json
from pathlib import Path
import sys
from typing import Final

import numpy as np

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.engine.dispatch.control import (
    BatteryCourse,
    course_of,
)
from custom_components.commonwatt.engine.dispatch.home import (
    Battery,
    Grid,
    HomePlan,
    HomeProblem,
    Horizon,
    Prices,
)
from custom_components.commonwatt.engine.dispatch.solving import Limits, Planner
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    Instant,
)
from tools.bench._dispatch_cases import BATTERY, data_folder
from tools.bench._year_forecast import (
    Expected,
    Forecaster,
    Learned,
    plainly,
    scenario,
    whole,
)
from tools.bench._year_home import DAY, Year, read_year

HOURS: Final = 0.5
STEP_MS: Final = HOUR_MS // 2
CAPACITY_WH: Final = 10_000
POWER_W: Final = 5_000
EFFICIENCY: Final = 0.95
AHEAD: Final = 72
"""Steps a plan looks ahead: a day and a half."""

CHUNK, OVERLAP = 14 * DAY, 3 * DAY
LOOK_MS: Final = 5 * MINUTE_MS
"""How often the controller looks what to do."""

LOOKS: Final = STEP_MS // LOOK_MS
LIMITS: Final = Limits(seconds=3.0, gap=1e-3)


def main() -> None:
    """Replay, and print a table or one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="end with a line of JSON")
    parser.add_argument("--data", type=Path, help="folder with real data")
    parser.add_argument("--days", type=int, default=365, metavar="N")
    options = parser.parse_args()
    year = read_year(data_folder(options.data), days=options.days)
    with ProcessPoolExecutor() as workers:
        running = [workers.submit(replay, year) for replay in (learned, plain, seeing)]
        ours, before, perfect = (cost_of(year, r.result()) for r in running)
    rule = cost_of(year, by_rule(year))
    figures = {
        "days": len(year.load_w) // DAY,
        "rule_eur": round(rule, 2),
        "before_eur": round(before, 2),
        "ours_eur": round(ours, 2),
        "perfect_eur": round(perfect, 2),
        "captured_share_before": round((rule - before) / (rule - perfect), 4),
        "captured_share": round((rule - ours) / (rule - perfect), 4),
        "forecasts_before": "means of the days before, one scenario",
        "forecasts": "engine/forecast: learned nightly, five scenarios",
        "tariff": "DE day-ahead + 0.16 EUR/kWh; export at day-ahead",
        "filled_half_hours": year.filled,
    }
    for key, value in figures.items():
        tell(f"{key:>20} {value}")
    if options.json:
        print(json.dumps(figures))


def cost_of(year: Year, battery_w: np.ndarray) -> float:
    """Return what a year costs; what is left in the battery is worth the mean price."""
    stored = CAPACITY_WH / 2 - sum(map(flow_wh, battery_w.tolist()))
    net_kw = (year.load_w - year.production_w - battery_w) / 1000
    price = np.where(net_kw > 0, year.buy, year.sell)
    left = (stored - CAPACITY_WH / 2) / 1000 * EFFICIENCY * float(year.buy.mean())
    return float(net_kw * price @ np.full(len(net_kw), HOURS)) - left


def flow_wh(power_w: float, hours: float = HOURS) -> float:
    """Return what leaves the battery at a power (+ is discharging)."""
    factor = 1 / EFFICIENCY if power_w > 0 else EFFICIENCY
    return power_w * factor * hours


def possible_w(wanted_w: float, stored_wh: float, hours: float = HOURS) -> float:
    """Return the power nearest to the wanted one that the battery can do."""
    most = min(POWER_W, stored_wh * EFFICIENCY / hours)
    least = -min(POWER_W, (CAPACITY_WH - stored_wh) / EFFICIENCY / hours)
    return min(max(wanted_w, least), most)


def by_rule(year: Year) -> np.ndarray:
    """Return the powers of plain self-consumption."""
    stored, powers = CAPACITY_WH / 2, np.zeros(len(year.load_w))
    for step, net_w in enumerate(year.load_w - year.production_w):
        powers[step] = possible_w(float(net_w), stored)
        stored -= flow_wh(powers[step])
    return powers


def seeing(year: Year) -> np.ndarray:
    """Return the powers of somebody who knows the coming fortnight, and three days."""
    powers, stored = np.zeros(len(year.load_w)), CAPACITY_WH / 2
    for first in range(0, len(powers), CHUNK):
        last = min(first + CHUNK + OVERLAP, len(powers))
        problem = problem_of(year, first, stored, known(year, first, last))
        plan = Planner(replace(LIMITS, seconds=20.0)).plan(problem)
        battery = plan.asset(BATTERY)
        assert battery is not None, f"no plan with foresight: {plan.reason}"
        for step in range(first, min(first + CHUNK, len(powers))):
            powers[step] = possible_w(battery.power_w[step - first], stored)
            stored -= flow_wh(powers[step])
        tell(f"foresight until day {min(first + CHUNK, len(powers)) // DAY}")
    return powers


def known(year: Year, first: int, last: int) -> Expected:
    """Return what really comes."""
    coming = slice(first, last)
    return Expected(
        scenarios=(scenario(year.load_w[coming], year.production_w[coming]),),
        buy=year.buy[coming],
        sell=year.sell[coming],
    )


def learned(year: Year) -> np.ndarray:
    """Return the powers of ours, with the engine's forecasts."""
    return planned(year, Learned(year))


def plain(year: Year) -> np.ndarray:
    """Return the powers of ours, with the plain forecast."""
    return planned(year, plainly(year))


def planned(year: Year, forecaster: Forecaster) -> np.ndarray:
    """Return the mean powers of a home that plans again and again, and follows."""
    powers, stored = np.zeros(len(year.load_w)), CAPACITY_WH / 2
    planner = Planner(LIMITS)
    for step in range(len(powers)):
        problem = problem_of(year, step, stored, forecaster(step, AHEAD))
        plan = planner.plan(problem)
        powers[step], stored = followed(year, step, stored, problem, plan)
        if step % (30 * DAY) == 0:
            tell(f"day {step // DAY}")
    return powers


def followed(
    year: Year, step: int, stored: float, problem: HomeProblem, plan: HomePlan
) -> tuple[float, float]:
    """Return the mean power of a half hour, and what is in the battery after it."""
    net_w = float(year.load_w[step] - year.production_w[step])
    hours, powers = HOURS / LOOKS, []
    for look in range(LOOKS):
        now = Instant(year.start + step * STEP_MS + look * LOOK_MS)
        course = course_of(problem, plan, now, stored_wh={BATTERY: round(stored)})
        assert course is not None, f"no plan in step {step}: {plan.reason}"
        wanted_w = settled_w(course.batteries[0], net_w, stored)
        powers.append(possible_w(wanted_w, stored, hours))
        stored -= flow_wh(powers[-1], hours)
    return sum(powers) / LOOKS, stored


def settled_w(course: BatteryCourse, net_w: float, stored_wh: float) -> float:
    """Return the power at which the controller comes to rest (its loop takes a minute).

    A forced power as it is; else the meter at zero, as far as that is allowed.
    """
    if course.forced_w is not None:
        return course.forced_w
    if net_w > 0:
        gives = course.may_discharge and stored_wh > course.floor_wh
        return net_w if gives else 0.0
    return net_w if course.may_charge else 0.0


def problem_of(
    year: Year, first: int, stored_wh: float, expected: Expected
) -> HomeProblem:
    """Return the home from a step on."""
    start = Instant(year.start + first * STEP_MS)
    count = len(expected.buy)
    return HomeProblem(
        horizon=Horizon.uniform(start, step_ms=STEP_MS, count=count),
        scenarios=expected.scenarios,
        grid=Grid(
            import_w_max=30_000,
            export_w_max=30_000,
            prices=Prices(
                import_micro_per_kwh=whole(expected.buy * 1e6),
                export_micro_per_kwh=whole(expected.sell * 1e6),
            ),
        ),
        storages=(
            Battery(
                id=BATTERY,
                stored_wh=round(stored_wh),
                capacity_wh=CAPACITY_WH,
                charge_w_max=POWER_W,
                discharge_w_max=POWER_W,
                charge_ppm=round(EFFICIENCY * 1e6),
                discharge_ppm=round(EFFICIENCY * 1e6),
            ),
        ),
    )


def tell(line: str) -> None:
    """Print progress."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
