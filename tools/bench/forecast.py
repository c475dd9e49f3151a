"""How good load forecasts are on recorded homes, walking forward through time.

Usage: script/bench forecast [--json] [--data DIR] [--set NAME ...]
A newcomer has 7, 14, 28 or 90 days; its neighbours have half a year and never include
the newcomer.  Every day of the test weeks is forecast at its midnight from the days
before; models are trained on the day before each test week.  ``nmae`` and ``pinball``
judge the median and the deciles, ``nrmse`` the mean forecast; a rule that knows one
number a step is judged by that number.  All are means over the homes.  After the sets
come what a forecast gains during its day, and the sun on recorded roofs.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
import json
import sys
from time import process_time
from typing import Final

import numpy as np

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.engine.forecast.federation import (
    from_words,
    to_words,
)
from custom_components.commonwatt.engine.forecast.load import (
    SUMS,
    Accuracy,
    Days,
    Experience,
    Floats,
    LoadModel,
    Prior,
    accuracy,
    first_coefficients,
    forecast,
    train,
    view,
)
from tools.bench._forecast_data import RecordedSet, data_folder, recorded_sets
from tools.bench._forecast_day import day_figures
from tools.bench._forecast_rules import RULES
from tools.bench._forecast_sun import sun_figures

DAYS_PER_WEEK: Final = 7
MEDIAN: Final = 4


@dataclass(slots=True)
class Tally:
    """What one model said of one home, step by step."""

    truth: list[Floats] = field(default_factory=list)
    point: list[Floats] = field(default_factory=list)
    mean: list[Floats] = field(default_factory=list)
    quantiles: list[Floats] = field(default_factory=list)

    def add(
        self, truth: Floats, *, point: Floats, mean: Floats, quantiles: Floats | None
    ) -> None:
        """Keep one day."""
        self.truth.append(truth)
        self.point.append(point)
        self.mean.append(mean)
        if quantiles is not None:
            self.quantiles.append(quantiles)

    def accuracy(self) -> Accuracy:
        """Judge all days together."""
        found = accuracy(
            np.concatenate(self.truth),
            point=np.concatenate(self.point),
            mean=np.concatenate(self.mean),
            quantiles=np.concatenate(self.quantiles) if self.quantiles else None,
        )
        assert found is not None, "recorded homes have used something"
        return found


type Figures = dict[str, dict[str, float | None]]
"""Model -> its figures."""

type Table = dict[str, Figures]
"""Days known -> figures."""

type Tallies = defaultdict[str, list[Tally]]
"""Model -> one tally per home."""


def main() -> None:
    """Walk through every set, and print a table or one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="end with a line of JSON")
    parser.add_argument("--data", metavar="DIR", help="folder of recorded data")
    parser.add_argument("--set", action="append", metavar="NAME", dest="names")
    options = parser.parse_args()
    sets, community, seconds = {}, {}, [0.0]
    for recorded in recorded_sets(data_folder(options.data)):
        if options.names and recorded.name not in options.names:
            continue
        sets[recorded.name], community[recorded.name] = walk(recorded, seconds)
    report: dict[str, object] = {
        "sets": sets,
        "community_sum": community,
        "train_s_per_home": round(max(seconds), 3),
    }
    if not options.names:
        folder = data_folder(options.data)
        report["within_the_day"] = day_figures(folder)
        report["sun"] = sun_figures(folder)
        for part in ("within_the_day", "sun"):
            print(f"{part}: {report[part]}", file=sys.stderr)
    if options.json:
        print(json.dumps(report))


def walk(recorded: RecordedSet, seconds: list[float]) -> tuple[Table, Table]:
    """Return the figures of one set, for homes and for their sum, by days known."""
    homes: Table = {}
    sums: Table = {}
    priors = {
        (week, home): prior
        for week in recorded.weeks
        for home, prior in enumerate(priors_without_each(recorded, week))
    }
    for days in recorded.history_days:
        tallies: Tallies = defaultdict(lambda: [Tally() for _ in recorded.homes])
        for week in recorded.weeks:
            for home, history in enumerate(recorded.homes):
                newcomer = _slice(history, week - days, week + DAYS_PER_WEEK)
                prior = priors[week, home]
                seconds.append(
                    test_week(newcomer, days, prior, home=home, tallies=tallies)
                )
        homes[str(days)] = {name: mean_over_homes(t) for name, t in tallies.items()}
        sums[str(days)] = {
            name: figures for name in tallies if (figures := of_the_sum(tallies, name))
        }
        tell_table(recorded.name, days, homes[str(days)], sums[str(days)])
    return homes, sums


def priors_without_each(recorded: RecordedSet, week: int) -> Iterable[Prior | None]:
    """Yield for each home what all the others knew on the day before ``week``."""
    if not recorded.neighbour_days:
        yield from [None] * len(recorded.homes)
        return
    first = max(week - recorded.neighbour_days, 0)
    experiences = [Experience.of(_slice(h, first, week)) for h in recorded.homes]
    for home in range(len(experiences)):
        others = [e for i, e in enumerate(experiences) if e is not None and i != home]
        yield learn_together(others)


