"""What planning earns in a real year, beside plain self-consumption and foresight.

Usage: script/bench year [--json] [--data FOLDER] [--days N]
Replays a recorded home (every half hour) with a battery of 10 kWh under a dynamic
tariff: the real day-ahead prices of Germany, on the same date or, beyond their end, 52
weeks earlier (the same weekday), plus 0.16 EUR/kWh of fees; export at the day-ahead
price.  Ours plans every hour; it knows prices as they are published (the next day's
from 12:00 UTC on, about an hour before the exchange does it in winter) and forecasts
load, sun and later prices from the past only.

captured_share = (rule - ours) / (rule - perfect foresight)
"""

import argparse
from dataclasses import dataclass, replace
import json
from pathlib import Path
import sys
from typing import Final

import numpy as np

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.engine.dispatch.home import (
    Battery,
    Grid,
    HomeProblem,
    Horizon,
    Prices,
    Scenario,
)
from custom_components.commonwatt.engine.dispatch.solving import Limits, Planner
from custom_components.commonwatt.engine.model.period import HOUR_MS, Instant
from tools.bench._dispatch_cases import BATTERY, data_folder
from tools.bench._year_home import DAY, Year, expected, read_year

HOURS: Final = 0.5
STEP_MS: Final = HOUR_MS // 2
CAPACITY_WH: Final = 10_000
POWER_W: Final = 5_000
EFFICIENCY: Final = 0.95
AHEAD: Final = 72
"""Steps a plan looks ahead: a day and a half."""

EVERY: Final = 2
"""Steps between two plans."""

CHUNK, OVERLAP = 14 * DAY, 3 * DAY
IDLE_W: Final = 50
LIMITS: Final = Limits(seconds=3.0, gap=1e-3)


def main() -> None:
    """Replay, and print a table or one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="end with a line of JSON")
    parser.add_argument("--data", type=Path, help="folder with real data")
    parser.add_argument("--days", type=int, default=365, metavar="N")
    options = parser.parse_args()
    year = read_year(data_folder(options.data), days=options.days)
    rule = cost_of(year, by_rule(year))
    perfect = cost_of(year, with_foresight(year))
    ours = cost_of(year, planned(year))
    figures = {
        "days": len(year.load_w) // DAY,
        "rule_eur": round(rule, 2),
        "ours_eur": round(ours, 2),
        "perfect_eur": round(perfect, 2),
        "captured_share": round((rule - ours) / (rule - perfect), 4),
        "tariff": "DE day-ahead + 0.16 EUR/kWh; export at day-ahead",
        "filled_half_hours": year.filled,
    }
    for key, value in figures.items():
        tell(f"{key:>20} {value}")
    if options.json:
        print(json.dumps(figures))


def cost_of(year: Year, battery_w: np.ndarray) -> float:
    """Return what a year costs; what is left in the battery is worth the mean price."""
    stored = CAPACITY_WH / 2
    for power_w in battery_w:
        stored -= flow_wh(power_w)
    net_kw = (year.load_w - year.production_w - battery_w) / 1000
    price = np.where(net_kw > 0, year.buy, year.sell)
    left = (stored - CAPACITY_WH / 2) / 1000 * EFFICIENCY * float(year.buy.mean())
    return float(net_kw * price @ np.full(len(net_kw), HOURS)) - left


def flow_wh(power_w: float) -> float:
    """Return what leaves the battery in one step at a power (+ is discharging)."""
    factor = 1 / EFFICIENCY if power_w > 0 else EFFICIENCY
    return power_w * factor * HOURS


def possible_w(wanted_w: float, stored_wh: float) -> float:
    """Return the power nearest to the wanted one that the battery can do."""
    most = min(POWER_W, stored_wh * EFFICIENCY / HOURS)
    least = -min(POWER_W, (CAPACITY_WH - stored_wh) / EFFICIENCY / HOURS)
    return min(max(wanted_w, least), most)


def by_rule(year: Year) -> np.ndarray:
    """Return the powers of plain self-consumption."""
    stored, powers = CAPACITY_WH / 2, np.zeros(len(year.load_w))
    for step, net_w in enumerate(year.load_w - year.production_w):
        powers[step] = possible_w(float(net_w), stored)
        stored -= flow_wh(powers[step])
    return powers


def with_foresight(year: Year) -> np.ndarray:
    """Return the powers of somebody who knows the coming fortnight, and three days."""
    powers, stored = np.zeros(len(year.load_w)), CAPACITY_WH / 2
    for first in range(0, len(powers), CHUNK):
        last = min(first + CHUNK + OVERLAP, len(powers))
        known = slice(first, last)
        problem = problem_of(
            first,
            stored,
            year.load_w[known],
            year.production_w[known],
            year.buy[known],
            year.sell[known],
        )
        plan = Planner(replace(LIMITS, seconds=20.0)).plan(problem)
        battery = plan.asset(BATTERY)
        assert battery is not None, f"no plan with foresight: {plan.reason}"
        for step in range(first, min(first + CHUNK, len(powers))):
            powers[step] = possible_w(battery.power_w[step - first], stored)
            stored -= flow_wh(powers[step])
        tell(f"foresight until day {min(first + CHUNK, len(powers)) // DAY}")
    return powers


def planned(year: Year) -> np.ndarray:
    """Return the powers of ours: a plan each hour, followed as a controller would."""
    powers, stored = np.zeros(len(year.load_w)), CAPACITY_WH / 2
    planner = Planner(LIMITS)
    policy: list[Intent] = []
    for step in range(len(powers)):
        if step % EVERY == 0:
            forecast = expected(year, step, AHEAD)
            plan = planner.plan(problem_of(step, stored, *forecast))
            battery = plan.asset(BATTERY)
            assert battery is not None, f"no plan in step {step}: {plan.reason}"
            policy = [
                Intent(
                    battery_w=battery.power_w[later],
                    export_w=plan.net_export_w[later],
                    value=battery.value_micro_per_kwh[later] / 1e6,
                )
                for later in range(EVERY)
            ]
        net_w = float(year.load_w[step] - year.production_w[step])
        intent = policy[step % EVERY]
        wanted = follow(intent, net_w, float(year.buy[step]), float(year.sell[step]))
        powers[step] = possible_w(wanted, stored)
        stored -= flow_wh(powers[step])
        if step % (30 * DAY) == 0:
            tell(f"day {step // DAY}")
    return powers


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What a plan means for one step."""

    battery_w: int
    export_w: int
    value: float
    """EUR a stored kWh is worth from then on."""


