"""What is written is obeyed, read back, and undone on the simulated clock."""

import pytest

from custom_components.commonwatt.engine.model.period import Instant
from custom_components.commonwatt.engine.simulation.homes import NO_COMMANDS
from tests.drivers.simulated.loopback import (
    CHARGER,
    EASTRON,
    INVERTER,
    M103,
    M123,
    M124,
    METER,
    SEED,
    Loopback,
    at,
)

ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE = 1, 2, 3
MODE, RESERVE, OUT, IN, REVERT, FROM_GRID = (
    M124 + 5,
    M124 + 7,
    M124 + 12,
    M124 + 13,
    M124 + 15,
    M124 + 17,
)
LIMIT, LIMIT_REVERT, LIMIT_ON = M123 + 5, M123 + 7, M123 + 9


async def hold_power(home: Loopback, power_w: int, *, revert_s: int = 0) -> None:
    """Ask for a power of the battery (+ discharging): timer, values, switch."""
    percent = power_w * 10_000 // 5_000
    await home.write(INVERTER, REVERT, revert_s)
    await home.write(INVERTER, OUT, percent, -percent)
    await home.write(INVERTER, FROM_GRID, 1)
    await home.write(INVERTER, MODE, 3)


@pytest.mark.parametrize("power_w", [-4_000, -500, 0, 300, 4_500])
async def test_a_setpoint_is_obeyed_and_shows_at_the_meter(power_w: int) -> None:
    async with Loopback(started_at=at(2)) as home:
        await hold_power(home, power_w)
        state = home.wait(0)

        assert state.battery_w == power_w
        assert await home.signed(INVERTER, M103 + 14) == power_w
        assert await home.holding(INVERTER, OUT, 2) == [
            power_w * 2 & 0xFFFF,
            -power_w * 2 & 0xFFFF,
        ]


async def test_without_a_timer_a_setpoint_holds() -> None:
    async with Loopback(started_at=at(2)) as home:
        await hold_power(home, -100)
        states = [home.wait(60) for _ in range(5)]

        assert {state.battery_w for state in states} == {-100}


async def test_a_setpoint_reverts_by_itself_in_the_middle_of_a_step() -> None:
    async with Loopback(started_at=at(2)) as home:
        await hold_power(home, -3_000, revert_s=600)
        home.wait(0)
        begin = home.state.counters.battery_charged_wh
        state = home.wait(30)

        assert state.counters.battery_charged_wh - begin == 500
        assert await home.holding(INVERTER, MODE) == [0]
        assert await home.holding(INVERTER, OUT, 2) == [10_000, 10_000]
        assert await home.holding(INVERTER, REVERT) == [600]
        assert home.devices.commands().battery is None


async def test_only_writing_a_limit_keeps_it_alive() -> None:
    async with Loopback(started_at=at(2)) as home:
        await hold_power(home, -1_000, revert_s=120)
        for _ in range(4):
            home.wait(1.5)
            await home.write(INVERTER, OUT, -2_000, 2_000)
        assert home.state.battery_w == -1_000

        for _ in range(2):
            home.wait(1)
            await home.write(INVERTER, REVERT, 120)
            await home.holding(INVERTER, MODE)

        assert await home.holding(INVERTER, MODE) == [0]


async def test_a_block_write_starts_the_timer_with_its_own_seconds() -> None:
    async with Loopback(started_at=at(2)) as home:
        await home.write(INVERTER, OUT, -2_000, 2_000, 0, 300)
        await home.write(INVERTER, FROM_GRID, 1)
        home.wait(4)
        await home.write(INVERTER, MODE, 3)
        home.wait(4)
        assert home.state.battery_w == -1_000

        home.wait(1)

        assert home.state.battery_w != -1_000


async def test_one_bit_limits_one_direction() -> None:
    async with Loopback(started_at=at(2)) as home:
        assert home.wait(0).battery_w > 0
        await home.write(INVERTER, OUT, 0)
        await home.write(INVERTER, MODE, 2)
        night = home.wait(1)
        morning = home.advance(at(8))

        assert night.battery_w == 0
        assert morning.battery_w < 0


async def test_charging_by_night_needs_permission_to_use_the_grid() -> None:
    async with Loopback(started_at=at(2)) as home:
        await home.write(INVERTER, OUT, -5_000, 5_000)
        await home.write(INVERTER, MODE, 3)
        forbidden = home.wait(1).battery_w
        await home.write(INVERTER, FROM_GRID, 1)

        assert (forbidden, home.wait(1).battery_w) == (0, -2_500)


async def test_the_reserve_is_kept() -> None:
    async with Loopback(started_at=at(2)) as home:
        await home.write(INVERTER, RESERVE, 3_000)
        await hold_power(home, 5_000)
        state = home.wait(120)

        assert state.battery is not None
        assert 300_000 <= state.battery.soc_ppm < 301_000
        assert state.battery_w == 0


async def test_a_limit_on_the_inverter_curtails_the_sun_and_reverts() -> None:
    async with Loopback(started_at=at(12)) as home:
        await hold_power(home, 0)
        free = home.wait(1)
        await home.write(INVERTER, LIMIT_REVERT, 300)
        await home.write(INVERTER, LIMIT, 1_000)
        not_yet = home.wait(1)
        await home.write(INVERTER, LIMIT_ON, 1)
        limited = home.wait(1)
        throttled = await home.holding(INVERTER, M103 + 38)
        released = home.wait(5)

        assert free.pv_w > 3_000
        assert not_yet.pv_w == not_yet.pv_available_w
        assert limited.pv_w == 1_000
        assert throttled == [5]
        assert released.pv_w == released.pv_available_w > 1_000
        assert await home.holding(INVERTER, LIMIT_ON) == [0]
        assert await home.holding(INVERTER, M103 + 38) == [4]