def learn_together(experiences: list[Experience]) -> Prior | None:
    """Repeat the sum until the coefficients have settled."""
    coefficients = first_coefficients()
    prior = None
    for _ in range(SUMS):
        # In the words in which members really add up: quantised, modulo 2**64.
        words = [to_words(e.contribution(coefficients)) for e in experiences]
        total = from_words(np.sum(words, axis=0), count=len(words))
        prior = None if total is None else Prior.from_sum(total)
        if prior is None:
            return None
        coefficients = prior.coefficients
    return prior


def test_week(
    history: Days, days: int, prior: Prior | None, *, home: int, tallies: Tallies
) -> float:
    """Forecast every day after the first ``days``; return the seconds of a night."""
    start = process_time()
    models = {"local": train(_slice(history, 0, days))}
    if prior is not None:
        start = process_time()
        models["federated"] = train(_slice(history, 0, days), prior)
    night_s = 0.0
    for day in range(days, history.count):
        past = _slice(history, day - days, day)
        truth, kind = history.energy_wh[day], int(history.kinds[day])
        for name, rule in RULES.items():
            point = rule(past, kind)
            tallies[name][home].add(truth, point=point, mean=point, quantiles=None)
        baselines(past, kind, truth, home=home, tallies=tallies)
        for name, model in models.items():
            ours(model, past, kind, truth, tally=tallies[name][home])
        if day == days:
            night_s = process_time() - start
    return night_s


def baselines(
    past: Days, kind: int, truth: Floats, *, home: int, tallies: Tallies
) -> None:
    """Forecast with the two plain models that ours have to beat."""
    seen = view(past.then_unknown(kind), np.array([past.count]))
    scale_wh = seen.scale_wh[0]
    point = seen.weighted[0, :, MEDIAN] * scale_wh
    usual = seen.usual[0] * scale_wh
    tallies["weighted_median"][home].add(truth, point=point, mean=point, quantiles=None)
    tallies["climatology"][home].add(
        truth, point=usual[:, MEDIAN], mean=usual[:, MEDIAN], quantiles=usual
    )


def ours(
    model: LoadModel, past: Days, kind: int, truth: Floats, *, tally: Tally
) -> None:
    """Forecast with a trained model."""
    found = forecast(model, past, kind)
    unknown = np.full(past.steps, np.nan)
    tally.add(
        truth,
        point=unknown if found is None else found.median_wh,
        mean=unknown if found is None else found.mean_wh,
        quantiles=np.tile(unknown[:, None], 9) if found is None else found.quantiles_wh,
    )


def mean_over_homes(tallies: list[Tally]) -> dict[str, float | None]:
    """Return each figure's mean over homes."""
    found = [tally.accuracy() for tally in tallies]
    covered = [a.coverage for a in found if a.coverage is not None]
    return {
        "nmae": round(float(np.mean([a.nmae for a in found])), 4),
        "nrmse": round(float(np.mean([a.nrmse for a in found])), 4),
        "pinball": round(float(np.mean([a.pinball for a in found])), 4),
        "coverage": round(float(np.mean(covered)), 4) if covered else None,
    }


def of_the_sum(
    tallies: Mapping[str, list[Tally]], name: str
) -> dict[str, float | None]:
    """Return error and bias of the sum of all homes' means; of one home no sum."""
    if name not in tallies or len(tallies[name]) == 1:
        return {}
    truth = np.sum([np.concatenate(tally.truth) for tally in tallies[name]], axis=0)
    mean = np.sum([np.concatenate(tally.mean) for tally in tallies[name]], axis=0)
    known = ~np.isnan(truth) & ~np.isnan(mean)
    error, level = (mean - truth)[known], truth[known].sum()
    return {
        "nmae": round(float(np.abs(error).sum() / level), 4),
        "bias": round(float(error.sum() / level), 4),
    }


def _slice(history: Days, first: int, end: int) -> Days:
    assert first >= 0, "a newcomer's days have all been recorded"
    return Days(energy_wh=history.energy_wh[first:end], kinds=history.kinds[first:end])


def tell_table(
    name: str,
    days: int,
    figures: Mapping[str, Mapping[str, float | None]],
    sums: Mapping[str, Mapping[str, float | None]],
) -> None:
    """Show progress."""
    print(f"{name}, {days} days known", file=sys.stderr)
    for model, row in figures.items():
        cells = "  ".join(
            f"{key} {'  -  ' if value is None else format(value, '.4f')}"
            for key, value in row.items()
        )
        print(f"  {model:16s} {cells}", file=sys.stderr)
    for model, row in sums.items():
        print(f"  sum, {model:11s} {row}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
