"""Demo neighbourhoods for tests: real ones, in a hurry."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.util.json import JsonValueType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.commonwatt.const import DOMAIN, EntryKind
from custom_components.commonwatt.data import CommonWattData
from custom_components.commonwatt.demo.clock import DemoClock
from custom_components.commonwatt.demo.runtime import DemoRuntime
from custom_components.commonwatt.demo.settings import DemoSettings


@contextmanager
def no_waiting() -> Iterator[None]:
    """Let the simulated clock run as fast as the machine can."""
    with patch.object(DemoClock, "delay_ms", return_value=0):
        yield


async def add_demo(
    hass: HomeAssistant, settings: DemoSettings | None = None
) -> MockConfigEntry:
    """Let the neighbourhood move in; its clock runs when this returns."""
    # The loop's debug mode costs more than the simulation does.
    hass.loop.set_debug(enabled=False)
    settings = settings or DemoSettings(speed=900, stop_after_periods=2)
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Demo",
        unique_id=EntryKind.DEMO.value,
        data=settings.as_data(),
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    return entry


def demo_of(entry: MockConfigEntry) -> DemoRuntime:
    """Return the running demo of an entry."""
    data = entry.runtime_data
    assert isinstance(data, CommonWattData)
    assert data.demo is not None
    return data.demo


async def until(demo: DemoRuntime, condition: Callable[[], bool]) -> None:
    """Wait until something is true after a step of the demo."""
    reached = asyncio.Event()

    def look() -> None:
        if condition():
            reached.set()

    stop = demo.async_listen(look)
    async with asyncio.timeout(30):
        await reached.wait()
    stop()


async def until_stopped(hass: HomeAssistant, entry: MockConfigEntry) -> DemoRuntime:
    """Wait until the demo's clock has stopped by itself."""
    demo = demo_of(entry)
    assert demo._task is not None
    await demo._task
    await hass.async_block_till_done()
    return demo


async def run_demo(
    hass: HomeAssistant, settings: DemoSettings
) -> dict[str, JsonValueType]:
    """Run a demo to its end and return its summary."""
    with no_waiting():
        entry = await add_demo(hass, settings)
        demo = await until_stopped(hass, entry)
    summary = demo.summary()
    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.config_entries.async_remove(entry.entry_id)
    return summary
