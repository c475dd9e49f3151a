"""SunSpec devices over a real socket: few reads, and right values."""

from typing import override

import pytest

from custom_components.commonwatt.drivers.modbus import (
    PollError,
    PollFault,
    open_device,
)
from custom_components.commonwatt.engine.devices import (
    BatteryState,
    DeviceId,
    DeviceKind,
    DeviceSnapshot,
    InverterState,
    MeterState,
)
from custom_components.commonwatt.engine.model.period import Instant, after
from tests.drivers.modbus.maps import (
    COMMON,
    HYBRID,
    METER,
    Model,
    Values,
    address_of,
    build_map,
)
from tests.drivers.modbus.served import (
    ServedUnit,
    served,
)

NOW = Instant(1_800_000_000_000)


async def read(*models: Model, reversed_power: bool = False) -> DeviceSnapshot:
    unit = ServedUnit(holding=build_map(*models))
    async with served(u1=unit) as connection:
        device = await open_device(
            connection.for_unit(1), "sunspec", reversed_power=reversed_power
        )
        return await device.poll(NOW)


def changed(
    models: tuple[Model, ...], model_id: int, **values: float | str
) -> list[Model]:
    return [(i, {**v, **values} if i == model_id else v) for i, v in models]


async def test_a_hybrid_is_read_in_at_most_five_blocks() -> None:
    unit = ServedUnit(holding=build_map(*HYBRID))
    async with served(u1=unit) as connection:
        device = await open_device(connection.for_unit(1), "sunspec")
        await device.poll(NOW)
        unit.reads.clear()
        await device.poll(after(NOW, 5_000))
    assert len(unit.reads) <= 5
    assert sum(count for _, count in unit.reads) >= 360, "all of it"


async def test_a_hybrid_tells_sun_battery_and_output_apart() -> None:
    snapshot = await read(*HYBRID)
    values = snapshot.values
    assert values["inverter_ac_power"] == 3000
    assert values["battery_power"] == -2000
    assert values["inverter_power"] == 5000
    assert values["inverter_ac_energy"] == 4_200_000
    assert values["inverter_energy"] == 4_100_000
    assert values["inverter_string_power_1"] == 2600
    assert values["inverter_string_voltage_2"] == 598.0
    assert "inverter_string_power_3" not in values
    assert values["battery_charged"] == 900_000
    assert values["battery_discharged"] == 800_000
    assert values["battery_temperature"] == 25
    assert values["battery_state_of_charge"] == 64.25
    assert values["battery_status"] == "charging"
    assert values["battery_voltage"] == 410.5
    assert values["inverter_status"] == "producing"
    assert values["inverter_frequency"] == 49.98
    assert values["inverter_phase_voltage_2"] == 231.2
    assert values["inverter_temperature"] == 41.5
    assert values["inverter_power_rating"] == 8000
    assert values["inverter_power_limit"] == 100


async def test_a_hybrid_feeds_the_engine() -> None:
    snapshot = await read(*HYBRID)
    assert InverterState.of(snapshot) == InverterState(
        measured_at=NOW, power_w=5000, energy_wh=4_100_000, power_w_max=8000
    )
    assert BatteryState.of(snapshot) == BatteryState(
        measured_at=NOW,
        power_w=-2000,
        soc_ppm=642_500,
        capacity_wh=10_000,
        charge_power_w_max=5000,
        discharge_power_w_max=4000,
        charged_wh=900_000,
        discharged_wh=800_000,
    )


async def test_it_says_who_it_is() -> None:
    unit = ServedUnit(holding=build_map(*HYBRID))
    async with served(u1=unit) as connection:
        device = await open_device(connection.for_unit(1), "sunspec")
    identity = device.identity
    assert identity.kinds == (DeviceKind.INVERTER, DeviceKind.BATTERY)
    assert (identity.manufacturer, identity.model) == ("Imagined", "Hybrid 8")
    assert (identity.serial, identity.version) == ("H-0001", "1.2")


@pytest.mark.parametrize("base", [40_000, 50_000, 0])
async def test_a_map_is_found_wherever_it_may_begin(base: int) -> None:
    unit = ServedUnit(holding=build_map(*HYBRID, base=base))
    async with served(u1=unit) as connection:
        device = await open_device(connection.for_unit(1), "sunspec")
        assert (await device.poll(NOW)).values["inverter_ac_power"] == 3000


async def test_a_meter_is_positive_for_import() -> None:
    snapshot = await read(*METER)
    assert MeterState.of(snapshot) == MeterState(
        measured_at=NOW, power_w=-1234, import_wh=1_500_000, export_wh=2_500_000
    )
    assert snapshot.values["meter_phase_power_3"] == -424
    assert snapshot.values["meter_power_factor"] == -0.98