def follow(intent: Intent, net_w: float, buy: float, sell: float) -> float:
    """Return the power that does what a plan means when load and sun are different.

    Buying for later and selling are done as planned.  A deficit is covered, and a
    surplus kept, if the plan does so; where it expected the opposite, if buying is
    dearer than what is stored is worth, or selling brings less.
    """
    if intent.battery_w < -IDLE_W and intent.export_w < -IDLE_W:
        return min(float(intent.battery_w), net_w)
    if intent.battery_w > IDLE_W and intent.export_w > IDLE_W:
        return max(float(intent.battery_w), net_w)
    as_expected = net_w * (intent.battery_w - intent.export_w) > 0
    if as_expected:
        return net_w if net_w * intent.battery_w > 0 else 0.0
    if net_w > 0:
        return net_w if buy > intent.value / EFFICIENCY else 0.0
    return net_w if sell < intent.value * EFFICIENCY else 0.0


def problem_of(
    first: int,
    stored_wh: float,
    load_w: np.ndarray,
    production_w: np.ndarray,
    buy: np.ndarray,
    sell: np.ndarray,
) -> HomeProblem:
    """Return the home from a step on."""
    start = Instant(first * STEP_MS)
    return HomeProblem(
        horizon=Horizon.uniform(start, step_ms=STEP_MS, count=len(load_w)),
        scenarios=(Scenario(load_w=whole(load_w), production_w=whole(production_w)),),
        grid=Grid(
            import_w_max=30_000,
            export_w_max=30_000,
            prices=Prices(
                import_micro_per_kwh=whole(buy * 1e6),
                export_micro_per_kwh=whole(sell * 1e6),
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


def whole(values: np.ndarray) -> tuple[int, ...]:
    """Return integers."""
    return tuple(np.round(values).astype(np.int64).tolist())


def tell(line: str) -> None:
    """Print progress."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
