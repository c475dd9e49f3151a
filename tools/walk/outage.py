"""Devices die and come back; whoever else is there does not notice."""

import asyncio
from collections.abc import AsyncIterator
import contextlib
from datetime import datetime
from itertools import pairwise
from typing import Final

from tools.hass import text

from .walker import Walk

STALE_SECONDS_MAX: Final = 3 * 10 + 5
BACK_SECONDS_MAX: Final = 60 + 10
METER_SECONDS: Final = 5
DELAY_SECONDS_MAX: Final = 1.5

DYING: Final = (
    ("Meter", "meter_power"),
    ("Inverter", "inverter_power"),
    ("Battery", "battery_power"),
    ("Battery", "battery_state_of_charge"),
    ("House", "consumption"),
)


@contextlib.asynccontextmanager
async def watching(walk: Walk, device: str, key: str) -> AsyncIterator[list[datetime]]:
    """Note every moment at which an entity was read anew."""
    entity_id = await walk.find(device, key)
    assert entity_id is not None, "seen before"
    moments: list[datetime] = []

    async def watch() -> None:
        while True:
            state = await walk.state(entity_id)
            moment = datetime.fromisoformat(text(state, "last_updated"))
            if moment not in moments:
                moments.append(moment)
            await asyncio.sleep(METER_SECONDS / 10)

    task = asyncio.create_task(watch())
    try:
        yield moments
    finally:
        task.cancel()


async def pull_the_plug(walk: Walk) -> str | None:
    """Let the devices of the house die; return what the inverter had counted."""
    counted = await walk.value("Inverter", "inverter_energy")
    await walk.house.kill()
    return counted


async def see_them_gone(walk: Walk, counted: str | None) -> None:
    """What is not known is unavailable; what the sun gave stays given."""
    for device, key in DYING:
        await walk.until_shows(device, key, "unavailable", seconds=STALE_SECONDS_MAX)
    await walk.until_shows("Inverter", "answers", "off")
    await walk.until_shows("Battery", "read_back", "unreachable")
    walk.diary.expect(
        f"the inverter's counter stays at {counted}",
        holds=await walk.value("Inverter", "inverter_energy") == counted,
    )


async def see_them_back(walk: Walk) -> None:
    """The devices come back by themselves."""
    for device, key in DYING:
        await walk.until_number(device, key, seconds=BACK_SECONDS_MAX)
    await walk.until_shows("Inverter", "answers", "on")


def see_no_delay(walk: Walk, moments: list[datetime]) -> None:
    """The other meter was read as often as ever."""
    pairs = pairwise(moments)
    longest = max((later - earlier).total_seconds() for earlier, later in pairs)
    walk.diary.expect(
        f"meanwhile the meter of the flat was read {len(moments)} times, every"
        f" {METER_SECONDS} s; the longest gap was {longest:.1f} s",
        holds=longest < METER_SECONDS + DELAY_SECONDS_MAX,
    )
