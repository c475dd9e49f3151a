"""The registers of all devices tell one and the same physical story."""

import pytest

from custom_components.commonwatt.engine.model.period import Instant
from tests.drivers.simulated.loopback import (
    CHARGER,
    EASTRON,
    INVERTER,
    M103,
    M124,
    M160,
    M203,
    M802,
    METER,
    Loopback,
    at,
)

DCW_OF = {"string 1": 21, "string 2": 41, "charging": 61, "discharging": 81}


async def test_power_balances_at_the_meter_all_day_long() -> None:
    async with Loopback(started_at=at(0, day=5)) as home:
        for quarter in range(1, 97):
            state = home.advance(at(quarter / 4, day=5))
            grid_w = await home.signed(METER, M203 + 18)
            inverter_w = await home.signed(INVERTER, M103 + 14)
            charger_mw = await home.long(CHARGER, 1020)

            others_w = state.load_w - state.hydrogen_w
            assert grid_w == others_w + charger_mw // 1000 - inverter_w
            assert await home.real(0x34) == grid_w


async def test_phases_add_up_on_both_meters() -> None:
    async with Loopback(started_at=at(18, day=5)) as home:
        for _ in range(12):
            home.wait(7)
            phases = [await home.signed(METER, M203 + 19 + n) for n in range(3)]
            eastron = [await home.real(0x0C + 2 * n) for n in range(3)]

            assert sum(phases) == await home.signed(METER, M203 + 18)
            assert eastron == phases
            for n, power_w in enumerate(phases):
                voltage_v = await home.real(2 * n)
                current_a = await home.real(0x06 + 2 * n)
                reactive_var = await home.real(0x18 + 2 * n)
                apparent_va = await home.real(0x12 + 2 * n)
                factor = await home.real(0x1E + 2 * n)
                assert 207 < voltage_v < 253
                assert voltage_v * current_a == pytest.approx(apparent_va, rel=1e-4)
                assert apparent_va**2 == pytest.approx(
                    power_w**2 + reactive_var**2, rel=1e-3
                )
                assert factor * apparent_va == pytest.approx(power_w, abs=0.1)
                assert (await home.holding(METER, M203 + 8 + n))[0] == round(
                    10 * voltage_v
                )


async def test_counters_follow_the_power_and_never_go_back() -> None:
    async with Loopback(started_at=at(9)) as home:
        before = await _counters(home)
        first = home.state.counters
        for _ in range(24):
            home.wait(20)
            now = await _counters(home)
            assert all(new >= old > 0 for new, old in zip(now, before, strict=True))
            before = now

        last = home.state.counters
        assert last.pv_wh > first.pv_wh + 5_000
        begin = await _counters(home)
        home.wait(60 * 24)
        end = await _counters(home)
        grown = [b - a for a, b in zip(begin, end, strict=True)]
        then = home.state.counters
        assert grown[0] == then.import_wh - last.import_wh
        assert grown[1] == then.export_wh - last.export_wh
        assert grown[2] == then.inverter_wh - last.inverter_wh
        assert grown[3] == 10 * (then.charger_wh - last.charger_wh)


async def _counters(home: Loopback) -> list[int]:
    return [
        await home.long(METER, M203 + 46),
        await home.long(METER, M203 + 38),
        await home.long(INVERTER, M103 + 24),
        await home.long(CHARGER, 1036),
        await home.long(INVERTER, M160 + 22),
        await home.long(INVERTER, M160 + 62),
        await home.long(INVERTER, M160 + 82),
    ]


async def test_both_meters_count_alike() -> None:
    async with Loopback(started_at=at(9)) as home:
        home.wait(600)

        for eastron, sunspec in ((0x48, 46), (0x4A, 38)):
            counted_wh = await home.long(METER, M203 + sunspec)
            assert await home.real(eastron) * 1000 == pytest.approx(counted_wh, abs=1)
        assert await home.real(0x156) == pytest.approx(
            await home.real(0x48) + await home.real(0x4A)
        )


async def test_each_phase_counts_for_itself() -> None:
    async with Loopback(started_at=at(9)) as home:
        begin = [await home.real(0x15A + 2 * n) for n in range(6)]
        state = home.wait(600)
        end = [await home.real(0x15A + 2 * n) for n in range(6)]

        grown_kwh = [b - a for a, b in zip(begin, end, strict=True)]
        counted_wh = (*state.import_phases_wh, *state.export_phases_wh)
        assert grown_kwh == pytest.approx([wh / 1000 for wh in counted_wh], abs=1e-3)
        net_wh = sum(counted_wh[:3]) - sum(counted_wh[3:])
        counters = state.counters
        assert net_wh == pytest.approx(counters.import_wh - counters.export_wh, abs=6)


