"""The demo neighbourhood inside Home Assistant, through real Modbus on loopback."""

import asyncio
from collections.abc import Mapping
import gc
from pathlib import Path
import threading
import time
from unittest.mock import patch

from homeassistant.const import EVENT_HOMEASSISTANT_STOP, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.commonwatt.demo.settings import DemoSettings
from custom_components.commonwatt.drivers.journal import (
    SQLiteJournal,
)
from custom_components.commonwatt.engine.devices import DeviceId
from custom_components.commonwatt.engine.model.period import MINUTE_MS
from custom_components.commonwatt.home import wall_clock
from custom_components.commonwatt.journal_file import journal_path
from tests.glue.demos import (
    add_demo,
    demo_of,
    no_waiting,
    run_demo,
    until,
    until_stopped,
)

pytestmark = pytest.mark.usefixtures("socket_enabled")

FAST = DemoSettings(speed=900, stop_after_periods=3)
NAMES = ("meter", "solar_inverter", "battery", "ev_charger")


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


def numbers(summary: Mapping[str, object], *keys: str) -> list[int]:
    """Return numbers of a summary."""
    found = [summary[key] for key in keys]
    assert all(isinstance(number, int) for number in found)
    return [number for number in found if isinstance(number, int)]


async def listens(port: int) -> bool:
    """Tell whether somebody accepts connections."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True


async def test_neighbours_trade_and_nothing_is_lost_or_invented(
    hass: HomeAssistant,
) -> None:
    summary = await run_demo(hass, FAST)

    settled, trades, traded_wh = numbers(
        summary, "periods_settled", "trades", "energy_traded_wh"
    )
    assert settled == 3
    assert trades > 0
    assert traded_wh > 0
    assert numbers(summary, "money_sum_nano", "energy_sum_wh") == [0, 0]
    prices = summary["clearing_price_micro_per_kwh"]
    assert isinstance(prices, dict)
    low, high = numbers(prices, "min", "max")
    assert 0 < low <= high < 400_000
    periods = summary["periods"]
    assert isinstance(periods, list)
    assert len(periods) == 3


async def test_same_seed_same_trades_at_any_speed(hass: HomeAssistant) -> None:
    fast = await run_demo(hass, DemoSettings(speed=900, seed=7, stop_after_periods=3))
    slow = await run_demo(hass, DemoSettings(speed=60, seed=7, stop_after_periods=3))

    assert fast == slow


async def test_another_seed_makes_other_trades(hass: HomeAssistant) -> None:
    one = await run_demo(hass, DemoSettings(speed=900, seed=1, stop_after_periods=2))
    other = await run_demo(hass, DemoSettings(speed=900, seed=2, stop_after_periods=2))

    assert one["energy_traded_wh"] != other["energy_traded_wh"]


async def test_the_demo_home_shows_the_devices_of_a_real_one(
    hass: HomeAssistant, device_registry: dr.DeviceRegistry
) -> None:
    with no_waiting():
        entry = await add_demo(hass, FAST)
        await until_stopped(hass, entry)

    devices = dr.async_entries_for_config_entry(device_registry, entry.entry_id)
    assert {device.name for device in devices} == {
        "Battery",
        "Demo",
        "Dishwasher",
        "EV charger",
        "Meter",
        "Neighbours",
        "Pool pump",
        "Solar inverter",
    }
    for name in NAMES:
        state = hass.states.get(f"binary_sensor.{name}_answers")
        assert state is not None
        assert state.state == "on"
    for entity_id in (
        "sensor.meter_grid_power",
        "sensor.solar_inverter_solar_power",
        "sensor.battery_state_of_charge",
        "sensor.ev_charger_charged_energy",
    ):
        state = hass.states.get(entity_id)
        assert state is not None, entity_id
        assert float(state.state) >= -100_000
    await hass.config_entries.async_unload(entry.entry_id)


async def test_everybody_in_the_street_is_seen(
    hass: HomeAssistant, entity_registry: er.EntityRegistry
) -> None:
    with no_waiting():
        entry = await add_demo(hass, FAST)
        demo = await until_stopped(hass, entry)

    powers = {
        entity.entity_id
        for entity in er.async_entries_for_config_entry(entity_registry, entry.entry_id)
        if entity.translation_key == "street_power"
    }
    assert len(powers) == 12
    assert "sensor.neighbours_farm_with_biogas" in powers
    shown = [hass.states.get(power) for power in powers]
    assert sum(float(state.state) for state in shown if state is not None) == sum(
        home.state.grid_w for home in demo.homes
    )
    own = hass.states.get("sensor.neighbours_your_home")
    read = hass.states.get("sensor.meter_grid_power")
    assert own is not None
    assert read is not None
    assert float(own.state) == float(read.state)
    for asset in ("hydrogen_power", "hydrogen_stored", "share_of_the_wind_turbine"):
        state = hass.states.get(f"sensor.demo_{asset}")
        assert state is not None
        assert state.state != STATE_UNKNOWN
    await hass.config_entries.async_unload(entry.entry_id)


async def test_nothing_simulated_enters_statistics_of_live_sensors(
    hass: HomeAssistant,
) -> None:
    with no_waiting():
        entry = await add_demo(hass, FAST)
        await until_stopped(hass, entry)

    sensors = hass.states.async_all("sensor")
    assert len(sensors) > 40
    assert [s.entity_id for s in sensors if "state_class" in s.attributes] == []
    assert [s.entity_id for s in sensors if "last_reset" in s.attributes] == []
    await hass.config_entries.async_unload(entry.entry_id)


async def test_the_clock_stops_when_it_was_told_to_and_says_so(
    hass: HomeAssistant,
) -> None:
    with no_waiting():
        entry = await add_demo(hass, FAST)
        running = hass.states.get("binary_sensor.demo_clock")
        assert running is not None
        assert running.state == "on"
        demo = await until_stopped(hass, entry)

    stopped = hass.states.get("binary_sensor.demo_clock")
    shown = hass.states.get("sensor.demo_simulated_time")
    assert stopped is not None
    assert stopped.state == "off"
    assert shown is not None
    assert demo.now < wall_clock()
    assert shown.state.endswith(":00+00:00")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_trades_fire_events(hass: HomeAssistant) -> None:
    with no_waiting():
        entry = await add_demo(hass, DemoSettings(speed=900, stop_after_periods=5))
        await until_stopped(hass, entry)

    trade = hass.states.get("event.demo_trade")
    assert trade is not None
    assert trade.state != STATE_UNKNOWN
    assert trade.attributes["event_type"] in {"bought", "sold"}
    assert trade.attributes["energy_kwh"] > 0
    await hass.config_entries.async_unload(entry.entry_id)


async def test_unloading_stops_everything_and_frees_the_port(
    hass: HomeAssistant,
) -> None:
    entry = await add_demo(hass, DemoSettings(speed=900))
    demo = demo_of(entry)
    port = demo._devices.port
    assert await listens(port)

    assert await hass.config_entries.async_unload(entry.entry_id)

    assert demo._task is not None
    assert demo._task.done()
    assert not demo.running
    assert not await listens(port)
    path = journal_path(hass, entry.entry_id)
    SQLiteJournal.open(path, now=wall_clock()).journal.close()


async def test_the_demo_ends_with_home_assistant(hass: HomeAssistant) -> None:
    entry = await add_demo(hass, DemoSettings(speed=900))
    port = demo_of(entry)._devices.port

    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await hass.async_block_till_done()

    assert not await listens(port)
    await hass.config_entries.async_unload(entry.entry_id)


async def test_its_days_are_lived_anew_at_every_start(hass: HomeAssistant) -> None:
    with no_waiting():
        entry = await add_demo(hass, FAST)
        first = (await until_stopped(hass, entry)).summary()
        assert await hass.config_entries.async_reload(entry.entry_id)
        second = (await until_stopped(hass, entry)).summary()

    assert first == second
    await hass.config_entries.async_unload(entry.entry_id)


async def test_the_battery_does_over_modbus_what_the_node_trades(
    hass: HomeAssistant,
) -> None:
    entry = await add_demo(hass, DemoSettings(speed=900))
    demo = demo_of(entry)
    await until(demo, lambda: demo._devices.commands().battery is not None)
    armed = hass.states.get("switch.battery_control_armed")
    assert armed is not None
    assert armed.state == "on"

    told: list[tuple[int, int]] = []

    def compare() -> None:
        command, status = demo._devices.commands().battery, demo.feed.status
        battery = DeviceId("demo_battery")
        advice = [
            s.value for s in (status.advice if status else ()) if s.device == battery
        ]
        if command is not None and advice:
            told.append((command.power_w_max, advice[0]))

    stop = demo.async_listen(compare)
    since = demo.now
    with no_waiting():
        await until(demo, lambda: demo.now > since + 60 * MINUTE_MS)
    stop()

    # A step after it was advised it is in the registers, which hold hundredths of a %.
    pairs = zip(told[1:], told[:-1], strict=True)
    obeyed = [now[0] == pytest.approx(before[1], abs=5) for now, before in pairs]
    assert len(obeyed) > 4
    assert all(obeyed)
    await hass.config_entries.async_unload(entry.entry_id)


async def test_the_owner_can_take_the_battery_back(hass: HomeAssistant) -> None:
    with no_waiting():
        entry = await add_demo(hass, DemoSettings(speed=900))
        await taken_back(hass, entry)
    await hass.config_entries.async_unload(entry.entry_id)


async def taken_back(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Switch control off, and see that the battery is left alone."""
    demo = demo_of(entry)
    switch = {"entity_id": "switch.battery_control_armed"}
    await until(demo, lambda: demo._devices.commands().battery is not None)

    await hass.services.async_call("switch", "turn_off", switch, blocking=True)
    assert demo._devices.commands().battery is None
    commands = []
    stop = demo.async_listen(lambda: commands.append(demo._devices.commands().battery))
    since = demo.now
    await until(demo, lambda: demo.now > since + 30 * MINUTE_MS)
    stop()

    assert len(commands) > 3
    assert set(commands) == {None}


async def test_the_event_loop_is_never_held_up(hass: HomeAssistant) -> None:
    longest_s = 0.0
    main = threading.get_ident()
    run = asyncio.Handle._run

    def watched(handle: asyncio.Handle) -> None:
        # The thread's own clock: what the machine does besides is not our doing.
        nonlocal longest_s
        before = time.thread_time()
        run(handle)
        if threading.get_ident() == main:
            longest_s = max(longest_s, time.thread_time() - before)

    # What other tests have left behind is not ours to sweep up.
    gc.collect()
    gc.freeze()
    with patch.object(asyncio.Handle, "_run", watched):
        entry = await add_demo(hass, DemoSettings(speed=900, stop_after_periods=4))
        longest_s = 0  # setting up is Home Assistant's own affair
        await until_stopped(hass, entry)
    gc.unfreeze()

    assert 0 < longest_s <= 0.05
    await hass.config_entries.async_unload(entry.entry_id)
