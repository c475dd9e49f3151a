"""Courses and sights to steer by, made by hand."""

from custom_components.commonwatt.engine.dispatch import AssetId
from custom_components.commonwatt.engine.dispatch.control import (
    BatteryCourse,
    BatterySight,
    ChargerCourse,
    ChargerSight,
    Course,
    GridSight,
    Sight,
)
from custom_components.commonwatt.engine.model.period import (
    SECOND_MS,
    DeliveryPeriod,
    Instant,
    after,
)

BATTERY, CAR, MACHINE = AssetId("battery"), AssetId("car"), AssetId("machine")
START = DeliveryPeriod(2_000_000).start
CYCLE_MS = 5 * SECOND_MS


def at(cycle: int) -> Instant:
    """Return the instant of a turn of the controller, five seconds each."""
    return after(START, cycle * CYCLE_MS)


def battery(
    *,
    may_charge: bool = True,
    may_discharge: bool = True,
    forced_w: int | None = None,
    floor_wh: int = 500,
) -> BatteryCourse:
    """Return a battery of 10 kWh and 3 kW."""
    return BatteryCourse(
        id=BATTERY,
        charge_w_max=3_000,
        discharge_w_max=3_000,
        capacity_wh=10_000,
        floor_wh=floor_wh,
        may_charge=may_charge,
        may_discharge=may_discharge,
        forced_w=forced_w,
    )


def charger(
    planned_w: int = 0,
    *,
    takes_surplus: bool = False,
    needed_wh: int | None = None,
    leaves_at: Instant | None = None,
    phases: int = 1,
) -> ChargerCourse:
    """Return a charging point of 16 A."""
    return ChargerCourse(
        id=CAR,
        planned_w=planned_w,
        takes_surplus=takes_surplus,
        phases=phases,
        needed_wh=needed_wh,
        leaves_at=leaves_at,
    )


def course(
    *batteries: BatteryCourse,
    chargers: tuple[ChargerCourse, ...] = (),
    grid_w_target: int = 0,
    import_w_max: int = 20_000,
    export_w_max: int = 20_000,
) -> Course:
    """Return a course on a connection of 20 kW."""
    return Course(
        grid_w_target=grid_w_target,
        import_w_max=import_w_max,
        export_w_max=export_w_max,
        batteries=batteries,
        chargers=chargers,
    )


def sight(
    now: Instant,
    grid_w: int,
    *,
    battery_w: int = 0,
    stored_wh: int | None = 5_000,
    charger_w: int = 0,
    connected: bool | None = True,
) -> Sight:
    """Return what is seen when everything was measured just now."""
    return Sight(
        grid=GridSight(measured_at=now, power_w=grid_w),
        batteries={
            BATTERY: BatterySight(
                measured_at=now, stored_wh=stored_wh, power_w=battery_w
            )
        },
        chargers={
            CAR: ChargerSight(measured_at=now, connected=connected, power_w=charger_w)
        },
    )