async def test_a_meter_can_be_turned_round() -> None:
    snapshot = await read(*METER, reversed_power=True)
    assert snapshot.values["meter_power"] == 1234
    assert snapshot.values["meter_phase_power_1"] == 400
    assert snapshot.values["meter_import"] == 1_500_000


async def test_a_maker_known_for_the_other_sign_is_turned_round() -> None:
    models = changed(METER, 1, Mn="SolarEdge ")
    assert (await read(*models)).values["meter_power"] == 1234
    assert (await read(*models, reversed_power=True)).values["meter_power"] == -1234


async def test_floats_are_read_like_integers() -> None:
    floats: list[Model] = [
        COMMON,
        (111, {"W": 1500.5, "Hz": 49.99, "WH": 2_000_000, "PhVphA": 231.5, "St": 4}),
        (213, {"W": -100.25, "TotWhImp": 12_000, "TotWhExp": 13_000, "Hz": 50.01}),
    ]
    values = (await read(*floats)).values
    assert values["inverter_power"] == 1500.5
    assert values["inverter_phase_voltage_1"] == 231.5
    assert "inverter_phase_voltage_2" not in values, "it has one phase"
    assert values["meter_power"] == -100.25
    assert (values["meter_import"], values["meter_export"]) == (12_000, 13_000)


async def test_what_is_not_implemented_is_not_offered() -> None:
    values = (await read(COMMON, (101, {"W": 500, "WH": 9000}))).values
    assert values == {"inverter_power": 500, "inverter_energy": 9000}


async def test_a_sleeping_device_offers_everything_and_knows_nothing() -> None:
    values = (await read(COMMON, (103, {}))).values
    assert "inverter_phase_voltage_3" in values
    assert set(values.values()) == {None}


@pytest.mark.parametrize("nonsense", [float("inf"), -float("inf"), 3.4028235e38])
async def test_impossible_floats_are_unknown(nonsense: float) -> None:
    models: list[Model] = [COMMON, (113, {"W": nonsense, "Hz": 50.0})]
    snapshot = await read(*models)
    assert snapshot.values.get("inverter_power") is None
    assert snapshot.values["inverter_frequency"] == 50.0


@pytest.mark.parametrize("scale", [-11, 11, -0x8000, 0x7FFF])
async def test_a_scale_outside_the_standard_makes_the_value_unknown(scale: int) -> None:
    registers = build_map(COMMON, (103, {"W": 500, "Hz": 50.0}))
    registers[address_of(registers, 103, "W_SF")] = scale & 0xFFFF
    async with served(u1=ServedUnit(holding=registers)) as connection:
        device = await open_device(connection.for_unit(1), "sunspec")
        values = (await device.poll(NOW)).values
    assert values.get("inverter_power") is None
    assert values["inverter_frequency"] == 50


async def test_a_value_and_its_scale_come_from_the_same_answer() -> None:
    """The device changes both between any two requests; their product stays."""
    registers = build_map(*HYBRID)
    power, scale = (address_of(registers, 103, name) for name in ("W", "W_SF"))

    class Changeable(ServedUnit):
        @override
        def _misbehave(self, unit_id: int) -> None:
            super()._misbehave(unit_id)
            fine = self.holding[scale] == 0
            self.holding[scale] = 0xFFFF if fine else 0
            self.holding[power] = 30_000 if fine else 3000

    async with served(u1=Changeable(holding=registers)) as connection:
        device = await open_device(connection.for_unit(1), "sunspec")
        for step in range(6):
            snapshot = await device.poll(after(NOW, step))
            assert snapshot.values["inverter_ac_power"] == 3000


async def test_counters_at_zero_are_unknown_unless_the_other_one_counts() -> None:
    both = changed(METER, 203, TotWhImp=0, TotWhExp=0)
    assert MeterState.of(await read(*both)).import_wh is None
    one = changed(METER, 203, TotWhExp=0)
    assert MeterState.of(await read(*one)).export_wh == 0


async def test_a_spike_of_a_counter_is_not_believed() -> None:
    registers = build_map(*METER)
    high = address_of(registers, 203, "TotWhImp")
    unit = ServedUnit(holding=registers)
    async with served(u1=unit) as connection:
        device = await open_device(connection.for_unit(1), "sunspec")
        before = await device.poll(NOW)
        unit.holding[high] += 200
        spike = await device.poll(after(NOW, 5_000))
        unit.holding[high] -= 200
        later = await device.poll(after(NOW, 10_000))
    readings = [s.values["meter_import"] for s in (before, spike, later)]
    assert readings == [1_500_000] * 3


