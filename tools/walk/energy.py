"""The Energy dashboard takes our live sensors, and complains about none."""

import time
from typing import Final

from tools.hass import JSON

from .parsing import an_object, objects
from .walker import Walk

NOT_COMPILED_YET: Final = "statistics_not_defined"
"""What Home Assistant says until it has compiled statistics, every five minutes."""

COMPILED_EVERY_S: Final = 300
COMPILED_S: Final = 15
"""How long after each of these moments Home Assistant is done, at the latest."""


async def fill_the_dashboard(walk: Walk) -> float:
    """Save the preferences of a home with sun and battery; return when that was."""
    walk.diary.chapter("Energy dashboard")
    offered = await walk.hass.command("recorder/list_statistic_ids")
    known = {str(one["statistic_id"]): one for one in objects(offered)}
    sources, devices = await _preferences(walk)
    mentioned = {
        str(value)
        for source in (*sources, *devices)
        for key, value in source.items()
        if key.startswith("stat_") and value is not None
    }
    walk.diary.expect(
        f"Home Assistant offers {len(mentioned)} sensors of ours for it",
        holds=mentioned <= known.keys(),
        found=mentioned - known.keys(),
    )
    await walk.hass.command(
        "energy/save_prefs",
        energy_sources=[dict(source) for source in sources],
        device_consumption=[dict(device) for device in devices],
    )
    await _until_content(walk, allowed={NOT_COMPILED_YET}, seconds=20)
    return time.time()


async def look_again(walk: Walk, saved_at: float, *, patience_s: float) -> None:
    """See that nothing at all is missing once statistics have been compiled."""
    compiled_at = (saved_at // COMPILED_EVERY_S + 1) * COMPILED_EVERY_S + COMPILED_S
    wait_s = max(0.0, compiled_at - time.time())
    walk.diary.chapter("Energy dashboard, later")
    if wait_s > patience_s:
        print(f"  - statistics are compiled in {wait_s:.0f} s only: not waited for")
        return
    await _until_content(walk, allowed=set(), seconds=wait_s + 20)


async def _until_content(walk: Walk, *, allowed: set[str], seconds: float) -> None:
    async def is_content() -> bool:
        return await _issues(walk) <= allowed

    but = f" but {', '.join(allowed)}" if allowed else ""
    await walk.until(f"no issue with any of them{but}", is_content, seconds=seconds)


async def _issues(walk: Walk) -> set[str]:
    """Return the kinds of complaints Home Assistant has about the preferences."""
    answer = an_object(await walk.hass.command("energy/validate"))
    return {
        str(issue["type"])
        for groups in answer.values()
        if isinstance(groups, list)
        for group in groups
        for issue in objects(group)
    }


async def _preferences(
    walk: Walk,
) -> tuple[list[dict[str, JSON]], list[dict[str, JSON]]]:
    grid: dict[str, JSON] = {
        "type": "grid",
        "stat_energy_from": await walk.find("Meter", "meter_import"),
        "stat_energy_to": await walk.find("Meter", "meter_export"),
        "stat_cost": None,
        "entity_energy_price": None,
        "number_energy_price": 0.25,
        "stat_compensation": None,
        "entity_energy_price_export": None,
        "number_energy_price_export": 0.08,
        "stat_rate": await walk.find("Meter", "meter_power"),
        "cost_adjustment_day": 0,
    }
    solar: dict[str, JSON] = {
        "type": "solar",
        "stat_energy_from": await walk.find("Inverter", "inverter_energy"),
        "stat_rate": await walk.find("Inverter", "inverter_power"),
        "config_entry_solar_forecast": None,
    }
    battery: dict[str, JSON] = {
        "type": "battery",
        "stat_energy_from": await walk.find("Battery", "battery_discharged"),
        "stat_energy_to": await walk.find("Battery", "battery_charged"),
        "stat_rate": await walk.find("Battery", "battery_power"),
        "stat_soc": await walk.find("Battery", "battery_state_of_charge"),
    }
    charger: dict[str, JSON] = {
        "stat_consumption": await walk.find("Charger", "charger_energy"),
        "stat_rate": await walk.find("Charger", "charger_power"),
    }
    return [grid, solar, battery], [charger]
