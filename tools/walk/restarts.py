"""Home Assistant stops, crashes, starts; a journal is damaged meanwhile."""

from contextlib import closing
from pathlib import Path
import sqlite3
from typing import Final

from tools.hass import JSON, text

from . import control
from .parsing import an_object, objects, texts_of
from .walker import Walk

ISSUE: Final = "damaged_journal_"
RELEASED_SECONDS_MAX: Final = 20


async def restart(walk: Walk) -> None:
    """Stop with a battery under control and damage a journal before the next start."""
    walk.diary.chapter("A restart, and a damaged journal")
    await control.arm_and_set(walk)
    await walk.stop()
    await control.until_mode(
        walk, control.FREE, "the battery was given back on the way", seconds=1
    )
    journal = walk.storage / f"commonwatt.{walk.homes['House']}.db"
    flip_a_byte(journal)
    await walk.start()
    await see_everything_again(walk)
    await walk.until_shows("Battery", "control_armed", "off")
    await _repair(walk, journal)


def flip_a_byte(journal: Path) -> None:
    """Change one byte in the body of an entry, as a dying disk does."""
    with closing(sqlite3.connect(f"file:{journal}?mode=ro", uri=True)) as connection:
        bodies = [body for (body,) in connection.execute("SELECT body FROM entry")]
    assert bodies, "a home keeps a journal"
    content = bytearray(journal.read_bytes())
    at = content.index(bodies[len(bodies) // 2])
    content[at] ^= 0xFF
    journal.write_bytes(content)


async def see_everything_again(walk: Walk) -> None:
    """Every home is there, and reads its devices."""
    states = await walk.entry_states()
    walk.diary.expect(
        "every home is loaded",
        holds=set(states.values()) == {"loaded"},
        found=states,
    )
    for device, key in (("Meter", "meter_power"), ("Flat meter", "meter_power")):
        await walk.until_number(device, key)
    await walk.until_number("Battery", "battery_power")
    await walk.until_number("Lodge", "consumption")


async def _repair(walk: Walk, journal: Path) -> None:
    (kept,) = journal.parent.glob(f"{journal.name}.damaged-*")
    walk.diary.saw(f"the damaged journal is kept as {kept.name}")
    (issue,) = await our_issues(walk)
    placeholders = texts_of(issue["translation_placeholders"])
    title = walk.texts.get("issues.damaged_journal.title", placeholders)
    walk.diary.expect(
        f"a repair issue says: {title}",
        holds=issue["issue_id"] == ISSUE + kept.name and issue["is_fixable"] is True,
        found=issue,
    )
    menu = await walk.flows.repair(text(issue, "issue_id"))
    done = await walk.flows.answer(menu, {"next_step_id": "delete"})
    done.must_be("create_entry")
    walk.diary.expect("the owner can have it deleted", holds=not kept.exists())
    walk.diary.expect("the issue is gone", holds=not await our_issues(walk))


async def our_issues(walk: Walk) -> list[dict[str, JSON]]:
    """Return our repair issues."""
    answer = an_object(await walk.hass.command("repairs/list_issues"))
    issues = objects(answer["issues"])
    return [issue for issue in issues if issue["domain"] == "commonwatt"]


async def crash(walk: Walk) -> None:
    """Kill Home Assistant while the battery obeys: the next start gives it back."""
    walk.diary.chapter("A crash")
    await control.arm_and_set(walk)
    await walk.crash()
    await control.until_mode(
        walk, control.BOTH_LIMITED, "the battery still obeys the dead", seconds=1
    )
    await walk.start()
    await control.until_mode(
        walk,
        control.FREE,
        "the next start gives it back",
        seconds=RELEASED_SECONDS_MAX,
    )
    await see_everything_again(walk)
    await walk.until_shows("Battery", "control_state", "disarmed")
    issues = await our_issues(walk)
    walk.diary.expect("nothing is left to repair", holds=not issues, found=issues)
