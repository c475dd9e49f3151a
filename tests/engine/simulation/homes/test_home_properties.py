"""Whatever a home has and is told: power balances, energy adds up, chance is fixed."""

from dataclasses import astuple

from hypothesis import given, settings, strategies as st

from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    Instant,
)
from custom_components.commonwatt.engine.model.units import PPM
from custom_components.commonwatt.engine.simulation.homes import (
    HOME,
    HomeCommands,
    HomeModel,
    HomeSpec,
    HomeState,
)
from tests.engine.simulation.homes.imagined import (
    EVERYTHING,
    SPECS,
    commands,
    home,
    minutes,
    specs,
    starts,
)

WH_MJ = 3_600_000
SPAN_MS = 3 * HOUR_MS


@st.composite
def evenings(draw: st.DrawFn) -> tuple[HomeSpec, int, Instant, list[HomeCommands]]:
    """Return a home, a seed, a start and what it is told in three stretches."""
    started_at = draw(starts)
    told = commands(since=started_at, span_ms=SPAN_MS)
    return (
        draw(specs),
        draw(st.integers(0, 99)),
        started_at,
        draw(st.lists(told, min_size=3, max_size=3)),
    )


def live(
    model: HomeModel, told: list[HomeCommands], cuts: list[int], started_at: Instant
) -> list[HomeState]:
    """Advance through three stretches of an hour, cut at ``cuts`` (ms) as well."""
    states = []
    for number, one in enumerate(told):
        begin, end = started_at + number * HOUR_MS, started_at + (number + 1) * HOUR_MS
        stops = sorted({*(started_at + cut for cut in cuts), end})
        inside = [Instant(stop) for stop in stops if begin <= stop <= end]
        states.extend([model.advance(stop, one) for stop in inside])
    return states


@given(evening=evenings(), cuts=st.lists(st.integers(0, SPAN_MS), max_size=12))
@settings(max_examples=25, deadline=None)
def test_power_balances_at_the_meter_at_every_instant(
    evening: tuple[HomeSpec, int, Instant, list[HomeCommands]], cuts: list[int]
) -> None:
    spec, seed, started_at, told = evening

    for state in live(
        home(spec, seed=seed, started_at=started_at), told, cuts, started_at
    ):
        given_w = state.grid_w + state.production_w + state.battery_w + state.hydrogen_w
        assert given_w == state.consumption_w
        assert sum(state.grid_phases_w) == state.grid_w
        assert 0 <= state.pv_w <= state.pv_available_w
        assert min(state.load_w, state.charger_w, state.wind_w, state.chp_w) >= 0


@given(evening=evenings(), cuts=st.lists(st.integers(0, SPAN_MS), max_size=12))
@settings(max_examples=25, deadline=None)
def test_how_time_is_cut_changes_nothing(
    evening: tuple[HomeSpec, int, Instant, list[HomeCommands]], cuts: list[int]
) -> None:
    spec, seed, started_at, told = evening
    whole = home(spec, seed=seed, started_at=started_at)
    pieces = home(spec, seed=seed, started_at=started_at)

    live(whole, told, [], started_at)
    live(pieces, told, cuts, started_at)

    assert pieces.state == whole.state


@given(spec=specs, seed=st.integers(0, 99), started_at=starts)
@settings(max_examples=25, deadline=None)
def test_counters_are_the_integral_of_power_and_never_go_back(
    spec: HomeSpec, seed: int, started_at: Instant
) -> None:
    model = home(spec, seed=seed, started_at=started_at)
    before = model.state
    energy_mj = dict.fromkeys(("import_wh", "export_wh", "pv_wh", "charger_wh"), 0)
    for number in range(1, 181):
        end = (started_at // MINUTE_MS + number) * MINUTE_MS
        span_ms = end - before.at
        for name, power_w in (
            ("import_wh", max(before.grid_w, 0)),
            ("export_wh", max(-before.grid_w, 0)),
            ("pv_wh", before.pv_w),
            ("charger_wh", before.charger_w),
        ):
            energy_mj[name] += power_w * span_ms

        after = model.advance(Instant(end))

        for name, energy in energy_mj.items():
            assert getattr(after.counters, name) == energy // WH_MJ
        assert all(
            new >= old
            for new, old in zip(
                astuple(after.counters), astuple(before.counters), strict=True
            )
        )
        before = after


@given(evening=evenings())
@settings(max_examples=30, deadline=None)
def test_the_battery_stores_what_flows_in_less_its_losses(
    evening: tuple[HomeSpec, int, Instant, list[HomeCommands]],
) -> None:
    _, seed, started_at, told = evening
    spec = EVERYTHING.battery
    assert spec is not None
    model = home(EVERYTHING, seed=seed, started_at=started_at)
    first = model.state

    for number, one in enumerate(told):
        state = model.advance(Instant(started_at + (number + 1) * HOUR_MS), one)
        assert first.battery is not None
        assert state.battery is not None
        assert spec.soc_ppm_min <= state.battery.soc_ppm <= PPM
        charged = state.counters.battery_charged_wh * spec.charge_efficiency_ppm
        discharged = state.counters.battery_discharged_wh * PPM
        expected_wh = charged // PPM - discharged // spec.discharge_efficiency_ppm
        stored_wh = state.battery.stored_wh - first.battery.stored_wh
        # Each of 180 minutes rounds by less than a watt, each counter by one Wh.
        assert abs(stored_wh - expected_wh) <= 6


@given(evening=evenings())
@settings(max_examples=30, deadline=None)
def test_stores_never_overflow_and_never_run_dry(
    evening: tuple[HomeSpec, int, Instant, list[HomeCommands]],
) -> None:
    _, seed, started_at, told = evening

    for state in live(
        home(EVERYTHING, seed=seed, started_at=started_at), told, [], started_at
    ):
        assert state.battery is not None
        assert state.hydrogen is not None
        assert state.biogas is not None
        assert state.car is not None
        for share in (
            state.battery.soc_ppm,
            state.hydrogen.fill_ppm,
            state.biogas.fill_ppm,
            state.car.soc_ppm,
        ):
            assert 0 <= share <= PPM


@given(spec=specs, seed=st.integers(0, 99), days=st.integers(1, 20_000))
@settings(max_examples=15, deadline=None)
def test_the_date_plays_no_part_but_the_seed_does(
    spec: HomeSpec, seed: int, days: int
) -> None:
    started_at = minutes(0)
    later_at = Instant(started_at + days * DAY_MS)
    model = home(spec, seed=seed, started_at=started_at)
    later = home(spec, seed=seed, started_at=later_at)
    other = home(spec, seed=seed + 100, started_at=started_at)
    model.advance(Instant(started_at + 6 * HOUR_MS))
    later.advance(Instant(later_at + 6 * HOUR_MS))
    other.advance(Instant(started_at + 6 * HOUR_MS))

    assert later.state.counters == model.state.counters
    assert later.state.grid_phases_w == model.state.grid_phases_w
    assert spec.key == "turbine" or other.state.counters != model.state.counters


def test_looking_without_letting_time_pass_changes_nothing() -> None:
    model = home(SPECS[HOME])
    model.advance(minutes(17))
    state = model.state

    model.advance(minutes(17), HomeCommands(battery_reserve_ppm=500_000))
    model.advance(minutes(17))

    assert model.state == state