@pytest.mark.parametrize(
    ("address", "value", "code"),
    [
        (OUT, 10_001, ILLEGAL_VALUE),
        (OUT, -10_001, ILLEGAL_VALUE),
        (MODE, 4, ILLEGAL_VALUE),
        (FROM_GRID, 2, ILLEGAL_VALUE),
        (M124 + 14, 5, ILLEGAL_VALUE),
        (M123 + 4, 0, ILLEGAL_VALUE),
        (LIMIT, 10_001, ILLEGAL_VALUE),
        (M124 + 8, 5_000, ILLEGAL_ADDRESS),
        (M124 + 2, 4_000, ILLEGAL_ADDRESS),
        (M123 + 10, 0, ILLEGAL_ADDRESS),
        (M103 + 14, 0, ILLEGAL_ADDRESS),
        (40_000, 0, ILLEGAL_ADDRESS),
    ],
)
async def test_the_inverter_refuses_what_it_cannot_do(
    address: int, value: int, code: int
) -> None:
    async with Loopback(started_at=at(12)) as home:
        before = home.devices.commands()

        assert await home.refusal(INVERTER, address, value) == code
        assert home.devices.commands() == before


async def test_a_block_is_written_as_a_whole_or_not_at_all() -> None:
    async with Loopback(started_at=at(12)) as home:
        assert await home.refusal(INVERTER, OUT, 100, 20_000) == ILLEGAL_VALUE

        assert await home.holding(INVERTER, OUT, 2) == [10_000, 10_000]


@pytest.mark.parametrize("unit", [METER, EASTRON])
async def test_meters_cannot_be_written(unit: int) -> None:
    address = 40_100 if unit == METER else 0x34
    async with Loopback(started_at=at(12)) as home:
        assert await home.refusal(unit, address, 1) == ILLEGAL_FUNCTION


@pytest.mark.parametrize("unit", [INVERTER, CHARGER])
async def test_no_device_has_coils_to_write(unit: int) -> None:
    address = MODE if unit == INVERTER else 5004
    async with Loopback(started_at=at(12)) as home:
        answer = await home.client.write_coil(address, value=True, device_id=unit)

        assert answer.isError()
        assert answer.exception_code == ILLEGAL_FUNCTION


async def test_the_charger_pauses_and_limits() -> None:
    async with Loopback(started_at=at(18, day=5)) as home:
        assert home.wait(1).charger_w == 11_040
        await home.write(CHARGER, 5004, 8_000)
        assert await home.long(CHARGER, 1100) == 8_000
        assert home.wait(1).charger_w == 5_520
        await home.write(CHARGER, 5014, 0)
        assert await home.long(CHARGER, 1100) == 0
        assert home.wait(1).charger_w == 0
        assert await home.long(CHARGER, 1000) == 5
        await home.write(CHARGER, 5014, 1)
        assert home.wait(1).charger_w == 5_520


async def test_the_charger_falls_back_when_it_hears_nothing() -> None:
    async with Loopback(started_at=at(18, day=5)) as home:
        await home.write(CHARGER, 5018, 60)
        await home.write(CHARGER, 5016, 6_000)
        await home.write(CHARGER, 5004, 10_000)
        assert await home.long(CHARGER, 1600) == 6_000
        assert await home.long(CHARGER, 1602) == 60

        powers = []
        for _ in range(3):
            powers.append(home.wait(0.75).charger_w)
            await home.write(CHARGER, 5018, 60)
        silent = home.advance(Instant(home.state.at + 59_999))
        fallen = home.advance(Instant(home.state.at + 1))

        assert powers == [6_900] * 3
        assert silent.charger_w == 6_900
        assert fallen.charger_w == 4_140
        assert await home.long(CHARGER, 1100) == 6_000
        await home.write(CHARGER, 5004, 10_000)
        assert home.wait(0).charger_w == 6_900


@pytest.mark.parametrize(
    ("address", "value", "code"),
    [
        (5004, 3_000, ILLEGAL_VALUE),
        (5004, 5_999, ILLEGAL_VALUE),
        (5004, 63_001, ILLEGAL_VALUE),
        (5014, 2, ILLEGAL_VALUE),
        (5016, 5_000, ILLEGAL_VALUE),
        (5018, 9, ILLEGAL_VALUE),
        (5018, 601, ILLEGAL_VALUE),
        (5005, 6_000, ILLEGAL_ADDRESS),
        (1000, 1, ILLEGAL_ADDRESS),
    ],
)
async def test_the_charger_refuses_what_its_manual_does_not_allow(
    address: int, value: int, code: int
) -> None:
    async with Loopback(started_at=at(18, day=5)) as home:
        assert await home.refusal(CHARGER, address, value) == code


async def test_the_charger_takes_single_registers_only() -> None:
    async with Loopback(started_at=at(18, day=5)) as home:
        assert await home.refusal(CHARGER, 5004, 8_000, 0) == ILLEGAL_FUNCTION


async def test_devices_nobody_wrote_to_ask_nothing_of_the_home() -> None:
    async with Loopback(started_at=at(12)) as home:
        told = home.model.advance(at(20), home.devices.commands())
        untold = type(home.model)(home.model.spec, seed=SEED, started_at=at(12))

        assert told == untold.advance(at(20), NO_COMMANDS)
