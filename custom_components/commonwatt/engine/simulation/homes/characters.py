"""The twelve homes of the demo neighbourhood, as data, and who follows which recording.

The user's own home has everything; eleven neighbours differ in character.
"""

from collections.abc import Mapping
from itertools import cycle
from typing import Final

from ...model.period import Instant
from .calendar import DAYS_PER_WEEK, EVERY_DAY, WEEKEND, WORKDAYS
from .model import HomeModel
from .spec import (
    BatterySpec,
    CarSpec,
    CHPSpec,
    Habit,
    HeatPumpSpec,
    HomeKey,
    HomeSpec,
    HotWaterSpec,
    HydrogenSpec,
    PVSpec,
    Trip,
    WindShare,
    WindSpec,
)
from .traces import Recording, Traces
from .weather import Weather

HOME: Final = HomeKey("home")
"""The user's."""

TURBINE: Final = WindSpec(rated_w=14_000)

COMMUTE: Final = Trip(
    weekdays=WORKDAYS,
    departs_minute=7 * 60 + 50,
    returns_minute=17 * 60 + 40,
    energy_wh=9_000,
    soc_ppm_needed=500_000,
    is_to_work=True,
)
OUTING: Final = Trip(
    weekdays=WEEKEND,
    departs_minute=14 * 60,
    returns_minute=18 * 60 + 30,
    energy_wh=11_000,
    soc_ppm_needed=500_000,
)
NIGHT_SHIFT: Final = Trip(
    weekdays=EVERY_DAY,
    departs_minute=20 * 60 + 45,
    returns_minute=30 * 60 + 40,
    energy_wh=16_000,
    soc_ppm_needed=700_000,
)
SCHOOL_RUN: Final = Trip(
    weekdays=WORKDAYS,
    departs_minute=8 * 60 + 10,
    returns_minute=9 * 60,
    energy_wh=2_500,
    soc_ppm_needed=400_000,
)
ROUNDS: Final = Trip(
    weekdays=WORKDAYS,
    departs_minute=13 * 60,
    returns_minute=16 * 60 + 30,
    energy_wh=14_000,
    soc_ppm_needed=600_000,
)

NEIGHBOURHOOD: Final = (
    HomeSpec(
        key=HOME,
        habit=Habit.FAMILY,
        load_kwh_per_year=4_300,
        pv=PVSpec(peak_w=9_600, inverter_w_max=10_000),
        battery=BatterySpec(capacity_wh=10_200, power_w_max=5_000),
        hydrogen=HydrogenSpec(
            tank_wh=60_000, electrolyser_w_max=2_400, fuel_cell_w_max=1_500
        ),
        wind_share=WindShare(turbine=TURBINE, share_ppm=100_000),
        car=CarSpec(capacity_wh=58_000, trips=(COMMUTE, OUTING)),
    ),
    HomeSpec(
        key=HomeKey("farm"),
        habit=Habit.FARM,
        load_kwh_per_year=21_000,
        chp=CHPSpec(
            power_w_max=10_000,
            power_w_min=5_000,
            gas_wh_max=180_000,
            gas_inflow_w=8_500,
        ),
    ),
    HomeSpec(
        key=HomeKey("night_shift"),
        habit=Habit.NIGHT_SHIFT,
        load_kwh_per_year=2_300,
        car=CarSpec(capacity_wh=50_000, soc_ppm_start=350_000, trips=(NIGHT_SHIFT,)),
    ),
    HomeSpec(
        key=HomeKey("school"),
        habit=Habit.SCHOOL,
        load_kwh_per_year=26_000,
        pv=PVSpec(peak_w=20_000, tilt_deg=12, inverter_w_max=17_000),
    ),
    HomeSpec(key=HomeKey("cafe"), habit=Habit.CAFE, load_kwh_per_year=14_000),
    HomeSpec(
        key=HomeKey("turbine"),
        habit=Habit.MACHINE,
        load_kwh_per_year=900,
        wind=TURBINE,
    ),
    HomeSpec(
        key=HomeKey("family"),
        habit=Habit.FAMILY,
        load_kwh_per_year=4_800,
        pv=PVSpec(peak_w=6_400, azimuth_deg=240, inverter_w_max=6_000),
        car=CarSpec(
            capacity_wh=40_000, current_ma_max=32_000, phases=1, trips=(SCHOOL_RUN,)
        ),
    ),
    HomeSpec(
        key=HomeKey("retired"),
        habit=Habit.RETIRED,
        load_kwh_per_year=2_600,
        hot_water=HotWaterSpec(
            volume_l=200,
            power_w=2_200,
            people=2,
            heats_after_minute=60,
            heats_before_minute=6 * 60,
        ),
    ),
    HomeSpec(key=HomeKey("flat"), habit=Habit.SINGLE, load_kwh_per_year=1_500),
    HomeSpec(
        key=HomeKey("heat_pump"),
        habit=Habit.FAMILY,
        load_kwh_per_year=4_000,
        heat_pump=HeatPumpSpec(
            power_w_max=3_200,
            power_w_min=700,
            loss_w_per_k=190,
            capacity_wh_per_k=11_000,
        ),
        hot_water=HotWaterSpec(volume_l=250, power_w=1_800, people=4),
    ),
    HomeSpec(
        key=HomeKey("solar_battery"),
        habit=Habit.FAMILY,
        load_kwh_per_year=3_600,
        pv=PVSpec(peak_w=8_200, azimuth_deg=120, tilt_deg=30, inverter_w_max=8_000),
        battery=BatterySpec(capacity_wh=12_800, power_w_max=5_000),
    ),
    HomeSpec(
        key=HomeKey("workshop"),
        habit=Habit.WORKSHOP,
        load_kwh_per_year=17_000,
        pv=PVSpec(peak_w=14_000, tilt_deg=15, inverter_w_max=12_000),
        car=CarSpec(capacity_wh=64_000, trips=(ROUNDS,)),
    ),
)

