"""Armed control as its owner sees it, and as the device itself tells it."""

from typing import Final

from tools.hass import HassError

from .diary import WalkError
from .walker import Walk

WAYS_W: Final = (1000, 3000)
"""Two powers: one of them is far from what the battery does by itself."""

HALF_FULL: Final = 50
FREE: Final = 0
"""Mode of a battery that nobody limits."""

BOTH_LIMITED: Final = 3
CURRENT_A: Final = 8
ARMED_SECONDS: Final = 60


async def drive_the_battery(walk: Walk) -> None:
    """Arm it, set it, see it at the meter; a reload gives it back."""
    walk.diary.chapter("Control of the battery")
    await _refuse_the_unarmed(walk)
    meter_w = await walk.number("Meter", "meter_power") or 0
    battery_w = await walk.number("Battery", "battery_power") or 0
    walk.diary.saw(f"the battery gives {battery_w:g} W, the meter shows {meter_w:g} W")
    power_w = await arm_and_set(walk)
    await walk.until_number(
        "Battery", "battery_power", least=power_w - 100, most=power_w + 100
    )
    # What the house takes may change a little meanwhile, the battery changes much.
    half_w = meter_w + (battery_w - power_w) / 2
    limit = {"least": half_w} if half_w > meter_w else {"most": half_w}
    await walk.until_number("Meter", "meter_power", **limit)
    await walk.until_shows("Battery", "read_back", "none")
    await walk.hass.post(
        f"/api/config/config_entries/entry/{walk.homes['House']}/reload"
    )
    await until_mode(walk, FREE, "a reload gives the battery back", seconds=1)
    await walk.until_shows("Battery", "control_armed", "off")
    await walk.until_shows("Battery", "control_state", "disarmed")


async def arm_and_set(walk: Walk) -> int:
    """Let the battery do something else, and see that it says so itself; return W."""
    power_w = await _another_power(walk)
    armed = await walk.find("Battery", "control_armed")
    await walk.call("switch.turn_on", armed)
    await walk.until_shows("Battery", "control_armed", "on")
    setpoint = await walk.find("Battery", "power_setpoint")
    await walk.call("number.set_value", setpoint, value=power_w)
    await walk.until_shows("Battery", "control_state", "active")
    await walk.until_shows("Battery", "setpoint_in_force", f"{power_w:.1f}")
    await until_mode(walk, BOTH_LIMITED, "the inverter confirms it")
    return power_w


async def _another_power(walk: Walk) -> int:
    """Return W the battery can give or take, far from what it does now."""
    level = await walk.number("Battery", "battery_state_of_charge")
    now_w = await walk.number("Battery", "battery_power")
    assert level is not None, "seen before"
    assert now_w is not None, "seen before"
    sign = 1 if level > HALF_FULL else -1
    return max((sign * way for way in WAYS_W), key=lambda w: abs(w - now_w))


async def take_up_again(walk: Walk, power_w: int) -> None:
    """An inverter that comes back is told again, as long as its owner allows it."""
    await until_mode(walk, BOTH_LIMITED, "the inverter obeys again", seconds=30)
    await walk.until_shows("Battery", "setpoint_in_force", f"{power_w:.1f}")
    await walk.until_shows("Battery", "read_back", "none")
    await walk.call("switch.turn_off", await walk.find("Battery", "control_armed"))
    await until_mode(walk, FREE, "switched off, it is given back", seconds=1)
    await walk.until_shows("Battery", "control_state", "disarmed")


async def until_mode(walk: Walk, mode: int, what: str, *, seconds: float = 10) -> None:
    """Wait until the inverter itself says how its battery is limited."""

    async def says() -> bool:
        return await walk.house.battery_mode() == mode

    await walk.until(f"{what} (mode {mode})", says, seconds=seconds)


async def _refuse_the_unarmed(walk: Walk) -> None:
    setpoint = await walk.find("Battery", "power_setpoint")
    try:
        await walk.call("number.set_value", setpoint, value=WAYS_W[0])
    except HassError as error:
        key = "exceptions.setpoint_not_armed.message"
        said = walk.texts.get(key, {"device": "Battery"}).removesuffix(".")
        walk.diary.expect(said, holds=said in str(error), found=error)
    else:
        raise WalkError("a setpoint was accepted without permission")


async def lend_the_charger(walk: Walk) -> float:
    """Arm the charger for a minute; return when that was."""
    walk.diary.chapter("Control of the charger, for a minute")
    minutes = await walk.find("Charger", "arming_duration")
    await walk.call("number.set_value", minutes, value=1)
    await walk.call("switch.turn_on", await walk.find("Charger", "control_armed"))
    armed_at = walk.diary.seconds
    await walk.until_shows("Charger", "control_state", "armed")
    setpoint = await walk.find("Charger", "current_setpoint")
    await walk.call("number.set_value", setpoint, value=CURRENT_A)
    await walk.until_shows("Charger", "setpoint_in_force", str(float(CURRENT_A)))
    await walk.until_shows("Charger", "read_back", "none")
    seconds = await walk.cellar.failsafe_seconds()
    walk.diary.expect(
        f"the charger would go its own way after {seconds} s of silence",
        holds=seconds > 0,
    )
    return armed_at


async def see_it_expire(walk: Walk, armed_at: float) -> None:
    """The permission ends by itself, and the charger has its own settings back."""
    rest = ARMED_SECONDS - (walk.diary.seconds - armed_at)
    await walk.until_shows("Charger", "control_armed", "off", seconds=rest + 5)
    walk.diary.expect(
        "the permission lasted its minute",
        holds=walk.diary.seconds - armed_at > ARMED_SECONDS - 1,
    )
    await walk.until_shows("Charger", "control_state", "disarmed")
    seconds = await walk.cellar.failsafe_seconds()
    walk.diary.expect(
        "its failsafe is as it was found", holds=seconds == 0, found=seconds
    )