async def test_the_state_of_charge_follows_the_power_at_the_cells() -> None:
    async with Loopback(started_at=at(8)) as home:
        stored_wh: list[float] = []
        flowed_wh = 0.0
        for _ in range(8 * 60):
            percent = (await home.holding(INVERTER, M802 + 11))[0] / 100
            assert (await home.holding(INVERTER, M124 + 8))[0] / 100 == percent
            stored_wh.append(percent / 100 * 10_200)
            flowed_wh -= await home.signed(INVERTER, M802 + 47) / 60
            home.wait(1)

        assert max(stored_wh) > min(stored_wh) + 3_000
        percent = (await home.holding(INVERTER, M802 + 11))[0] / 100
        assert percent / 100 * 10_200 - stored_wh[0] == pytest.approx(flowed_wh, abs=3)


@pytest.mark.parametrize("hour", [2.0, 11.0, 13.5, 20.0])
async def test_direct_current_explains_alternating_current(hour: float) -> None:
    async with Loopback(started_at=at(hour - 1)) as home:
        state = home.advance(at(hour))
        dc = {
            name: (await home.holding(INVERTER, M160 + offset))[0]
            for name, offset in DCW_OF.items()
        }
        dc_w = await home.signed(INVERTER, M103 + 31)
        battery_dc_w = await home.signed(INVERTER, M802 + 47)

        assert min(dc["charging"], dc["discharging"]) == 0
        assert battery_dc_w == dc["discharging"] - dc["charging"]
        assert dc_w == pytest.approx(
            dc["string 1"] + dc["string 2"] + battery_dc_w, abs=2
        )
        assert 0.97 * (dc["string 1"] + dc["string 2"]) == pytest.approx(
            state.pv_w, abs=2
        )
        if state.battery_w > 0:
            assert state.battery_w == pytest.approx(0.96 * battery_dc_w, abs=2)
        elif state.battery_w < 0:
            assert battery_dc_w == pytest.approx(0.96 * state.battery_w, abs=2)


async def test_the_battery_says_what_it_does() -> None:
    async with Loopback(started_at=at(0)) as home:
        seen = set()
        for _ in range(3 * 24):
            state = home.wait(60)
            status = (await home.holding(INVERTER, M802 + 16))[0]
            assert status == (await home.holding(INVERTER, M124 + 11))[0]
            seen.add(status)
            expected = {3} if state.battery_w > 0 else {4}
            assert status in (expected if state.battery_w else {2, 5, 6})

        assert {2, 3, 4} <= seen


async def test_voltages_and_frequency_move_every_second_but_not_by_themselves() -> None:
    async with Loopback(started_at=at(3)) as home:
        readings = []
        for second in range(10):
            home.advance(Instant(at(3) + 1_000 * second))
            reading = await home.holding(METER, M203 + 7, 10)
            assert reading == await home.holding(METER, M203 + 7, 10)
            readings.append(tuple(reading))

        assert len(set(readings)) > 5
        hertz = [reading[9] / 100 for reading in readings]
        assert all(49.9 < value < 50.1 for value in hertz)
        assert EASTRON != METER


async def test_the_charging_point_knows_its_car() -> None:
    async with Loopback(started_at=at(15)) as home:
        assert await home.long(CHARGER, 1004) == 3
        assert await home.long(CHARGER, 1000) == 1

        state = home.advance(at(17.5))

        assert state.charger_w == 11_040
        assert await home.long(CHARGER, 1000) == 3
        assert await home.long(CHARGER, 1004) == 7
        assert await home.long(CHARGER, 1502) == 10 * state.counters.charger_wh > 0
        amperes = [await home.long(CHARGER, 1008 + 2 * n) / 1000 for n in range(3)]
        volts = [await home.long(CHARGER, 1040 + 2 * n) for n in range(3)]
        assert sum(a * v for a, v in zip(amperes, volts, strict=True)) == pytest.approx(
            11_040, rel=0.01
        )
        home.advance(at(23))
        assert await home.long(CHARGER, 1000) == 2
        assert await home.long(CHARGER, 1020) == 0