HOUSEHOLD_HABITS: Final = frozenset(
    {Habit.FAMILY, Habit.SINGLE, Habit.RETIRED, Habit.NIGHT_SHIFT}
)


def neighbourhood_specs() -> tuple[HomeSpec, ...]:
    """Return the twelve homes, the user's first."""
    return NEIGHBOURHOOD


def open_neighbourhood(
    *,
    seed: int,
    started_at: Instant,
    specs: tuple[HomeSpec, ...] = NEIGHBOURHOOD,
    traces: Traces | None = None,
) -> dict[HomeKey, HomeModel]:
    """Return the models of all homes, under one sky, in the order of ``specs``.

    With ``traces`` the neighbours' households follow recordings, and everybody's
    modules lie in the recorded sun; the user's own appliances stay simulated.
    """
    weather = Weather(seed=seed, started_at=started_at)
    loads, suns = assign_recordings(specs, traces)
    return {
        spec.key: HomeModel(
            spec,
            seed=seed,
            started_at=started_at,
            weather=weather,
            load_recording=loads.get(spec.key),
            solar_recording=suns.get(spec.key),
        )
        for spec in specs
    }


def assign_recordings(
    specs: tuple[HomeSpec, ...], traces: Traces | None
) -> tuple[Mapping[HomeKey, Recording], Mapping[HomeKey, Recording]]:
    """Return who follows which recorded load and which recorded sun.

    Where there are more homes than recordings, a recording is used again some weeks
    later in its time, so that no two neighbours are twins.
    """
    if traces is None:
        return {}, {}
    households = [
        spec.key
        for spec in specs
        if spec.key != HOME and spec.habit in HOUSEHOLD_HABITS
    ]
    roofs = [spec.key for spec in specs if spec.pv is not None]
    return _deal(households, traces.households, apart=True), _deal(
        roofs, traces.solar, apart=False
    )


def _deal(
    keys: list[HomeKey], recordings: tuple[Recording, ...], *, apart: bool
) -> dict[HomeKey, Recording]:
    """Deal the recordings round; from the second round on weeks ``apart``, if asked."""
    dealt: dict[HomeKey, Recording] = {}
    for number, (key, recording) in enumerate(
        zip(keys, cycle(recordings), strict=False)
    ):
        weeks = number // len(recordings) if apart else 0
        dealt[key] = recording.later(weeks * DAYS_PER_WEEK)
    return dealt
