"""The demo among real homes: it settles, and bears being changed while it runs."""

from typing import Final

from tools.demo import settled, summary
from tools.hass import HassError, text

from .leaving import listening
from .parsing import an_object
from .walker import Walk

SETTLED_SECONDS_MAX: Final = 40


async def play(walk: Walk) -> None:
    """Add the demo, change it, reload it, switch it off and on."""
    walk.diary.chapter("The demo")
    ports = listening(walk)
    step = await walk.flows.add_entry("demo")
    done = await walk.flows.answer(step, {"speed": 900, "seed": 1})
    done.must_be("create_entry")
    entry_id = text(an_object(done.shown["result"]), "entry_id")
    walk.homes["Demo"] = entry_id
    await walk.until_number("Demo", "members_online", 12)
    await until_settled(walk, 2)
    again = await walk.flows.add_entry("demo")
    walk.diary.expect(
        "a second demo is refused",
        holds=again.shown.get("reason") == "already_configured",
        found=again.shown,
    )
    step = await walk.flows.change_entry(entry_id)
    done = await walk.flows.answer(step, {**step.filled_in, "seed": 2})
    done.must_be("abort")
    await until_settled(walk, 1)
    for _ in range(2):
        await walk.hass.post(f"/api/config/config_entries/entry/{entry_id}/reload")
    await until_settled(walk, 1)
    (port,) = listening(walk) - ports
    walk.diary.saw(f"its devices answer on port {port}, and on no other")
    await _switch_off_and_on(walk, entry_id, ports)


async def _switch_off_and_on(walk: Walk, entry_id: str, ports: set[int]) -> None:
    disable = "config_entries/disable"
    await walk.hass.command(disable, entry_id=entry_id, disabled_by="user")
    now = listening(walk)
    walk.diary.expect("switched off, its port is free", holds=now == ports, found=now)
    await walk.hass.command(disable, entry_id=entry_id, disabled_by=None)
    await until_settled(walk, 1)


async def until_settled(walk: Walk, periods: int) -> None:
    """Wait until the demo has settled so many delivery periods, to the last Wh."""

    async def enough() -> bool:
        try:
            said = await summary(walk.hass, walk.homes["Demo"])
        except HassError:  # it is just being started
            return False
        return settled(said) >= periods and not (
            said["money_sum_nano"] or said["energy_sum_wh"]
        )

    await walk.until(
        f"{periods} delivery periods are settled", enough, seconds=SETTLED_SECONDS_MAX
    )
