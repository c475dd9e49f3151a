"""What befalls a street in a delivery period: drawn from the seed, then planned."""

from functools import partial
from typing import Final

from ...model.period import PERIOD_MS, SECOND_MS, after
from ..events import Happening
from ..homes.dice import Dice
from .member import Member
from .post import happens
from .street import Street
from .weather import Weather

AWAY_MS_MIN: Final = 2 * SECOND_MS
SPLIT_MS_MIN: Final = 30 * SECOND_MS


class Misfortunes:
    """Splits the network and switches members off, until the weather clears up."""

    def __init__(self, street: Street, weather: Weather, *, seed: int) -> None:
        """Begin with nothing drawn."""
        self._street: Final = street
        self._weather: Final = weather
        self._dice: Final = Dice(seed, "faults", "misfortunes")
        self._is_over = False

    def draw(self) -> None:
        """Plan what befalls the street in the period that begins now."""
        if happens(self._dice, self._weather.split_ppm):
            self._plan(self._some_time(), self._split)
        for member in self._street.members:
            if happens(self._dice, self._weather.crash_ppm):
                self._plan(self._some_time(), partial(self._crash, member))

    def end(self) -> None:
        """Let everybody hear everybody, and come back."""
        self._is_over = True
        self._street.diary.write(self._street.now, "the weather clears up")
        self._street.post.clear_up()
        for member in self._street.members:
            self._come_back(member)

    def _split(self) -> None:
        if self._is_over:
            return
        street = self._street
        islands = {m.party: self._dice.between(0, 1) for m in street.members}
        names = [m.name for m in street.members if islands[m.party]]
        street.diary.write(street.now, f"the network splits: {' '.join(names)} apart")
        street.post.split(islands)
        wait_ms = self._dice.between(SPLIT_MS_MIN, PERIOD_MS)
        self._plan(wait_ms, lambda: street.post.split({}))

    def _crash(self, member: Member) -> None:
        if self._is_over or member.node is None:
            return
        self._street.crash(member)
        wait_ms = self._dice.between(AWAY_MS_MIN, self._weather.away_ms_max)
        self._plan(wait_ms, lambda: self._come_back(member))

    def _come_back(self, member: Member) -> None:
        """Switch a member on again, with what is left of its disk."""
        member.dies_next = False
        if member.node is not None or member.guest is not None:
            return
        street, now = self._street, self._street.now
        kept = len(member.disk)
        if happens(self._dice, self._weather.torn_ppm):
            kept = member.disk.tear(self._dice, now)
            member.lost_at = now
            street.diary.write(now, f"{member.name} has lost the end of its journal")
        elif happens(self._dice, self._weather.backup_ppm):
            member.disk.restore_backup()
            kept = len(member.disk)
            member.lost_at = now
            street.diary.write(now, f"{member.name} comes back from a backup")
        street.watch.forget_after(member.party, kept)
        street.start(member)

    def _some_time(self) -> int:
        return self._dice.between(0, PERIOD_MS - 1)

    def _plan(self, wait_ms: int, happening: Happening) -> None:
        self._street.queue.plan(after(self._street.now, wait_ms), happening)
