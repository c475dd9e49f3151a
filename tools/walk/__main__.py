"""``python -m tools.walk``: every chapter in order."""

import asyncio
from pathlib import Path
import shutil
import sys
import tempfile
from typing import Final

from tools.demo import free_port
from tools.hass import HassError

from . import (
    changes,
    complaints,
    control,
    demo_life,
    energy,
    leaving,
    mistakes,
    moving_in,
    outage,
    privacy,
    restarts,
)
from .diary import Diary, WalkError
from .home import first_start
from .surroundings import SimulatedHome
from .texts import Texts
from .walker import Walk

SECONDS_MAX: Final = 240
FAREWELL_SECONDS: Final = 15
"""What the last chapters take."""


async def every_chapter(walk: Walk) -> None:
    """Tell the whole story; what has to be waited for is waited for together."""
    await moving_in.add_homes(walk)
    await moving_in.add_modbus_devices(walk)
    await moving_in.adopt_devices(walk)
    await moving_in.look_around(walk)
    saved_at = await energy.fill_the_dashboard(walk)
    await control.drive_the_battery(walk)

    await privacy.download_diagnostics(walk)

    armed_at = await control.lend_the_charger(walk)
    walk.diary.chapter("The battery once more, until its inverter dies")
    power_w = await control.arm_and_set(walk)
    async with outage.watching(walk, "Flat meter", "meter_frequency") as moments:
        walk.diary.chapter("The devices of the house die")
        counted = await outage.pull_the_plug(walk)
        await mistakes.make_mistakes(walk)
        walk.diary.chapter("They are gone, and come back")
        await outage.see_them_gone(walk, counted)
        await walk.house.switch_on()
        await control.see_it_expire(walk, armed_at)
        await outage.see_them_back(walk)
        await control.take_up_again(walk, power_w)
        outage.see_no_delay(walk, moments)

    await changes.change_everything(walk)
    await restarts.restart(walk)
    await restarts.crash(walk)
    await demo_life.play(walk)
    rest_s = SECONDS_MAX - FAREWELL_SECONDS - walk.diary.seconds
    await energy.look_again(walk, saved_at, patience_s=rest_s)
    await leaving.remove_everything(walk)
    await walk.stop()
    await complaints.read_the_log(walk)


async def walk_through(config_dir: Path, diary: Diary) -> None:
    """Take the whole walk."""
    house = SimulatedHome(port=free_port(), seed=1)
    cellar = SimulatedHome(port=free_port(), seed=2)
    try:
        await asyncio.gather(house.switch_on(), cellar.switch_on())
        async with first_start(config_dir, port=free_port()) as hass:
            walk = Walk(
                hass=hass,
                texts=await Texts.load(hass),
                diary=diary,
                house=house,
                cellar=cellar,
            )
            try:
                await every_chapter(walk)
            finally:
                await walk.hass.stop()
    finally:
        await asyncio.gather(house.kill(), cellar.kill())


def main() -> int:
    """Walk in a folder that stays if something was wrong; 0 if nothing was."""
    config_dir = Path(tempfile.mkdtemp(prefix="walk-"))
    diary = Diary()
    try:
        asyncio.run(walk_through(config_dir, diary))
    except (WalkError, HassError) as error:
        print(f"\n{error}\nEverything is in {config_dir}", file=sys.stderr)
        return 1
    shutil.rmtree(config_dir)
    print(f"\n{diary.checks} things were checked in {diary.seconds:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
