"""Powers added up to periods: what holds, what is unknown, and what sleeps at night."""

from typing import Final

from custom_components.commonwatt.engine.devices import (
    BatteryState,
    ChargerState,
    DeviceId,
    DeviceKind,
    InverterState,
    MeterState,
    ProcessImage,
)
from custom_components.commonwatt.engine.model.period import (
    MINUTE_MS,
    DeliveryPeriod,
    Instant,
    after,
)
from custom_components.commonwatt.forecasting.meter import (
    UNKNOWN,
    Measured,
    PeriodMeter,
    Powers,
    powers_of,
)

PERIOD: Final = DeliveryPeriod(1_000_000)
START: Final = PERIOD.start
METER, ROOF, STORE, WALLBOX = map(DeviceId, ("meter", "roof", "store", "wallbox"))


def at(minutes: float) -> Instant:
    """Return the instant so many minutes after the period began."""
    return after(START, round(minutes * MINUTE_MS))


def measure(readings: dict[float, Powers]) -> list[Measured]:
    """Read powers at these minutes; return the periods that ended."""
    meter = PeriodMeter()
    return [
        ended
        for minute, powers in readings.items()
        for ended in meter.observe(powers, at(minute))
    ]


def load(power_w: int) -> Powers:
    """Return a load without sun."""
    return Powers(load_w=power_w, sun_w=0)


def test_a_power_holds_until_the_next_reading() -> None:
    (period,) = measure({0: load(1000), 5: load(4000), 10: load(1000), 15: load(9000)})

    assert period == Measured(period=PERIOD, load_wh=500.0, sun_wh=0.0)


def test_readings_need_not_lie_on_the_boundaries() -> None:
    first, second = measure(
        {-1: load(800), 7: load(1600), 14: load(1600), 22: load(400)}
    )

    assert first.period == PERIOD.next(-1)
    assert first.load_wh is None
    assert second.period == PERIOD
    assert second.load_wh == (7 * 800 + 8 * 1600) / 60


def test_what_nobody_saw_for_long_was_not_measured() -> None:
    ended = measure({0: load(1000), 14: load(1000), 60: load(1000), 75: load(1000)})

    # Ten minutes hold, then the reading at 14: eleven of fifteen are too few.
    assert [period.period for period in ended][:1] == [PERIOD]
    assert ended[0].load_wh is None
    assert PERIOD.next(2) not in [period.period for period in ended]


def test_unknown_powers_are_no_zeros() -> None:
    (period,) = measure({0: load(1000), 5: UNKNOWN, 9: load(1000), 15: load(1000)})

    assert period.load_wh is None


def test_a_short_silence_counts_as_the_rest() -> None:
    (period,) = measure({0: load(1000), 7: UNKNOWN, 9: load(1000), 15: load(1000)})

    assert period.load_wh == 250.0


def image(*, sun_w: int | None = 3000, car_w: int = 2000) -> ProcessImage:
    """Return a home that exports 500 W while a car charges."""
    return ProcessImage(
        taken_at=START,
        meters={METER: MeterState(measured_at=START, power_w=-500)},
        inverters={ROOF: InverterState(measured_at=START, power_w=sun_w)},
        batteries={STORE: BatteryState(measured_at=START, power_w=400)},
        chargers={WALLBOX: ChargerState(measured_at=START, power_w=car_w)},
    )


def test_the_load_is_what_is_left_without_cars_and_stores() -> None:
    assert powers_of(image(), silent={}, dark=False) == Powers(load_w=900, sun_w=3000)


def test_a_silent_inverter_is_unknown_by_day_and_asleep_at_night() -> None:
    silent = {ROOF: DeviceKind.INVERTER}

    assert powers_of(image(), silent=silent, dark=False) == UNKNOWN
    night = powers_of(image(car_w=-100), silent=silent, dark=True)
    assert night == Powers(load_w=0, sun_w=0)


def test_a_part_that_never_answered_leaves_the_load_unknown() -> None:
    silent = {DeviceId("second battery"): DeviceKind.BATTERY}

    powers = powers_of(image(), silent=silent, dark=False)

    assert powers == Powers(load_w=None, sun_w=3000)


def test_a_power_that_is_unknown_makes_its_sums_unknown() -> None:
    assert powers_of(image(sun_w=None), silent={}, dark=False) == UNKNOWN


def test_periods_are_closed_at_once_after_a_long_silence() -> None:
    whole, begun = measure({0: load(1000), 9: load(1000), 10 * 60: load(1000)})

    assert whole == Measured(period=PERIOD, load_wh=250.0, sun_wh=0.0)
    assert begun == Measured(period=PERIOD.next(), load_wh=None, sun_wh=None)