@pytest.mark.parametrize(
    ("status", "power", "expected"), [(4, 700, -700), (3, -700, 700), (6, -700, -700)]
)
async def test_the_sign_of_a_battery_follows_what_it_says_it_does(
    status: int, power: int, expected: int
) -> None:
    models = [model for model in HYBRID if model[0] != 160]
    models = changed(tuple(models), 802, ChaSt=status, W=power)
    values = (await read(*models)).values
    assert values["battery_power"] == expected
    assert values["inverter_power"] == 3000 - expected


async def test_a_battery_without_a_model_of_its_own_is_read_from_its_module() -> None:
    strings: Values = {
        "1.IDStr": "PV1",
        "1.DCW": 1000,
        "2.IDStr": "Battery",
        "2.DCW": 400,
        "2.Tmp": 21,
    }
    models: list[Model] = [
        COMMON,
        (103, {"W": 1300, "Hz": 50.0}),
        (124, {"WChaMax": 3000, "ChaState": 50, "ChaSt": 3}),
        (160, strings),
    ]
    values = (await read(*models)).values
    assert values["battery_power"] == 400
    assert values["battery_state_of_charge"] == 50
    assert values["battery_temperature"] == 21


async def test_a_battery_that_does_not_tell_its_power_leaves_the_sun_unknown() -> None:
    strings: Values = {"1.IDStr": "PV1", "1.DCW": 1000, "2.IDStr": "Battery"}
    models: list[Model] = [
        COMMON,
        (103, {"W": 1300, "Hz": 50.0}),
        (124, {"WChaMax": 3000, "ChaState": 50}),
        (160, strings),
    ]
    values = (await read(*models)).values
    assert values["inverter_ac_power"] == 1300
    assert values.get("battery_power") is None
    assert values.get("inverter_power") is None


async def test_a_battery_with_one_module_tells_one_direction() -> None:
    strings: Values = {"1.IDStr": "StDisCha", "1.DCW": 250}
    models: list[Model] = [COMMON, (103, {"W": 250}), (160, strings)]
    assert (await read(*models)).values["battery_power"] == 250


async def test_the_power_limit_shows_when_it_is_in_force() -> None:
    models = changed(HYBRID, 123, WMaxLimPct=60, WMaxLim_Ena=1)
    assert (await read(*models)).values["inverter_power_limit"] == 60


@pytest.mark.parametrize("code", [0, 9, 77])
async def test_a_status_nobody_knows_is_unknown(code: int) -> None:
    values = (await read(*changed(HYBRID, 103, St=code))).values
    assert values.get("inverter_status") is None


async def test_lifetime_energy_may_come_from_the_status_model() -> None:
    models: list[Model] = [COMMON, (103, {"W": 5}), (122, {"ActWh": 77_000})]
    assert (await read(*models)).values["inverter_energy"] == 77_000


async def test_diagnostics_show_every_register() -> None:
    registers = build_map(*HYBRID)
    unit = ServedUnit(holding=dict(registers))
    async with served(u1=unit) as connection:
        device = await open_device(connection.for_unit(1), "sunspec")
        raw = await device.read_raw()
        power = address_of(registers, 103, "W")
        assert raw["holding"][power] == 3000
        assert raw["holding"] == registers, "the whole map, to be opened again"
        hole = address_of(registers, 123, "Conn")
        del unit.holding[hole]
        raw = await device.read_raw()
        assert set(registers) - set(raw["holding"]) == set(range(hole - 4, hole + 22))
        await connection.close()
        with pytest.raises(PollError) as failure:
            await device.read_raw()
        assert failure.value.fault is PollFault.LINK_DOWN


async def test_a_meter_cannot_be_driven() -> None:
    async with served(u1=ServedUnit(holding=build_map(*METER))) as connection:
        device = await open_device(connection.for_unit(1), "sunspec")
        assert device.control(DeviceKind.METER, DeviceId("m")) is None


@pytest.mark.parametrize(
    ("whole_w", "battery_w", "string_w", "sun_w"),
    [
        (5000, 5209, 0, 0),  # night: what is lost on the way is the battery's
        (206, -4800, 5367, 5006),
        (4850, 2000, 3000, 2850),
        (3100, 0, 3000, 3000),
    ],
)
async def test_the_sun_of_a_hybrid_takes_nothing_and_balances(
    whole_w: int, battery_w: int, string_w: int, sun_w: int
) -> None:
    models: list[Model] = [
        COMMON,
        (103, {"W": whole_w}),
        (160, {"1.IDStr": "PV1", "1.DCW": string_w}),
        (802, {"W": battery_w, "W_SF": 0}),
    ]
    values = (await read(*models)).values

    assert values["inverter_power"] == sun_w
    assert values["battery_power"] == whole_w - sun_w
